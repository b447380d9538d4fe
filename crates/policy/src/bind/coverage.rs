//! Concepts that a policy says nothing about.

use model::diagnostic::Diagnostic;
use model::lang::Text;

use super::Binding;
use crate::concept::{Concepts, lies_below};

/// Fills in what is uncovered, and says so.
pub(super) fn report(binding: &mut Binding, concepts: &Concepts) {
    binding.uncovered = uncovered(binding, concepts);
    for id in &binding.uncovered {
        let remark = remark(id, &binding.uncovered, concepts);
        binding.diagnostics.extend(remark);
    }
}

/// One remark for a concept and all of its parts.
fn remark(id: &str, uncovered: &[String], concepts: &Concepts) -> Option<Diagnostic> {
    let concept = concepts.get(id)?;
    if concept
        .parent()
        .is_some_and(|above| uncovered.iter().any(|id| id == above))
    {
        return None;
    }
    let message = Text::new(
        format!("「{}」({id})を定める条項がない", concept.ja),
        format!("no clause covers concept `{id}`"),
    );
    Some(Diagnostic::warning("uncovered-concept", message))
}

/// Concepts that no clause covers. One that is made of parts is covered where all of its parts are.
fn uncovered(binding: &Binding, concepts: &Concepts) -> Vec<String> {
    let bound: Vec<&str> = binding.concepts().collect();
    let missing = concepts
        .iter()
        .filter(|concept| !concept.optional && !is_covered(&concept.id, &bound, concepts));
    missing.map(|concept| concept.id.clone()).collect()
}

fn is_covered(id: &str, bound: &[&str], concepts: &Concepts) -> bool {
    if bound.iter().any(|bound| lies_below(id, bound)) {
        return true;
    }
    let mut parts = concepts.children(Some(id)).peekable();
    parts.peek().is_some() && parts.all(|part| is_covered(&part.id, bound, concepts))
}
