//! Entries to facts: what criteria see of a register.

use std::sync::Arc;

use model::lang::Text;
use model::scheme::Schemes;
use policy::facts;
use serde_json::Value;

use crate::definition::Kind;
use crate::field::{Field, FieldKind};
use crate::import::Entry;
use crate::passing::{self, Plain};
use crate::rules::iso_date;

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
            fact(field, Plain::from(value), schemes)
        };
        let key: Arc<str> = Arc::from(entry.key.as_str());
        facts::Record {
            title: title_beside(&key, &entry.title),
            key,
            values: self.fields.iter().map(value).collect(),
            row: entry.row,
        }
    }

    /// The same for a document that is still text: its fields are read in passing, and nothing else is made of it.
    ///
    /// # Errors
    /// The text is no JSON object.
    pub fn record_of_text(
        &self,
        (key, title): (&str, &str),
        document: &str,
        schemes: &Schemes,
    ) -> Result<facts::Record, serde_json::Error> {
        let key: Arc<str> = Arc::from(key);
        let mut values = vec![facts::Value::Missing; self.fields.len()];
        passing::read(document, &self.fields, |field, at, value| {
            if let Some(slot) = values.get_mut(at) {
                *slot = fact(field, value, schemes);
            }
        })?;
        Ok(facts::Record {
            title: title_beside(&key, title),
            key,
            values,
            row: 0,
        })
    }
}

/// Many registers have no title but the key.
fn title_beside(key: &Arc<str>, title: &str) -> Arc<str> {
    if **key == *title {
        Arc::clone(key)
    } else {
        Arc::from(title)
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

fn fact(field: &Field, value: Plain<'_>, schemes: &Schemes) -> facts::Value {
    let known = match (&field.kind, value) {
        (FieldKind::Boolean, Plain::Bool(answer)) => Some(facts::Value::Bool(answer)),
        (FieldKind::Integer, Plain::Int(number)) => Some(facts::Value::Int(number)),
        (FieldKind::Date, Plain::Text(text)) => iso_date(&text).map(facts::Value::Date),
        (_, Plain::Text(text)) if text.is_empty() => None,
        (FieldKind::Text | FieldKind::Choice(_), Plain::Text(text)) => Some(facts::Value::Text(Arc::from(&*text))),
        (FieldKind::Scheme(kind), Plain::Text(word)) => schemes
            .code(*kind, &word)
            .map(|code| facts::Value::Text(Arc::from(code))),
        (FieldKind::Reference(_), Plain::Text(key)) => Some(facts::Value::Key(Arc::from(&*key))),
        (FieldKind::References(_), Plain::Texts(keys)) => {
            Some(facts::Value::Keys(keys.iter().map(|key| Arc::from(&**key)).collect()))
        }
        _ => None,
    };
    known.unwrap_or(facts::Value::Missing)
}
