//! Personnel acknowledge (確認) the policy, the standard, the procedures of their section and whatever was published: that they read it and
//! keep it. Each acknowledgement is a row of the register `acknowledgement`, which the duties of the policy look at.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::date::{fiscal_year, fiscal_year_end};
use serde_json::{Value, json};
use store::{Filter, Query, Sort};

use super::entry::Entered;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal, collection};

/// The register of acknowledgements.
const ACKNOWLEDGEMENT: &str = "acknowledgement";
/// The register of documents.
const DOCUMENT: &str = "document";
/// The most acknowledgements of one person that are looked at.
const OF_ONE: usize = 2_000;
/// The most characters of a row's number.
const NUMBER: usize = 40;

/// A document that is to be acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToAcknowledge {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// An acknowledgement counts from this day on: that of the version in force, or of the fiscal year.
    pub since: Date,
    /// For a procedure: the section whose personnel it concerns. `None` for everybody.
    pub section: Option<String>,
}

/// How far a document was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// How many of those whom it concerns did.
    pub done: usize,
    /// Whom it concerns.
    pub of: usize,
    /// Those who have not and of whom the visitor may know it, by key, in the order of their sections; `None` where they may know of
    /// nobody.
    pub missing: Option<Vec<String>>,
}

impl Hall {
    /// The documents that a visitor has yet to acknowledge, in the order of their keys.
    ///
    /// # Errors
    /// What the database says.
    pub fn to_acknowledge(&self, visitor: &Visitor) -> Result<Vec<ToAcknowledge>, Refusal> {
        if self.directory().member(&visitor.person, self.today()).is_none() {
            return Ok(Vec::new());
        }
        let mut documents = Vec::new();
        for (to, row) in self.acknowledgeable()? {
            let concerns = to.section.as_ref().is_none_or(|section| *section == visitor.section);
            if concerns && self.permit_on_document(visitor, Verb::Read, &row).is_ok() {
                documents.push(to);
            }
        }
        if documents.is_empty() {
            return Ok(documents);
        }
        let known = self.acknowledged_by(&visitor.person)?;
        documents.retain(|to| known.get(&to.key).is_none_or(|on| *on < to.since));
        Ok(documents)
    }

    /// Whether a visitor has yet to acknowledge a document.
    ///
    /// # Errors
    /// What the database says.
    pub fn has_to_acknowledge(&self, visitor: &Visitor, document: &str) -> Result<bool, Refusal> {
        Ok(self.to_acknowledge(visitor)?.iter().any(|to| to.key == document))
    }

    /// A visitor acknowledges a document.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where it is none that they have to acknowledge; [`Refusal::Store`]
    pub fn acknowledge(&self, visitor: &Visitor, document: &str) -> Result<(), Refusal> {
        if !self.has_to_acknowledge(visitor, document)? {
            return Err(Refusal::NotFound);
        }
        let (person, today) = (visitor.person.as_str(), self.today());
        let mut number = format!("AK-{document}-{person}-{}", today.strftime("%Y%m%d"));
        if number.chars().count() > NUMBER {
            let drawn = u64::from_be_bytes(model::random::bytes(self.random()));
            number = format!("AK-{drawn:016x}");
        }
        self.enter(
            visitor,
            &Entered {
                register: ACKNOWLEDGEMENT.to_owned(),
                seen: None,
                document: json!({
                    "code": number,
                    "person": person,
                    "document": document,
                    "acknowledged_on": today.to_string(),
                }),
                reason: None,
            },
        )?;
        Ok(())
    }

    /// How far a document was acknowledged; `None` for one that nobody has to.
    ///
    /// # Errors
    /// What the database says.
    pub fn acknowledged(&self, visitor: &Visitor, document: &str) -> Result<Option<Acknowledged>, Refusal> {
        let found = self.acknowledgeable()?.into_iter().find(|(to, _)| to.key == document);
        let Some((to, _)) = found else { return Ok(None) };
        let (city, directory, today) = (self.city().ok_or(Refusal::NoCity)?, self.directory(), self.today());
        let Some(kind) = city.kind(ACKNOWLEDGEMENT) else {
            return Ok(None);
        };
        let known = self.acknowledged_of(document)?;
        let (mut done, mut of, mut missing, mut may_know) = (0, 0, Vec::new(), false);
        for key in directory.people.keys() {
            let Some(member) = directory.member(key, today) else {
                continue;
            };
            if to.section.as_ref().is_some_and(|section| *section != member.section) {
                continue;
            }
            of += 1;
            let row = self.entry_resource(kind, &json!({ "person": key }));
            // Of oneself everybody knows; that alone is no list.
            let may = *key != visitor.person && self.allow(visitor, Verb::Read, &row).is_ok();
            may_know |= may;
            if known.get(key).is_some_and(|on| *on >= to.since) {
                done += 1;
            } else if may {
                missing.push((member.section.clone(), key.clone()));
            }
        }
        missing.sort();
        Ok(Some(Acknowledged {
            done,
            of,
            missing: may_know.then(|| missing.into_iter().map(|(_, key)| key).collect()),
        }))
    }

