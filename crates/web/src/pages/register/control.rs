//! One control of a form as its template (`part/control.html`) shows it.

use model::lang::Text;
use register::form::{Control, LookUp, Widget};
use register::{Choice, Name, Words};

/// How many rows a look-up shows.
const FOUND: usize = 20;

/// A control.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ControlView {
    /// The field's path: name and id.
    pub(super) name: String,
    pub(super) label: Text,
    pub(super) help: Option<Text>,
    pub(super) hint: Option<Text>,
    pub(super) required: bool,
    /// May be seen and not changed.
    pub(super) fixed: bool,
    pub(super) attributes: Vec<(&'static str, String)>,
    /// As typed.
    pub(super) value: String,
    pub(super) faults: Vec<Text>,
    pub(super) look: Look,
}

/// What it looks like.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Look {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A box that is ticked, or not.
    Tick(bool),
    /// Radio buttons.
    Radios(Vec<Offer>),
    /// A list of which one is chosen.
    Select(Vec<Offer>),
    /// Boxes of which any are ticked.
    Boxes(Vec<Offer>),
    /// One line in which a row of a register is named, and a button that finds it.
    Find(Find),
}

/// One that is offered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    /// Its place, which makes its id.
    pub(super) at: usize,
    pub(super) value: String,
    pub(super) label: Text,
    pub(super) chosen: bool,
}

/// A search for a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Find {
    /// What the values lead to: P0120 見本 太郎.
    pub(super) chosen: Vec<String>,
    /// What was found; none before somebody asked.
    pub(super) found: Option<Vec<Offer>>,
    /// There are more than are shown.
    pub(super) has_more: bool,
}

impl ControlView {
    /// `look_up`: the name of the control for which rows are to be found.
    pub(super) fn new(control: &Control, words: &Words, look_up: Option<&str>) -> Self {
        let look = look(control, words, look_up == Some(control.name.as_str()));
        // Where rows or days are offered nobody needs to know how they are typed.
        let is_picked = control.attributes.contains(&("type", "date".to_owned()));
        let is_typed = matches!(look, Look::Line | Look::Lines | Look::Find(_)) && !is_picked;
        Self {
            value: control.values.join("; "),
            name: control.name.clone(),
            label: control.label.clone(),
            help: control.help.clone(),
            hint: control.hint.clone().filter(|_| is_typed),
            required: control.required,
            fixed: control.fixed,
            attributes: control.attributes.clone(),
            faults: control.faults.clone(),
            look,
        }
    }

    /// Whether its name is the legend of a group and not the label of one control.
    pub(super) const fn is_group(&self) -> bool {
        matches!(self.look, Look::Radios(_) | Look::Boxes(_))
    }

    /// The ids of what describes it.
    pub(super) fn described_by(&self) -> String {
        let name = &self.name;
        let parts = [
            self.help.is_some().then(|| format!("{name}-help")),
            self.hint.is_some().then(|| format!("{name}-hint")),
            (!self.faults.is_empty()).then(|| format!("{name}-fault")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// 「利用者」を探す
    pub(super) fn find_words(&self) -> Text {
        let label = &self.label;
        Text::new(format!("「{}」を探す", label.ja), format!("find: {}", label.en))
    }
}

fn look(control: &Control, words: &Words, asked: bool) -> Look {
    let chosen = |value: &str| control.values.iter().any(|known| known == value);
    match &control.widget {
        Widget::Text | Widget::Number | Widget::Date | Widget::Email | Widget::Url => Look::Line,
        Widget::Lines => Look::Lines,
        Widget::Checkbox => Look::Tick(chosen("true")),
        Widget::Answer(choices) => {
            let nothing = control.values.iter().all(String::is_empty);
            let offers = offers(choices.iter().cloned(), |value| {
                chosen(value) || (value.is_empty() && nothing)
            });
            Look::Radios(offers)
        }
        Widget::Select(choices) => Look::Select(offers(kept(choices.clone(), control), chosen)),
        Widget::Reference(to) if !to.offered.is_empty() => {
            let nothing = Choice {
                value: String::new(),
                label: if control.required {
                    Text::fixed("選択してください", "choose one")
                } else {
                    Text::fixed("未入力", "empty")
                },
            };
            let choices = std::iter::once(nothing).chain(rows(to));
            Look::Select(offers(kept(choices.collect(), control), chosen))
        }
        Widget::References(to) if !to.offered.is_empty() => {
            Look::Boxes(offers(kept(rows(to).collect(), control), chosen))
        }
        Widget::Reference(to) | Widget::References(to) => Look::Find(find(control, to, words, asked)),
    }
}

fn offers(choices: impl Iterator<Item = Choice>, chosen: impl Fn(&str) -> bool) -> Vec<Offer> {
    let offer = |(at, choice): (usize, Choice)| Offer {
        at,
        chosen: chosen(&choice.value),
        value: choice.value,
        label: choice.label,
    };
    choices.enumerate().map(offer).collect()
}

fn rows(to: &LookUp) -> impl Iterator<Item = Choice> {
    to.offered.iter().map(choice)
}

fn choice(row: &Name) -> Choice {
    let label = if row.key == row.title {
        row.key.to_string()
    } else {
        format!("{} {}", row.key, row.title)
    };
    Choice {
        value: row.key.to_string(),
        label: Text::same(label),
    }
}

/// With what was sent or stored and is not offered (any more): it is not lost in silence.
fn kept(mut choices: Vec<Choice>, control: &Control) -> impl Iterator<Item = Choice> {
    for value in control.values.iter().filter(|value| !value.is_empty()) {
        if choices.iter().all(|choice| choice.value != *value) {
            choices.push(Choice {
                value: value.clone(),
                label: Text::same(value),
            });
        }
    }
    choices.into_iter()
}

fn find(control: &Control, to: &LookUp, words: &Words, asked: bool) -> Find {
    let chosen = to.chosen.iter().map(|row| choice(row).label.ja.into_owned());
    // Of several rows the last one is being typed.
    let typed = control.values.last().map_or("", String::as_str);
    let typed = typed.rsplit([';', '；', '\n']).next().unwrap_or_default().trim();
    let mut found = if asked {
        words.look_up(&to.register, typed, FOUND.saturating_add(1))
    } else {
        Vec::new()
    };
    let has_more = found.len() > FOUND;
    found.truncate(FOUND);
    Find {
        chosen: chosen.collect(),
        found: asked.then(|| offers(found.into_iter().map(choice), |_| false)),
        has_more,
    }
}
