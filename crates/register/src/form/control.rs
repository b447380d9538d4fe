//! One field as a control of HTML, told without HTML.

use model::lang::Text;
use serde_json::Value;

use crate::definition::KEY;
use crate::field::{Choice, Field, FieldKind, Pattern};
use crate::list::scheme_label;
use crate::words::{Name, Words};

/// The most rows that a control offers all at once; beyond, people type and look up.
pub const OFFERED: usize = 100;

/// One control of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// The field's [path](Field::path): the name that a browser sends.
    pub name: String,
    /// What people call the field.
    pub label: Text,
    /// What to enter, where the label does not say.
    pub help: Option<Text>,
    /// How to write it.
    pub hint: Option<Text>,
    /// Must not be left empty.
    pub required: bool,
    /// May be seen and not changed: the key of a row that exists. A browser sends it all the same.
    pub fixed: bool,
    /// Added by the city.
    pub local: bool,
    /// The heading that the register puts it under.
    pub group: Option<Text>,
    /// What it looks like.
    pub widget: Widget,
    /// Attributes of the HTML element, as they stand.
    pub attributes: Vec<(&'static str, String)>,
    /// As typed: none or one, several for references.
    pub values: Vec<String>,
    /// What is wrong with what was typed.
    pub faults: Vec<Text>,
}

/// What a control looks like.
#[derive(Debug, Clone, PartialEq)]
pub enum Widget {
    /// One line.
    Text,
    /// Several lines.
    Lines,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// A mail address.
    Email,
    /// A web address.
    Url,
    /// A box that is ticked where [`Control::values`] holds `true`; that value is sent.
    Checkbox,
    /// One of these radio buttons: yes, no, nobody knows yet.
    Answer(Vec<Choice>),
    /// One of these; the first stands for no value.
    Select(Vec<Choice>),
    /// A row of a register.
    Reference(LookUp),
    /// Rows of a register; each is a value of its own, and one value may also hold several, separated by `;`.
    References(LookUp),
}

/// Where a control finds the rows it refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct LookUp {
    /// The register's slug.
    pub register: String,
    /// What people call the register.
    pub label: Text,
    /// The rows that the values name, as far as they are keys of rows.
    pub chosen: Vec<Name>,
    /// All rows in use, where there are at most [`OFFERED`]; else empty, and [`Words::look_up`] finds them.
    pub offered: Vec<Name>,
}

impl Control {
    pub(super) fn of(field: &Field, values: Vec<String>, words: &Words) -> Self {
        let widget = widget(field, &values, words);
        Self {
            name: field.path(),
            label: field.label.clone(),
            help: field.help.clone(),
            hint: hint(field, &widget),
            required: field.required,
            fixed: false,
            local: field.local,
            group: field.group.clone(),
            attributes: attributes(field, &widget, &values),
            widget,
            values,
            faults: Vec::new(),
        }
    }

    /// The value of a control that has one.
    #[must_use]
    pub fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }
}

/// The values of a control that shows `value`.
pub(super) fn values(field: &Field, value: &Value) -> Vec<String> {
    match value {
        Value::Bool(answer) if *answer || field.nullable => vec![answer.to_string()],
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(keys) => keys.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::Null | Value::Bool(_) | Value::Object(_) => Vec::new(),
    }
}

fn widget(field: &Field, values: &[String], words: &Words) -> Widget {
    match &field.kind {
        FieldKind::Text => text_widget(field, values),
        FieldKind::Integer => Widget::Number,
        FieldKind::Date => Widget::Date,
        FieldKind::Boolean if field.nullable => Widget::Answer(answers()),
        FieldKind::Boolean => Widget::Checkbox,
        FieldKind::Choice(choices) => Widget::Select(select(field, choices.iter().cloned())),
        FieldKind::Scheme(kind) => {
            let offered = words.schemes().words(*kind);
            // A word that the city no longer offers stays until somebody chooses another.
            let kept = values
                .iter()
                .filter(|word| !offered.iter().any(|(known, _)| known == word));
            let kept = kept.filter_map(|word| Some((word.as_str(), words.schemes().code(*kind, word)?)));
            let offered = offered.iter().copied().chain(kept).map(|(word, code)| Choice {
                value: word.to_owned(),
                label: scheme_label(*kind, word, code),
            });
            Widget::Select(select(field, offered))
        }
        FieldKind::Reference(register) => Widget::Reference(look_up(register, values, words)),
        FieldKind::References(register) => Widget::References(look_up(register, values, words)),
    }
}

fn text_widget(field: &Field, values: &[String]) -> Widget {
    let format = field.bounds.format.as_deref();
    // A control of one line would lose line breaks that a spreadsheet brought in.
    if field.widget.as_deref() == Some("textarea") || values.iter().any(|value| value.contains('\n')) {
        Widget::Lines
    } else if format == Some("email") {
        Widget::Email
    } else if matches!(format, Some("uri" | "url")) {
        Widget::Url
    } else {
        Widget::Text
    }
}

fn answers() -> Vec<Choice> {
    let answer = |value: &str, ja, en| Choice {
        value: value.to_owned(),
        label: Text::fixed(ja, en),
    };
    vec![
        answer("true", "はい", "yes"),
        answer("false", "いいえ", "no"),
        answer("", "未確認", "not known"),
    ]
}