    /// The documents that are to be acknowledged, with their rows: the policy in force, the standard, procedures, what was published.
    fn acknowledgeable(&self) -> Result<Vec<(ToAcknowledge, Value)>, Refusal> {
        let today = self.today();
        let mut published: BTreeMap<String, Date> = BTreeMap::new();
        self.store.scan(collection::PUBLICATION, &mut |entry| {
            if let Some(on) = date(&entry.document, "published_on").filter(|_| entry.retired_at.is_none()) {
                published.insert(entry.key, on);
            }
            Ok(())
        })?;
        let mut documents = Vec::new();
        self.store.scan(DOCUMENT, &mut |entry| {
            let row = &entry.document;
            let text = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default();
            let in_use = entry.retired_at.is_none() && date(row, "withdrawn_on").is_none_or(|day| day > today);
            let published_on = published.get(&entry.key).copied();
            let (kind, approved_on) = (text("kind"), date(row, "approved_on"));
            let is_binding = ["basic_policy", "standard", "procedure"].contains(&kind);
            // What was never approved binds nobody.
            let of_version = approved_on.max(published_on).filter(|day| *day <= today);
            if let Some(of_version) = of_version.filter(|_| in_use && (is_binding || published_on.is_some())) {
                // The policy is acknowledged anew each fiscal year, as its duty asks.
                let since = if kind == "basic_policy" {
                    of_version.max(begin_of_year(today))
                } else {
                    of_version
                };
                let to = ToAcknowledge {
                    title: entry.title.clone(),
                    since,
                    section: (kind == "procedure").then(|| text("section").to_owned()),
                    key: entry.key,
                };
                documents.push((to, entry.document));
            }
            Ok(())
        })?;
        documents.sort_by(|one, two| one.0.key.cmp(&two.0.key));
        Ok(documents)
    }

    /// The latest day on which a person acknowledged each document.
    fn acknowledged_by(&self, person: &str) -> Result<BTreeMap<String, Date>, Refusal> {
        let query = Query {
            filters: vec![Filter::is("person", person.as_bytes())],
            sort: Sort::Key,
            limit: OF_ONE,
            ..Query::of(ACKNOWLEDGEMENT)
        };
        let mut latest = BTreeMap::new();
        for entry in self.store.list(&query)?.rows {
            note(&mut latest, &entry.document, "document");
        }
        Ok(latest)
    }

    /// The latest day on which each person acknowledged a document.
    fn acknowledged_of(&self, document: &str) -> Result<BTreeMap<String, Date>, Refusal> {
        let mut latest = BTreeMap::new();
        self.store.scan(ACKNOWLEDGEMENT, &mut |entry| {
            let of = entry.document.get("document").and_then(Value::as_str);
            if entry.retired_at.is_none() && of == Some(document) {
                note(&mut latest, &entry.document, "person");
            }
            Ok(())
        })?;
        Ok(latest)
    }
}

/// Takes an acknowledgement into account under what its field names.
fn note(latest: &mut BTreeMap<String, Date>, row: &Value, field: &str) {
    let named = row.get(field).and_then(Value::as_str);
    if let (Some(named), Some(on)) = (named, date(row, "acknowledged_on")) {
        let day = latest.entry(named.to_owned()).or_insert(on);
        *day = on.max(*day);
    }
}

/// The first day of the fiscal year of a day.
fn begin_of_year(day: Date) -> Date {
    let eve = fiscal_year_end(fiscal_year(day).saturating_sub(1));
    eve.tomorrow().unwrap_or(eve)
}

fn date(document: &Value, field: &str) -> Option<Date> {
    document.get(field)?.as_str()?.parse().ok()
}
