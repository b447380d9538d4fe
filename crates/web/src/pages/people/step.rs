//! What one step of an announcement of transfers does, in words.

use access::transfer::Change;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use service::hall::Hall;
use service::hall::directory::Directory;

use crate::filters::day_in;
use crate::href;
use crate::view::name;

/// A step as people read it.
#[derive(Debug, Clone)]
pub(super) struct StepView {
    /// The row of the sheet.
    pub(super) row: u32,
    /// The day on which it is done.
    pub(super) on: Date,
    /// Whom it is about.
    pub(super) person: String,
    /// Their page, once they are in the register.
    pub(super) href: Option<String>,
    /// What is done.
    pub(super) words: Text,
    /// What became of it; nothing before it was confirmed.
    pub(super) outcome: Option<Text>,
    /// Whether it could not be done.
    pub(super) is_failed: bool,
}

impl StepView {
    pub(super) fn of(hall: &Hall, planned: &access::transfer::Planned) -> Self {
        let directory = hall.directory();
        let (person, words) = said(hall, &directory, &planned.change);
        let known = directory.people.contains_key(&person);
        let named = match &planned.change {
            Change::AddPerson { person, name, .. } => format!("{name} ({person})"),
            _ => name::person(&directory, &person),
        };
        Self {
            row: planned.row,
            on: planned.on,
            href: known.then(|| href::person(&person)),
            person: named,
            words,
            outcome: None,
            is_failed: false,
        }
    }
}

/// Whom a change is about, and what it does.
fn said(hall: &Hall, directory: &Directory, change: &Change) -> (String, Text) {
    let day = |day: Date, lang| day_in(day, lang);
    match change {
        Change::AddPerson {
            person,
            section,
            position,
            joined_on,
            ..
        } => {
            let place = placed(directory, section, position.as_deref());
            let words = Text::new(
                format!("台帳に登録する: {place}、着任日 {}", day(*joined_on, Lang::Ja)),
                format!("add to the register: {place}, joining on {}", day(*joined_on, Lang::En)),
            );
            (person.clone(), words)
        }
        Change::MovePerson {
            person,
            section,
            position,
        } => {
            let before = directory.people.get(person).map(|member| member.section.as_str());
            let before = name::section(directory, before.unwrap_or_default());
            let place = placed(directory, section, position.as_deref());
            let words = Text::new(format!("異動: {before} → {place}"), format!("move: {before} → {place}"));
            (person.clone(), words)
        }
        Change::EndPerson { person, left_on } => {
            let words = Text::new(
                format!("離任日を{}とする", day(*left_on, Lang::Ja)),
                format!("the last day becomes {}", day(*left_on, Lang::En)),
            );
            (person.clone(), words)
        }
        Change::EndAssignment { assignment, ends_on } => {
            let entry = hall.store().entry("role_assignment", assignment).ok().flatten();
            let of = |field: &str| {
                let value = entry.as_ref().and_then(|entry| entry.document.get(field)?.as_str());
                value.unwrap_or_default().to_owned()
            };
            let role = of("role");
            let words = Text::new(
                format!("{role}({assignment})の任期の終わりを{}とする", day(*ends_on, Lang::Ja)),
                format!("the role {role} ({assignment}) ends on {}", day(*ends_on, Lang::En)),
            );
            (of("person"), words)
        }
        Change::Invite { person } => (
            person.clone(),
            Text::fixed(
                "利用者IDを作る(招待できるようになる)",
                "make an account, so that they can be invited",
            ),
        ),
        Change::Suspend { person } => (
            person.clone(),
            Text::fixed(
                "利用者IDを停止し、サインインとトークンを終わらせる",
                "suspend the account; sessions and tokens end",
            ),
        ),
    }
}

fn placed(directory: &Directory, section: &str, position: Option<&str>) -> String {
    let section = name::section(directory, section);
    match position {
        Some(position) => format!("{section} {position}"),
        None => section,
    }
}
