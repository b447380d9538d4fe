//! The bytes of a policy file become source text.
//!
//! The content decides the format, the file name only where the content does not tell. Everything here reads hostile
//! input: sizes are bounded, nothing panics, and what cannot be read is refused with the thing to do about it.
//!
//! * plain text and Markdown keep their lines: the text is the file, so that spans point into it;
//! * docx and HTML give the text that a reader sees, automatic numbers included.

mod docx;
mod encoding;
mod html;
mod lines;
mod markdown;
mod numeral;
mod sniff;

use model::diagnostic::Diagnostic;
use model::lang::Text;
use serde::Serialize;

pub use encoding::Encoding;

use super::Document;

/// The largest file that is read, and the most text that one file may unfold into.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// The text of a policy file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The text, lines ended by `\n` or `\r\n`, without a byte order mark.
    pub text: String,
    /// What the file was.
    pub format: Format,
    /// How its characters were encoded.
    pub encoding: Encoding,
    /// What the reader of the text should know: dropped revisions, characters that others cannot see.
    pub diagnostics: Vec<Diagnostic>,
}

/// The formats a policy text comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text
    Text,
    /// Markdown
    Markdown,
    /// Word (Office Open XML)
    Docx,
    /// HTML
    Html,
}

/// Reads a policy file and parses it.
///
/// # Errors
/// The file cannot be read as any of the [`Format`]s. What is wrong with the text itself is found in
/// [`Document::diagnostics`].
pub fn read_document(name: &str, bytes: &[u8]) -> std::result::Result<Document, Diagnostic> {
    let source = read(name, bytes)?;
    let mut document = super::parse(&source.text);
    document.diagnostics.splice(0..0, source.diagnostics);
    Ok(document)
}

/// Reads the text out of a file; `name` is consulted for its extension only.
///
/// # Errors
/// The file is empty, too large, damaged, protected, in an encoding that is not understood, or of a format that
/// Sanmon does not read; the diagnostic says which, and what to do.
pub fn read(name: &str, bytes: &[u8]) -> std::result::Result<Source, Diagnostic> {
    if bytes.len() > LIMIT {
        return Err(too_large());
    }
    sniff::refuse(bytes)?;
    let mut source = if sniff::is_zip(bytes) {
        docx::read(bytes)?
    } else {
        plain(name, bytes)?
    };
    if source.text.trim().is_empty() {
        return Err(refusal(
            "empty",
            Text::fixed("ファイルに文章がない", "the file holds no text"),
            Text::fixed(
                "画像だけの文書は、文字の入った元の文書に替える",
                "where it holds pictures only, take the original with its characters",
            ),
        ));
    }
    source.diagnostics.extend(private_use(&source.text));
    Ok(source)
}

/// What the readers return.
type Result<T> = std::result::Result<T, Diagnostic>;

/// A file that is not read, with what to do about it.
fn refusal(code: &'static str, message: Text, help: Text) -> Diagnostic {
    Diagnostic::error(code, message).help(help)
}

/// Everything that is text in itself: Markdown, HTML, plain text.
fn plain(name: &str, bytes: &[u8]) -> Result<Source> {
    let (text, encoding) = encoding::decode(bytes)?;
    let format = sniff::format(name, &text);
    let text = match format {
        Format::Html => html::text(&text)?,
        Format::Markdown => markdown::text(&text),
        Format::Text | Format::Docx => text,
    };
    Ok(Source {
        text,
        format,
        encoding,
        diagnostics: Vec::new(),
    })
}

fn too_large() -> Diagnostic {
    refusal(
        "too-large",
        Text::fixed(
            "ファイルが大きすぎる(64MBまで)",
            "the file is too large (at most 64 MB)",
        ),
        Text::fixed(
            "画像を取り除き、方針の文章だけのファイルにする",
            "take the pictures out and keep the text of the policy only",
        ),
    )
}

/// 外字: characters whose shape only the machine they were typed on knows.
fn private_use(text: &str) -> Option<Diagnostic> {
    let (start, found) = text
        .char_indices()
        .find(|(_, c)| ('\u{e000}'..='\u{f8ff}').contains(c))?;
    let code = u32::from(found);
    let message = Text::new(
        format!("外字(U+{code:04X})がある。ほかの端末では読めない"),
        format!("private-use character U+{code:04X}: other machines cannot show it"),
    );
    let span = model::diagnostic::Span::new(start, start.saturating_add(found.len_utf8()));
    Some(Diagnostic::warning("private-use-character", message).at(span))
}

#[cfg(test)]
mod tests;
