//! What a city decides itself.

use std::collections::BTreeMap;

use model::diagnostic::Diagnostic;
use model::lang::Text;

use super::Binder;
use crate::text::Clause;

impl<'b> Binder<'b> {
    /// Keeps the overrides that name a clause and a concept; the others are reported.
    pub(super) fn accept(&mut self, overrides: &'b BTreeMap<String, String>, clauses: &[Clause]) {
        for (place, concept) in overrides {
            let known = exists(clauses, place);
            if !known {
                let message = Text::new(
                    format!("条項 `{place}` は方針にない"),
                    format!("the policy has no clause `{place}`"),
                );
                let problem = Diagnostic::error("override-unknown-clause", message);
                self.binding.diagnostics.push(problem.help(Text::fixed(
                    "方針を改めて条項の番号が変わったときは、番号を直すか取り除く",
                    "correct or remove it where the numbers changed with a revision",
                )));
            }
            if !self.concepts.contains(concept) {
                let message = Text::new(
                    format!("条項 `{place}` に指定した事項 `{concept}` は一覧にない"),
                    format!("unknown concept `{concept}` for clause `{place}`"),
                );
                self.binding
                    .diagnostics
                    .push(Diagnostic::error("override-unknown-concept", message));
            } else if known {
                self.overrides.insert(place, concept);
            }
        }
    }
}

/// Whether `6.8` is a clause, or `6.8#2` one of its paragraphs.
fn exists(clauses: &[Clause], place: &str) -> bool {
    let (id, paragraph) = match place.split_once('#') {
        Some((id, number)) => (id, Some(number.parse::<usize>().unwrap_or(0))),
        None => (place, None),
    };
    let mut open: Vec<&Clause> = clauses.iter().collect();
    while let Some(clause) = open.pop() {
        if clause.id == id {
            return paragraph.is_none_or(|number| (1..=clause.paragraphs.len()).contains(&number));
        }
        open.extend(&clause.children);
    }
    false
}