fn select(field: &Field, choices: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let nothing = if field.required {
        Text::fixed("選択してください", "choose one")
    } else {
        Text::fixed("未入力", "empty")
    };
    let nothing = Choice {
        value: String::new(),
        label: nothing,
    };
    std::iter::once(nothing).chain(choices).collect()
}

fn look_up(register: &str, values: &[String], words: &Words) -> LookUp {
    let chosen = values.iter().filter_map(|key| {
        let title = words.title(register, key)?;
        Some(Name {
            key: key.as_str().into(),
            title: title.into(),
        })
    });
    let few = words.rows(register).nth(OFFERED).is_none();
    LookUp {
        register: register.to_owned(),
        label: words.label(register),
        chosen: chosen.collect(),
        offered: words.rows(register).filter(|_| few).cloned().collect(),
    }
}

fn hint(field: &Field, widget: &Widget) -> Option<Text> {
    match widget {
        Widget::Date => Some(Text::fixed(
            "例: 2026-04-01、令和8年4月1日、R8.4.1",
            "such as 2026-04-01",
        )),
        Widget::Number => range(field.bounds.minimum, field.bounds.maximum),
        Widget::Email => Some(Text::fixed("例: name@example.jp", "such as name@example.jp")),
        Widget::Url => Some(Text::fixed("例: https://example.jp/", "such as https://example.jp/")),
        Widget::Reference(look_up) => Some(Text::new(
            format!("台帳「{}」のコードか名称", look_up.label.ja),
            format!("code or title of a row of {}", look_up.label.en),
        )),
        Widget::References(look_up) => Some(Text::new(
            format!("台帳「{}」のコードか名称。複数のときは「;」で区切る", look_up.label.ja),
            format!("codes or titles of rows of {}, separated by `;`", look_up.label.en),
        )),
        _ => None,
    }
}

fn range(least: Option<i64>, most: Option<i64>) -> Option<Text> {
    Some(match (least, most) {
        (Some(least), Some(most)) => Text::new(
            format!("{least}から{most}までの整数"),
            format!("a whole number from {least} to {most}"),
        ),
        (Some(least), None) => Text::new(
            format!("{least}以上の整数"),
            format!("a whole number of {least} or more"),
        ),
        (None, Some(most)) => Text::new(format!("{most}以下の整数"), format!("a whole number of {most} or less")),
        (None, None) => return None,
    })
}

/// The attributes of the element, such that a browser never refuses, cuts or drops what [`Field::read`] would take.
fn attributes(field: &Field, widget: &Widget, values: &[String]) -> Vec<(&'static str, String)> {
    let mut attributes: Vec<(&'static str, String)> = Vec::new();
    let mut set = |name, value: &str| attributes.push((name, value.to_owned()));
    match widget {
        Widget::Text | Widget::Reference(_) | Widget::References(_) => set("type", "text"),
        // `number` would drop full-width digits and separators of thousands before anybody sees them.
        Widget::Number => {
            set("type", "text");
            set("inputmode", "numeric");
        }
        // `date` shows nothing for a value that is no ISO day, and what was typed would be lost.
        Widget::Date => {
            let is_day = |value: &String| value.is_empty() || crate::rules::iso_date(value).is_some();
            if values.iter().all(is_day) {
                set("type", "date");
                set("max", "9999-12-31");
            } else {
                set("type", "text");
            }
        }
        Widget::Email => set("type", "email"),
        Widget::Url => set("type", "url"),
        Widget::Checkbox => {
            set("type", "checkbox");
            set("value", "true");
        }
        Widget::Answer(_) => set("type", "radio"),
        Widget::Lines => set("rows", "4"),
        Widget::Select(_) => {}
    }
    if matches!(widget, Widget::Text | Widget::Lines | Widget::Email | Widget::Url) {
        // A browser counts in UTF-16, where one character may count twice, and cuts a longer paste in silence.
        if let Some(most) = field.bounds.max_length {
            set("maxlength", &most.saturating_mul(2).to_string());
        }
        let pattern = field.bounds.pattern.as_ref().and_then(html_pattern);
        if let Some(pattern) = pattern.filter(|_| *widget == Widget::Text) {
            set("pattern", pattern);
        }
    }
    let codes = matches!(
        widget,
        Widget::Email | Widget::Url | Widget::Reference(_) | Widget::References(_)
    );
    if codes || field.name == KEY {
        set("spellcheck", "false");
    }
    if !matches!(widget, Widget::Checkbox | Widget::Answer(_)) {
        // A register is about others: what the browser knows of its user is wrong here.
        set("autocomplete", "off");
    }
    attributes
}

/// The pattern as HTML writes it, where it surely means the same there: the whole value, in plain signs.
fn html_pattern(pattern: &Pattern) -> Option<&str> {
    let inner = pattern.as_str().strip_prefix('^')?.strip_suffix('$')?;
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '[' | ']' | '{' | '}' | ',' | '+' | '*' | '?' | '-' | '_');
    inner.chars().all(plain).then_some(inner)
}
