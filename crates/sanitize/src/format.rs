//! The house list of formats.

mod archive;
mod html;
mod office;
mod picture;
mod refused;
mod rtf;
mod svg;
mod table;
mod text;
mod wav;

use std::cell::OnceCell;

use model::lang::Text;

use crate::job::Job;
use crate::ooxml::{self, Family};
use crate::refusal::Reason;
use crate::zip::{self, Archive};

/// Every format.
pub static FORMATS: &[&Format] = &[
    &office::DOCX,
    &office::XLSX,
    &office::PPTX,
    &archive::ZIP,
    &picture::JPEG,
    &picture::PNG,
    &picture::GIF,
    &picture::TIFF,
    &picture::BMP,
    &picture::WEBP,
    &text::TXT,
    &table::CSV,
    &table::TSV,
    &html::HTML,
    &rtf::RTF,
    &svg::SVG,
    &wav::WAV,
    // What cannot be rebuilt, and is told what to send in its place.
    &refused::OPEN_DOCUMENT,
    &refused::PDF,
    &refused::HEIC,
    &refused::VIDEO,
    &refused::RAR,
    &refused::SEVEN_ZIP,
    &refused::CABINET,
    &refused::LZH,
    &refused::DWG,
    &refused::JWW,
    &refused::DOCUWORKS,
    &refused::COMPOUND,
    &refused::PROGRAM,
];

/// A format: how it is recognised, how its files are built anew.
pub struct Format {
    /// A stable word; also the extension of what is written.
    pub id: &'static str,
    /// What people call it.
    pub words: Text,
    /// What is done with it, in one sentence for the receipt.
    pub method: Text,
    /// Extensions that its files may have, in lower case.
    pub extensions: &'static [&'static str],
    /// The media type of what is written.
    pub media_type: &'static str,
    /// Are these bytes its own?
    pub recognise: fn(&Source<'_>) -> Recognised,
    /// Builds the file anew.
    pub rebuild: fn(&mut Job<'_>, &Source<'_>) -> Result<Output, Reason>,
}

/// Does a format take bytes for its own?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// No.
    No,
    /// They are text, and nothing else speaks against it: the extension decides which kind of text.
    Text,
    /// Their structure says so.
    Yes,
}

impl From<bool> for Recognised {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// A file as it came in.
#[derive(Debug)]
pub struct Source<'a> {
    /// What somebody says it is called; only its extension is looked at.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    archive: OnceCell<Option<Result<Archive<'a>, Reason>>>,
    family: OnceCell<Option<Family>>,
}

/// A file as it goes out.
#[derive(Debug)]
pub struct Output {
    /// The format that was written.
    pub format: &'static Format,
    /// The file.
    pub bytes: Vec<u8>,
}

impl<'a> Source<'a> {
    /// A file, and what it is said to be called.
    #[must_use]
    pub const fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self {
            name,
            bytes,
            archive: OnceCell::new(),
            family: OnceCell::new(),
        }
    }

    /// The zip container that the file is, if it begins as one. Read once: formats that live in containers all ask.
    pub(crate) fn archive(&self) -> Option<&Result<Archive<'a>, Reason>> {
        let read = || zip::begins(self.bytes).then(|| Archive::read(self.bytes));
        self.archive.get_or_init(read).as_ref()
    }

    /// Which Office program the file is for, if it is such a container.
    pub(crate) fn family(&self) -> Option<Family> {
        let read = || ooxml::family(self.archive()?.as_ref().ok()?);
        *self.family.get_or_init(read)
    }
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// The format with an identifier.
#[must_use]
pub fn named(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id).copied()
}

/// Which format a file is of.
///
/// # Errors
/// It is of none or of several, or of one that its name does not say.
pub fn identify(source: &Source<'_>) -> Result<&'static Format, Reason> {
    if source.bytes.is_empty() {
        return Err(Reason::Empty);
    }
    if let Some(Err(reason)) = source.archive() {
        return Err(reason.clone());
    }
    let (mut own, mut text) = (Vec::new(), Vec::new());
    for format in FORMATS {
        match (format.recognise)(source) {
            Recognised::Yes => own.push(*format),
            Recognised::Text => text.push(*format),
            Recognised::No => {}
        }
    }
    let extension = extension(source.name);
    let fits = |format: &&Format| format.extensions.contains(&extension.as_str());
    match own.as_slice() {
        [] => text.into_iter().find(fits).ok_or(Reason::Unrecognised),
        [format] if fits(format) => Ok(format),
        [format] => Err(Reason::NameDisagrees {
            found: format.words.clone(),
        }),
        several => Err(Reason::Ambiguous {
            formats: several.iter().map(|format| format.words.clone()).collect(),
        }),
    }
}

/// The extension of a name in lower case, without the dot; empty if there is none.
fn extension(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let extension = last.rsplit_once('.').map(|(_, extension)| extension);
    extension.unwrap_or_default().to_lowercase()
}

/// The name of a file as it goes out: the last part of the declared one, without characters that mislead, with the extension of
/// what was written.
pub(crate) fn renamed(name: &str, format: &Format) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    format!("{}.{}", crate::name::cleaned(stem), format.id)
}
