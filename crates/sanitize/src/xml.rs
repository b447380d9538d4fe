//! XML as it may come in, and as it goes out.
//!
//! Refused: a document type (nothing is ever expanded), other encodings than UTF-8 and UTF-16, references to entities other than the five
//! of XML itself, elements nested too deep. Left out: comments, processing instructions, characters that XML does not allow.

use std::borrow::Cow;

use crate::refusal::{Reason, malformed};

/// The text of an XML part.
///
/// # Errors
/// It is neither UTF-8 nor UTF-16.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Reason> {
    let wide = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units = rest.chunks(2).map(|unit| unit.try_into().map_or(0xD800, read));
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .map(Cow::Owned)
            .ok()
    };
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => std::str::from_utf8(rest).ok().map(Cow::Borrowed),
        _ => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    };
    text.ok_or_else(|| malformed("XML: 文字コードが正しくない", "XML: the characters are not valid"))
}

/// A broken rule of XML.
pub(crate) fn broken() -> Reason {
    malformed("XML: 構文が正しくない", "XML: it is not well formed")
}

/// A document type.
pub(crate) fn document_type() -> Reason {
    malformed("XML: 文書型宣言(DOCTYPE)がある", "XML: it holds a document type")
}

/// What a reference stands for: one of the five of XML, or a character by its number.
///
/// # Errors
/// Another one.
pub(crate) fn reference(name: &str) -> Result<char, Reason> {
    let number = |digits: &str| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    };
    let character = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.strip_prefix('#').and_then(number).and_then(char::from_u32),
    };
    character.ok_or_else(|| malformed("XML: 未知の実体参照がある", "XML: it refers to an unknown entity"))
}

/// A value with its references resolved.
///
/// # Errors
/// A reference that is none.
pub(crate) fn resolved(raw: &str) -> Result<Cow<'_, str>, Reason> {
    if !raw.contains('&') {
        return Ok(Cow::Borrowed(raw));
    }
    let mut parts = raw.split('&');
    let mut resolved = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').ok_or_else(broken)?;
        resolved.push(reference(name)?);
        resolved.push_str(rest);
    }
    Ok(Cow::Owned(resolved))
}

/// Text with its line ends as every reader of XML takes them (XML 1.0, 2.11).
pub(crate) fn lines(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}

/// Writes text, without the characters that XML does not allow. Returns how many there were.
pub(crate) fn escape(out: &mut String, text: &str) -> u64 {
    let plain = |byte: u8| byte >= b' ' && !matches!(byte, b'<' | b'>' | b'&' | b'"' | 0xEF);
    if text.bytes().all(plain) {
        out.push_str(text);
        return 0;
    }
    let mut dropped = 0;
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            // A carriage return that is not written as a number becomes a line feed when it is read.
            '\r' => out.push_str("&#13;"),
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => dropped += 1,
            _ => out.push(character),
        }
    }
    dropped
}
