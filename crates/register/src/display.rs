//! A stored value as people read it: words and not codes, titles and not keys.
//!
//! [`Field::show`] is the other way of showing a value: what it gives reads back as the value.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use model::lang::Lang;
use serde_json::Value;

use crate::field::{Field, FieldKind};
use crate::rules::iso_date;
use crate::words::Words;

/// One value for a cell of a list, a line of a page or one side of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown<'v> {
    /// There is no value.
    Nothing,
    /// Text, or the label of a choice.
    Text(Cow<'v, str>),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Mark(bool),
    /// A day.
    Day(Date),
    /// Rows of other registers.
    Rows(Vec<Linked<'v>>),
}

/// A row that a value refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked<'v> {
    /// The register's slug.
    pub register: &'v str,
    /// The row's key.
    pub key: &'v str,
    /// Its title; `None` where there is no such row.
    pub title: Option<&'v str>,
}

impl Field {
    /// The value for people, in `lang`; a value that the field cannot hold is shown as it stands.
    #[must_use]
    pub fn display<'v>(&'v self, value: &'v Value, words: &'v Words, lang: Lang) -> Shown<'v> {
        match (&self.kind, value) {
            (_, Value::Null) => Shown::Nothing,
            (_, Value::String(text)) if text.is_empty() => Shown::Nothing,
            (FieldKind::Reference(register), Value::String(key)) => Shown::Rows(vec![Linked::of(register, key, words)]),
            (FieldKind::References(register), Value::Array(keys)) => {
                let keys = keys.iter().filter_map(Value::as_str);
                let rows: Vec<Linked<'_>> = keys.map(|key| Linked::of(register, key, words)).collect();
                if rows.is_empty() {
                    Shown::Nothing
                } else {
                    Shown::Rows(rows)
                }
            }
            (FieldKind::Date, Value::String(text)) => match iso_date(text) {
                Some(day) => Shown::Day(day),
                None => Shown::Text(Cow::Borrowed(text)),
            },
            (FieldKind::Scheme(kind), Value::String(word)) => {
                // The city's own word has no English; a national name has.
                let nationals = kind.nationals().iter();
                let english = nationals
                    .filter(|_| lang == Lang::En)
                    .find(|n| n.ja == word || n.code == word);
                Shown::Text(Cow::Borrowed(english.map_or(word, |national| national.en)))
            }
            (_, Value::String(word)) => Shown::Text(Cow::Borrowed(self.choice_label(word, lang))),
            (_, Value::Bool(answer)) => Shown::Mark(*answer),
            (_, Value::Number(number)) => match number.as_i64() {
                Some(number) => Shown::Number(number),
                None => Shown::Text(Cow::Owned(number.to_string())),
            },
            (_, other) => Shown::Text(Cow::Owned(other.to_string())),
        }
    }
}

impl<'v> Linked<'v> {
    fn of(register: &'v str, key: &'v str, words: &'v Words) -> Self {
        Self {
            register,
            key,
            title: words.title(register, key),
        }
    }
}

/// `100 情報政策課`, as [`Words::find`] reads it.
impl fmt::Display for Linked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)?;
        match self.title {
            Some(title) if title != self.key && !title.is_empty() => write!(f, " {title}"),
            _ => Ok(()),
        }
    }
}

impl Shown<'_> {
    /// All of it as one text: ○ and × (yes and no), days by era (ISO 8601 in English), rows as key and title; empty for
    /// nothing.
    #[must_use]
    pub fn text(&self, lang: Lang) -> Cow<'_, str> {
        match (self, lang) {
            (Self::Nothing, _) => Cow::Borrowed(""),
            (Self::Text(text), _) => Cow::Borrowed(text),
            (Self::Number(number), _) => Cow::Owned(number.to_string()),
            (Self::Mark(true), Lang::Ja) => Cow::Borrowed("○"),
            (Self::Mark(false), Lang::Ja) => Cow::Borrowed("×"),
            (Self::Mark(true), Lang::En) => Cow::Borrowed("yes"),
            (Self::Mark(false), Lang::En) => Cow::Borrowed("no"),
            (Self::Day(day), Lang::Ja) => Cow::Owned(model::date::era(*day)),
            (Self::Day(day), Lang::En) => Cow::Owned(day.to_string()),
            (Self::Rows(rows), lang) => {
                let rows: Vec<String> = rows.iter().map(Linked::to_string).collect();
                Cow::Owned(rows.join(if lang == Lang::Ja { "、" } else { ", " }))
            }
        }
    }
}
