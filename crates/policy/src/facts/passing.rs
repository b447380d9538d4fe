//! Values that are read once: most rows repeat the words of others, so that nothing needs to be made of them.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::Value;

/// A [`Value`] whose text still belongs to whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passing<'v> {
    /// The cell is empty.
    Missing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text, or the word of a choice.
    Text(Cow<'v, str>),
    /// A civil date.
    Date(Date),
    /// The key of the row referred to.
    Key(Cow<'v, str>),
    /// The keys of the rows referred to.
    Keys(Vec<Cow<'v, str>>),
}

impl<'v> From<&'v Value> for Passing<'v> {
    fn from(value: &'v Value) -> Self {
        match value {
            Value::Missing => Self::Missing,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            Value::Date(date) => Self::Date(*date),
            Value::Key(key) => Self::Key(Cow::Borrowed(key)),
            Value::Keys(keys) => Self::Keys(keys.iter().map(|key| Cow::Borrowed(&**key)).collect()),
        }
    }
}

impl From<Passing<'_>> for Value {
    fn from(value: Passing<'_>) -> Self {
        let kept = |text: Cow<'_, str>| Arc::from(&*text);
        match value {
            Passing::Missing => Self::Missing,
            Passing::Bool(value) => Self::Bool(value),
            Passing::Int(value) => Self::Int(value),
            Passing::Text(text) => Self::Text(kept(text)),
            Passing::Date(date) => Self::Date(date),
            Passing::Key(key) => Self::Key(kept(key)),
            Passing::Keys(keys) => Self::Keys(keys.into_iter().map(kept).collect()),
        }
    }
}
