//! What a store is told of a document.

use serde_json::Value;

use crate::definition::Kind;
use crate::field::{Field, FieldKind};
use crate::list::{READING, order};
use crate::words::Words;

/// What an entry is found by, sorted by and filtered by, beside its key.
///
/// Keys are unique of themselves; no other field of a register is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexTerms {
    /// What people call it.
    pub title: String,
    /// How the title is read; empty where the register does not say.
    pub reading: String,
    /// The [path](Field::path) of every field with a key whose bytes sort as people expect and are equal where the values
    /// are; empty where the document has no value. A list of references has one for each, and one empty key for none.
    pub fields: Vec<(String, Vec<u8>)>,
    /// What the search looks in, line by line: title, key, text, labels of choices in both languages, keys and titles of
    /// the rows referred to as they are called today.
    pub text: String,
    /// The path of the field, the register and the key of every row referred to.
    pub references: Vec<(String, String, String)>,
}

/// The terms of a document that keeps the rules of `kind`.
///
/// Every field has the same terms in every version of the program, since a store commits to them: a choice of our own is
/// sorted by its place among the choices, so new ones are added at their end.
#[must_use]
pub fn index(kind: &Kind, document: &Value, words: &Words) -> IndexTerms {
    let title = kind.title_of(document);
    let reading = document.get(READING).and_then(Value::as_str).unwrap_or_default().trim();
    let mut terms = IndexTerms {
        title: title.to_owned(),
        reading: reading.to_owned(),
        text: format!("{title}\n{}", kind.key_of(document)),
        fields: Vec::with_capacity(kind.fields.len()),
        references: Vec::new(),
    };
    for field in &kind.fields {
        let value = field.of(document).unwrap_or(&Value::Null);
        let path = field.path();
        if !field.local && field.name == kind.title && !reading.is_empty() {
            terms.fields.push((path, order::of_text(reading)));
        } else {
            let keys = keys(field, value);
            terms.fields.extend(keys.into_iter().map(|key| (path.clone(), key)));
        }
        terms.describe(kind, field, value, words);
    }
    terms
}

/// The keys of a value; one empty key for no value.
pub(super) fn keys(field: &Field, value: &Value) -> Vec<Vec<u8>> {
    let key = match (&field.kind, value) {
        (FieldKind::Boolean, Value::Bool(answer)) => vec![u8::from(*answer)],
        (FieldKind::Integer, Value::Number(number)) => number.as_i64().map(order::of_number).unwrap_or_default(),
        (FieldKind::Text, Value::String(text)) => order::of_text(text),
        (FieldKind::Choice(choices), Value::String(word)) if !field.local => {
            let place = choices.iter().position(|choice| choice.value == *word);
            let place = place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX);
            std::iter::once(place).chain(word.bytes()).collect()
        }
        (FieldKind::References(_), Value::Array(rows)) if !rows.is_empty() => {
            let rows = rows.iter().filter_map(Value::as_str);
            return rows.map(|key| key.as_bytes().to_vec()).collect();
        }
        // ISO days sort as days do, grades and tiers by their words, references by their keys: a title may change.
        (_, Value::String(word)) => word.as_bytes().to_vec(),
        _ => Vec::new(),
    };
    vec![key]
}

impl IndexTerms {
    /// Adds what a value is searched by, and the rows it refers to.
    fn describe(&mut self, kind: &Kind, field: &Field, value: &Value, words: &Words) {
        match (&field.kind, value) {
            (FieldKind::Text, Value::String(text)) if !self.has_already(kind, field) => self.line(&[text]),
            (FieldKind::Scheme(_), Value::String(word)) => self.line(&[word]),
            (FieldKind::Choice(choices), Value::String(word)) => {
                if let Some(choice) = choices.iter().find(|choice| choice.value == *word) {
                    self.line(&[&choice.label.ja, &choice.label.en]);
                }
            }
            (FieldKind::Reference(register), Value::String(key)) => self.refer(field, register, key, words),
            (FieldKind::References(register), Value::Array(keys)) => {
                for key in keys.iter().filter_map(Value::as_str) {
                    self.refer(field, register, key, words);
                }
            }
            _ => {}
        }
    }

    /// Title and key lead the text.
    fn has_already(&self, kind: &Kind, field: &Field) -> bool {
        !field.local && (field.name == kind.title || field.name == crate::KEY)
    }

    fn refer(&mut self, field: &Field, register: &str, key: &str, words: &Words) {
        self.references
            .push((field.path(), register.to_owned(), key.to_owned()));
        match words.title(register, key) {
            Some(title) if title != key => self.line(&[key, title]),
            _ => self.line(&[key]),
        }
    }

    fn line(&mut self, parts: &[&str]) {
        let parts = parts.iter().filter(|part| !part.is_empty());
        for (position, part) in parts.enumerate() {
            self.text.push(if position == 0 { '\n' } else { ' ' });
            self.text.push_str(part);
        }
    }
}
