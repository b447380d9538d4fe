//! Bytes to characters, strictly: a byte that is wrong is reported, never replaced.

use encoding_rs::{DecoderResult, EUC_JP, ISO_2022_JP, SHIFT_JIS, UTF_16BE, UTF_16LE};
use model::diagnostic::Diagnostic;
use model::lang::Text;
use serde::Serialize;

use super::{Result, refusal};

/// How the characters of a file were encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark
    #[serde(rename = "UTF-8")]
    Utf8,
    /// UTF-16, low byte first
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    /// UTF-16, high byte first
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
    /// Shift_JIS as Windows writes it (CP932)
    #[serde(rename = "Shift_JIS")]
    ShiftJis,
    /// EUC-JP, found on older web pages
    #[serde(rename = "EUC-JP")]
    EucJp,
    /// ISO-2022-JP, found in mail
    #[serde(rename = "ISO-2022-JP")]
    Iso2022Jp,
}

/// The text of `bytes` and the encoding it was in.
///
/// UTF-8 is tried before what a page claims of itself: Japanese text in another encoding is practically never valid
/// UTF-8, while pages that were converted and kept their old claim are common.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Encoding)> {
    let (text, encoding) = match marked(bytes) {
        Some((encoding, rest)) => (strict(encoding, rest).map_err(|at| broken(encoding, at))?, encoding),
        None => unmarked(bytes)?,
    };
    if is_binary(&text) {
        return Err(binary());
    }
    Ok((old_line_ends(text), encoding))
}

/// The encoding that a byte order mark tells, and what follows the mark.
fn marked(bytes: &[u8]) -> Option<(Encoding, &[u8])> {
    let marks: [(&[u8], Encoding); 3] = [
        (&[0xef, 0xbb, 0xbf], Encoding::Utf8),
        (&[0xff, 0xfe], Encoding::Utf16Le),
        (&[0xfe, 0xff], Encoding::Utf16Be),
    ];
    marks
        .into_iter()
        .find_map(|(mark, encoding)| Some((encoding, bytes.strip_prefix(mark)?)))
}

fn unmarked(bytes: &[u8]) -> Result<(String, Encoding)> {
    if bytes.contains(&0) {
        return Err(binary());
    }
    let escapes = [b"\x1b$B".as_slice(), b"\x1b$@"];
    if bytes.windows(3).any(|window| escapes.contains(&window))
        && let Ok(text) = strict(Encoding::Iso2022Jp, bytes)
    {
        return Ok((text, Encoding::Iso2022Jp));
    }
    let utf8_at = match strict(Encoding::Utf8, bytes) {
        Ok(text) => return Ok((text, Encoding::Utf8)),
        Err(at) => at,
    };
    // Three good multi-byte characters do not happen by chance: this is UTF-8 with damage, not another encoding.
    let good = bytes.get(..utf8_at).unwrap_or_default();
    let good = good.iter().filter(|byte| **byte >= 0xc0).count();
    if good >= 3 {
        return Err(broken(Encoding::Utf8, utf8_at));
    }
    let other = |encoding| strict(encoding, bytes).map(|text| (text, encoding));
    if let Some(Ok(claimed)) = claimed(bytes).map(other) {
        return Ok(claimed);
    }
    match (other(Encoding::ShiftJis), other(Encoding::EucJp)) {
        (Ok(shift_jis), Ok(euc)) if oddities(&euc.0) < oddities(&shift_jis.0) => Ok(euc),
        (Ok(shift_jis), _) => Ok(shift_jis),
        (Err(_), Ok(euc)) => Ok(euc),
        (Err(shift_jis_at), Err(_)) => Err(unknown(utf8_at, shift_jis_at)),
    }
}

/// The encoding that a page names in its first lines: `<meta charset="euc-jp">`.
fn claimed(bytes: &[u8]) -> Option<Encoding> {
    let head = bytes.get(..2048).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, value) = head.split_once("charset=").or_else(|| head.split_once("encoding="))?;
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let label: String = value
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    let named = encoding_rs::Encoding::for_label(label.as_bytes())?;
    [(SHIFT_JIS, Encoding::ShiftJis), (EUC_JP, Encoding::EucJp)]
        .into_iter()
        .find_map(|(known, encoding)| (known == named).then_some(encoding))
}

/// The text, or the offset of the first byte that is not of this encoding.
fn strict(encoding: Encoding, bytes: &[u8]) -> std::result::Result<String, usize> {
    let encoding = match encoding {
        Encoding::Utf8 => {
            let text = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to())?;
            return Ok(text.to_owned());
        }
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::ShiftJis => SHIFT_JIS,
        Encoding::EucJp => EUC_JP,
        Encoding::Iso2022Jp => ISO_2022_JP,
    };
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(room.unwrap_or_default());
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => {
            text.shrink_to_fit();
            Ok(text)
        }
        (DecoderResult::OutputFull, read) => Err(read),
        (DecoderResult::Malformed(bad, after), read) => {
            Err(read.saturating_sub(usize::from(bad)).saturating_sub(usize::from(after)))
        }
    }
}

/// Half-width katakana and private-use characters: what one encoding looks like when read as another.
fn oddities(text: &str) -> usize {
    let odd = |c: &char| matches!(c, '\u{ff61}'..='\u{ff9f}' | '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{9f}');
    text.chars().filter(odd).count()
}

/// Text has no zero bytes and hardly any control characters.
fn is_binary(text: &str) -> bool {
    let controls = text
        .chars()
        .filter(|c| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0b' | '\x0c' | '\x1a' | '\x1b'))
        .count();
    text.contains('\0') || controls > text.len() / 50 + 4
}

/// Lines of old Macintosh files end in a lone `\r`; it becomes `\n`, one byte for one.
fn old_line_ends(text: String) -> String {
    if !text.contains('\r') || text.contains('\n') {
        return text;
    }
    text.replace('\r', "\n")
}

fn binary() -> Diagnostic {
    refusal(
        "binary",
        Text::fixed("文章のファイルではない", "the file is not a text"),
        Text::fixed(
            "テキスト、Markdown、Word(.docx)、HTMLのいずれかで保存し直す",
            "save it as plain text, Markdown, Word (.docx) or HTML",
        ),
    )
}

fn broken(encoding: Encoding, at: usize) -> Diagnostic {
    let name = match encoding {
        Encoding::Utf8 => "UTF-8",
        _ => "UTF-16",
    };
    undecodable(Text::new(
        format!("{name}の文字として読めない箇所がある(先頭から{at}バイトの位置)"),
        format!("invalid {name} at byte offset {at}"),
    ))
}

fn unknown(utf8_at: usize, shift_jis_at: usize) -> Diagnostic {
    undecodable(Text::new(
        format!(
            "文字コードが分からない(UTF-8としては{utf8_at}バイト、Shift_JISとしては{shift_jis_at}バイトの位置が誤り)"
        ),
        format!(
            "unknown encoding (invalid UTF-8 at byte offset {utf8_at}, invalid Shift_JIS at byte offset {shift_jis_at})"
        ),
    ))
}

fn undecodable(message: Text) -> Diagnostic {
    refusal(
        "encoding",
        message,
        Text::fixed("文字コードをUTF-8にして保存し直す", "save the file again as UTF-8"),
    )
}
