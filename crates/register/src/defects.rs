//! What is wrong with the definition of a register itself; asked by the conformance suite, not on every start.

use std::collections::BTreeSet;

use model::diagnostic::Diagnostic;
use model::lang::Text;
use serde_json::Value;

use crate::definition::{KEY, Kind, LOCAL};
use crate::field::{Field, FieldKind};
use crate::rules;
use crate::schema::defect;

pub(crate) fn of(kind: &Kind) -> Vec<Diagnostic> {
    let mut found = key(kind);
    found.extend(names(kind));
    found.extend(labels(kind));
    found.extend(sample(kind));
    found.extend(kind.fields.iter().filter_map(|field| bytes_for_characters(kind, field)));
    found
}

fn definition(ja: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error("definition", Text::new(ja, en))
}

fn key(kind: &Kind) -> Vec<Diagnostic> {
    let fit = |field: &Field| field.required && field.kind == FieldKind::Text;
    let mut found = Vec::new();
    if !kind.field(KEY).is_some_and(fit) {
        found.push(definition(
            format!("「{KEY}」という必須の文字列の項目がない"),
            format!("there is no required text field `{KEY}`"),
        ));
    }
    if kind.fields.iter().any(|field| !field.local && field.name == LOCAL) {
        found.push(definition(
            format!("「{LOCAL}」は市が加える項目のために空けておく名前"),
            format!("`{LOCAL}` is reserved for what a city adds"),
        ));
    }
    found
}

/// The title, the columns and the date must be fields.
fn names(kind: &Kind) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for name in std::iter::once(&kind.title).chain(&kind.columns) {
        if kind.field(name).is_none() {
            let ja = format!("「{name}」という項目はない");
            found.push(definition(ja, format!("`{name}` is not a field")));
        }
    }
    if let Some(name) = &kind.dated_by
        && kind.field(name).is_none_or(|field| field.kind != FieldKind::Date)
    {
        let ja = format!("「{name}」という日付の項目はない");
        found.push(definition(ja, format!("`{name}` is not a date field")));
    }
    found
}

/// Two fields, or two choices of one field, with one label cannot be told apart in a spreadsheet.
fn labels(kind: &Kind) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for field in &kind.fields {
        if !seen.insert(&field.label.ja) {
            let ja = format!("見出し「{}」の項目が二つある", field.label.ja);
            found.push(definition(ja, format!("two fields are labelled `{}`", field.label.ja)));
        }
        if let FieldKind::Choice(choices) = &field.kind {
            let mut words = BTreeSet::new();
            for choice in choices.iter().filter(|choice| !words.insert(&choice.label.ja)) {
                let message = Text::new(
                    format!("選択肢「{}」が二つある", choice.label.ja),
                    format!("two choices are labelled `{}`", choice.label.ja),
                );
                found.push(defect(&field.name, message));
            }
        }
    }
    found
}

fn sample(kind: &Kind) -> Vec<Diagnostic> {
    let faults = kind.check(&kind.sample).into_iter();
    faults
        .map(|fault| {
            let (ja, en) = match fault.field {
                Some(field) => (format!("見本の「{field}」"), format!("the sample's `{field}`")),
                None => ("見本".to_owned(), "the sample".to_owned()),
            };
            definition(
                format!("{ja}: {}", fault.message.ja),
                format!("{en}: {}", fault.message.en),
            )
        })
        .collect()
}

/// `garde(length(max = 40))` counts bytes while its schema and its message speak of characters.
fn bytes_for_characters(kind: &Kind, field: &Field) -> Option<Diagnostic> {
    if field.local || !kind.check(&kind.sample).is_empty() {
        return None;
    }
    let longest = rules::longest(field)?;
    let mut document = kind.sample.clone();
    let slot = document.as_object_mut()?;
    slot.insert(field.name.clone(), Value::String(longest.into_owned()));
    let path = field.path();
    let faults = kind.check(&document);
    faults
        .iter()
        .any(|fault| fault.field.as_deref() == Some(&path))
        .then(|| {
            let message = Text::fixed(
                "長さをバイトで数えている(length(chars, …) と書く)",
                "its length counts bytes (write `length(chars, …)`)",
            );
            defect(&field.name, message)
        })
}
