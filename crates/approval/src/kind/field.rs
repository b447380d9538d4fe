//! What an applicant fills in, and whether it is filled in rightly.

use jiff::civil::Date;
use model::lang::Text;
use model::scheme::SchemeKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Kind;

/// The most characters of a [line](FieldKind::Line).
const LONGEST_LINE: usize = 200;
/// The most characters of a [text](FieldKind::Text).
const LONGEST_TEXT: usize = 4_000;

/// One thing that a request says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name in the request.
    pub name: String,
    /// What people call it.
    pub label: Text,
    /// What to put in.
    pub help: Option<Text>,
    /// What it is.
    pub kind: FieldKind,
    /// Whether a request cannot be submitted without it.
    pub required: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// A date, ISO 8601.
    Date,
    /// A whole number of zero or more.
    Number,
    /// `true` where the applicant confirms it; required means that it must be.
    Confirmation,
    /// One of these.
    Choice {
        /// In order.
        choices: Vec<Choice>,
    },
    /// The national code of a role.
    Role,
    /// The key of an entry of a register.
    Reference {
        /// Which register.
        register: String,
    },
}

/// A value to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// 日本語
    pub ja: String,
    /// English.
    pub en: String,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The field's name.
    pub field: String,
    /// What is wrong.
    pub message: Text,
}

impl Field {
    /// What was typed, as a value; `None` where nothing was.
    ///
    /// # Errors
    /// It is not of the field's kind.
    pub fn read(&self, typed: &str) -> Result<Option<Value>, Text> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let value = match &self.kind {
            FieldKind::Date => Value::from(model::date::parse(typed).ok_or(NO_DATE)?.to_string()),
            FieldKind::Number => Value::from(typed.parse::<u32>().map_err(|_| NO_NUMBER)?),
            FieldKind::Confirmation => Value::from(["true", "on", "○"].contains(&typed)),
            _ => Value::from(typed),
        };
        self.check(&value)?;
        Ok(Some(value))
    }

    /// Whether a value is of the field's kind.
    pub(crate) fn check(&self, value: &Value) -> Result<(), Text> {
        match &self.kind {
            FieldKind::Line => line(value, LONGEST_LINE),
            FieldKind::Text => within(value, LONGEST_TEXT),
            FieldKind::Date => date(value).map(|_| ()).ok_or(NO_DATE),
            FieldKind::Number => value.as_u64().map(|_| ()).ok_or(NO_NUMBER),
            FieldKind::Confirmation => value.as_bool().map(|_| ()).ok_or(NO_CHOICE),
            FieldKind::Choice { choices } => {
                let known = choices.iter().any(|choice| value == &choice.value);
                known.then_some(()).ok_or(NO_CHOICE)
            }
            FieldKind::Role => {
                let national = value.as_str().and_then(|code| SchemeKind::Role.national(code));
                national.map(|_| ()).ok_or(NO_CHOICE)
            }
            FieldKind::Reference { .. } => line(value, LONGEST_LINE),
        }
    }

    /// Whether a value fills the field in.
    fn is_filled(&self, value: Option<&Value>) -> bool {
        match value {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(Value::Bool(confirmed)) => *confirmed || self.kind != FieldKind::Confirmation,
            Some(_) => true,
        }
    }
}

impl Kind {
    /// What a draft holds that it must not: unknown fields, and values that are not of their field's kind.
    #[must_use]
    pub fn misfits(&self, payload: &Map<String, Value>) -> Vec<Fault> {
        let misfit = |(name, value): (&String, &Value)| match self.field(name) {
            None => Some(fault(
                name,
                Text::fixed("この申請にない項目です", "no field of this kind of request"),
            )),
            Some(_) if value.is_null() => None,
            Some(field) => field.check(value).err().map(|message| fault(name, message)),
        };
        payload.iter().filter_map(misfit).collect()
    }

    /// Everything that keeps a request from being submitted on this day.
    #[must_use]
    pub fn faults(&self, payload: &Map<String, Value>, on: Date) -> Vec<Fault> {
        let mut faults = self.misfits(payload);
        let required = self.fields.iter().filter(|field| field.required);
        let missing = required.filter(|field| !field.is_filled(payload.get(&field.name)));
        faults.extend(missing.map(|field| fault(&field.name, Text::fixed("入力してください", "must be filled in"))));
        faults.extend(self.end_fault(payload, on));
        faults
    }

    /// The last day of what is asked for.
    #[must_use]
    pub fn until(&self, payload: &Map<String, Value>) -> Option<Date> {
        payload.get(self.until.as_ref()?).and_then(date)
    }

    fn end_fault(&self, payload: &Map<String, Value>, on: Date) -> Option<Fault> {
        let until = self.until(payload)?;
        let name = self.until.as_ref()?;
        if until <= on {
            return Some(fault(
                name,
                Text::fixed("明日以降の日付にしてください", "must lie after today"),
            ));
        }
        let days = self.longest_days?;
        let latest = on.saturating_add(jiff::Span::new().days(i64::from(days)));
        (until > latest).then(|| {
            let message = Text::new(
                format!("{days}日以内({latest}まで)の日付にしてください"),
                format!("must be within {days} days, by {latest}"),
            );
            fault(name, message)
        })
    }
}

const NO_DATE: Text = Text::fixed("日付として読めません", "not a date");
const NO_NUMBER: Text = Text::fixed(
    "0以上の整数を入力してください",
    "must be a whole number of zero or more",
);
const NO_CHOICE: Text = Text::fixed("選択肢から選んでください", "not one of the choices");

fn date(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}

fn line(value: &Value, longest: usize) -> Result<(), Text> {
    let breaks = value.as_str().is_some_and(|text| text.contains(['\n', '\r']));
    if breaks {
        return Err(Text::fixed("一行で入力してください", "must be one line"));
    }
    within(value, longest)
}

fn within(value: &Value, longest: usize) -> Result<(), Text> {
    let text = value
        .as_str()
        .ok_or(Text::fixed("文字で入力してください", "must be text"))?;
    if text.chars().count() > longest {
        let message = Text::new(
            format!("{longest}文字以内で入力してください"),
            format!("must be within {longest} characters"),
        );
        return Err(message);
    }
    Ok(())
}

fn fault(field: &str, message: Text) -> Fault {
    Fault {
        field: field.to_owned(),
        message,
    }
}
