//! What stands against a row, and what somebody should look at.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::lang::Text;

use super::{Current, Kind, Person, Row};

/// A row that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The row of the sheet.
    pub row: u32,
    /// What stands against it.
    pub problem: Problem,
}

/// What stands against a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The row names nobody.
    Nobody,
    /// The person stands in another row too.
    Twice(u32),
    /// Who moves or leaves is not in the register.
    UnknownPerson(String),
    /// Who joins is in the register already.
    KnownPerson(String),
    /// Another name stands in the register.
    OtherName(String),
    /// The person has left by then.
    HasLeft(Date),
    /// An earlier announcement still waits for its day.
    Waiting,
    /// There is no such section.
    UnknownSection(String),
    /// Who joins needs a section.
    NoSection,
    /// Who joins needs a name.
    NoName,
    /// Neither a section nor a position is named.
    NothingNew,
}

/// Something to look at; it stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The row changes nothing.
    Unchanged {
        /// The row of the sheet.
        row: u32,
    },
    /// A role over a section ends and nobody holds it after.
    Vacant {
        /// The row of the sheet.
        row: u32,
        /// The role, in the city's word.
        role: String,
        /// The section's name.
        section: String,
    },
    /// A role that is not over the old section stays with the person.
    Stays {
        /// The row of the sheet.
        row: u32,
        /// The assignment's number.
        assignment: String,
        /// The role, in the city's word.
        role: String,
    },
    /// The person stands in for somebody.
    Deputy {
        /// The row of the sheet.
        row: u32,
        /// The assignment's number.
        assignment: String,
    },
}

pub(super) fn conflicts(current: Current<'_>, rows: &[Row], on: Date) -> Vec<Conflict> {
    let mut first: BTreeMap<&str, u32> = BTreeMap::new();
    let mut conflicts = Vec::new();
    for row in rows {
        let twice = match first.get(row.person.as_str()) {
            Some(other) if !row.person.is_empty() => Some(Problem::Twice(*other)),
            _ => None,
        };
        first.entry(&row.person).or_insert(row.row);
        let problems = twice.into_iter().chain(of_row(current, row, row.day(on)));
        conflicts.extend(problems.map(|problem| Conflict { row: row.row, problem }));
    }
    conflicts
}

fn of_row(current: Current<'_>, row: &Row, day: Date) -> Vec<Problem> {
    if row.person.trim().is_empty() {
        return vec![Problem::Nobody];
    }
    let person = current.person(&row.person);
    let of_person = match (row.kind(current), person) {
        (Kind::Joining, Some(_)) => vec![Problem::KnownPerson(row.person.clone())],
        (Kind::Joining, None) => of_newcomer(row),
        (Kind::Moving | Kind::Leaving, None) => vec![Problem::UnknownPerson(row.person.clone())],
        (kind, Some(person)) => of_person(row, kind, person, day),
    };
    let section = row
        .section
        .as_ref()
        .filter(|section| !current.sections.contains_key(*section));
    let section = section.map(|section| Problem::UnknownSection(section.clone()));
    let waiting = current.waiting.contains(&row.person).then_some(Problem::Waiting);
    of_person.into_iter().chain(section).chain(waiting).collect()
}

fn of_newcomer(row: &Row) -> Vec<Problem> {
    let named = row.name.as_ref().is_some_and(|name| !name.trim().is_empty());
    let missing = [
        row.section.is_none().then_some(Problem::NoSection),
        (!named).then_some(Problem::NoName),
    ];
    missing.into_iter().flatten().collect()
}

fn of_person(row: &Row, kind: Kind, person: &Person, day: Date) -> Vec<Problem> {
    let folded = |name: &str| name.split_whitespace().collect::<String>();
    let other = row
        .name
        .as_ref()
        .is_some_and(|name| folded(name) != folded(&person.name));
    let left = person.left_on.filter(|left_on| *left_on < super::eve(day));
    let nothing = kind == Kind::Moving && row.section.is_none() && row.position.is_none();
    let problems = [
        other.then(|| Problem::OtherName(person.name.clone())),
        left.map(Problem::HasLeft),
        nothing.then_some(Problem::NothingNew),
    ];
    problems.into_iter().flatten().collect()
}

impl Problem {
    /// For who reads the sheet.
    #[must_use]
    pub fn message(&self) -> Text {
        match self {
            Self::Nobody => Text::fixed("職員番号がありません", "the row has no personnel number"),
            Self::Twice(row) => Text::new(
                format!("同じ職員が{row}行目にもあります"),
                format!("the same person stands in row {row} too"),
            ),
            Self::UnknownPerson(person) => Text::new(
                format!("職員番号「{person}」は職員等の台帳にありません"),
                format!("there is nobody with the number `{person}`"),
            ),
            Self::KnownPerson(person) => Text::new(
                format!("職員番号「{person}」はすでに使われています"),
                format!("the number `{person}` is in use already"),
            ),
            Self::OtherName(name) => Text::new(
                format!("台帳の氏名は「{name}」です。職員番号の誤りか、氏名の変更かを確かめてください"),
                format!("the register has the name `{name}`: a wrong number, or a new name"),
            ),
            Self::HasLeft(left_on) => Text::new(
                format!("この職員は{left_on}に離任しています"),
                format!("the person left on {left_on}"),
            ),
            Self::Waiting => Text::fixed(
                "この職員には、発効を待っている別の異動があります",
                "another transfer of the person waits for its day",
            ),
            Self::UnknownSection(section) => Text::new(
                format!("「{section}」という課・室は台帳にありません"),
                format!("there is no section `{section}`"),
            ),
            Self::NoSection => Text::fixed("採用・転入には所属が要ります", "who joins needs a section"),
            Self::NoName => Text::fixed("採用・転入には氏名が要ります", "who joins needs a name"),
            Self::NothingNew => Text::fixed(
                "新しい所属も職名も書かれていません",
                "neither a new section nor a new position is given",
            ),
        }
    }
}

impl Remark {
    /// For who confirms the plan.
    #[must_use]
    pub fn message(&self) -> Text {
        match self {
            Self::Unchanged { .. } => Text::fixed("所属も職名も今と同じです", "section and position stay the same"),
            Self::Vacant { role, section, .. } => Text::new(
                format!("課「{section}」の{role}が空席になります。後任を任命してください"),
                format!("nobody is `{role}` of section `{section}` after this; appoint a successor"),
            ),
            Self::Stays { assignment, role, .. } => Text::new(
                format!("{role}({assignment})は異動後も残ります。続けるかを確かめてください"),
                format!("the role `{role}` ({assignment}) stays with the person; check whether it should"),
            ),
            Self::Deputy { assignment, .. } => Text::new(
                format!("役割の任命{assignment}の代理者です。代理者を改めるかを確かめてください"),
                format!("the person is deputy in assignment `{assignment}`; check whether another is needed"),
            ),
        }
    }

    /// The row of the sheet.
    #[must_use]
    pub const fn row(&self) -> u32 {
        match self {
            Self::Unchanged { row } | Self::Vacant { row, .. } | Self::Stays { row, .. } | Self::Deputy { row, .. } => {
                *row
            }
        }
    }
}
