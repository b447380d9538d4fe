//! The matrix: every role × every act × every kind of thing, and how far each reaches.
//!
//! It is asked of the rules, not written down: a page or a test that walks it sees what holds.

mod table;
mod thing;

use model::lang::Text;
use model::scheme::SchemeKind;
use serde::Serialize;

pub use self::table::{LEGEND, role_title, table};
pub use self::thing::{THINGS, Thing};
use super::{Act, Authority, Grade, Over, Person, Post, Principal, Unmakeable};
use crate::rule::{ADMINISTRATOR, PERSONNEL};

/// The word for somebody without a session.
pub const VISITOR: &str = "visitor";

/// How far somebody's right reaches, nearest first; each reach is asked on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// What is about oneself: one's own entry, request, account.
    Own,
    /// What the role is held over where that is a system.
    System,
    /// One's section, which is also the section that the role is held over.
    Section,
    /// The organ of one's section, but another section of it.
    Organ,
    /// Elsewhere in the city.
    City,
}

/// One cell: whether a role may do an act to a thing at each reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The role's code, `personnel`, `administrator` or `visitor`.
    pub role: &'static str,
    /// The act.
    pub act: Act,
    /// The thing.
    pub thing: &'static str,
    /// Where it is allowed, nearest first.
    pub allowed: Vec<Reach>,
}

impl Reach {
    /// Every reach, nearest first.
    pub const ALL: [Self; 5] = [Self::Own, Self::System, Self::Section, Self::Organ, Self::City];

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> Text {
        match self {
            Self::Own => Text::fixed("本人", "own"),
            Self::System => Text::fixed("システム", "system"),
            Self::Section => Text::fixed("課", "section"),
            Self::Organ => Text::fixed("機関", "organ"),
            Self::City => Text::fixed("全体", "everywhere"),
        }
    }
}

const SELF: &str = "somebody";
const OTHER: &str = "somebody else";

/// The roles of the matrix, in order: a visitor, personnel, the policy's roles from the lowest, the administrator.
#[must_use]
pub fn roles() -> Vec<&'static str> {
    let nationals = SchemeKind::Role.nationals().iter().map(|national| national.code);
    [VISITOR, PERSONNEL]
        .into_iter()
        .chain(nationals)
        .chain([ADMINISTRATOR])
        .collect()
}

/// What a role is usually held over.
fn over(role: &str) -> Over {
    match role {
        "department_manager" => Over::Organ("O1".to_owned()),
        "section_manager" => Over::Sections(vec!["S1".to_owned()]),
        "system_manager" | "system_operator" => Over::System("SYS-1".to_owned()),
        _ => Over::City,
    }
}

/// Somebody who holds one role, in section S1 of organ O1, over what such a role is usually held over.
///
/// # Errors
/// None for the roles of [`roles`].
pub fn holder(role: &str) -> Result<Principal, Unmakeable> {
    if role == VISITOR {
        return Principal::visitor();
    }
    let posts = match role {
        PERSONNEL => Vec::new(),
        _ => vec![Post {
            role: role.to_owned(),
            over: over(role),
        }],
    };
    Principal::person(&Person {
        key: SELF.to_owned(),
        section: "S1".to_owned(),
        organ: "O1".to_owned(),
        posts,
        clearance: Grade::cleared_by([role]),
        mynumber: false,
    })
}

/// Asks about every role, act and thing that can meet.
///
/// # Errors
/// None: see [`holder`].
pub fn matrix(authority: &Authority) -> Result<Vec<Cell>, Unmakeable> {
    let mut cells = Vec::new();
    for role in roles() {
        let who = holder(role)?;
        for thing in THINGS {
            let acts = Act::ALL
                .iter()
                .copied()
                .filter(|act| authority.applies(*act, thing.kind));
            cells.extend(acts.map(|act| {
                Cell {
                    role,
                    act,
                    thing: thing.id,
                    allowed: Reach::ALL
                        .into_iter()
                        .filter(|reach| thing.ask(authority, &who, act, *reach))
                        .collect(),
                }
            }));
        }
    }
    Ok(cells)
}
