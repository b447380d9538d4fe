//! Which rows of a register a visitor may read, and what they may do with them. Pages and API ask here, so that neither
//! shows a row that the other keeps.

use std::collections::BTreeSet;

use register::{FieldKind, Kind};
use serde_json::{Map, Value, json};
use store::{Entry, Filter, Query, Test};

use super::entrance::sessions::Visitor;
use super::rights::Verb;
use super::{Hall, Refusal};

/// How far a visitor sees into a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of it, but for single rows that a rule keeps from them.
    Whole,
    /// The rows of some sections, by the [path](register::Field::path) of the field that names the section.
    Sections(String, BTreeSet<Vec<u8>>),
    /// Single rows: each must be asked about.
    Rows,
}

impl Reach {
    /// Narrows a query to what is within reach. A row that it leaves may still be one that a rule keeps from the visitor.
    pub fn narrow(&self, query: &mut Query) {
        if let Self::Sections(field, sections) = self {
            query.filters.push(Filter {
                field: field.clone(),
                test: Test::AnyOf(sections.clone()),
            });
        }
    }
}

impl Hall {
    /// How far a visitor sees into a register.
    #[must_use]
    pub fn reach(&self, visitor: &Visitor, kind: &Kind) -> Reach {
        if self.allow(visitor, Verb::Read, &self.register_resource(kind)).is_ok() {
            return Reach::Whole;
        }
        let field = kind
            .fields
            .iter()
            .find(|field| !field.local && matches!(&field.kind, FieldKind::Reference(to) if to == "section"));
        let Some(field) = field else { return Reach::Rows };
        let directory = self.directory();
        let open = directory.sections.keys().filter(|section| {
            let document = json!({ field.name.as_str(): section });
            self.may(visitor, Verb::Read, kind, &document)
        });
        let open: BTreeSet<Vec<u8>> = open.map(|section| section.as_bytes().to_vec()).collect();
        if open.is_empty() {
            Reach::Rows
        } else {
            Reach::Sections(field.path(), open)
        }
    }

    /// Whether a visitor may do something to a row.
    #[must_use]
    pub fn may(&self, visitor: &Visitor, verb: Verb, kind: &Kind, document: &Value) -> bool {
        self.allow(visitor, verb, &self.entry_resource(kind, document)).is_ok()
    }

    /// Whether a visitor may do something in a register at all: everywhere, or in their own section or for themselves.
    #[must_use]
    pub fn may_somewhere(&self, visitor: &Visitor, verb: Verb, kind: &Kind) -> bool {
        if self.allow(visitor, verb, &self.register_resource(kind)).is_ok() {
            return true;
        }
        let mut own = Map::new();
        for field in kind.fields.iter().filter(|field| !field.local) {
            match &field.kind {
                FieldKind::Reference(to) if to == "section" => own.insert(field.name.clone(), json!(visitor.section)),
                FieldKind::Reference(to) if to == "person" => own.insert(field.name.clone(), json!(visitor.person)),
                _ => None,
            };
        }
        self.may(visitor, verb, kind, &Value::Object(own))
    }

    /// A row that the visitor may read.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] also for a row that they may not read: they do not learn that there is one.
    pub fn readable(&self, visitor: &Visitor, kind: &Kind, key: &str) -> Result<Entry, Refusal> {
        let entry = self.store.entry(&kind.slug, key)?.ok_or(Refusal::NotFound)?;
        if self.may(visitor, Verb::Read, kind, &entry.document) {
            Ok(entry)
        } else {
            Err(Refusal::NotFound)
        }
    }
}
