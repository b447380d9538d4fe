//! Which rows of a register a visitor may read, and what they may do with them. Pages and API ask here, so that neither
//! shows a row that the other keeps.

use std::collections::BTreeSet;

use register::{FieldKind, KEY, Kind};
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
        // The rows of a system lie in any section.
        let mut held = directory.roles_of(&visitor.person, self.today());
        let reads_a_system = held.any(|held| {
            let system = held.system.as_deref().unwrap_or_default();
            !system.is_empty() && self.may(visitor, Verb::Read, kind, &row_of(kind, &[("system", system)]))
        });
        if open.is_empty() || reads_a_system {
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

    /// Whether a visitor may do something in a register at all: everywhere, for themselves or in their own section, or over what they hold
    /// a role.
    #[must_use]
    pub fn may_somewhere(&self, visitor: &Visitor, verb: Verb, kind: &Kind) -> bool {
        if self.allow(visitor, verb, &self.register_resource(kind)).is_ok() {
            return true;
        }
        let own = row_of(kind, &[("section", &visitor.section), ("person", &visitor.person)]);
        if self.may(visitor, verb, kind, &own) {
            return true;
        }
        let directory = self.directory();
        let held = directory.roles_of(&visitor.person, self.today());
        let mut sections: Vec<String> = Vec::new();
        for held in held {
            match (&held.system, &held.section, &held.organ) {
                (Some(system), _, _) => {
                    if self.may(visitor, verb, kind, &row_of(kind, &[("system", system)])) {
                        return true;
                    }
                }
                (None, Some(section), _) => sections.extend(directory.below(section)),
                (None, None, Some(organ)) => {
                    let units = directory.sections.iter().filter(|(_, unit)| unit.organ == *organ);
                    sections.extend(units.map(|(key, _)| key.clone()));
                }
                (None, None, None) => {}
            }
        }
        sections
            .iter()
            .any(|section| self.may(visitor, verb, kind, &row_of(kind, &[("section", section)])))
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

/// As much of a row as rights depend on: it is, or belongs to, what these registers have under these keys.
fn row_of(kind: &Kind, of: &[(&str, &str)]) -> Value {
    let mut row = Map::new();
    for (register, key) in of {
        if kind.slug == *register {
            row.insert(KEY.to_owned(), json!(key));
        }
        let refers = |field: &&register::Field| matches!(&field.kind, FieldKind::Reference(to) if to == register);
        for field in kind.fields.iter().filter(|field| !field.local).filter(refers) {
            row.insert(field.name.clone(), json!(key));
        }
    }
    Value::Object(row)
}
