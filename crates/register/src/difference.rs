//! Two versions of a document side by side, as people read them.

use model::lang::{Lang, Text};
use serde_json::Value;

use crate::definition::Kind;
use crate::display::Shown;
use crate::plan::differing;
use crate::words::Words;

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<'d> {
    /// The field's [path](crate::Field::path).
    pub field: String,
    /// What people call it.
    pub label: &'d Text,
    /// The value before.
    pub old: Shown<'d>,
    /// The value after.
    pub new: Shown<'d>,
}

/// The fields in which two documents of one register differ, in the order of the register. References are shown with the
/// titles that their rows have today.
///
/// For values to work with, [`differences`](crate::differences()).
#[must_use]
pub fn told<'d>(kind: &'d Kind, old: &'d Value, new: &'d Value, words: &'d Words, lang: Lang) -> Vec<Told<'d>> {
    let told = |(field, old, new): (&'d crate::Field, &'d Value, &'d Value)| Told {
        field: field.path(),
        label: &field.label,
        old: field.display(old, words, lang),
        new: field.display(new, words, lang),
    };
    differing(kind, old, new).map(told).collect()
}
