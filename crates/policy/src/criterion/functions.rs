//! The functions of the criterion language: one row each.

use std::rc::Rc;

use super::Kind;

/// A function, called as `name(args)` or, where CEL does so, as `receiver.name(args)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Days,
    FiscalYearOf,
    InEffect,
    HasText,
    Contains,
    StartsWith,
    EndsWith,
    Size,
}

impl Function {
    /// Name, whether it is called on a receiver, and the function.
    const ALL: [(&'static str, bool, Self); 9] = [
        ("days", false, Self::Days),
        ("fiscal_year_of", false, Self::FiscalYearOf),
        ("in_effect", false, Self::InEffect),
        ("has_text", false, Self::HasText),
        ("contains", true, Self::Contains),
        ("startsWith", true, Self::StartsWith),
        ("endsWith", true, Self::EndsWith),
        ("size", true, Self::Size),
        ("size", false, Self::Size),
    ];

    pub(crate) fn named(name: &str, receiver: bool) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|row| row.0 == name && row.1 == receiver).map(|row| row.2)
    }

    /// Every name, for the message about an unknown one.
    pub(crate) fn names() -> Vec<&'static str> {
        let mut names: Vec<_> = Self::ALL.iter().map(|row| row.0).collect();
        names.extend(["date", "matches", "exists", "all", "exists_one", "filter", "map"]);
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The kinds of the arguments, receiver first, and of the result.
    pub(crate) fn signatures(self) -> Vec<(Vec<Kind>, Kind)> {
        let text = || Kind::Text(None);
        match self {
            Self::Days => vec![(vec![Kind::Int], Kind::Days)],
            Self::FiscalYearOf => vec![(vec![Kind::Date], Kind::Int)],
            Self::InEffect => vec![(vec![Kind::Date, Kind::Date], Kind::Bool)],
            Self::HasText => vec![(vec![text()], Kind::Bool)],
            Self::Contains | Self::StartsWith | Self::EndsWith => vec![(vec![text(), text()], Kind::Bool)],
            Self::Size => vec![
                (vec![text()], Kind::Int),
                (vec![Kind::List(Rc::new(Kind::Null))], Kind::Int),
            ],
        }
    }

    /// Whether the result depends on the day of the judgement.
    pub(crate) fn reads_today(self) -> bool {
        self == Self::InEffect
    }
}
