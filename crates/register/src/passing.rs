//! A document's fields, read in passing: a server that starts reads every document of every register, and needs of each
//! only what the judge looks at.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::definition::LOCAL;
use crate::field::Field;

/// A value as far as a field can hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Plain<'v> {
    Bool(bool),
    Int(i64),
    Text(Cow<'v, str>),
    /// The texts of a list; what else stands in it is passed over.
    Texts(Vec<Cow<'v, str>>),
    /// Nothing, or what no field holds.
    Other,
}

impl<'v> From<&'v Value> for Plain<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => number.as_i64().map_or(Self::Other, Self::Int),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(values) => {
                let texts = values.iter().filter_map(Value::as_str);
                Self::Texts(texts.map(Cow::Borrowed).collect())
            }
            Value::Null | Value::Object(_) => Self::Other,
        }
    }
}

/// Calls `each` with every field that the document has, its position and its value; the last one counts where it has a field twice.
///
/// # Errors
/// The text is no JSON object.
pub(crate) fn read(
    document: &str,
    fields: &[Field],
    each: impl FnMut(&Field, usize, Plain<'_>),
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(document);
    deserializer.deserialize_map(Document { fields, each })?;
    deserializer.end()
}

struct Document<'f, E> {
    fields: &'f [Field],
    each: E,
}

impl<E: FnMut(&Field, usize, Plain<'_>)> Document<'_, E> {
    /// The field of this name; documents have their fields in order, so that it mostly is the one at `guess`.
    fn find(&self, name: &str, guess: usize) -> Option<usize> {
        let is_it = |field: &Field| !field.local && field.name == name;
        if self.fields.get(guess).is_some_and(is_it) {
            return Some(guess);
        }
        self.fields.iter().position(is_it)
    }

    /// What a city added: few fields, in few registers.
    fn local(&mut self, added: &Value) {
        for (at, field) in self.fields.iter().enumerate().filter(|(_, field)| field.local) {
            let value = added.get(&field.name).map_or(Plain::Other, Plain::from);
            (self.each)(field, at, value);
        }
    }
}

impl<'d, E: FnMut(&Field, usize, Plain<'_>)> Visitor<'d> for Document<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_map<M: MapAccess<'d>>(mut self, mut map: M) -> Result<(), M::Error> {
        let mut guess = 0;
        while let Some(Name(name)) = map.next_key()? {
            if name == LOCAL {
                let added: Value = map.next_value()?;
                self.local(&added);
            } else if let Some(at) = self.find(&name, guess) {
                let value: Plain<'d> = map.next_value()?;
                if let Some(field) = self.fields.get(at) {
                    (self.each)(field, at, value);
                }
                guess = at.saturating_add(1);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A text that lies in the document as it is, or had to be made of escapes.
#[derive(Deserialize)]
struct Name<'d>(#[serde(borrow)] Cow<'d, str>);

impl<'d> Deserialize<'d> for Plain<'d> {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'d> Visitor<'d> for PlainVisitor {
    type Value = Plain<'d>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Plain<'d>, E> {
        Ok(Plain::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Plain<'d>, E> {
        Ok(Plain::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Plain<'d>, E> {
        Ok(i64::try_from(value).map_or(Plain::Other, Plain::Int))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Plain<'d>, E> {
        Ok(Plain::Other)
    }

    fn visit_unit<E>(self) -> Result<Plain<'d>, E> {
        Ok(Plain::Other)
    }

    fn visit_borrowed_str<E>(self, text: &'d str) -> Result<Plain<'d>, E> {
        Ok(Plain::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Plain<'d>, E> {
        Ok(Plain::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<S: SeqAccess<'d>>(self, mut values: S) -> Result<Plain<'d>, S::Error> {
        let mut texts = Vec::new();
        while let Some(value) = values.next_element()? {
            if let Plain::Text(text) = value {
                texts.push(text);
            }
        }
        Ok(Plain::Texts(texts))
    }

    fn visit_map<M: MapAccess<'d>>(self, mut map: M) -> Result<Plain<'d>, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Plain::Other)
    }
}
