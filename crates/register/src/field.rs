//! One field of a register: its name, its labels, what it holds and what a value must keep.

use std::fmt;

use model::lang::{Lang, Text};
use model::scheme::SchemeKind;

use crate::definition::LOCAL;

/// One field of a register, as its schema describes it.
#[derive(Debug, Clone)]
pub struct Field {
    /// The property of the document: `factors`.
    pub name: String,
    /// 認証の要素数 / factors
    pub label: Text,
    /// What to enter, where the label does not say.
    pub help: Option<Text>,
    /// What it holds.
    pub kind: FieldKind,
    /// An empty cell is a fault.
    pub required: bool,
    /// An empty cell is null; otherwise it is false, an empty list or an empty text.
    pub nullable: bool,
    /// Added by the city: stands under `local` in the document.
    pub local: bool,
    /// What a value must keep.
    pub bounds: Bounds,
    /// `textarea` and other wishes of the form (`x-widget`).
    pub widget: Option<String>,
    /// The heading that a form puts it under (`x-group`, `x-group-en`).
    pub group: Option<Text>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Text as typed.
    Text,
    /// A whole number.
    Integer,
    /// True or false; with [`Field::nullable`] also unknown.
    Boolean,
    /// A civil date, ISO 8601 in the document.
    Date,
    /// One of these words.
    Choice(Vec<Choice>),
    /// A word of the city's scheme; the document keeps the city's word.
    Scheme(SchemeKind),
    /// The key of a row of the register with this slug.
    Reference(String),
    /// Keys of rows of the register with this slug.
    References(String),
}

/// One word of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the document stores: `in_use`.
    pub value: String,
    /// 使用中 / in use
    pub label: Text,
}

/// What a value of a field must keep; `None` sets no bound.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    /// Fewest characters of a text, or entries of a list.
    pub min_length: Option<usize>,
    /// Most characters of a text, or entries of a list.
    pub max_length: Option<usize>,
    /// Smallest number.
    pub minimum: Option<i64>,
    /// Largest number.
    pub maximum: Option<i64>,
    /// What a text must match.
    pub pattern: Option<Pattern>,
    /// `email`, `uri` and other formats of JSON Schema: told to forms, enforced by the struct's own rules.
    pub format: Option<String>,
}

/// A regular expression of bounded size; it matches anywhere unless it says `^` and `$`.
#[derive(Clone)]
pub struct Pattern(regex::Regex);

/// The most memory that a compiled pattern may take, in bytes.
const PATTERN_SIZE: usize = 256 << 10;

impl Pattern {
    /// # Errors
    /// The expression is malformed (said in English, as its reader puts it), or would grow beyond 256 KiB.
    pub fn new(pattern: &str) -> Result<Self, Text> {
        let built = regex::RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).build();
        built.map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => Text::fixed("大きくなりすぎる", "it grows too large"),
            error => {
                let text = error.to_string();
                let last = text.lines().last().unwrap_or_default();
                Text::same(last.trim_start_matches("error: "))
            }
        })
    }

    /// Whether some part of `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The expression as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Field {
    /// The name that is unique among all fields of a register: `factors`, and `local.colour` for one that the city
    /// added. Headings of tables and [faults](crate::Fault) use it.
    #[must_use]
    pub fn path(&self) -> String {
        if self.local {
            format!("{LOCAL}.{}", self.name)
        } else {
            self.name.clone()
        }
    }

    /// The property of the document that holds the field, or all that the city added.
    #[must_use]
    pub fn property(&self) -> &str {
        if self.local { LOCAL } else { &self.name }
    }

    /// The field's value in `document`; `None` where the document does not have it.
    #[must_use]
    pub fn of<'d>(&self, document: &'d serde_json::Value) -> Option<&'d serde_json::Value> {
        let part = if self.local { document.get(LOCAL)? } else { document };
        part.get(&self.name)
    }

    /// The register that the field refers to.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        match &self.kind {
            FieldKind::Reference(target) | FieldKind::References(target) => Some(target),
            _ => None,
        }
    }

    /// The label of a stored choice in `lang`; the word itself where it is none of the choices.
    #[must_use]
    pub fn choice_label<'f>(&'f self, value: &'f str, lang: Lang) -> &'f str {
        let FieldKind::Choice(choices) = &self.kind else {
            return value;
        };
        let choice = choices.iter().find(|choice| choice.value == value);
        choice.map_or(value, |choice| choice.label.get(lang))
    }
}
