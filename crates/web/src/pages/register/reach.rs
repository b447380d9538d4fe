//! Which rows of a register a visitor may read, and what they may do with them.

use std::collections::BTreeSet;

use register::{FieldKind, Kind};
use serde_json::{Value, json};
use service::hall::Hall;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use store::{Entry, Filter, Query, Test};

/// How far a visitor sees into a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    /// All of it, but for single rows that a rule keeps from them.
    Whole,
    /// The rows of some sections, by the field that names the section.
    Sections(String, BTreeSet<Vec<u8>>),
    /// Single rows: each must be asked about.
    Rows,
}

impl Reach {
    pub(super) fn of(hall: &Hall, visitor: &Visitor, kind: &Kind) -> Self {
        if hall.allow(visitor, Verb::Read, &hall.register_resource(kind)).is_ok() {
            return Self::Whole;
        }
        let field = kind
            .fields
            .iter()
            .find(|field| !field.local && matches!(&field.kind, FieldKind::Reference(to) if to == "section"));
        let Some(field) = field else { return Self::Rows };
        let directory = hall.directory();
        let open = directory.sections.keys().filter(|section| {
            let document = json!({ field.name.as_str(): section });
            hall.allow(visitor, Verb::Read, &hall.entry_resource(kind, &document))
                .is_ok()
        });
        let open: BTreeSet<Vec<u8>> = open.map(|section| section.as_bytes().to_vec()).collect();
        if open.is_empty() {
            Self::Rows
        } else {
            Self::Sections(field.path(), open)
        }
    }

    /// Narrows a query to what is within reach.
    pub(super) fn narrow(&self, query: &mut Query) {
        if let Self::Sections(field, sections) = self {
            query.filters.push(Filter {
                field: field.clone(),
                test: Test::AnyOf(sections.clone()),
            });
        }
    }
}

/// Whether a visitor may do something to a row.
pub(super) fn may(hall: &Hall, visitor: &Visitor, verb: Verb, kind: &Kind, document: &Value) -> bool {
    hall.allow(visitor, verb, &hall.entry_resource(kind, document)).is_ok()
}

/// Whether a visitor may do something in a register at all: everywhere, or in their own section or for themselves.
pub(super) fn may_somewhere(hall: &Hall, visitor: &Visitor, verb: Verb, kind: &Kind) -> bool {
    if hall.allow(visitor, verb, &hall.register_resource(kind)).is_ok() {
        return true;
    }
    let mut own = serde_json::Map::new();
    for field in kind.fields.iter().filter(|field| !field.local) {
        match &field.kind {
            FieldKind::Reference(to) if to == "section" => own.insert(field.name.clone(), json!(visitor.section)),
            FieldKind::Reference(to) if to == "person" => own.insert(field.name.clone(), json!(visitor.person)),
            _ => None,
        };
    }
    may(hall, visitor, verb, kind, &Value::Object(own))
}

/// A row that the visitor may read.
pub(super) fn readable(
    hall: &Hall,
    visitor: &Visitor,
    kind: &Kind,
    key: &str,
) -> Result<Entry, service::hall::Refusal> {
    let entry = hall
        .store()
        .entry(&kind.slug, key)?
        .ok_or(service::hall::Refusal::NotFound)?;
    // Whoever may not see a row does not learn that there is one.
    if may(hall, visitor, Verb::Read, kind, &entry.document) {
        Ok(entry)
    } else {
        Err(service::hall::Refusal::NotFound)
    }
}
