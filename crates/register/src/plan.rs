//! What taking entries in would change: the preview of an import.

use std::collections::HashMap;

use serde_json::Value;

use crate::definition::Kind;
use crate::field::Field;
use crate::import::Entry;

/// What an import would do to one register. Nothing is ever deleted: rows that are absent from the new entries are
/// listed for people to decide.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The keys of new rows, in the order of the new entries.
    pub created: Vec<String>,
    /// Rows that differ, in the order of the new entries.
    pub changed: Vec<Change>,
    /// The keys of rows that stay as they are.
    pub unchanged: Vec<String>,
    /// The keys of rows that the new entries do not have, in the order of the old ones.
    pub absent: Vec<String>,
}

/// One row that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The row's key.
    pub key: String,
    /// Its title after the change.
    pub title: String,
    /// Its row in the new sheet.
    pub row: u32,
    /// Field by field, in the order of the register.
    pub differences: Vec<Difference>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The field's [path](crate::Field::path).
    pub field: String,
    /// The value before.
    pub old: Value,
    /// The value after.
    pub new: Value,
}

/// Compares the entries of one register before and after.
///
/// A field that is missing and one that is null are the same.
#[must_use]
pub fn plan(kind: &Kind, old: &[Entry], new: &[Entry]) -> Plan {
    let before: HashMap<&str, &Entry> = old.iter().map(|entry| (entry.key.as_str(), entry)).collect();
    let mut plan = Plan::default();
    for entry in new {
        let Some(previous) = before.get(entry.key.as_str()) else {
            plan.created.push(entry.key.clone());
            continue;
        };
        let differences = differences(kind, &previous.document, &entry.document);
        if differences.is_empty() {
            plan.unchanged.push(entry.key.clone());
        } else {
            plan.changed.push(Change {
                key: entry.key.clone(),
                title: entry.title.clone(),
                row: entry.row,
                differences,
            });
        }
    }
    let after: HashMap<&str, &Entry> = new.iter().map(|entry| (entry.key.as_str(), entry)).collect();
    let gone = old.iter().filter(|entry| !after.contains_key(entry.key.as_str()));
    plan.absent = gone.map(|entry| entry.key.clone()).collect();
    plan
}

/// The fields in which two documents of one register differ, in the order of the register.
#[must_use]
pub fn differences(kind: &Kind, old: &Value, new: &Value) -> Vec<Difference> {
    differing(kind, old, new)
        .map(|(field, old, new)| Difference {
            field: field.path(),
            old: old.clone(),
            new: new.clone(),
        })
        .collect()
}

/// Every field that differs, with both values; what is missing is null.
pub(crate) fn differing<'d>(
    kind: &'d Kind,
    old: &'d Value,
    new: &'d Value,
) -> impl Iterator<Item = (&'d Field, &'d Value, &'d Value)> {
    let both = move |field: &'d Field| {
        let old = field.of(old).unwrap_or(&Value::Null);
        let new = field.of(new).unwrap_or(&Value::Null);
        (field, old, new)
    };
    kind.fields.iter().map(both).filter(|(_, old, new)| old != new)
}
