//! Transfers of personnel (人事異動) in bulk, with an effective date.
//!
//! In: who is here and which roles they hold, and the rows of the announcement (辞令) as a spreadsheet gave them. Out:
//! what is to be changed now, what on the date, and what somebody should look at; or every conflict, and nothing is
//! changed. Nothing is read or written here: the caller shows the plan, has it confirmed, applies what is due and keeps
//! the rest as jobs.
//!
//! What a record can say in advance is written at once (a day of joining or leaving, the end of a role over a section);
//! what it cannot (the section a person is in, an account) waits for the day.

mod conflict;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::conflict::{Conflict, Problem, Remark};

/// A person of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// 職員番号
    pub code: String,
    /// 氏名
    pub name: String,
    /// 所属 (課コード)
    pub section: String,
    /// 職名
    pub position: Option<String>,
    /// 離任日: the last day
    pub left_on: Option<Date>,
}

/// A role that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// 番号
    pub code: String,
    /// The role, in the city's word.
    pub role: String,
    /// Who holds it.
    pub person: String,
    /// The section over which it is held; `None` for an organ, a system or the whole city.
    pub section: Option<String>,
    /// Who stands in.
    pub deputy: Option<String>,
    /// The last day.
    pub ends_on: Option<Date>,
}

/// How things stand.
#[derive(Debug, Clone, Copy)]
pub struct Current<'c> {
    /// Everybody in the register, those who left too.
    pub people: &'c [Person],
    /// The roles.
    pub assignments: &'c [Assignment],
    /// The codes of the sections, with their names.
    pub sections: &'c BTreeMap<String, String>,
    /// People for whom an earlier announcement still waits for its day.
    pub waiting: &'c BTreeSet<String>,
    /// Today.
    pub today: Date,
}

/// A row of the announcement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The row of the sheet.
    pub row: u32,
    /// 職員番号
    pub person: String,
    /// 氏名; needed for who joins, compared for who is here.
    pub name: Option<String>,
    /// What happens; without it whoever is new joins and whoever is known moves.
    pub kind: Option<Kind>,
    /// 新所属 (課コード)
    pub section: Option<String>,
    /// 新職名
    pub position: Option<String>,
    /// The first day on which it holds, where it differs from that of the announcement.
    pub on: Option<Date>,
    /// Whatever else the row says of who joins, by the names of the register's fields.
    pub others: BTreeMap<String, Value>,
}

/// What happens to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 採用・転入
    Joining,
    /// 異動・昇任
    Moving,
    /// 退職・転出; the last day is the one before.
    Leaving,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// At once.
    pub now: Vec<Planned>,
    /// On the day that each names; in the order of the days.
    pub later: Vec<Planned>,
    /// What somebody should look at.
    pub remarks: Vec<Remark>,
}

/// One change, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// The day on which it is made.
    pub on: Date,
    /// The row that asks for it.
    pub row: u32,
    /// The change.
    pub change: Change,
}

/// A change of a register or an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// A new entry of the register of personnel.
    AddPerson {
        /// 職員番号
        person: String,
        /// 氏名
        name: String,
        /// 所属
        section: String,
        /// 職名
        position: Option<String>,
        /// 着任日
        joined_on: Date,
        /// The other fields.
        others: BTreeMap<String, Value>,
    },
    /// Another section, another position, or both.
    MovePerson {
        /// 職員番号
        person: String,
        /// 新所属
        section: String,
        /// 新職名
        position: Option<String>,
    },
    /// The last day of a person.
    EndPerson {
        /// 職員番号
        person: String,
        /// 離任日
        left_on: Date,
    },
    /// The last day of a role.
    EndAssignment {
        /// 番号
        assignment: String,
        /// 任期の終わり
        ends_on: Date,
    },
    /// An account is made and its person invited.
    Invite {
        /// 職員番号
        person: String,
    },
    /// The account is suspended; its sessions and tokens end.
    Suspend {
        /// 職員番号
        person: String,
    },
}

/// Plans an announcement that holds from `on`.
///
/// # Errors
/// Every conflict, in the order of the rows.
pub fn plan(current: Current<'_>, rows: &[Row], on: Date) -> Result<Plan, Vec<Conflict>> {
    let conflicts = conflict::conflicts(current, rows, on);
    if conflicts.is_empty() {
        Ok(plan::plan(current, rows, on))
    } else {
        Err(conflicts)
    }
}

impl Row {
    /// The first day on which the row holds.
    fn day(&self, announced: Date) -> Date {
        self.on.unwrap_or(announced)
    }

    fn kind(&self, current: Current<'_>) -> Kind {
        self.kind.unwrap_or(match current.person(&self.person) {
            None => Kind::Joining,
            Some(_) => Kind::Moving,
        })
    }
}

impl<'c> Current<'c> {
    fn person(&self, code: &str) -> Option<&'c Person> {
        self.people.iter().find(|person| person.code == code)
    }
}

impl Assignment {
    fn holds_on(&self, date: Date) -> bool {
        self.ends_on.is_none_or(|ends_on| ends_on >= date)
    }
}

/// The day before.
fn eve(date: Date) -> Date {
    date.yesterday().unwrap_or(date)
}

#[cfg(test)]
mod tests;
