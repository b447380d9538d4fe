//! The people and sections that every other register refers to.

use jiff::civil::Date;

use super::AS_OF;
use super::organisation::{SECTIONS, Section};
use super::people::{Person, everybody};

/// Who works where; read-only once made.
pub(crate) struct Town {
    pub(crate) people: Vec<Person>,
}

impl Town {
    pub(crate) fn new() -> Self {
        Self { people: everybody() }
    }

    /// The code of the only person in this position; empty where there is none.
    pub(crate) fn officer(&self, position: &str) -> &str {
        let found = self
            .people
            .iter()
            .find(|person| !position.is_empty() && person.position == position);
        found.map_or("", |person| &person.code)
    }

    /// The code of a section's head.
    pub(crate) fn head(&self, section: &str) -> &str {
        known(section).map_or("", |section| self.officer(section.head))
    }

    /// Who stands in for a section's head: the next in rank.
    pub(crate) fn second(&self, section: &str) -> &str {
        let second = self.staff(section).find(|person| person.rank == 1);
        second.map_or("", |person| &person.code)
    }

    /// Everybody working today.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.works_on(AS_OF))
    }

    /// A section's own staff working today, head first, without the holders of city-wide offices whom it lodges.
    pub(crate) fn staff<'a>(&'a self, section: &str) -> impl Iterator<Item = &'a Person> + use<'a> {
        let section = known(section);
        let own = move |person: &&Person| {
            section.is_some_and(|section| person.section == section.code && person.is_own(section))
        };
        self.active().filter(own)
    }

    /// The codes of a section's staff who can be given a task.
    pub(crate) fn hands<'a>(&'a self, section: &str) -> Vec<&'a str> {
        let own = self.staff(section).filter(|person| person.vendor.is_empty());
        own.map(|person| person.code.as_str()).collect()
    }

    /// The section that somebody works in.
    pub(crate) fn section_of(&self, person: &str) -> &'static str {
        let found = self.people.iter().find(|known| known.code == person);
        found.map_or("", |person| person.section)
    }
}

fn known(section: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|known| known.code == section)
}

/// Whether somebody who worked from `joined` to `left` worked on `day`.
pub(crate) fn worked(joined: Date, left: Option<Date>, day: Date) -> bool {
    joined <= day && left.is_none_or(|left| day <= left)
}
