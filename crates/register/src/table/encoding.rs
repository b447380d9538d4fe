//! Bytes to text: UTF-8 with and without a byte order mark, UTF-16 with one, Shift_JIS as Japanese Excel writes it (CP932).

use encoding_rs::{DecoderResult, Encoding, SHIFT_JIS, UTF_16BE, UTF_16LE};
use model::lang::Text;

use crate::fault::Fault;
use crate::table::ROW_BYTES;

/// The text of a file.
///
/// # Errors
/// The bytes are in none of the encodings; names the first byte that fits none, and its line.
pub(super) fn decode(file: &str, bytes: Vec<u8>) -> Result<String, Box<Fault>> {
    refuse_endless_line(file, &bytes)?;
    let text = match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => text.to_owned(),
            Err(error) => {
                return Err(undecodable(
                    file,
                    &bytes,
                    error.valid_up_to().saturating_add(3),
                    "UTF-8",
                ));
            }
        },
        [0xff, 0xfe, rest @ ..] => {
            strictly(UTF_16LE, rest).map_err(|at| undecodable(file, &bytes, at.saturating_add(2), "UTF-16"))?
        }
        [0xfe, 0xff, rest @ ..] => {
            strictly(UTF_16BE, rest).map_err(|at| undecodable(file, &bytes, at.saturating_add(2), "UTF-16"))?
        }
        _ => without_mark(file, bytes)?,
    };
    match text.bytes().position(|byte| byte == 0) {
        None => Ok(text),
        Some(at) => Err(Box::new(at_line(
            file,
            text.as_bytes(),
            at,
            "nul",
            Text::fixed(
                "NUL文字がある。BOM付きUTF-8かShift_JISのCSVで保存し直してください",
                "there is a NUL character; save the file as CSV in UTF-8 or Shift_JIS",
            ),
        ))),
    }
}

fn without_mark(file: &str, bytes: Vec<u8>) -> Result<String, Box<Fault>> {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let utf8_until = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    strictly(SHIFT_JIS, &bytes).map_err(|until| undecodable(file, &bytes, until.max(utf8_until), "UTF-8 / Shift_JIS"))
}

/// Decodes without replacement characters; the error is the offset of the first malformed byte.
fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder
        .max_utf8_buffer_length_without_replacement(bytes.len())
        .unwrap_or(bytes.len());
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::Malformed(length, after) => Err(read
            .saturating_sub(usize::from(length))
            .saturating_sub(usize::from(after))),
        DecoderResult::OutputFull => Err(read),
    }
}

/// A line longer than any row may be is found before the file is decoded, and without reading it to its end.
fn refuse_endless_line(file: &str, bytes: &[u8]) -> Result<(), Box<Fault>> {
    // Half of it is enough for UTF-8; text in UTF-16 or Shift_JIS may be shorter in UTF-8.
    let most = ROW_BYTES.saturating_mul(2);
    let mut start = 0_usize;
    while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
        let window = rest.get(..most).unwrap_or(rest);
        match window.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(length) => start = start.saturating_add(length).saturating_add(1),
            None if window.len() < most => break,
            None => return Err(Box::new(at_line(file, bytes, start, "row-too-long", super::too_long()))),
        }
    }
    Ok(())
}

fn undecodable(file: &str, bytes: &[u8], at: usize, tried: &str) -> Box<Fault> {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let message = Text::new(
        format!(
            "文字コード({tried})として読めない: 先頭から{at}バイト目(0x{byte:02X})。BOM付きUTF-8かShift_JISのCSVで保存し直してください"
        ),
        format!("not {tried}: byte 0x{byte:02X} at offset {at}; save the file as CSV in UTF-8 or Shift_JIS"),
    );
    Box::new(at_line(file, bytes, at, "encoding", message))
}

fn at_line(file: &str, bytes: &[u8], at: usize, code: &'static str, message: Text) -> Fault {
    let before = bytes.get(..at).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let mut fault = Fault::new(code, "", message).file(file);
    fault.line = u32::try_from(line).ok();
    fault
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "管理番号,名称\nT-1,㈱髙橋①ｶﾅ\n";

    #[test]
    fn every_encoding_of_japanese_excel_reads_the_same() {
        let (cp932, _, unmappable) = SHIFT_JIS.encode(TEXT);
        assert!(!unmappable);
        let utf16: Vec<u16> = TEXT.encode_utf16().collect();
        let le = utf16.iter().flat_map(|unit| unit.to_le_bytes());
        let be = utf16.iter().flat_map(|unit| unit.to_be_bytes());
        let files: [Vec<u8>; 5] = [
            TEXT.into(),
            [b"\xef\xbb\xbf", TEXT.as_bytes()].concat(),
            cp932.into_owned(),
            [0xff, 0xfe].into_iter().chain(le).collect(),
            [0xfe, 0xff].into_iter().chain(be).collect(),
        ];
        for bytes in files {
            assert_eq!(decode("a.csv", bytes).unwrap(), TEXT);
        }
    }

    #[test]
    fn bytes_of_no_encoding_are_named_with_their_line() {
        let fault = decode("a.csv", b"code\nT-1,\x81\xff\n".to_vec()).unwrap_err();
        assert_eq!(fault.line, Some(2));
        assert!(fault.message.en.contains("at offset 9"), "{}", fault.message.en);
        let fault = decode("a.csv", b"\xef\xbb\xbfcode\nT-1,\xff\n".to_vec()).unwrap_err();
        assert!(fault.message.en.contains("0xFF at offset 12"), "{}", fault.message.en);
    }

    #[test]
    fn a_nul_is_refused() {
        let fault = decode("a.csv", b"code\nT\0-1\n".to_vec()).unwrap_err();
        assert_eq!((fault.code, fault.line), ("nul", Some(2)));
    }

    #[test]
    fn an_endless_line_is_refused_before_it_is_decoded() {
        let mut bytes = b"code\n".to_vec();
        bytes.resize(5_000_000, b'a');
        let fault = decode("a.csv", bytes).unwrap_err();
        assert_eq!((fault.code, fault.line), ("row-too-long", Some(2)));
    }
}
