//! Rows that stand under rows of their own register: no row may stand under itself.

use std::collections::{HashMap, HashSet};

use model::lang::Text;

use crate::definition::Kind;
use crate::fault::Fault;
use crate::field::{Field, FieldKind};
use crate::import::Entry;
use crate::table::Table;

/// One fault for every cycle, at its first row, naming all its members.
pub(crate) fn cycles(kind: &Kind, entries: &[Entry], tables: &[Table]) -> Vec<Fault> {
    let own = |field: &&Field| matches!(&field.kind, FieldKind::Reference(target) if *target == kind.slug);
    kind.fields
        .iter()
        .filter(own)
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

fn cycle(kind: &Kind, field: &Field, members: &[&str], entries: &[Entry], tables: &[Table]) -> Fault {
    let chain = members.join(" → ");
    let label = &field.label;
    let message = Text::new(
        format!("「{}」をたどると元に戻る: {chain}。どれかを直してください", label.ja),
        format!("`{}` leads back to its beginning: {chain}", label.en),
    );
    let fault = Fault::new("cycle", &kind.slug, message).of(field);
    let first = entries.iter().find(|entry| members.contains(&entry.key.as_str()));
    let placed = first.and_then(|entry| tables.get(entry.table).map(|table| (entry, table)));
    match placed {
        Some((entry, table)) => table.signed(fault.at(table.place(entry.row, &field.path()))),
        None => fault,
    }
}
