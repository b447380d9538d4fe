//! Who works here, in which section, and in which roles, on any day: made of the registers `person`, `section` and
//! `role_assignment`, of `system` and `zone` for the tier that a role is held over, and of the absences that people enter.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::scheme::{SchemeKind, Schemes};
use serde_json::Value;

use crate::hall::collection;

/// The registers that a directory is made of.
pub const REGISTERS: [&str; 5] = ["person", "section", "role_assignment", "system", "zone"];

/// Everybody, and what they are.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// By key of the register `person`.
    pub people: BTreeMap<String, Member>,
    /// By key of the register `section`.
    pub sections: BTreeMap<String, Unit>,
    /// In the order of their keys.
    pub appointments: Vec<Appointment>,
    /// In the order of their keys.
    pub absences: Vec<Absence>,
    /// By key of the register `system`.
    systems: BTreeMap<String, System>,
    /// By key of the register `zone`: the national code of its tier.
    zones: BTreeMap<String, &'static str>,
}

/// What roles and rights ask of an information system.
#[derive(Debug, Clone, PartialEq, Eq)]
struct System {
    section: String,
    zone: String,
}

/// One of the personnel (職員等).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: String,
    /// How it is read.
    pub reading: String,
    /// The key of the section.
    pub section: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Whether they work with MyNumber affairs.
    pub handles_mynumber: bool,
    /// The first day.
    pub joined_on: Option<Date>,
    /// The last day.
    pub left_on: Option<Date>,
}

/// A section (課・室).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The name.
    pub name: String,
    /// The key of the organ.
    pub organ: String,
    /// The section above.
    pub parent: Option<String>,
}

/// A role that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// The national code.
    pub role: &'static str,
    /// Who.
    pub person: String,
    /// For a role over an organ.
    pub organ: Option<String>,
    /// For a role over a section.
    pub section: Option<String>,
    /// For a role over an information system.
    pub system: Option<String>,
    /// Who stands in.
    pub deputy: Option<String>,
    /// The first day.
    pub appointed_on: Option<Date>,
    /// The last day.
    pub ends_on: Option<Date>,
}

/// Days on which somebody is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Who.
    pub person: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Whom they named to stand in.
    pub stand_in: Option<String>,
}

impl Directory {
    /// Makes the directory; `documents` gives the keys and documents of a register.
    ///
    /// # Errors
    /// What `documents` returns.
    pub fn new<E>(
        mut documents: impl FnMut(&str) -> Result<Vec<(String, Value)>, E>,
        schemes: &Schemes,
    ) -> Result<Self, E> {
        let (people, sections) = (documents("person")?, documents("section")?);
        let tier = |(key, zone): (String, Value)| Some((key, schemes.code(SchemeKind::Tier, &text(&zone, "tier")?)?));
        let system = |(key, document): (String, Value)| {
            let section = text(&document, "section").unwrap_or_default();
            let zone = text(&document, "zone").unwrap_or_default();
            (key, System { section, zone })
        };
        Ok(Self {
            people: people.iter().map(|(key, d)| (key.clone(), member(d))).collect(),
            sections: sections.iter().map(|(key, d)| (key.clone(), unit(d))).collect(),
            appointments: documents("role_assignment")?
                .iter()
                .filter_map(|(_, d)| appointment(d, schemes))
                .collect(),
            zones: documents("zone")?.into_iter().filter_map(tier).collect(),
            systems: documents("system")?.into_iter().map(system).collect(),
            absences: documents(collection::ABSENCE)?
                .iter()
                .filter_map(|(_, d)| absence(d))
                .collect(),
        })
    }

