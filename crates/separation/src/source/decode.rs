//! Bytes to characters. Devices keep what was typed into them as it came, so one file may hold several encodings.

use std::fmt::Write as _;

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS, UTF_16BE, UTF_16LE};

/// The text of a configuration: UTF-8 (with or without a mark), UTF-16 with a mark, Shift_JIS or EUC-JP; of a file that is none of them
/// as a whole, each line by itself.
///
/// Never fails. Bytes of a line that is in no encoding are written as `\xNN`, so that two names that differ stay two names.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return decode(rest);
    }
    for (mark, encoding) in [(&[0xff, 0xfe], UTF_16LE), (&[0xfe, 0xff], UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return encoding.decode_without_bom_handling(rest).0.into_owned();
        }
    }
    whole(bytes).unwrap_or_else(|| {
        bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| whole(line).unwrap_or_else(|| escaped(line)))
            .collect()
    })
}

fn whole(bytes: &[u8]) -> Option<String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let strict = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some(text.into_owned())
    };
    // EUC-JP read as Shift_JIS is a row of half-width katakana.
    let katakana = |text: &str| text.chars().filter(|c| ('\u{ff61}'..='\u{ff9f}').contains(c)).count();
    match (strict(SHIFT_JIS), strict(EUC_JP)) {
        (Some(shift_jis), Some(euc)) if katakana(&euc) < katakana(&shift_jis) => Some(euc),
        (Some(text), _) | (None, Some(text)) => Some(text),
        (None, None) => None,
    }
}

fn escaped(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len());
    for chunk in line.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "description 庁内の回線\nip filter 1 pass * *\n";

    #[test]
    fn every_encoding_of_japan_is_read() {
        let (shift_jis, euc) = (SHIFT_JIS.encode(TEXT).0, EUC_JP.encode(TEXT).0);
        let marked = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
        for bytes in [TEXT.as_bytes(), &marked, &shift_jis, &euc] {
            assert_eq!(decode(bytes), TEXT);
        }
    }

    #[test]
    fn lines_of_several_encodings_in_one_file_are_read_each_by_itself() {
        let mixed = [
            TEXT.as_bytes(),
            &SHIFT_JIS.encode("# 住民\n").0,
            b"set name \xff\xfe\n",
            b"end",
        ]
        .concat();
        assert_eq!(decode(&mixed), format!("{TEXT}# 住民\nset name \\xff\\xfe\nend"));
    }
}
