//! Text: from bytes to characters and back, in the character codes of Japanese offices.
//!
//! # Which code it is
//! 1. A byte order mark says so. What follows must then be right to the last byte.
//! 2. ISO-2022-JP announces itself by escape sequences, and has only bytes of 7 bits.
//! 3. What is UTF-8 throughout is UTF-8: other codes hardly ever are.
//! 4. Of Shift_JIS (as Windows has it) and EUC-JP the one that the bytes obey. If they obey both, a detector that looks at how often
//!    characters occur decides.
//!
//! Anything else is no text that is known here; nothing is ever replaced by question marks.
//!
//! # What is dropped
//! Control characters but tab and line ends, and characters that cannot be seen or that turn the direction ([`crate::name::misleads`]).
//! Selectors of variants, which names of people need, stay.

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS};

use crate::class::Class;
use crate::job::Job;
use crate::refusal::{Reason, malformed};

/// Control characters in a hundred characters, or in all of a short text; with more it is no text.
const MOST_CONTROLS: usize = 3;

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Utf8Marked,
    Utf16Little,
    Utf16Big,
    ShiftJis,
    EucJp,
    Iso2022Jp,
}

/// Characters, and how they were written.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) charset: Charset,
}

/// Reads bytes as text; nothing if they are none.
pub(crate) fn decoded(bytes: &[u8]) -> Option<Decoded> {
    let (charset, text) = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        (Charset::Utf8Marked, utf8(rest)?)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        (Charset::Utf16Little, utf16(rest, u16::from_le_bytes)?)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        (Charset::Utf16Big, utf16(rest, u16::from_be_bytes)?)
    } else if bytes.is_ascii() && escapes(bytes) {
        (Charset::Iso2022Jp, strict(ISO_2022_JP, bytes)?)
    } else if let Some(text) = utf8(bytes) {
        (Charset::Utf8, text)
    } else {
        japanese(bytes)?
    };
    let controls = text
        .chars()
        .filter(|character| character.is_control() && !is_kept(*character))
        .count();
    let few = controls <= MOST_CONTROLS || controls * 100 <= text.chars().count() * MOST_CONTROLS;
    (few && !text.contains('\0')).then_some(Decoded { text, charset })
}

/// Reads bytes that must be text.
///
/// # Errors
/// They are none.
pub(crate) fn read(job: &mut Job<'_>, bytes: &[u8]) -> Result<Decoded, Reason> {
    let decoded = decoded(bytes).ok_or_else(|| {
        malformed(
            "文字コードを判別できない、又は文字でないデータを含む",
            "the character code is not known, or there are bytes that are no text",
        )
    })?;
    job.budget.decode(decoded.text.len())?;
    Ok(decoded)
}

/// Text without what misleads; what is dropped is counted.
///
/// # Errors
/// The profile refuses files with such characters.
pub(crate) fn cleaned(job: &mut Job<'_>, text: String) -> Result<String, Reason> {
    let dropped = text.chars().filter(|character| !is_kept(*character)).count();
    if dropped == 0 {
        return Ok(text);
    }
    for _ in 0..dropped {
        job.found(Class::ControlCharacter)?;
    }
    Ok(text.chars().filter(|character| is_kept(*character)).collect())
}

/// Does a character stay?
pub(crate) fn is_kept(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r') || !crate::name::misleads(character)
}

impl Charset {
    /// Text as bytes in the code it came in, if that says exactly the same; otherwise in UTF-8 with a mark, which every office
    /// program reads.
    pub(crate) fn encode(self, text: &str) -> Vec<u8> {
        let legacy = |encoding: &'static Encoding| {
            let (bytes, _, unmappable) = encoding.encode(text);
            (!unmappable && strict(encoding, &bytes).as_deref() == Some(text)).then(|| bytes.into_owned())
        };
        let marked = || [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8Marked => marked(),
            Self::Utf16Little => [0xFEFF]
                .into_iter()
                .chain(text.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect(),
            Self::Utf16Big => [0xFEFF]
                .into_iter()
                .chain(text.encode_utf16())
                .flat_map(u16::to_be_bytes)
                .collect(),
            Self::ShiftJis => legacy(SHIFT_JIS).unwrap_or_else(marked),
            Self::EucJp => legacy(EUC_JP).unwrap_or_else(marked),
            Self::Iso2022Jp => legacy(ISO_2022_JP).unwrap_or_else(marked),
        }
    }
}

fn utf8(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    rest.is_empty()
        .then(|| {
            char::decode_utf16(units.iter().copied().map(unit))
                .collect::<Result<_, _>>()
                .ok()
        })
        .flatten()
}

fn escapes(bytes: &[u8]) -> bool {
    bytes
        .windows(3)
        .any(|window| matches!(window, [0x1B, b'$', b'@' | b'B'] | [0x1B, b'(', b'J' | b'I']))
}

fn japanese(bytes: &[u8]) -> Option<(Charset, String)> {
    match (strict(SHIFT_JIS, bytes), strict(EUC_JP, bytes)) {
        (Some(text), None) => Some((Charset::ShiftJis, text)),
        (None, Some(text)) => Some((Charset::EucJp, text)),
        (Some(shift_jis), Some(euc_jp)) => {
            let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            Some(
                if detector.guess(Some(b"jp"), chardetng::Utf8Detection::Deny) == EUC_JP {
                    (Charset::EucJp, euc_jp)
                } else {
                    (Charset::ShiftJis, shift_jis)
                },
            )
        }
        (None, None) => None,
    }
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}
