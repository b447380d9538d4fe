//! What a list is narrowed by, as the page shows it, and what the store is asked for.

use model::lang::{Lang, Text};
use register::list::{self, Asked, By};
use register::{Fault, Kind, Name, Words};
use service::hall::rows;
use store::{Query, State};

use super::address::Address;

/// The most rows of another register that a filter offers.
const OFFERED: usize = 200;
/// The furthest position that an address may ask for.
const FURTHEST: usize = 1_000_000;

/// One control that narrows a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Narrow {
    /// The name of its parameter, and its id.
    pub(super) name: String,
    /// What people call it.
    pub(super) label: Text,
    /// How it narrows.
    pub(super) by: NarrowBy,
}

/// How a control narrows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NarrowBy {
    /// To one of these.
    Options(Vec<Offer>),
    /// To what refers to a row: as typed, and what may be typed.
    Row {
        typed: String,
        offered: Vec<Name>,
    },
    /// To a day.
    Day(String),
    /// To a number.
    Number(String),
}

/// One of the options of a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) value: String,
    pub(super) label: Text,
    pub(super) chosen: bool,
}

/// One condition that holds, and the list without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chip {
    pub(super) words: Text,
    pub(super) href: String,
}

/// The controls that narrow a list.
pub(super) fn narrows(kind: &Kind, words: &Words, address: &Address) -> Vec<Narrow> {
    let filters = list::filters(kind, words).into_iter();
    filters.flat_map(|filter| controls(&filter, words, address)).collect()
}

fn controls(filter: &list::Filter<'_>, words: &Words, address: &Address) -> Vec<Narrow> {
    let named = |what: &str| format!("{what}[{}]", filter.field);
    let label = |ja: &str, en: &str| Text::new(format!("{}{ja}", filter.label.ja), format!("{}{en}", filter.label.en));
    let one = |by| {
        vec![Narrow {
            name: named("filter"),
            label: filter.label.clone(),
            by,
        }]
    };
    let range = |by: fn(String) -> NarrowBy| {
        let end = |what: &str, label: Text| Narrow {
            by: by(address.value(&named(what)).to_owned()),
            name: named(what),
            label,
        };
        vec![end("from", label("(から)", " from")), end("to", label("(まで)", " to"))]
    };
    match &filter.by {
        By::Options(options) => {
            let name = named("filter");
            let typed = address.value(&name);
            let offer = |(value, label): &(std::borrow::Cow<'_, str>, Text)| Offer {
                chosen: typed == *value,
                value: value.clone().into_owned(),
                label: label.clone(),
            };
            one(NarrowBy::Options(options.iter().map(offer).collect()))
        }
        By::Rows(register) => {
            let few = words.rows(register).nth(OFFERED).is_none();
            let rows = words.rows(register).filter(|_| few);
            one(NarrowBy::Row {
                typed: address.value(&named("filter")).to_owned(),
                offered: rows.cloned().collect(),
            })
        }
        By::Days => range(NarrowBy::Day),
        By::Numbers => range(NarrowBy::Number),
    }
}

/// The conditions that hold, each with the way out of it.
pub(super) fn chips(narrows: &[Narrow], address: &Address, lang: Lang) -> Vec<Chip> {
    let chip = |name: &str, value: &str, words: Text| Chip {
        words,
        href: address.without(name, value),
    };
    let mut chips = Vec::new();
    for value in address.values("search") {
        let words = Text::new(format!("「{value}」を含む"), format!("contains “{value}”"));
        chips.push(chip("search", value, words));
    }
    for narrow in narrows {
        for value in address.values(&narrow.name) {
            let said = match &narrow.by {
                NarrowBy::Options(options) => options
                    .iter()
                    .find(|offer| offer.value == value)
                    .map_or(value, |offer| offer.label.get(lang)),
                NarrowBy::Row { .. } | NarrowBy::Day(_) | NarrowBy::Number(_) => value,
            };
            let label = &narrow.label;
            let words = Text::new(format!("{}: {said}", label.ja), format!("{}: {said}", label.en));
            chips.push(chip(&narrow.name, value, words));
        }
    }
    if is_retired(address) {
        chips.push(chip("_state", "retired", Text::fixed("廃止した行", "retired rows")));
    }
    chips
}

pub(super) fn is_retired(address: &Address) -> bool {
    address.value("_state") == "retired"
}

/// At which position of the list the part begins that an address asks for.
pub(super) fn position(address: &Address) -> usize {
    let at = address.value("_at").parse().unwrap_or_default();
    std::cmp::min(at, FURTHEST)
}

/// What the store is asked for: what the list is narrowed to, from the position or behind the row that the address names.
pub(super) fn query(kind: &Kind, asked: &Asked, address: &Address) -> Result<Query, Vec<Fault>> {
    let query = rows::query(kind, asked)?;
    Ok(Query {
        state: if is_retired(address) {
            State::Retired
        } else {
            State::Live
        },
        skip: if query.after.is_none() { position(address) } else { 0 },
        ..query
    })
}
