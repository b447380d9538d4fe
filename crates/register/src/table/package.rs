//! The zip package of an xlsx file, looked through before a reader of spreadsheets sees it.
//!
//! Headers of a zip may lie about sizes, so every part is unpacked once and counted. The shared strings say how many
//! they are, and the reader reserves memory for as many: that number is compared with what is there.

use std::io::{Cursor, Read};

use model::lang::Text;
use zip::ZipArchive;

use crate::fault::Fault;

/// The most that all parts may unpack to, in bytes.
pub(super) const UNPACKED_BYTES: u64 = 256 << 20;
/// The most parts.
const PARTS: usize = 4_096;

/// What is known of a package that may be read.
pub(super) struct Package {
    /// Some sheet has merged cells.
    pub(super) merged: bool,
}

/// Unpacks every part, `most` bytes in all.
///
/// # Errors
/// The package is damaged, unpacks to more, or promises more than it holds.
pub(super) fn inspect(file: &str, bytes: &[u8], most: u64) -> Result<Package, Box<Fault>> {
    let refuse = |fault: Fault| Box::new(fault.file(file));
    let broken = |error: &dyn std::fmt::Display| refuse(damaged(error));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if archive.len() > PARTS {
        return Err(refuse(bomb()));
    }
    let mut left = most;
    let mut merged = false;
    let mut content = Vec::new();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| broken(&error))?;
        let name = part.name().map_err(|error| broken(&error))?;
        let strings = name.to_ascii_lowercase().ends_with("sharedstrings.xml");
        content.clear();
        part.take(left.saturating_add(1))
            .read_to_end(&mut content)
            .map_err(|error| broken(&error))?;
        left = u64::try_from(content.len())
            .ok()
            .and_then(|size| left.checked_sub(size))
            .ok_or_else(|| refuse(bomb()))?;
        if strings && promises_too_much(&content) {
            return Err(refuse(bomb()));
        }
        merged |= find(&content, b"mergeCell").is_some();
    }
    Ok(Package { merged })
}

/// Whether `uniqueCount` is more than the part could hold, or cannot be told.
fn promises_too_much(content: &[u8]) -> bool {
    const NAME: &[u8] = b"uniqueCount";
    let mut rest = content;
    while let Some(at) = find(rest, NAME) {
        rest = rest.get(at.saturating_add(NAME.len())..).unwrap_or_default();
        let digits = rest
            .iter()
            .skip_while(|byte| matches!(byte, b'=' | b'"' | b'\'' | b'+') || byte.is_ascii_whitespace());
        let count = digits
            .take_while(|byte| byte.is_ascii_digit())
            .fold(0_usize, |count, digit| {
                count
                    .saturating_mul(10)
                    .saturating_add(usize::from(digit.saturating_sub(b'0')))
            });
        if count > content.len() {
            return true;
        }
    }
    // In UTF-16 the name would not be found.
    content.contains(&0)
}

fn find(content: &[u8], what: &[u8]) -> Option<usize> {
    let first = what.first()?;
    let mut from = 0_usize;
    loop {
        let rest = content.get(from..)?;
        let at = rest.iter().position(|byte| byte == first)?;
        if rest.get(at..)?.starts_with(what) {
            return from.checked_add(at);
        }
        from = from.checked_add(at)?.checked_add(1)?;
    }
}

pub(super) fn damaged(error: &dyn std::fmt::Display) -> Fault {
    let message = Text::new(
        format!("xlsxファイルが壊れている。表計算ソフトで開き、保存し直してください({error})"),
        format!("the xlsx file is damaged: {error}"),
    );
    Fault::new("damaged", "", message)
}

fn bomb() -> Fault {
    let message = Text::fixed(
        "展開すると大きすぎるxlsxファイル(256MBまで)。使っていない行や画像を削除し、分けて取り込んでください",
        "the xlsx file unpacks to too much (at most 256 MB); delete unused rows and pictures, or split it",
    );
    Fault::new("file-too-large", "", message)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_zip_bomb_is_refused_whatever_its_headers_say() {
        let bomb = package(&[("a.xml", &[b' '; 60_000]), ("b.xml", &[b' '; 60_000])]);
        assert!(bomb.len() < 1_000);
        assert!(inspect("a.xlsx", &bomb, 120_000).is_ok());
        let fault = inspect("a.xlsx", &bomb, 119_999).err().unwrap();
        assert_eq!(fault.code, "file-too-large");
        // The sizes in the local header and in the central directory, made small.
        let size = 60_000_u32.to_le_bytes();
        let mut lying = bomb;
        while let Some(at) = find(&lying, &size) {
            lying[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
        }
        assert!(inspect("a.xlsx", &lying, 50_000).is_err());
    }

    #[test]
    fn merged_cells_are_noticed() {
        let sheet = package(&[(
            "xl/worksheets/sheet1.xml",
            b"<mergeCells><mergeCell ref='A1:B1'/></mergeCells>",
        )]);
        assert!(inspect("a.xlsx", &sheet, 1_000).is_ok_and(|package| package.merged));
    }
}
