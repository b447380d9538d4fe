//! The rules of a document: its shape, the bounds of its schema, and what the struct itself asks.

use std::borrow::Cow;

use garde::i18n::with_i18n;
use jiff::civil::Date;
use model::lang::Text;
use serde_json::{Map, Value};

use crate::definition::{KEY, Kind, LOCAL, Register};
use crate::field::{Field, FieldKind};
use crate::i18n::{English, Japanese, both};

/// One broken rule: the path of the field, empty where it is the document as a whole.
pub(crate) struct Broken {
    pub(crate) field: String,
    pub(crate) message: Text,
}

impl Broken {
    fn new(field: impl Into<String>, message: Text) -> Self {
        Self {
            field: field.into(),
            message,
        }
    }
}

/// What separates the entries of a list in one cell; a key may not contain it.
pub(crate) const SEPARATORS: [char; 5] = [';', '；', '、', '\n', '\r'];

/// Every rule that `document` breaks. The struct is asked only about a document of the right shape, and not again about
/// a field that already has a fault.
pub(crate) fn broken(kind: &Kind, document: &Value) -> Vec<Broken> {
    let Value::Object(map) = document else {
        let message = Text::fixed("項目と値の組(object)ではない", "is not an object");
        return vec![Broken::new("", message)];
    };
    let mut broken = shape(kind, map);
    if !broken.is_empty() {
        return broken;
    }
    for field in &kind.fields {
        let value = field.of(document).unwrap_or(&Value::Null);
        broken.extend(bounds(field, value).map(|message| Broken::new(field.path(), message)));
    }
    if let Some(check) = &kind.check {
        for more in check(&core(document)) {
            if !broken.iter().any(|known| known.field == more.field) {
                broken.push(more);
            }
        }
    }
    broken
}

/// What serde and garde say about the part of a document that `R` knows.
pub(crate) fn of_struct<R: Register>(document: &Value) -> Vec<Broken> {
    let entry = match R::deserialize(document) {
        Ok(entry) => entry,
        Err(error) => {
            let message = Text::new(
                format!("台帳の形に合わない: {error}"),
                format!("does not fit the register: {error}"),
            );
            return vec![Broken::new("", message)];
        }
    };
    let Err(english) = with_i18n(English, || entry.validate()) else {
        return Vec::new();
    };
    // INVARIANT: validation is deterministic, so both reports list the same faults in the same order.
    let japanese = with_i18n(Japanese, || entry.validate()).err();
    let japanese = japanese.iter().flat_map(garde::Report::iter);
    english
        .iter()
        .zip(japanese)
        .map(|((path, en), (_, ja))| {
            let path = path.to_string();
            let field = path.split(['.', '[']).next().unwrap_or_default();
            Broken::new(field, Text::new(ja.message(), en.message()))
        })
        .collect()
}

/// The document without what the city added.
pub(crate) fn core(document: &Value) -> Cow<'_, Value> {
    match document {
        Value::Object(map) if map.contains_key(LOCAL) => {
            let core = map.iter().filter(|(name, _)| *name != LOCAL);
            Cow::Owned(Value::Object(
                core.map(|(name, value)| (name.clone(), value.clone())).collect(),
            ))
        }
        _ => Cow::Borrowed(document),
    }
}

/// Unknown properties, and values of the wrong type.
pub(crate) fn shape(kind: &Kind, document: &Map<String, Value>) -> Vec<Broken> {
    let mut broken = Vec::new();
    let empty = Map::new();
    let added = match document.get(LOCAL) {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(added)) => added,
        Some(_) => {
            let message = Text::fixed("項目と値の組(object)ではない", "is not an object");
            broken.push(Broken::new(LOCAL, message));
            &empty
        }
    };
    let unknown = |part: &Map<String, Value>, local: bool| -> Vec<Broken> {
        let known = |name: &str| {
            kind.fields
                .iter()
                .any(|field| field.local == local && field.name == name)
        };
        let prefix = if local { "local." } else { "" };
        part.keys()
            .filter(|name| !known(name) && (local || *name != LOCAL))
            .map(|name| {
                let message = Text::fixed("この台帳にない項目", "is no field of this register");
                Broken::new(format!("{prefix}{name}"), message)
            })
            .collect()
    };
    broken.extend(unknown(document, false));
    broken.extend(unknown(added, true));
    for field in &kind.fields {
        let part = if field.local { added } else { document };
        if let Some(message) = misfit(field, part.get(&field.name)) {
            broken.push(Broken::new(field.path(), message));
        }
    }
    broken
}

