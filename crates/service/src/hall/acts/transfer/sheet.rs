//! The sheet of an announcement as rows, and everything that stands against one of them by its cell.

use std::collections::{BTreeMap, BTreeSet};

use access::transfer::{self, Assignment, Change, Current, Person, Plan, Planned, Row};
use jiff::civil::Date;
use model::lang::Text;
use register::{Fault, Kind, Words, form, table};
use registers::transfer::TransferRow;
use serde_json::{Map, Value};

use super::{ASSIGNMENT, PERSON, SECTION};
use crate::city::City;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::live::documents;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal};

/// The most rows of one announcement.
const ROWS: usize = 5_000;

/// What a sheet comes to.
pub(super) struct Read {
    /// What is to be done.
    pub(super) plan: Plan,
    /// What somebody should look at, by row.
    pub(super) remarks: Vec<(u32, Text)>,
}

impl Hall {
    /// Reads and plans a sheet for an announcement that holds from `on`.
    ///
    /// # Errors
    /// [`Refusal::Faults`] with everything that stands against a row, by its cell.
    pub(super) fn read_transfers(
        &self,
        visitor: &Visitor,
        (file, bytes): (&str, Vec<u8>),
        on: Date,
    ) -> Result<Read, Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = Kind::of::<TransferRow>();
        let table = one_table(&kind, file, bytes)?;
        let words = self.with_words(Words::clone)?;
        let imported = register::import(std::slice::from_ref(&kind), std::slice::from_ref(&table), words)
            .map_err(Refusal::Faults)?;
        let entries = imported.entries.get(&kind.slug).map(Vec::as_slice).unwrap_or_default();
        if entries.is_empty() || entries.len() > ROWS {
            let message = Text::fixed(
                "異動の行を1件から5,000件まで書いてください",
                "write from 1 to 5,000 rows",
            );
            return Err(Refusal::Faults(vec![
                Fault::new("no-rows", &kind.slug, message).file(file),
            ]));
        }
        let rows: Vec<Row> = entries.iter().map(row).collect();
        let at = |row: u32, message: Text| {
            let fault = Fault::new("transfer", &kind.slug, message).at_path(&kind, register::KEY);
            fault.file(&table.sheet().file).at(table.place(row, register::KEY))
        };
        let planned = self.with_current(|current| transfer::plan(current, &rows, on))?;
        let mut plan = planned.map_err(|conflicts| {
            let faults = conflicts
                .into_iter()
                .map(|found| at(found.row, found.problem.message()));
            Refusal::Faults(faults.collect())
        })?;
        let mut remarks: Vec<(u32, Text)> = plan
            .remarks
            .iter()
            .map(|remark| (remark.row(), remark.message()))
            .collect();
        plan.now = self.without_foreign_roles(visitor, &city, plan.now, &mut remarks)?;
        let mut faults = Vec::new();
        for planned in plan.now.iter().chain(&plan.later) {
            if let Some(why) = self.against(visitor, &city, &planned.change)? {
                faults.push(at(planned.row, why));
            }
        }
        if !faults.is_empty() {
            faults.dedup();
            return Err(Refusal::Faults(faults));
        }
        remarks.sort_by_key(|(row, _)| *row);
        Ok(Read { plan, remarks })
    }

    /// How personnel and roles stand today.
    fn with_current<T>(&self, look: impl FnOnce(Current<'_>) -> T) -> Result<T, Refusal> {
        let people: Vec<Person> = documents(&*self.store, PERSON)?.into_iter().map(person).collect();
        let assignments = documents(&*self.store, ASSIGNMENT)?.into_iter().map(assignment);
        let assignments: Vec<Assignment> = assignments.collect();
        let sections = documents(&*self.store, SECTION)?.into_iter();
        let sections: BTreeMap<String, String> = sections
            .map(|(key, document)| (key, text(&document, "name").unwrap_or_default()))
            .collect();
        let waiting: BTreeSet<String> = self.waiting_people()?;
        Ok(look(Current {
            people: &people,
            assignments: &assignments,
            sections: &sections,
            waiting: &waiting,
            today: self.today(),
        }))
    }

    /// Leaves the ends of roles out that the visitor may not enter: who may is told of them.
    fn without_foreign_roles(
        &self,
        visitor: &Visitor,
        city: &City,
        planned: Vec<Planned>,
        remarks: &mut Vec<(u32, Text)>,
    ) -> Result<Vec<Planned>, Refusal> {
        let kind = city.kind(ASSIGNMENT).ok_or(Refusal::NotFound)?;
        let mut kept = Vec::new();
        for planned in planned {
            if let Change::EndAssignment { assignment, .. } = &planned.change {
                let entry = self.store.entry(ASSIGNMENT, assignment)?.ok_or(Refusal::NotFound)?;
                let resource = self.entry_resource(kind, &entry.document);
                if self.allow(visitor, Verb::Update, &resource).is_err() {
                    let role = text(&entry.document, "role").unwrap_or_default();
                    remarks.push((
                        planned.row,
                        Text::new(
                            format!("「{role}」の任命({assignment})を終える権限がありません。役割の任命を登録できる人が終えてください"),
                            format!("you may not end the role `{role}` ({assignment}); somebody who enters roles has to"),
                        ),
                    ));
                    continue;
                }
            }
            kept.push(planned);
        }
        Ok(kept)
    }

    /// What stands against a change: a right that the visitor lacks, a rule of the register.
    fn against(&self, visitor: &Visitor, city: &City, change: &Change) -> Result<Option<Text>, Refusal> {
        let kind = city.kind(PERSON).ok_or(Refusal::NotFound)?;
        let denied = |allowed: Result<(), Refusal>| allowed.err().map(|refusal| refusal.text());
        Ok(match change {
            Change::AddPerson { .. } => {
                let document = newcomer(change);
                let read = self.with_words(|words| form::read_document(kind, &document, words, None))?;
                match read {
                    Ok(read) => denied(self.allow(visitor, Verb::Import, &self.entry_resource(kind, &read))),
                    Err(faults) => faults.into_iter().next().map(named),
                }
            }
            Change::MovePerson { person, section, .. } => {
                let entry = self.store.entry(PERSON, person)?.ok_or(Refusal::NotFound)?;
                let mut moved = entry.document.clone();
                if let Value::Object(fields) = &mut moved {
                    fields.insert("section".to_owned(), section.clone().into());
                }
                let mut both = [&entry.document, &moved].into_iter();
                both.find_map(|document| {
                    denied(self.allow(visitor, Verb::Import, &self.entry_resource(kind, document)))
                })
            }
            Change::EndPerson { person, .. } => {
                let entry = self.store.entry(PERSON, person)?.ok_or(Refusal::NotFound)?;
                denied(self.allow(visitor, Verb::Import, &self.entry_resource(kind, &entry.document)))
            }
            Change::EndAssignment { .. } => None,
            Change::Invite { person } => denied(self.permit_on_user(visitor, Verb::AdministerUsers, person)),
            Change::Suspend { person } => match self.permit_on_user(visitor, Verb::AdministerUsers, person) {
                Ok(()) => denied(self.way_out(person).map(drop)),
                refused => denied(refused),
            },
        })
    }
}

