//! Entries to facts: what criteria see of a register.

use std::borrow::Cow;

use model::lang::Text;
use model::scheme::Schemes;
use policy::facts;
use serde_json::Value;

use crate::definition::Kind;
use crate::field::{Field, FieldKind};
use crate::import::Entry;
use crate::passing::{self, Plain};
use crate::rules::iso_date;
use crate::words::Name;

impl Field {
    /// The name that criteria use: `factors`, and `local_colour` for a field that the city added.
    #[must_use]
    pub fn fact_name(&self) -> String {
        if self.local {
            format!("local_{}", self.name)
        } else {
            self.name.clone()
        }
    }
}

impl Kind {
    /// The register as criteria see it: every field, the key included, in order. A scheme field is a choice of the
    /// national codes.
    #[must_use]
    pub fn fact_schema(&self) -> facts::RegisterSchema {
        let field = |field: &Field| facts::FieldSchema {
            name: field.fact_name(),
            label: field.label.clone(),
            kind: fact_kind(&field.kind),
        };
        facts::RegisterSchema {
            slug: self.slug.clone(),
            label: self.label.clone(),
            dated_by: self.dated_by.clone(),
            fields: self.fields.iter().map(field).collect(),
        }
    }

    /// One entry as a fact, in the order of [`Kind::fact_schema`]. A scheme word becomes its national code; a word that
    /// `schemes` does not know, and an empty text, are missing.
    #[must_use]
    pub fn record(&self, entry: &Entry, schemes: &Schemes) -> facts::Record {
        let value = |field: &Field| {
            let value = field.of(&entry.document).unwrap_or(&Value::Null);
            fact(field, Plain::from(value), schemes).into()
        };
        let Name { key, title } = Name::of(&entry.key, &entry.title);
        facts::Record {
            key,
            title,
            values: self.fields.iter().map(value).collect(),
            row: entry.row,
        }
    }

    /// The same for a document that is still text: its fields are read in passing, and nothing else is made of it. `each` is
    /// called with the position and the value of every field that it has; the last one counts where it has a field twice.
    ///
    /// # Errors
    /// The text is no JSON object.
    pub fn facts_of_text(
        &self,
        document: &str,
        schemes: &Schemes,
        mut each: impl FnMut(usize, facts::Passing<'_>),
    ) -> Result<(), serde_json::Error> {
        passing::read(document, &self.fields, |field, at, value| {
            each(at, fact(field, value, schemes));
        })
    }
}

fn fact_kind(kind: &FieldKind) -> facts::FieldKind {
    match kind {
        FieldKind::Text => facts::FieldKind::Text,
        FieldKind::Integer => facts::FieldKind::Int,
        FieldKind::Boolean => facts::FieldKind::Bool,
        FieldKind::Date => facts::FieldKind::Date,
        FieldKind::Choice(choices) => {
            let word = |choice: &crate::Choice| (choice.value.clone(), choice.label.clone());
            facts::FieldKind::Choice(choices.iter().map(word).collect())
        }
        FieldKind::Scheme(kind) => {
            let codes = kind.nationals().iter();
            facts::FieldKind::Choice(codes.map(|n| (n.code.to_owned(), Text::fixed(n.ja, n.en))).collect())
        }
        FieldKind::Reference(target) => facts::FieldKind::Reference(target.clone()),
        FieldKind::References(target) => facts::FieldKind::References(target.clone()),
    }
}

fn fact<'v>(field: &Field, value: Plain<'v>, schemes: &Schemes) -> facts::Passing<'v> {
    let known = match (&field.kind, value) {
        (FieldKind::Boolean, Plain::Bool(answer)) => Some(facts::Passing::Bool(answer)),
        (FieldKind::Integer, Plain::Int(number)) => Some(facts::Passing::Int(number)),
        (FieldKind::Date, Plain::Text(text)) => iso_date(&text).map(facts::Passing::Date),
        (_, Plain::Text(text)) if text.is_empty() => None,
        (FieldKind::Text | FieldKind::Choice(_), Plain::Text(text)) => Some(facts::Passing::Text(text)),
        (FieldKind::Scheme(kind), Plain::Text(word)) => schemes
            .code(*kind, &word)
            .map(|code| facts::Passing::Text(Cow::Borrowed(code))),
        (FieldKind::Reference(_), Plain::Text(key)) => Some(facts::Passing::Key(key)),
        (FieldKind::References(_), Plain::Texts(keys)) => Some(facts::Passing::Keys(keys)),
        _ => None,
    };
    known.unwrap_or(facts::Passing::Missing)
}
