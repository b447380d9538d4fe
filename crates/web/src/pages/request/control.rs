//! The fields of a kind of request as controls of a form, and what was typed into them as values.

use std::collections::BTreeMap;

use approval::kind::{Field, FieldKind, Kind, Scale};
use model::lang::Text;
use model::scheme::SchemeKind;
use register::{Found, Words};
use serde_json::{Map, Value};
use service::hall::{Hall, Refusal, collection};

use crate::part::Fault;
use crate::sent::Sent;
use crate::view::name;

/// So many rows are offered as a list to choose from.
const FEW: usize = 60;
/// So many rows are suggested while somebody types.
const SUGGESTED: usize = 1_500;

/// One field; its template is `part/request-field.html`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldView {
    pub(crate) name: String,
    pub(crate) label: Text,
    pub(crate) help: Option<Text>,
    pub(crate) needed: bool,
    pub(crate) control: Control,
    pub(crate) value: String,
    pub(crate) fault: Option<Text>,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Control {
    Line,
    Area,
    Date,
    Number,
    Confirm,
    /// One of these.
    Choose(Vec<Choice>),
    /// The key or the title of a row; these are suggested.
    Suggest(Vec<Choice>),
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: Text,
}

/// What somebody typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    /// By the name of the field, as typed.
    pub(crate) raw: BTreeMap<String, String>,
    /// The values of those that could be read.
    pub(crate) payload: Map<String, Value>,
    /// What could not be read.
    pub(crate) faults: Vec<Fault>,
}

impl FieldView {
    /// What `id` the elements that explain the field have.
    pub(crate) fn described_by(&self) -> String {
        let help = self.help.as_ref().map(|_| format!("{}-help", self.name));
        let fault = self.fault.as_ref().map(|_| format!("{}-fault", self.name));
        let ids: Vec<String> = help.into_iter().chain(fault).collect();
        ids.join(" ")
    }

    pub(crate) fn is_chosen(&self, choice: &Choice) -> bool {
        self.value == choice.value
    }

    pub(crate) fn is_confirmed(&self) -> bool {
        ["true", "on"].contains(&self.value.as_str())
    }
}

/// The fields of a kind, with what was typed and what is wrong.
pub(crate) fn fields(hall: &Hall, kind: &Kind, typed: &Typed, faults: &[Fault]) -> Result<Vec<FieldView>, Refusal> {
    let view = |field: &Field| {
        let fault = faults.iter().find(|fault| fault.field == field.name);
        Ok(FieldView {
            name: field.name.clone(),
            label: field.label.clone(),
            help: help(kind, field),
            needed: field.required,
            control: control(hall, kind, field)?,
            value: typed.raw.get(&field.name).cloned().unwrap_or_default(),
            fault: fault.map(|fault| fault.words.clone()),
        })
    };
    kind.fields.iter().map(view).collect()
}

/// Reads what a form sent.
pub(crate) fn read(hall: &Hall, kind: &Kind, sent: &Sent) -> Result<Typed, Refusal> {
    let mut typed = Typed::default();
    hall.with_words(|words| {
        for field in &kind.fields {
            let written = sent.value(&field.name);
            typed.raw.insert(field.name.clone(), written.to_owned());
            match value(words, field, written) {
                Ok(Some(value)) => {
                    typed.payload.insert(field.name.clone(), value);
                }
                Ok(None) => {}
                Err(words) => typed.faults.push(Fault {
                    field: field.name.clone(),
                    words,
                }),
            }
        }
    })?;
    Ok(typed)
}

/// What is already known of a payload, as a form shows it.
pub(crate) fn written(payload: &Map<String, Value>) -> Typed {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Typed {
        raw: payload
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
        payload: payload.clone(),
        faults: Vec::new(),
    }
}

fn value(words: &Words, field: &Field, written: &str) -> Result<Option<Value>, Text> {
    let Some(value) = field.read(written)? else {
        return Ok(None);
    };
    let (FieldKind::Reference { register }, Some(word)) = (&field.kind, value.as_str()) else {
        return Ok(Some(value));
    };
    if register == collection::TEXT {
        return Ok(Some(value));
    }
    match words.find(register, word) {
        Found::One(key) => Ok(Some(Value::from(key))),
        Found::Unknown => Ok(Some(value)),
        Found::Several(names) => Err(candidates(
            Text::fixed(
                "同じ名前が複数あります。番号で入力してください",
                "several have this name; enter the key",
            ),
            &names,
        )),
        Found::Nothing(names) => Err(candidates(
            Text::fixed("台帳にありません", "it is not in the register"),
            &names,
        )),
    }
}

