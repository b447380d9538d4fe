//! What a request says, field by field, as people read it.

use approval::kind::{Field, FieldKind, Kind};
use approval::request::Request;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use serde_json::Value;
use service::hall::{Hall, Refusal, collection};

use super::control;
use crate::filters::day_in;
use crate::href;
use crate::view::name;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) label: Text,
    pub(crate) value: Text,
    /// Where more about it stands.
    pub(crate) href: Option<String>,
    /// Whether it is in the words of the applicant, with their line ends.
    pub(crate) is_prose: bool,
}

/// The fields that are filled in, in the order of the form.
pub(crate) fn lines(hall: &Hall, kind: &Kind, request: &Request) -> Result<Vec<Line>, Refusal> {
    let payload = &request.content().payload;
    let register = payload.get("register").and_then(Value::as_str);
    hall.with_words(|words| {
        let line = |field: &Field| {
            let value = payload.get(&field.name)?;
            let (value, href) = shown(hall, kind, field, value, register, words)?;
            Some(Line {
                label: field.label.clone(),
                value,
                href,
                is_prose: field.kind == FieldKind::Text,
            })
        };
        kind.fields.iter().filter_map(line).collect()
    })
}

fn shown(
    hall: &Hall,
    kind: &Kind,
    field: &Field,
    value: &Value,
    row_of: Option<&str>,
    words: &register::Words,
) -> Option<(Text, Option<String>)> {
    let text = value.as_str();
    let row = |register: &str, key: &str| {
        let title = words.title(register, key).unwrap_or_default();
        let said = Text::same(format!("{key} {title}").trim().to_owned());
        (said, Some(href::entry(register, key)))
    };
    Some(match &field.kind {
        FieldKind::Line if control::is_duty(kind, field) => {
            let id = text?;
            let snapshot = hall.snapshot()?;
            let duty = snapshot.position(id).and_then(|position| snapshot.duty(position));
            (
                duty.map_or_else(|| Text::same(id), |(duty, _)| duty.title.clone()),
                Some(href::duty(id)),
            )
        }
        FieldKind::Line if field.name == "register" => (words.label(text?), Some(href::register(text?))),
        FieldKind::Line if field.name == "subject" => match row_of {
            Some(register) => row(register, text?),
            None => (Text::same(text?), None),
        },
        FieldKind::Line | FieldKind::Text => (Text::same(text?), None),
        FieldKind::Date => {
            let date: Date = text?.parse().ok()?;
            (Text::new(day_in(date, Lang::Ja), day_in(date, Lang::En)), None)
        }
        FieldKind::Number => (Text::same(value.as_u64()?.to_string()), None),
        FieldKind::Confirmation => {
            let said = if value.as_bool()? {
                Text::fixed("はい", "yes")
            } else {
                Text::fixed("いいえ", "no")
            };
            (said, None)
        }
        FieldKind::Choice { choices } => {
            let choice = choices.iter().find(|choice| Some(choice.value.as_str()) == text)?;
            (Text::new(choice.ja.clone(), choice.en.clone()), None)
        }
        FieldKind::Role => (name::role(words.schemes(), text?), None),
        FieldKind::Reference { register } if register == collection::TEXT => {
            (Text::same(text?), Some(href::document(text?)))
        }
        FieldKind::Reference { register } => row(register, text?),
    })
}
