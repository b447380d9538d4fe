//! Characters: bytes in the code page of a font, or numbers of Unicode; out they go as numbers of Unicode.

use std::fmt::Write;

use encoding_rs::Encoding;
use rustc_hash::FxHashMap;

use crate::refusal::{Reason, malformed};

/// Character sets of fonts whose bytes are signs of that font alone.
const SYMBOLS: i32 = 2;

/// Which code page bytes are in.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// That of the document.
    document: Option<i32>,
    /// The character set of each font.
    fonts: FxHashMap<i32, i32>,
}

/// How bytes are to be read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Page {
    Encoded(&'static Encoding),
    /// Signs of a font: passed on as bytes.
    Symbols,
    /// Bytes above 0x7F cannot be read.
    Unknown,
}

impl Pages {
    pub(super) const fn set_document(&mut self, page: i32) {
        self.document = Some(page);
    }

    pub(super) fn set_font(&mut self, font: i32, charset: i32) {
        self.fonts.insert(font, charset);
    }

    /// The code page of text in a font.
    pub(super) fn of(&self, font: Option<i32>) -> Page {
        let page = match font.and_then(|font| self.fonts.get(&font)).copied() {
            Some(SYMBOLS) => return Page::Symbols,
            Some(77) => 10_000,
            Some(128) => 932,
            Some(129) => 949,
            Some(134) => 936,
            Some(136) => 950,
            Some(161) => 1253,
            Some(162) => 1254,
            Some(163) => 1258,
            Some(177) => 1255,
            Some(178) => 1256,
            Some(186) => 1257,
            Some(204) => 1251,
            Some(222) => 874,
            Some(238) => 1250,
            _ => self.document.unwrap_or(1252),
        };
        let label: &[u8] = match page {
            932 | 10_001 => b"shift_jis",
            936 => b"gbk",
            949 => b"euc-kr",
            950 => b"big5",
            874 => b"windows-874",
            10_000 => b"macintosh",
            65_001 => b"utf-8",
            1250 => b"windows-1250",
            1251 => b"windows-1251",
            1252 => b"windows-1252",
            1253 => b"windows-1253",
            1254 => b"windows-1254",
            1255 => b"windows-1255",
            1256 => b"windows-1256",
            1257 => b"windows-1257",
            1258 => b"windows-1258",
            _ => return Page::Unknown,
        };
        Encoding::for_label(label).map_or(Page::Unknown, Page::Encoded)
    }
}

impl Page {
    pub(super) fn double_bytes(self) -> bool {
        matches!(self, Self::Encoded(encoding) if encoding == encoding_rs::SHIFT_JIS)
    }

    /// Bytes as characters.
    ///
    /// # Errors
    /// They are none in this code page.
    pub(super) fn read(self, bytes: &[u8]) -> Result<String, Reason> {
        let text = match self {
            Self::Encoded(encoding) => encoding.decode_without_bom_handling_and_without_replacement(bytes),
            Self::Symbols | Self::Unknown => None,
        };
        let text = text.map(std::borrow::Cow::into_owned);
        let text = text.or_else(|| {
            std::str::from_utf8(bytes)
                .ok()
                .filter(|text| text.is_ascii())
                .map(str::to_owned)
        });
        text.ok_or_else(|| {
            malformed(
                "RTF: 文字コードに合わない文字",
                "RTF: bytes that are no characters in their code page",
            )
        })
    }
}

/// Writes a character in seven bits.
pub(super) fn put(out: &mut String, character: char) {
    match character {
        '\\' | '{' | '}' => {
            out.push('\\');
            out.push(character);
        }
        '\t' => out.push_str("\\tab "),
        ' '..='~' => out.push(character),
        other => {
            for unit in other.encode_utf16(&mut [0; 2]) {
                // Written as a number with a sign; the question mark is for readers that know no Unicode.
                let _ = write!(out, "\\u{}?", unit.cast_signed());
            }
        }
    }
}