fn candidates(what: Text, names: &[&register::Name]) -> Text {
    if names.is_empty() {
        return what;
    }
    let named: Vec<String> = names
        .iter()
        .map(|name| format!("{} {}", name.key, name.title))
        .collect();
    let named = named.join("、");
    Text::new(format!("{}({named})", what.ja), format!("{} ({named})", what.en))
}

fn control(hall: &Hall, kind: &Kind, field: &Field) -> Result<Control, Refusal> {
    Ok(match &field.kind {
        FieldKind::Line if is_duty(kind, field) => Control::Choose(duties(hall)),
        FieldKind::Line if is_register(kind, field) => Control::Choose(registers(hall)),
        FieldKind::Line => Control::Line,
        FieldKind::Text => Control::Area,
        FieldKind::Date => Control::Date,
        FieldKind::Number => Control::Number,
        FieldKind::Confirmation => Control::Confirm,
        FieldKind::Choice { choices } => {
            let choice = |choice: &approval::kind::Choice| Choice {
                value: choice.value.clone(),
                label: Text::new(choice.ja.clone(), choice.en.clone()),
            };
            Control::Choose(choices.iter().map(choice).collect())
        }
        FieldKind::Role => Control::Choose(roles(hall)),
        FieldKind::Reference { register } if register == collection::TEXT => Control::Choose(texts(hall)?),
        FieldKind::Reference { register } => rows(hall, register)?,
    })
}

/// Whether a field holds the id of a duty: what the kind is graded by.
pub(crate) fn is_duty(kind: &Kind, field: &Field) -> bool {
    let graded = kind.grade.as_ref();
    graded.is_some_and(|grade| grade.scale == Scale::Severity && grade.of == field.name)
}

/// Whether a field holds the slug of a register, whose row another field names.
fn is_register(kind: &Kind, field: &Field) -> bool {
    field.name == "register" && kind.field("subject").is_some()
}

fn help(kind: &Kind, field: &Field) -> Option<Text> {
    if is_duty(kind, field) || is_register(kind, field) {
        return Some(Text::fixed("一覧から選びます", "choose from the list"));
    }
    match &field.kind {
        FieldKind::Date if field.help.is_none() => Some(Text::fixed(
            "令和8年4月1日、2026-04-01 のように書きます",
            "as 2026-04-01",
        )),
        FieldKind::Reference { .. } if field.help.is_none() => {
            Some(Text::fixed("番号か名前で書きます", "by key or by name"))
        }
        _ => field.help.clone(),
    }
}

fn duties(hall: &Hall) -> Vec<Choice> {
    let Some(snapshot) = hall.snapshot() else {
        return Vec::new();
    };
    let duties = (0..snapshot.duties.len()).filter_map(|position| snapshot.duty(position));
    let choice = |(duty, _): (&policy::standard::Duty, &service::standing::DutyState)| Choice {
        value: duty.id.clone(),
        label: duty.title.clone(),
    };
    duties.map(choice).collect()
}

fn registers(hall: &Hall) -> Vec<Choice> {
    let Some(city) = hall.city() else { return Vec::new() };
    let choice = |kind: &register::Kind| Choice {
        value: kind.slug.clone(),
        label: kind.label.clone(),
    };
    city.kinds.iter().map(choice).collect()
}

fn roles(hall: &Hall) -> Vec<Choice> {
    let Some(city) = hall.city() else { return Vec::new() };
    let choice = |national: &model::scheme::National| Choice {
        value: national.code.to_owned(),
        label: name::role(&city.settings.schemes, national.code),
    };
    SchemeKind::Role.nationals().iter().map(choice).collect()
}

fn texts(hall: &Hall) -> Result<Vec<Choice>, Refusal> {
    let query = store::Query {
        limit: 500,
        ..store::Query::of(collection::TEXT)
    };
    let choice = |entry: store::Entry| Choice {
        label: Text::same(format!("{} {}", entry.key, entry.title)),
        value: entry.key,
    };
    Ok(hall.store().list(&query)?.rows.into_iter().map(choice).collect())
}

fn rows(hall: &Hall, register: &str) -> Result<Control, Refusal> {
    hall.with_words(|words| {
        let offered: Vec<Choice> = words
            .rows(register)
            .take(SUGGESTED + 1)
            .map(|name| Choice {
                value: name.key.to_string(),
                label: Text::same(format!("{} {}", name.key, name.title)),
            })
            .collect();
        match offered.len() {
            0..=FEW => Control::Choose(offered),
            count if count <= SUGGESTED => Control::Suggest(offered),
            _ => Control::Suggest(Vec::new()),
        }
    })
}
