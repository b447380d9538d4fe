//! What binding a document gives.

use model::diagnostic::{Diagnostic, Span};
use serde::Serialize;

use super::Found;

/// Every clause with its concept, and what is missing on either side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Binding {
    /// One row a clause, parents before children.
    pub rows: Vec<BindingRow>,
    /// The ids of clauses without a concept.
    pub unbound: Vec<String>,
    /// The ids of concepts that no clause covers; a clause bound to `outsourcing` covers `outsourcing.cloud` too.
    pub uncovered: Vec<String>,
    /// Overrides at fault, unbound clauses, uncovered concepts.
    pub diagnostics: Vec<Diagnostic>,
}

/// One clause with its concept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BindingRow {
    /// The id of the clause.
    pub clause: String,
    /// Its label as written.
    pub label: String,
    /// Its heading.
    pub heading: String,
    /// The concept, if one was found.
    pub concept: Option<String>,
    /// The words that decided, the weightiest first.
    pub words: Vec<Found>,
    /// Who or what decided.
    pub by: By,
    /// The paragraphs that speak of something more particular.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paragraphs: Vec<ParagraphRow>,
    /// The clause in the source.
    pub span: Span,
}

/// A paragraph that is bound to another concept than its clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParagraphRow {
    /// Its number in the clause, from 1.
    pub number: usize,
    /// The concept.
    pub concept: String,
    /// The words that decided.
    pub words: Vec<Found>,
    /// Who or what decided.
    pub by: By,
}

/// Who or what decided on a concept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "clause")]
pub enum By {
    /// The words found.
    Rule,
    /// The city.
    Override,
    /// The clause above, named by its id.
    Inherited(String),
    /// Nothing: the clause only groups others, which are bound.
    Grouping,
    /// Nothing.
    Nothing,
}

impl Binding {
    /// Every concept that a clause or a paragraph is bound to, as often as it is.
    pub fn concepts(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().flat_map(|row| {
            let paragraphs = row.paragraphs.iter().map(|paragraph| paragraph.concept.as_str());
            row.concept.as_deref().into_iter().chain(paragraphs)
        })
    }

    /// The row of a clause.
    #[must_use]
    pub fn row(&self, clause: &str) -> Option<&BindingRow> {
        self.rows.iter().find(|row| row.clause == clause)
    }
}