/// Why a value cannot stand in a field at all.
fn misfit(field: &Field, value: Option<&Value>) -> Option<Text> {
    let value = match value {
        None | Some(Value::Null) if field.required => return Some(empty()),
        None => return None,
        Some(Value::Null) if field.nullable => return None,
        Some(value) => value,
    };
    let fits = match (&field.kind, value) {
        (FieldKind::Text | FieldKind::Scheme(_) | FieldKind::Reference(_), Value::String(text)) => {
            if field.required && text.trim().is_empty() {
                return Some(empty());
            }
            true
        }
        (FieldKind::Integer, Value::Number(number)) => number.is_i64(),
        (FieldKind::Boolean, Value::Bool(_)) => true,
        (FieldKind::Date, Value::String(text)) => iso_date(text).is_some(),
        (FieldKind::Choice(choices), Value::String(word)) => choices.iter().any(|choice| choice.value == *word),
        (FieldKind::References(_), Value::Array(keys)) => keys.iter().all(Value::is_string),
        _ => false,
    };
    (!fits).then(|| wanted(field))
}

/// `2026-04-01`, as a document stores it.
pub(crate) fn iso_date(text: &str) -> Option<Date> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse::<i16>().ok())?
    };
    match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => {
            let month = i8::try_from(digits(5..7)?).ok()?;
            let day = i8::try_from(digits(8..10)?).ok()?;
            Date::new(digits(0..4)?, month, day).ok()
        }
        _ => None,
    }
}

/// What to enter in a field, by what it holds.
pub(crate) fn wanted(field: &Field) -> Text {
    match &field.kind {
        FieldKind::Text => Text::fixed("文字で入力してください", "must be text"),
        FieldKind::Integer => Text::fixed("整数で入力してください", "must be a whole number"),
        FieldKind::Boolean => Text::fixed("○か×で入力してください", "must be yes or no"),
        FieldKind::Date => Text::fixed(
            "実在する日付で入力してください(例: 2026-04-01、令和8年4月1日)",
            "must be a date that exists, such as 2026-04-01",
        ),
        FieldKind::Choice(choices) => {
            let ja: Vec<&str> = choices.iter().map(|choice| &*choice.label.ja).collect();
            let en: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice.label.en)).collect();
            Text::new(
                format!("次のどれかを入力してください: {}", ja.join("、")),
                format!("must be one of {}", en.join(", ")),
            )
        }
        FieldKind::Scheme(_) => Text::fixed("区分の語を入力してください", "must be a word of the scheme"),
        FieldKind::Reference(_) => Text::fixed("コードを入力してください", "must be a code"),
        FieldKind::References(_) => Text::fixed("コードの一覧を入力してください", "must be a list of codes"),
    }
}

/// 入力してください
pub(crate) fn empty() -> Text {
    both(|say| say.required_not_set())
}

/// The bound that a value of the right type breaks.
pub(crate) fn bounds(field: &Field, value: &Value) -> Option<Text> {
    match value {
        Value::String(text) => text_bounds(field, text),
        Value::Number(number) => {
            let number = number.as_i64()?;
            let bounds = &field.bounds;
            if let Some(least) = bounds.minimum.filter(|least| number < *least) {
                return Some(both(|say| say.range_lower_than(&least)));
            }
            let most = bounds.maximum.filter(|most| number > *most)?;
            Some(both(|say| say.range_greater_than(&most)))
        }
        Value::Array(entries) => list_bounds(field, entries.len()),
        _ => None,
    }
}

fn text_bounds(field: &Field, text: &str) -> Option<Text> {
    let bounds = &field.bounds;
    let is_key = field.name == KEY && !field.local;
    if is_key && text.contains(SEPARATORS) {
        return Some(Text::fixed(
            "改行と「;」「、」は使わずに入力してください",
            "must not contain a line break, `;` or `、`",
        ));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Some(Text::fixed(
            "目に見えない制御文字を取り除いてください",
            "must not contain control characters",
        ));
    }
    if bounds.min_length.is_some() || bounds.max_length.is_some() {
        let length = text.chars().count();
        if let Some(least) = bounds.min_length.filter(|least| length < *least) {
            return Some(both(|say| say.length_lower_than(least)));
        }
        if let Some(most) = bounds.max_length.filter(|most| length > *most) {
            return Some(both(|say| say.length_greater_than(most)));
        }
    }
    let pattern = bounds.pattern.as_ref().filter(|pattern| !pattern.matches(text))?;
    Some(both(|say| say.pattern_no_match(&pattern.as_str())))
}

fn list_bounds(field: &Field, length: usize) -> Option<Text> {
    if let Some(least) = field.bounds.min_length.filter(|least| length < *least) {
        return Some(Text::new(
            format!("{least}件以上を入力してください"),
            format!("must have at least {least} entries"),
        ));
    }
    let most = field.bounds.max_length.filter(|most| length > *most)?;
    Some(Text::new(
        format!("{most}件以内で入力してください"),
        format!("must have at most {most} entries"),
    ))
}

/// A longest value that keeps the schema's bounds, where a text field has a greatest length; the conformance suite asks
/// whether the struct agrees.
pub(crate) fn longest(field: &Field) -> Option<Cow<'static, str>> {
    let free = field.bounds.pattern.is_none() && field.bounds.format.is_none();
    let most = field.bounds.max_length.filter(|most| free && *most <= 10_000)?;
    (field.kind == FieldKind::Text).then(|| Cow::Owned("三".repeat(most)))
}
