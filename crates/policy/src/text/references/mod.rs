//! References inside a policy: 上記3, 第5条, 前項, 次の各号.
//!
//! Numbers in references are those of the body. A reference to another instrument (`…条例第1条`) is not followed.

mod index;
mod words;

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;

use super::clause::Document;
use index::Index;
use words::Passage;

/// A reference from one clause to another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reference {
    /// The id of the clause that refers.
    pub from: String,
    /// The words that refer: `上記6`, `第5条`.
    pub words: String,
    /// The id of the clause referred to; `None` where there is no such clause.
    pub to: Option<String>,
    /// Where the words stand.
    pub span: Span,
}

/// The references of a document, in order.
#[must_use]
pub fn references(document: &Document) -> Vec<Reference> {
    let index = Index::new(document);
    let mut found = Vec::new();
    for (place, clause) in document.walk().enumerate() {
        for (paragraph, passage) in clause.paragraphs.iter().enumerate() {
            let source = passage.span.of(&document.source).unwrap_or_default();
            for words in Passage::new(source, passage.span.start).references() {
                let Some(to) = index.resolve(place, paragraph, &words.target) else {
                    continue;
                };
                found.push(Reference {
                    from: clause.id.clone(),
                    words: words.text,
                    to: to.map(str::to_owned),
                    span: words.span,
                });
            }
        }
    }
    found
}

/// References that lead nowhere.
pub(super) fn findings(document: &Document) -> Vec<Diagnostic> {
    let dangling = references(document)
        .into_iter()
        .filter(|reference| reference.to.is_none());
    dangling
        .map(|reference| {
            let words = &reference.words;
            let message = Text::new(
                format!("「{words}」に当たる条項がない"),
                format!("`{words}` refers to no clause of this text"),
            );
            Diagnostic::warning("dangling-reference", message)
                .at(reference.span)
                .help(Text::fixed(
                    "条項の番号が改められていないか確かめ、参照を直す",
                    "see whether the clause was renumbered, and mend the reference",
                ))
        })
        .collect()
}
