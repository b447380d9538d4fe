//! Documents, read only as far as somebody wants them.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::failure::{Failure, Result};

/// Properties that are wanted of a document, those below its top left whole.
///
/// Most of the time of a list goes into values that nobody looks at: a document has some forty, and a list shows six of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties(Vec<String>);

impl Properties {
    /// As much of a document as these properties are.
    ///
    /// # Errors
    /// [`Failure::Damaged`]: the text is no JSON object.
    pub fn of(&self, document: &str) -> Result<Value> {
        let mut deserializer = serde_json::Deserializer::from_str(document);
        let read = self.deserialize(&mut deserializer);
        let read = read.and_then(|read| deserializer.end().map(|()| read));
        read.map_err(|_| Failure::Damaged("a document is no JSON object".to_owned()))
    }

    /// Wants one more.
    pub fn insert(&mut self, property: &str) {
        if let Err(place) = self.position(property) {
            self.0.insert(place, property.to_owned());
        }
    }

    /// Where a property is, or belongs.
    fn position(&self, property: &str) -> std::result::Result<usize, usize> {
        self.0.binary_search_by(|known| known.as_str().cmp(property))
    }
}

impl<S: AsRef<str>> FromIterator<S> for Properties {
    fn from_iter<I: IntoIterator<Item = S>>(properties: I) -> Self {
        let mut wanted = Self::default();
        properties
            .into_iter()
            .for_each(|property| wanted.insert(property.as_ref()));
        wanted
    }
}

impl<'d> DeserializeSeed<'d> for &Properties {
    type Value = Value;

    fn deserialize<D: Deserializer<'d>>(self, deserializer: D) -> std::result::Result<Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'d> Visitor<'d> for &Properties {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_map<M: MapAccess<'d>>(self, mut map: M) -> std::result::Result<Value, M::Error> {
        let mut read = Map::with_capacity(self.0.len());
        while let Some(Name(name)) = map.next_key()? {
            if self.position(&name).is_ok() {
                read.insert(name.into_owned(), map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Object(read))
    }
}

/// A name that lies in the text as it is, or had to be made of escapes.
#[derive(Deserialize)]
struct Name<'d>(#[serde(borrow)] Cow<'d, str>);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_a_document_only_what_is_wanted_is_read() {
        let wanted: Properties = ["code", "local", "nowhere", "窓"].into_iter().collect();
        let text = r#"{"a":[1,{"code":2}],"code":"T-1","local":{"x":[1,2]},"\u7a93":null,"z":"{"}"#;
        assert_eq!(
            wanted.of(text).unwrap(),
            json!({"code": "T-1", "local": {"x": [1, 2]}, "窓": null})
        );
        assert_eq!(Properties::default().of(text).unwrap(), json!({}));
    }

    #[test]
    fn what_is_no_document_is_damage() {
        let wanted: Properties = ["a"].into_iter().collect();
        for text in ["", "[]", "null", r#"{"a":1"#, r#"{"a":1}}"#, r#"{"b":x}"#] {
            assert!(matches!(wanted.of(text), Err(Failure::Damaged(_))), "{text}");
        }
    }
}
