//! What a parsed policy is: title, revision, contents page, clauses, terms, diagnostics.

use model::diagnostic::{Diagnostic, Span};
use serde::Serialize;

/// A parsed policy text.
///
/// All spans are byte offsets into [`source`](Self::source), the decoded text: the file itself for UTF-8 text and Markdown,
/// its UTF-8 form for Shift_JIS, the text extracted from docx and HTML.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// 題名; empty where none was found (a diagnostic says so).
    pub title: String,
    /// The date of the last revision as the text states it.
    pub revised: Option<Revised>,
    /// The rows of the contents page (目次), if there is one.
    pub contents: Vec<ContentsRow>,
    /// Defined terms in order of definition.
    pub terms: Vec<Term>,
    /// The top-level clauses in document order.
    pub clauses: Vec<Clause>,
    /// Findings about the text itself.
    pub diagnostics: Vec<Diagnostic>,
    /// The text that all spans point into.
    #[serde(skip)]
    pub source: String,
}

/// A revision date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Revised {
    /// As written, spaces folded: `令和8年3月`, `令和8年3月2日`.
    pub era: String,
    /// ISO 8601 with the precision of the text: `2026-03`, `2026-03-02`.
    pub iso: String,
    /// Where it stands.
    pub span: Span,
}

/// One row of the contents page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContentsRow {
    /// Label as written, empty for an unnumbered row.
    pub label: String,
    /// Heading with inner spaces folded.
    pub heading: String,
    /// Page or article range as written, if any.
    pub page: Option<String>,
    /// The whole row.
    pub span: Span,
}

/// A defined term (用語).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The term, without its quotes.
    pub term: String,
    /// Other names that the definition gives it (`以下「…」という。`, parenthesised alternatives).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The definition, wraps joined.
    pub text: String,
    /// The id of the clause that defines it.
    pub clause: String,
    /// Term and definition in the source.
    pub span: Span,
}

/// A node of the policy: article, item, sub-item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clause {
    /// Stable id from the ordinals on the path: `6.3.1`; a branch number 第2条の2 is `2-2`.
    pub id: String,
    /// The label as written: `第1条`, `(1)`, `①`, `ア`; empty for an unnumbered heading.
    pub label: String,
    /// The heading, empty where the clause has only a sentence.
    pub heading: String,
    /// The clause's own sentences, without those of its children: wraps joined, furniture dropped, paragraphs parted by `\n`.
    pub text: String,
    /// The whole clause in the source, children included.
    pub span: Span,
    /// The concept it is bound to, once bound.
    pub concept: Option<String>,
    /// The paragraphs of `text`, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paragraphs: Vec<Paragraph>,
    /// Sub-clauses in document order.
    pub children: Vec<Clause>,
}

/// One unlabelled paragraph of a clause; each may carry duties of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paragraph {
    /// The sentences, wraps joined.
    pub text: String,
    /// Where they stand.
    pub span: Span,
    /// The concept this paragraph is bound to where it differs from its clause's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concept: Option<String>,
}

impl Document {
    /// Every clause, parents before children, in document order.
    pub fn walk(&self) -> impl Iterator<Item = &Clause> {
        let mut stack: Vec<&Clause> = self.clauses.iter().rev().collect();
        std::iter::from_fn(move || {
            let clause = stack.pop()?;
            stack.extend(clause.children.iter().rev());
            Some(clause)
        })
    }

    /// The clause with this id.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.walk().find(|clause| clause.id == id)
    }
}
