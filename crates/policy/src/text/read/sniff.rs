//! What a file is, by its content first and its name second.

use model::diagnostic::Diagnostic;
use model::lang::Text;

use super::{Format, Result, refusal};

/// The first bytes of formats that people do send, though Sanmon does not read them.
static REFUSED: &[(&[u8], &str, Text, Text)] = &[
    (
        b"%PDF-",
        "pdf",
        Text::fixed("PDFは読めない", "PDF cannot be read"),
        Text::fixed(
            "元の文書をWordで開き、.docxとして保存し直す",
            "open the original in Word and save it as .docx",
        ),
    ),
    (
        b"{\\rtf",
        "rtf",
        Text::fixed("RTFは読めない", "RTF cannot be read"),
        Text::fixed("Wordで.docxとして保存し直す", "save it as .docx in Word"),
    ),
    (
        &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
        "old-office",
        Text::fixed(
            "旧形式のWord(.doc)や一太郎の文書は読めない",
            "documents of old Word (.doc) and Ichitaro cannot be read",
        ),
        Text::fixed("Wordで.docxとして保存し直す", "save it as .docx in Word"),
    ),
];

/// An encrypted docx is an old Office container that holds a stream of this name.
const ENCRYPTED: &str = "EncryptedPackage";

/// Turns away the formats that are known and not read.
pub(super) fn refuse(bytes: &[u8]) -> Result<()> {
    let head = bytes.get(..1024).unwrap_or(bytes);
    for (magic, code, message, help) in REFUSED {
        // A PDF may carry a few bytes of other things before its mark.
        let found = match *code {
            "pdf" => contains(head, magic),
            _ => head.starts_with(magic),
        };
        if found && *code == "old-office" && contains(bytes, &utf16(ENCRYPTED)) {
            return Err(protected());
        }
        if found {
            return Err(refusal(code, message.clone(), help.clone()));
        }
    }
    Ok(())
}

/// A document behind a password.
pub(super) fn protected() -> Diagnostic {
    refusal(
        "protected",
        Text::fixed(
            "パスワードで保護されていて読めない",
            "the document is protected by a password",
        ),
        Text::fixed(
            "Wordで開き、「文書の保護」のパスワードを外して保存し直す",
            "open it in Word, remove the password and save it again",
        ),
    )
}

/// Whether the file is a ZIP archive: a docx, if anything.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// HTML, Markdown or plain text.
pub(super) fn format(name: &str, text: &str) -> Format {
    if looks_like_html(text) {
        return Format::Html;
    }
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    match extension.as_deref() {
        Some("html" | "htm" | "xhtml") => Format::Html,
        Some("md" | "markdown") => Format::Markdown,
        _ if text.lines().filter(|line| is_heading(line)).nth(1).is_some() => Format::Markdown,
        _ => Format::Text,
    }
}

/// Tags that an HTML page or a piece of one opens with.
const OPENINGS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<main",
    "<article",
    "<section",
    "<div",
    "<h1",
    "<h2",
    "<p>",
    "<p ",
    "<ol",
    "<ul",
    "<table",
    "<meta",
];

fn looks_like_html(text: &str) -> bool {
    let mut rest = text.trim_start();
    if rest.starts_with("<?xml") {
        rest = rest.split_once("?>").map_or("", |(_, after)| after.trim_start());
    }
    while let Some(comment) = rest.strip_prefix("<!--") {
        rest = comment.split_once("-->").map_or("", |(_, after)| after.trim_start());
    }
    let head: String = rest.chars().take(16).collect::<String>().to_ascii_lowercase();
    OPENINGS.iter().any(|opening| head.starts_with(opening))
}

/// `# ` to `###### ` and something after it.
fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    let marks = line.len().saturating_sub(rest.len());
    (1..=6).contains(&marks) && rest.starts_with([' ', '\t']) && !rest.trim().is_empty()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
