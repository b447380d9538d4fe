//! Values of fields to a document, as every reader puts it together.

use serde_json::{Map, Value};

use crate::definition::{Kind, LOCAL};
use crate::field::Field;

/// A document in the making: its fields are put in the order of the kind.
#[derive(Default)]
pub(crate) struct Assembly {
    core: Map<String, Value>,
    added: Map<String, Value>,
}

impl Assembly {
    /// A struct's fields are all there; what the city defined is left out where it is empty.
    pub(crate) fn put(&mut self, kind: &Kind, field: &Field, value: Value) {
        if value.is_null() && (field.local || kind.check.is_none()) {
            return;
        }
        let part = if field.local { &mut self.added } else { &mut self.core };
        part.insert(field.name.clone(), value);
    }

    /// The part that a struct knows, and what the city added.
    pub(crate) fn parts(self) -> (Value, Map<String, Value>) {
        (Value::Object(self.core), self.added)
    }

    pub(crate) fn document(self) -> Value {
        let (core, added) = self.parts();
        with_local(core, added)
    }
}

pub(crate) fn with_local(mut core: Value, added: Map<String, Value>) -> Value {
    if !added.is_empty()
        && let Value::Object(document) = &mut core
    {
        document.insert(LOCAL.to_owned(), Value::Object(added));
    }
    core
}
