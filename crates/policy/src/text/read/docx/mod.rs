//! Word documents: the paragraphs a reader sees, with the numbers that Word puts before them.
//!
//! * [`package`]: the ZIP archive, with limits;
//! * [`xml`]: the XML inside it, without entities and document types;
//! * [`styles`], [`pattern`], [`numbering`]: where a paragraph's number comes from;
//! * [`body`], [`table`], [`notes`]: paragraphs, tables, text boxes, notes.

mod body;
mod notes;
mod numbering;
mod package;
mod pattern;
mod styles;
mod table;
mod xml;

use model::diagnostic::Diagnostic;
use model::lang::Text;

use super::{Encoding, Format, Result, Source, refusal};
use body::Body;
use notes::Notes;
use package::Package;
use pattern::Numbering;
use styles::Styles;

/// The text of a docx file.
pub(super) fn read(bytes: &[u8]) -> Result<Source> {
    let mut package = Package::open(bytes)?;
    let document = package.main()?;
    let styles = match package.part("styles.xml")? {
        Some(part) => Styles::read(&part)?,
        None => Styles::default(),
    };
    let numbering = match package.part("numbering.xml")? {
        Some(part) => Numbering::read(&part)?,
        None => Numbering::default(),
    };
    let mut notes = Notes::default();
    for name in ["footnotes.xml", "endnotes.xml"] {
        if let Some(part) = package.part(name)? {
            notes.read(&part, &styles, &numbering)?;
        }
    }
    let mut body = Body::new(&styles, &numbering, &notes);
    let lines = body.read(&document)?;
    Ok(Source {
        text: lines.join("\n"),
        format: Format::Docx,
        encoding: Encoding::Utf8,
        diagnostics: body.revised().then(revised).into_iter().collect(),
    })
}

/// 変更履歴: the text is read as if every change were accepted, which somebody should know.
fn revised() -> Diagnostic {
    Diagnostic::warning(
        "tracked-changes",
        Text::fixed(
            "変更履歴が残っている。すべて反映した文章として読んだ",
            "the document holds tracked changes; it was read as if all were accepted",
        ),
    )
    .help(Text::fixed(
        "Wordの「校閲」で変更をすべて承諾し、保存し直す",
        "accept all changes in Word and save it again",
    ))
}

/// A docx that cannot be opened.
fn broken(ja: &str, en: &str) -> Diagnostic {
    refusal(
        "docx-broken",
        Text::new(
            format!("Word文書として開けない({ja})"),
            format!("the Word document cannot be opened ({en})"),
        ),
        Text::fixed(
            "Wordで開けることを確かめ、.docxとして保存し直す",
            "make sure that Word opens it and save it as .docx again",
        ),
    )
}

#[cfg(test)]
mod tests;
