//! A stored value as the text that reads back as it.

use std::borrow::Cow;

use model::lang::Lang;
use serde_json::Value;

use crate::field::{Field, FieldKind};

impl Field {
    /// The value as a cell of a table: labels of choices in `lang`, ○ and ×, ISO dates, keys separated by `;`. What
    /// [`Field::read`] makes of it is the value again. Empty for null.
    #[must_use]
    pub fn show<'v>(&'v self, value: &'v Value, lang: Lang) -> Cow<'v, str> {
        match value {
            Value::Null => Cow::Borrowed(""),
            Value::Bool(true) => Cow::Borrowed("○"),
            Value::Bool(false) => Cow::Borrowed("×"),
            Value::String(word) => match self.kind {
                FieldKind::Choice(_) => Cow::Borrowed(self.choice_label(word, lang)),
                _ => Cow::Borrowed(word),
            },
            Value::Array(keys) => {
                let keys: Vec<&str> = keys.iter().filter_map(Value::as_str).collect();
                Cow::Owned(keys.join(";"))
            }
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::Object(_) => Cow::Owned(value.to_string()),
        }
    }
}
