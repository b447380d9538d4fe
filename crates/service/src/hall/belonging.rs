//! What a row belongs to: everything in it that rights depend on, looked up once for all rows of a list.

use std::sync::Arc;

use access::authority::{Entry, Resource};
use approval::directory::Directory as _;
use jiff::civil::Date;
use model::scheme::SchemeKind;
use register::{FieldKind, KEY, Kind};
use serde_json::Value;
use store::Properties;

use super::Hall;
use super::directory::Directory;
use crate::city::City;

/// The field of a row that is about a person, and the field that names a tier.
const PERSON: &str = "person";
const TIER: &str = "tier";

/// How the rows of a register belong to people, systems, sections and zones.
pub(in crate::hall) struct Belonging<'k> {
    kind: &'k Kind,
    directory: Arc<Directory>,
    city: Option<Arc<City>>,
    today: Date,
    persons: Vec<&'k str>,
    systems: Vec<&'k str>,
    sections: Vec<&'k str>,
    zones: Vec<&'k str>,
    is_about_people: bool,
}

/// What one row belongs to.
#[derive(Debug)]
pub(in crate::hall) struct Belongs<'d> {
    register: &'d str,
    section: &'d str,
    organ: &'d str,
    system: &'d str,
    zone: &'d str,
    concerns: Vec<String>,
}

impl Belongs<'_> {
    /// The row as the rules know it.
    pub(in crate::hall) fn entry(&self) -> Entry<'_> {
        Entry {
            register: self.register,
            section: self.section,
            organ: self.organ,
            system: self.system,
            zone: self.zone,
            concerns: &self.concerns,
        }
    }

    /// The row as something to act on.
    pub(in crate::hall) fn resource(&self) -> Resource<'_> {
        Resource::Entry(self.entry())
    }
}

impl Hall {
    /// What the rows of a register belong to, as people and sections are now.
    pub(in crate::hall) fn belonging<'k>(&self, kind: &'k Kind) -> Belonging<'k> {
        // The fields that refer to a register, in the order of the struct: the first one that is filled counts.
        let referring = |register: &str| {
            let fields = kind.fields.iter().filter(|field| !field.local);
            let refers = |kind: &FieldKind| matches!(kind, FieldKind::Reference(to) if to == register);
            fields
                .filter(|field| refers(&field.kind))
                .map(|field| field.name.as_str())
                .collect()
        };
        Belonging {
            directory: self.directory(),
            city: self.city(),
            today: self.today(),
            persons: referring("person"),
            systems: referring("system"),
            sections: referring("section"),
            zones: referring("zone"),
            is_about_people: kind.field(PERSON).is_some(),
            kind,
        }
    }
}

impl Belonging<'_> {
    /// Everything of a document that [`Belonging::of`] looks at.
    pub(in crate::hall) fn add_to(&self, properties: &mut Properties) {
        let referring = [&self.persons, &self.systems, &self.sections, &self.zones];
        let fields = referring.into_iter().flatten().copied();
        fields
            .chain([KEY, PERSON, TIER])
            .for_each(|field| properties.insert(field));
    }

    /// What a row belongs to.
    pub(in crate::hall) fn of<'d>(&'d self, document: &'d Value) -> Belongs<'d> {
        let text = |name: &str| {
            let text = document.get(name).and_then(Value::as_str);
            text.filter(|text| !text.is_empty())
        };
        let first = |fields: &[&str]| fields.iter().find_map(|field| text(field));
        let own = |register: &str| (self.kind.slug == register).then(|| self.kind.key_of(document));
        let (directory, today) = (&self.directory, self.today);
        let person = own("person").or_else(|| first(&self.persons));
        let system = own("system").or_else(|| first(&self.systems));
        let of_system = || directory.section_of_system(system?);
        let of_person = || directory.member(person?, today).map(|member| member.section.as_str());
        let section = own("section")
            .or_else(|| first(&self.sections))
            .or_else(of_system)
            .or_else(of_person);
        let section = section.unwrap_or_default();
        let zone = own("zone").or_else(|| first(&self.zones));
        let tier = zone.and_then(|zone| directory.tier_of_zone(zone));
        let schemes = || Some(&self.city.as_ref()?.settings.schemes);
        let tier = tier
            .or_else(|| directory.tier_of(system?))
            .or_else(|| schemes()?.code(SchemeKind::Tier, text(TIER)?));
        let about = own("person").or_else(|| text(PERSON).filter(|_| self.is_about_people));
        Belongs {
            register: &self.kind.slug,
            section,
            organ: directory.organ_of(section).unwrap_or_default(),
            system: system.unwrap_or_default(),
            zone: tier.unwrap_or_default(),
            concerns: about.into_iter().map(str::to_owned).collect(),
        }
    }
}
