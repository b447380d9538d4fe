//! Rows that stand under rows of their own register: no row may stand under itself.
//!
//! An import looks at all rows together; [`circles`] looks at one document before it is stored.

use std::collections::{HashMap, HashSet};

use model::lang::Text;
use serde_json::Value;

use crate::definition::Kind;
use crate::fault::Fault;
use crate::field::{Field, FieldKind};
use crate::import::Entry;
use crate::table::Table;

/// The fields by which `document`, once stored, would stand under itself. `above` tells what row the row with that key
/// stands under by a field today; the store is asked only for the rows on the way up.
///
/// The code of the faults is `cycle`.
pub fn circles(kind: &Kind, document: &Value, mut above: impl FnMut(&Field, &str) -> Option<String>) -> Vec<Fault> {
    let own = kind.fields.iter().filter(|field| is_hierarchy(kind, field));
    let key = kind.key_of(document);
    let mut faults = Vec::new();
    for field in own {
        let mut members = vec![key.to_owned()];
        let mut next = field.of(document).and_then(Value::as_str).map(str::to_owned);
        while let Some(row) = next {
            if row == key {
                let members: Vec<&str> = members.iter().map(String::as_str).chain([key]).collect();
                faults.push(told(kind, field, &members));
                break;
            }
            // Rows above that run in a circle without this one are not its fault.
            if members.contains(&row) {
                break;
            }
            next = above(field, &row);
            members.push(row);
        }
    }
    faults
}

fn is_hierarchy(kind: &Kind, field: &Field) -> bool {
    matches!(&field.kind, FieldKind::Reference(target) if *target == kind.slug)
}

/// One fault for every cycle, at its first row, naming all its members.
pub(crate) fn cycles(kind: &Kind, entries: &[Entry], tables: &[Table]) -> Vec<Fault> {
    kind.fields
        .iter()
        .filter(|field| is_hierarchy(kind, field))
        .flat_map(|field| along(kind, field, entries, tables))
        .collect()
}

fn along(kind: &Kind, field: &Field, entries: &[Entry], tables: &[Table]) -> Vec<Fault> {
    let above: HashMap<&str, &str> = entries
        .iter()
        .filter_map(|entry| {
            let above = field.of(&entry.document)?.as_str()?;
            Some((entry.key.as_str(), above))
        })
        .collect();
    let mut faults = Vec::new();
    let mut cleared: HashSet<&str> = HashSet::new();
    for entry in entries {
        let mut path: Vec<&str> = Vec::new();
        let mut on_path: HashSet<&str> = HashSet::new();
        let mut next = Some(entry.key.as_str());
        while let Some(key) = next {
            if cleared.contains(key) {
                break;
            }
            if !on_path.insert(key) {
                let members = path.iter().skip_while(|member| **member != key);
                let members: Vec<&str> = members.copied().chain([key]).collect();
                faults.push(cycle(kind, field, &members, entries, tables));
                break;
            }
            path.push(key);
            next = above.get(key).copied();
        }
        cleared.extend(path);
    }
    faults
}

fn told(kind: &Kind, field: &Field, members: &[&str]) -> Fault {
    let chain = members.join(" → ");
    let label = &field.label;
    let message = Text::new(
        format!("「{}」をたどると元に戻る: {chain}。どれかを直してください", label.ja),
        format!("`{}` leads back to its beginning: {chain}", label.en),
    );
    Fault::new("cycle", &kind.slug, message).of(field)
}

fn cycle(kind: &Kind, field: &Field, members: &[&str], entries: &[Entry], tables: &[Table]) -> Fault {
    let fault = told(kind, field, members);
    let first = entries.iter().find(|entry| members.contains(&entry.key.as_str()));
    let placed = first.and_then(|entry| tables.get(entry.table).map(|table| (entry, table)));
    match placed {
        Some((entry, table)) => table.signed(fault.at(table.place(entry.row, &field.path()))),
        None => fault,
    }
}
