//! A document of a register as the store takes it.

use register::{Kind, Words, list};
use serde_json::Value;
use store::{Expected, Put, Reference};

/// The document, with what it is found, sorted and filtered by.
pub(crate) fn put(kind: &Kind, document: &Value, words: &Words, expected: Expected) -> Put {
    let terms = list::index(kind, document, words);
    let references = terms.references.into_iter();
    Put {
        register: kind.slug.clone(),
        key: kind.key_of(document).to_owned(),
        expected,
        document: document.clone(),
        title: terms.title,
        reading: terms.reading,
        references: references
            .map(|(field, register, key)| Reference { field, register, key })
            .collect(),
        unique: Vec::new(),
        fields: terms.fields,
        text: terms.text,
    }
}
