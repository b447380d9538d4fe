//! Zip archives: every file in them goes its own way through the engine, and a new archive takes what comes out.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use encoding_rs::SHIFT_JIS;
use model::lang::Text;

use super::{Format, Output, Recognised, Source};
use crate::class::{Action, Class};
use crate::job::Job;
use crate::name;
use crate::refusal::{Reason, malformed};
use crate::zip::{self, Archive, Entry, Writer};

/// Zip archives.
pub(super) static ZIP: Format = Format {
    id: "zip",
    words: Text::fixed("ZIP書庫", "a ZIP archive"),
    method: Text::fixed(
        "中のファイルを一つずつ無害化し、新しい書庫に入れ直す",
        "every file in it is treated by itself and put into a new archive",
    ),
    extensions: &["zip"],
    media_type: "application/zip",
    recognise: |source| match source.archive() {
        Some(Ok(archive)) => (source.family().is_none() && !document(archive)).into(),
        Some(Err(_)) => Recognised::Yes,
        // An archive behind something else: a reader that looks from the end would find it.
        None => zip::ends(source.bytes).into(),
    },
    rebuild,
};

/// Containers of documents begin with an entry that says what they are.
pub(super) fn document(archive: &Archive<'_>) -> bool {
    archive.entries.iter().any(|entry| entry.name == b"mimetype")
}

fn rebuild(job: &mut Job<'_>, source: &Source<'_>) -> Result<Output, Reason> {
    let archive = match source.archive() {
        Some(Ok(archive)) => archive,
        Some(Err(reason)) => return Err(reason.clone()),
        None => return Err(malformed("先頭がzipでない", "it does not begin as a zip")),
    };
    job.budget.enter(archive.entries.len())?;
    if archive.stray > 0 {
        job.found(Class::StrayBytes)?;
    }
    let mut writer = Writer::new();
    let mut names = BTreeSet::new();
    for (index, entry) in archive.entries.iter().enumerate().filter(|(_, entry)| !entry.folder()) {
        let Some(path) = path(job, entry)? else { continue };
        let bytes = decode(job, archive, index, entry)?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (name, bytes) = match job.nested(&path, &bytes) {
            Ok(rebuilt) => (rebuilt.name, rebuilt.bytes),
            Err(refusal) => {
                // What is over a limit is over it for the whole.
                if matches!(refusal.reason, Reason::TooMuch { .. }) {
                    return Err(refusal.reason);
                }
                if job.allowed(Class::RefusedEntry) == Action::Refuse {
                    return Err(Reason::Within {
                        refusal: Box::new(refusal),
                    });
                }
                job.found_at(Class::RefusedEntry, &path)?;
                (notice(&path), refusal.words().ja.into_owned().into_bytes())
            }
        };
        let name = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        writer.deflate(&unused(&mut names, name), &bytes)?;
    }
    Ok(Output {
        format: &ZIP,
        bytes: writer.finish()?,
    })
}

/// The path of an entry, if it is an ordinary file with a name that may go out.
fn path(job: &mut Job<'_>, entry: &Entry<'_>) -> Result<Option<String>, Reason> {
    let shown = decoded_name(entry);
    if special(entry) {
        job.found_at(Class::SpecialEntry, shown.as_deref().unwrap_or_default())?;
        return Ok(None);
    }
    let path = shown.ok_or(Class::UnsafeName).and_then(|shown| name::path(&shown));
    match path {
        Ok(path) => Ok(Some(path)),
        Err(class) => {
            job.found(class)?;
            Ok(None)
        }
    }
}

/// The name of an entry: UTF-8 where it says so or a field holds it, else as Japanese systems write it.
fn decoded_name<'a>(entry: &Entry<'a>) -> Option<Cow<'a, str>> {
    if let Some(name) = unicode_name(entry) {
        return Some(Cow::Borrowed(name));
    }
    if entry.says_utf8() {
        return std::str::from_utf8(entry.name).ok().map(Cow::Borrowed);
    }
    let (name, failed) = SHIFT_JIS.decode_without_bom_handling(entry.name);
    (!failed).then_some(name)
}

/// The name in the field of Info-ZIP (0x7075), if it is about this very name.
fn unicode_name<'a>(entry: &Entry<'a>) -> Option<&'a str> {
    let field = zip::field(entry.extra, 0x7075).ok().flatten()?;
    let (version, rest) = field.split_first()?;
    let (crc, name) = rest.split_at_checked(4)?;
    let mut sum = flate2::Crc::new();
    sum.update(entry.name);
    let fits = *version == 1 && crc == sum.sum().to_le_bytes();
    fits.then(|| std::str::from_utf8(name).ok()).flatten()
}

/// Is it a link or a device of a Unix system?
fn special(entry: &Entry<'_>) -> bool {
    const UNIX: [u8; 2] = [3, 19];
    let kind = (entry.attributes >> 16) & 0o170_000;
    UNIX.contains(&entry.made_by) && !matches!(kind, 0 | 0o100_000 | 0o040_000)
}

fn decode(job: &mut Job<'_>, archive: &Archive<'_>, index: usize, entry: &Entry<'_>) -> Result<Vec<u8>, Reason> {
    if !entry.encrypted() {
        return archive.decode(entry, &mut job.budget);
    }
    let size = usize::try_from(entry.size).map_err(|_| Reason::Encrypted)?;
    job.budget.ratio(entry.packed, entry.size)?;
    job.budget.decode(size)?;
    let decrypted = job
        .passwords()
        .iter()
        .find_map(|password| decrypt(archive, index, size, password));
    decrypted.ok_or(Reason::Encrypted)
}

/// An encrypted entry (`ZipCrypto`, AES), if this is its password: the checksum or the authentication must hold.
fn decrypt(archive: &Archive<'_>, index: usize, size: usize, password: &str) -> Option<Vec<u8>> {
    let mut reader = ::zip::ZipArchive::new(Cursor::new(archive.bytes)).ok()?;
    let entry = reader.by_index_decrypt(index, password.as_bytes()).ok()?;
    let mut bytes = Vec::with_capacity(size.min(1 << 20));
    entry.take(size as u64 + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() == size).then_some(bytes)
}

/// The name of the note that stands in the place of a file that did not cross.
fn notice(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    format!("{}.受け入れませんでした.txt", name::cleaned(last))
}

/// A name that no other entry has, told apart without case.
fn unused(names: &mut BTreeSet<String>, name: String) -> String {
    if names.insert(name.to_lowercase()) {
        return name;
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let numbered = (2..).map(|number: u32| format!("{stem} ({number}).{extension}"));
    let mut unused = numbered.filter(|name| names.insert(name.to_lowercase()));
    unused.next().unwrap_or(name)
}
