//! One value as a page shows it; its template is `part/value.html`.

use jiff::civil::Date;
use model::lang::Lang;
use register::{Field, Shown, Words};
use serde_json::Value;

use crate::href;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueView {
    /// There is none.
    Nothing,
    /// Words or a number.
    Words(String),
    /// Yes or no.
    Mark(bool),
    /// A day.
    Day(Date),
    /// Rows of other registers, each with its address.
    Rows(Vec<(String, String)>),
}

impl ValueView {
    /// The value of a field in a document.
    pub(super) fn of(field: &Field, document: &Value, words: &Words, lang: Lang) -> Self {
        let value = field.of(document).unwrap_or(&Value::Null);
        Self::from_shown(&field.display(value, words, lang))
    }

    pub(super) fn from_shown(shown: &Shown<'_>) -> Self {
        match shown {
            Shown::Nothing => Self::Nothing,
            Shown::Text(text) => Self::Words(text.clone().into_owned()),
            Shown::Number(number) => Self::Words(number.to_string()),
            Shown::Mark(answer) => Self::Mark(*answer),
            Shown::Day(day) => Self::Day(*day),
            Shown::Rows(rows) => Self::Rows(
                rows.iter()
                    .map(|row| (row.to_string(), href::entry(row.register, row.key)))
                    .collect(),
            ),
        }
    }
}