/// The document of who joins.
pub(super) fn newcomer(change: &Change) -> Value {
    let Change::AddPerson {
        person,
        name,
        section,
        position,
        joined_on,
        others,
    } = change
    else {
        return Value::Null;
    };
    let mut document: Map<String, Value> = others.clone().into_iter().collect();
    document.insert("code".to_owned(), person.clone().into());
    document.insert("name".to_owned(), name.clone().into());
    document.insert("section".to_owned(), section.clone().into());
    document.insert("position".to_owned(), position.clone().into());
    document.insert("joined_on".to_owned(), joined_on.to_string().into());
    Value::Object(document)
}

/// The fault with the name of its field before it.
pub(super) fn named(fault: Fault) -> Text {
    match fault.label {
        Some(label) => Text::new(
            format!("{}: {}", label.ja, fault.message.ja),
            format!("{}: {}", label.en, fault.message.en),
        ),
        None => fault.message,
    }
}

fn one_table(kind: &Kind, file: &str, bytes: Vec<u8>) -> Result<table::Table, Refusal> {
    let sheets = table::read(file, bytes).map_err(|fault| Refusal::Faults(vec![*fault]))?;
    let mut sheets = sheets.into_iter();
    match (sheets.next(), sheets.next()) {
        (Some(sheet), None) => Ok(table::Table::new(kind, sheet)),
        _ => {
            let message = Text::fixed("シートを一つにしてください", "leave one sheet in the file");
            Err(Refusal::Faults(vec![
                Fault::new("no-sheet", &kind.slug, message).file(file),
            ]))
        }
    }
}

fn row(entry: &register::Entry) -> Row {
    const OTHERS: [&str; 4] = ["reading", "employment", "email", "handles_mynumber"];
    let document = &entry.document;
    let kind = document.get("kind").cloned().unwrap_or_default();
    let others = OTHERS.into_iter().filter_map(|field| {
        let value = document.get(field).filter(|value| !value.is_null())?;
        Some((field.to_owned(), value.clone()))
    });
    Row {
        row: entry.row,
        person: entry.key.clone(),
        name: text(document, "name"),
        kind: serde_json::from_value(kind).ok(),
        section: text(document, "section"),
        position: text(document, "position"),
        on: date(document, "on"),
        others: others.collect(),
    }
}

fn person((code, document): (String, Value)) -> Person {
    Person {
        code,
        name: text(&document, "name").unwrap_or_default(),
        section: text(&document, "section").unwrap_or_default(),
        position: text(&document, "position"),
        left_on: date(&document, "left_on"),
    }
}

fn assignment((code, document): (String, Value)) -> Assignment {
    Assignment {
        code,
        role: text(&document, "role").unwrap_or_default(),
        person: text(&document, "person").unwrap_or_default(),
        section: text(&document, "section"),
        deputy: text(&document, "deputy"),
        ends_on: date(&document, "ends_on"),
    }
}

pub(super) fn text(document: &Value, field: &str) -> Option<String> {
    let text = document.get(field)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn date(document: &Value, field: &str) -> Option<Date> {
    document.get(field)?.as_str()?.parse().ok()
}
