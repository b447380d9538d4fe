//! Questions to the standard as a whole.

use std::collections::HashMap;

use model::diagnostic::{Diagnostic, Located};
use model::lang::Text;

use super::{Duty, Standard};
use crate::concept::{Concepts, lies_below};

/// What is wrong with a standard that compiles: a concept that does not exist or is not a prefix of the id, two duties that
/// ask the same, and concepts that no duty covers (a warning).
#[must_use]
pub fn check(standard: &Standard, concepts: &Concepts) -> Vec<Located> {
    let mut remarks = Vec::new();
    for duty in &standard.duties {
        concept(standard, duty, concepts, &mut remarks);
    }
    same_question(standard, &mut remarks);
    uncovered(standard, concepts, &mut remarks);
    remarks
}

fn concept(standard: &Standard, duty: &Duty, concepts: &Concepts, remarks: &mut Vec<Located>) {
    let mut problem = |code, message| {
        remarks.push(standard.located(duty.origin, Diagnostic::error(code, message)));
    };
    if !concepts.contains(&duty.concept) {
        let message = Text::new(
            format!("事項 `{}` は一覧にない", duty.concept),
            format!("unknown concept `{}`", duty.concept),
        );
        problem("unknown-concept", message);
    } else if !lies_below(&duty.id, &duty.concept) {
        let message = Text::new(
            format!("遵守事項 `{}` の名は事項 `{}` で始める", duty.id, duty.concept),
            format!(
                "the id of duty `{}` must begin with its concept `{}`",
                duty.id, duty.concept
            ),
        );
        problem("id-without-concept", message);
    }
}

fn same_question(standard: &Standard, remarks: &mut Vec<Located>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for duty in standard.duties.iter().filter(|duty| duty.disabled.is_none()) {
        let question = if let super::Form::Attested { .. } = duty.criterion {
            duty.title.ja.to_string()
        } else {
            let applies = duty.applies.as_ref().map(|applies| &applies.text);
            serde_json::to_string(&(&duty.criterion, applies)).unwrap_or_default()
        };
        if let Some(earlier) = seen.get(question.as_str()) {
            let message = Text::new(
                format!("遵守事項 `{}` は `{earlier}` と同じことを問う", duty.id),
                format!("duty `{}` asks the same as `{earlier}`", duty.id),
            );
            remarks.push(standard.located(duty.origin, Diagnostic::error("same-question", message)));
        } else {
            seen.insert(question, &duty.id);
        }
    }
}

fn uncovered(standard: &Standard, concepts: &Concepts, remarks: &mut Vec<Located>) {
    for concept in concepts.iter().filter(|concept| !concept.informative) {
        let covered = standard
            .duties
            .iter()
            .any(|duty| lies_below(&duty.concept, &concept.id));
        if !covered {
            let message = Text::new(
                format!("事項 `{}`({})に遵守事項がない", concept.id, concept.ja),
                format!("concept `{}` has no duty", concept.id),
            );
            let diagnostic = Diagnostic::warning("uncovered-concept", message);
            remarks.push(Located {
                file: "standard/concepts.toml".to_owned(),
                diagnostic,
            });
        }
    }
}
