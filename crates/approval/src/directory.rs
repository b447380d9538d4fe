//! Who holds which role on a day: what the caller knows about its people.

use jiff::civil::Date;

/// People, sections, roles and absences, on any day. People, sections, organs and systems are keys of their registers.
pub trait Directory {
    /// The section of a person who works here on that day; `None` for everybody else.
    fn section_of(&self, person: &str, on: Date) -> Option<&str>;

    /// The section above a section.
    fn above(&self, section: &str) -> Option<&str>;

    /// The organ that a section belongs to.
    fn organ_of(&self, section: &str) -> Option<&str>;

    /// Who is appointed to a role (by its national code) on that day and works here.
    fn appointments(&self, role: &str, on: Date) -> Vec<Appointment<'_>>;

    /// The absence of a person that the day falls into.
    fn absence(&self, person: &str, on: Date) -> Option<Absence<'_>>;
}

/// Somebody holds a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appointment<'d> {
    /// Who.
    pub person: &'d str,
    /// For a role over an organ.
    pub organ: Option<&'d str>,
    /// For a role over a section.
    pub section: Option<&'d str>,
    /// For a role over an information system.
    pub system: Option<&'d str>,
    /// Who decides for them while they are away (代決), by the appointment.
    pub deputy: Option<&'d str>,
}

/// Days on which somebody is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence<'d> {
    /// The last day.
    pub until: Date,
    /// Whom they named to stand in for these days (代理).
    pub stand_in: Option<&'d str>,
}

/// How many sections may lie above one another; a circle of them ends here.
const DEEPEST: usize = 16;

/// A section and those above it, nearest first.
pub(crate) fn upwards<'d>(directory: &'d dyn Directory, section: &'d str) -> impl Iterator<Item = &'d str> {
    std::iter::successors(Some(section), |section| directory.above(section)).take(DEEPEST)
}
