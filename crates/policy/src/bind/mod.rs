//! Clause to concept, explained and correctable.
//!
//! Words in the heading decide; where the heading has none, the sentences do, what they name as their topic first. The
//! clause above narrows the choice: items of the definitions are definitions, the articles of a chapter on physical
//! security are about its parts. What a city overrides stands above all.

mod choose;
mod coverage;
pub(crate) mod fold;
mod overrides;
mod paragraph;
mod row;
mod words;

use std::collections::BTreeMap;

use model::diagnostic::{Diagnostic, Span};
use model::lang::Text;

pub use row::{Binding, BindingRow, By, ParagraphRow};
pub use words::{Found, Place};

use crate::concept::{Concepts, lies_below, parent};
use crate::text::{Clause, Document};
use words::Words;

/// A sentence alone has to say this much to bind a clause that has no heading.
const SENTENCE: usize = 6;

/// And this much where a heading says something else.
const AGAINST_HEADING: usize = 12;

/// A heading has to say this much to take a clause out of its chapter's subject.
const AWAY: usize = 9;

/// Concepts whose clauses only hold others together, of any subject.
const CONTAINERS: [&str; 2] = ["measures", "standard"];

/// Concepts whose items are never about anything else.
const CLOSED: [&str; 5] = ["purpose", "definitions", "threats", "scope", "supplementary"];

/// Binds every clause of a document, and the paragraphs that speak of a part of their clause's concept.
///
/// An override maps the id of a clause, or `6.8#2` for the second paragraph of clause 6.8, to a concept.
pub fn bind(document: &mut Document, concepts: &Concepts, overrides: &BTreeMap<String, String>) -> Binding {
    let mut binder = Binder {
        concepts,
        overrides: BTreeMap::new(),
        source: &document.source,
        binding: Binding::default(),
    };
    binder.accept(overrides, &document.clauses);
    for clause in &mut document.clauses {
        binder.clause(clause, None);
    }
    let mut binding = binder.binding;
    coverage::report(&mut binding, concepts);
    binding
}

struct Binder<'b> {
    concepts: &'b Concepts,
    overrides: BTreeMap<&'b str, &'b str>,
    source: &'b str,
    binding: Binding,
}

/// What a clause was bound to, and why.
struct Decision {
    concept: Option<String>,
    words: Vec<Found>,
    by: By,
}

/// The clause above, as far as it matters below.
#[derive(Clone, Copy)]
struct Above<'a> {
    concept: &'a str,
    clause: &'a str,
}

impl<'b> Binder<'b> {
    /// Binds a clause and what lies below it; whether all of it has a concept.
    fn clause(&mut self, clause: &mut Clause, above: Option<Above<'_>>) -> bool {
        let decision = self.decide(clause, above);
        clause.concept.clone_from(&decision.concept);
        let row = self.binding.rows.len();
        let paragraphs = self.paragraphs(clause);
        self.binding.rows.push(BindingRow {
            clause: clause.id.clone(),
            label: clause.label.clone(),
            heading: clause.heading.clone(),
            concept: decision.concept,
            words: decision.words,
            by: decision.by,
            paragraphs,
            span: clause.span,
        });
        let own = clause.concept.clone();
        // A heading that only groups hands down what stands above it.
        let below = match &own {
            Some(concept) => Some(Above {
                concept,
                clause: &clause.id,
            }),
            None => above,
        };
        let mut all_below = true;
        for child in &mut clause.children {
            all_below &= self.clause(child, below);
        }
        if own.is_some() {
            return true;
        }
        let groups = clause.text.trim().is_empty() && !clause.children.is_empty();
        if groups && all_below {
            if let Some(row) = self.binding.rows.get_mut(row) {
                row.by = By::Grouping;
            }
            return true;
        }
        self.unbound(clause);
        false
    }

    fn unbound(&mut self, clause: &Clause) {
        let name = format!("{} {}", clause.label, clause.heading);
        let message = Text::new(
            format!("条項 {}「{}」が何についてのものか分からない", clause.id, name.trim()),
            format!("clause {} is bound to no concept", clause.id),
        );
        let remark = Diagnostic::warning("unbound-clause", message).at(first_line(clause.span, self.source));
        self.binding.diagnostics.push(remark.help(Text::fixed(
            "事項を選んで結び付ける",
            "bind it to a concept by an override",
        )));
        self.binding.unbound.push(clause.id.clone());
    }

    fn decide(&self, clause: &Clause, above: Option<Above<'_>>) -> Decision {
        if let Some(concept) = self.overrides.get(clause.id.as_str()) {
            return Decision {
                concept: Some((*concept).to_owned()),
                words: Vec::new(),
                by: By::Override,
            };
        }
        let above = above.filter(|above| !CONTAINERS.contains(&above.concept));
        let heading = words::in_heading(&clause.heading, self.concepts);
        match above {
            None => self.freely(clause, &heading),
            Some(above) => self.within(clause, &heading, above),
        }
    }

    /// Any concept may be meant.
    fn freely(&self, clause: &Clause, heading: &Words) -> Decision {
        let topmost = || self.concepts.children(None).map(|concept| concept.id.as_str());
        if let Some((root, _)) = choose::best(heading, topmost()) {
            return self.bound(heading, root, choose::HEADING);
        }
        let text = words::in_text(&clause.text, self.concepts);
        let enough = if clause.heading.is_empty() {
            SENTENCE
        } else {
            AGAINST_HEADING
        };
        match choose::best(&text, topmost()) {
            Some((root, points)) if points >= enough => self.bound(&text, root, choose::TEXT),
            _ => Decision {
                concept: None,
                words: Vec::new(),
                by: By::Nothing,
            },
        }
    }

    /// The clause above speaks of a concept: this one does so too, or of a part of it, or its heading leads away.
    fn within(&self, clause: &Clause, heading: &Words, above: Above<'_>) -> Decision {
        let closed = CLOSED.iter().any(|closed| lies_below(above.concept, closed));
        let inside = choose::points(heading, above.concept);
        let away = (!closed && parent(above.concept).is_none())
            .then(|| {
                let others = self.concepts.children(None).map(|concept| concept.id.as_str());
                choose::best(heading, others.filter(|id| *id != above.concept))
            })
            .flatten()
            // The chapter's own subject counts double: a chapter on organisation speaks of 監査統括責任者 too.
            .filter(|(_, points)| *points >= AWAY && *points > inside.saturating_mul(2));
        if let Some((root, _)) = away {
            return self.bound(heading, root, choose::HEADING);
        }
        if inside > 0 {
            return self.bound(heading, above.concept, choose::HEADING);
        }
        let text = words::in_text(&clause.text, self.concepts);
        // Sentences below a part of a chapter mention other parts in passing only.
        if choose::points(&text, above.concept) > 0 && clause.heading.is_empty() {
            let found = self.bound(&text, above.concept, choose::TEXT);
            if found.concept.as_deref() != Some(above.concept) {
                return found;
            }
        }
        Decision {
            concept: Some(above.concept.to_owned()),
            words: Vec::new(),
            by: By::Inherited(above.clause.to_owned()),
        }
    }

    fn bound(&self, words: &Words, start: &str, share: usize) -> Decision {
        let concept = choose::descend(words, self.concepts, start, share);
        Decision {
            words: choose::reasons(words, &concept),
            concept: Some(concept),
            by: By::Rule,
        }
    }
}

fn first_line(span: Span, source: &str) -> Span {
    let Some(text) = span.of(source) else { return span };
    let line = text.trim_end().lines().next().unwrap_or_default();
    Span::new(span.start, span.start.saturating_add(line.len()))
}

#[cfg(test)]
mod tests;