    /// The national code of the tier of a system.
    #[must_use]
    pub fn tier_of(&self, system: &str) -> Option<&'static str> {
        self.tier_of_zone(&self.systems.get(system)?.zone)
    }

    /// The national code of the tier of a zone.
    #[must_use]
    pub fn tier_of_zone(&self, zone: &str) -> Option<&'static str> {
        self.zones.get(zone).copied()
    }

    /// The section that answers for a system.
    #[must_use]
    pub fn section_of_system(&self, system: &str) -> Option<&str> {
        self.systems.get(system).map(|system| system.section.as_str())
    }

    /// A section and those below it.
    #[must_use]
    pub fn below(&self, section: &str) -> Vec<String> {
        let mut below = vec![section.to_owned()];
        let mut next = 0;
        while let Some(above) = below.get(next).cloned() {
            next += 1;
            let children = self
                .sections
                .iter()
                .filter(|(_, unit)| unit.parent.as_deref() == Some(&above));
            for (key, _) in children {
                if !below.contains(key) {
                    below.push(key.clone());
                }
            }
        }
        below
    }

    /// The person, if they work here on that day.
    #[must_use]
    pub fn member(&self, person: &str, on: Date) -> Option<&Member> {
        let member = self.people.get(person)?;
        let here = member.joined_on.is_none_or(|first| first <= on) && member.left_on.is_none_or(|last| on <= last);
        here.then_some(member)
    }

    /// The roles that hold on that day.
    pub fn in_force(&self, on: Date) -> impl Iterator<Item = &Appointment> {
        self.appointments
            .iter()
            .filter(move |appointment| self.holds(appointment, on))
    }

    /// The roles of a person on that day.
    pub fn roles_of<'d>(&'d self, person: &'d str, on: Date) -> impl Iterator<Item = &'d Appointment> {
        let theirs = self.appointments.iter().filter(move |held| held.person == person);
        theirs.filter(move |held| self.holds(held, on))
    }

    fn holds(&self, appointment: &Appointment, on: Date) -> bool {
        appointment.appointed_on.is_none_or(|first| first <= on)
            && appointment.ends_on.is_none_or(|last| on <= last)
            && self.member(&appointment.person, on).is_some()
    }
}

impl Appointment {
    fn lent(&self) -> approval::directory::Appointment<'_> {
        approval::directory::Appointment {
            person: &self.person,
            organ: self.organ.as_deref(),
            section: self.section.as_deref(),
            system: self.system.as_deref(),
            deputy: self.deputy.as_deref(),
        }
    }
}

impl approval::directory::Directory for Directory {
    fn section_of(&self, person: &str, on: Date) -> Option<&str> {
        self.member(person, on).map(|member| member.section.as_str())
    }

    fn above(&self, section: &str) -> Option<&str> {
        self.sections.get(section)?.parent.as_deref()
    }

    fn organ_of(&self, section: &str) -> Option<&str> {
        self.sections.get(section).map(|unit| unit.organ.as_str())
    }

    fn appointments(&self, role: &str, on: Date) -> Vec<approval::directory::Appointment<'_>> {
        let holding = self.in_force(on).filter(|appointment| appointment.role == role);
        holding.map(Appointment::lent).collect()
    }

    fn absence(&self, person: &str, on: Date) -> Option<approval::directory::Absence<'_>> {
        let absence = self
            .absences
            .iter()
            .find(|absence| absence.person == person && absence.from <= on && on <= absence.until)?;
        Some(approval::directory::Absence {
            until: absence.until,
            stand_in: absence.stand_in.as_deref(),
        })
    }
}

fn member(document: &Value) -> Member {
    Member {
        name: text(document, "name").unwrap_or_default(),
        reading: text(document, "reading").unwrap_or_default(),
        section: text(document, "section").unwrap_or_default(),
        email: text(document, "email"),
        handles_mynumber: document
            .get("handles_mynumber")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        joined_on: date(document, "joined_on"),
        left_on: date(document, "left_on"),
    }
}

fn unit(document: &Value) -> Unit {
    Unit {
        name: text(document, "name").unwrap_or_default(),
        organ: text(document, "organ").unwrap_or_default(),
        parent: text(document, "parent"),
    }
}

/// A role whose word the city's scheme does not know gives nobody any right.
fn appointment(document: &Value, schemes: &Schemes) -> Option<Appointment> {
    Some(Appointment {
        role: schemes.code(SchemeKind::Role, &text(document, "role")?)?,
        person: text(document, "person")?,
        organ: text(document, "organ"),
        section: text(document, "section"),
        system: text(document, "system"),
        deputy: text(document, "deputy"),
        appointed_on: date(document, "appointed_on"),
        ends_on: date(document, "ends_on"),
    })
}

fn absence(document: &Value) -> Option<Absence> {
    Some(Absence {
        person: text(document, "person")?,
        from: date(document, "from")?,
        until: date(document, "until")?,
        stand_in: text(document, "stand_in"),
    })
}

fn text(document: &Value, field: &str) -> Option<String> {
    let text = document.get(field)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn date(document: &Value, field: &str) -> Option<Date> {
    document.get(field)?.as_str()?.parse().ok()
}
