//! A city folder as one file (zip), as somebody uploads it: the same files as in a [folder](crate::folder), whether the archive holds
//! them at its top or in one folder.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use model::diagnostic::Diagnostic;
use model::lang::Text;
use zip::ZipArchive;

use crate::folder::{Folder, REGISTER_EXTENSIONS, Step};
use crate::network::{self, NetworkSources};
use crate::problem::Problem;
use crate::sources::{SETTINGS, SourceBytes, Sources, read_settings};

/// The most bytes of an archive.
pub const LARGEST: usize = 64 << 20;
/// The most bytes that its files have together.
const UNPACKED: u64 = 512 << 20;
/// The most files.
const MOST: usize = 2_000;

/// Reads the city in an archive.
///
/// # Errors
/// It is no zip archive, or too large; every problem of every file at once.
pub fn read(bytes: &[u8], progress: &mut dyn FnMut(Step<'_>)) -> Result<(Sources, Folder), Vec<Problem>> {
    let mut files = unpack(bytes, UNPACKED)?;
    let settings = files.remove(SETTINGS).ok_or_else(|| {
        let message = Text::fixed(
            "city.toml がない。団体のフォルダをそのまま圧縮してください",
            "there is no city.toml; pack the folder of the city as it is",
        );
        problem(SETTINGS, message)
    })?;
    let settings =
        String::from_utf8(settings).map_err(|_| problem(SETTINGS, Text::fixed("UTF-8 でない", "not UTF-8")))?;
    let named = read_settings(&settings)?.policy;
    let policy = files.remove(&named).ok_or_else(|| {
        let message = Text::fixed("基本方針のファイルがない", "the policy text is not there");
        problem(&named, message)
    })?;
    let sources = Sources {
        settings,
        policy: SourceBytes {
            name: named,
            bytes: policy,
        },
        own_policy: true,
        standard: below(&files, "standard/", &["toml"]),
        schemas: below(&files, "schemas/", &["json"]),
        network: network(&mut files)?,
    };
    let registers = below(&files, "registers/", REGISTER_EXTENSIONS);
    let folder = Folder::of(&sources, registers, Vec::new(), progress)?;
    Ok((sources, folder))
}

/// The files by their path in the city folder, which have at most so many bytes together.
fn unpack(bytes: &[u8], most: u64) -> Result<BTreeMap<String, Vec<u8>>, Vec<Problem>> {
    let unreadable = || problem("zip", Text::fixed("zip形式として読めない", "not a zip archive"));
    let too_large = || problem("zip", Text::fixed("展開すると大きすぎる", "too large when unpacked"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > MOST {
        return Err(problem("zip", Text::fixed("ファイルが多すぎる", "too many files")));
    }
    let mut files = BTreeMap::new();
    let mut left = most;
    for position in 0..archive.len() {
        let file = archive.by_index(position).map_err(|_| unreadable())?;
        if file.is_dir() {
            continue;
        }
        let name = name(file.name_raw());
        let mut content = Vec::new();
        // What an archive says of its sizes may be a lie.
        let mut within = file.take(left.saturating_add(1));
        within.read_to_end(&mut content).map_err(|_| unreadable())?;
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        left = left.checked_sub(size).ok_or_else(too_large)?;
        files.insert(name, content);
    }
    Ok(at_top(files))
}

/// Windows writes Japanese names in CP932.
fn name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(raw).0.into_owned(),
    };
    name.replace('\\', "/").trim_start_matches("./").to_owned()
}

/// The files without the one folder that all of them may lie in.
fn at_top(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let folder = files
        .keys()
        .find_map(|name| name.strip_suffix(SETTINGS).map(str::to_owned));
    let folder = folder.unwrap_or_default();
    let inside = files.into_iter().filter_map(|(name, bytes)| {
        let name = name.strip_prefix(&folder)?.to_owned();
        Some((name, bytes))
    });
    inside.collect()
}

/// The network in an archive, where there is one.
fn network(files: &mut BTreeMap<String, Vec<u8>>) -> Result<Option<NetworkSources>, Vec<Problem>> {
    let Some(description) = files.remove(&format!("{}/{}", network::FOLDER, network::FILE)) else {
        return Ok(None);
    };
    let sources = NetworkSources::of(description, &mut |name| {
        let missing = || Text::fixed("ファイルがない", "there is no such file");
        files
            .get(&format!("{}/{name}", network::FOLDER))
            .cloned()
            .ok_or_else(missing)
    });
    sources.map(Some)
}

fn below(files: &BTreeMap<String, Vec<u8>>, folder: &str, extensions: &[&str]) -> Vec<SourceBytes> {
    let wanted = files.iter().filter(|(name, _)| {
        let Some(inside) = name.strip_prefix(folder) else {
            return false;
        };
        let extension = inside.rsplit_once('.').map_or("", |(_, extension)| extension);
        let known = extensions.iter().any(|known| known.eq_ignore_ascii_case(extension));
        known && !inside.contains('/') && !inside.starts_with(['.', '~'])
    });
    let file = |(name, bytes): (&String, &Vec<u8>)| SourceBytes {
        name: name.clone(),
        bytes: bytes.clone(),
    };
    wanted.map(file).collect()
}

fn problem(file: &str, message: Text) -> Vec<Problem> {
    vec![Problem::whole(file, Diagnostic::error("archive", message))]
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_files_may_lie_in_a_folder_of_the_archive() {
        let bytes = packed(&[
            ("市/city.toml", b"x"),
            ("市/registers/a.csv", b"y"),
            ("__MACOSX/z", b""),
        ]);
        let files = unpack(&bytes, UNPACKED).unwrap();
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(names, ["city.toml", "registers/a.csv"]);
    }

    #[test]
    fn what_is_no_archive_or_lacks_its_settings_is_told() {
        let told = |bytes: &[u8]| {
            read(bytes, &mut |_| {}).err().unwrap()[0]
                .diagnostic
                .message
                .ja
                .to_string()
        };
        assert_eq!(told(b"PK no"), "zip形式として読めない");
        assert!(told(&packed(&[("a.txt", b"")])).starts_with("city.toml がない"));
    }

    #[test]
    fn what_is_larger_than_it_may_be_is_given_up_before_it_is_unpacked() {
        let zeros = vec![0; 1 << 20];
        let bomb = packed(&[
            ("city.toml", b"x"),
            ("registers/a.csv", &zeros),
            ("registers/b.csv", &zeros),
        ]);
        assert!(bomb.len() < 10_000);
        assert!(unpack(&bomb, 3 << 20).is_ok());
        let told = unpack(&bomb, (2 << 20) - 1).err().unwrap()[0]
            .diagnostic
            .message
            .ja
            .to_string();
        assert_eq!(told, "展開すると大きすぎる");
        let names: Vec<String> = (0..=MOST).map(|count| format!("registers/{count}.csv")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        assert!(unpack(&packed(&many), UNPACKED).is_err());
    }

    #[test]
    fn a_name_written_on_windows_is_read() {
        let (raw, ..) = encoding_rs::SHIFT_JIS.encode("registers\\端末.csv");
        assert_eq!(name(&raw), "registers/端末.csv");
    }
}
