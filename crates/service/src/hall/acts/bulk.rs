//! One field is set in several rows of a register at once.

use register::{Fault, Kind, Words, form, set};
use serde_json::Value;
use store::{Act, Expected, Receipt};

use super::entry::clauses;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::put::put;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal};

/// The most rows of one change.
pub const ROWS: usize = 200;

/// One field for several rows.
#[derive(Debug, Clone)]
pub struct Setting<'s> {
    /// The slug of the register.
    pub register: &'s str,
    /// The [path](register::Field::path) of the field.
    pub field: &'s str,
    /// What it becomes.
    pub value: &'s Value,
}

/// A row as it would become.
#[derive(Debug, Clone)]
pub struct Become {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// Its version today.
    pub version: u64,
    /// Its document today.
    pub before: Value,
    /// Its document then.
    pub after: Value,
}

impl Hall {
    /// What setting a field would make of rows; rows that have the value already are left out.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Faults`] of every row whose rules the value breaks, with its key before the message.
    pub fn preview_setting(
        &self,
        visitor: &Visitor,
        setting: &Setting<'_>,
        keys: &[String],
    ) -> Result<Vec<Become>, Refusal> {
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(setting.register).ok_or(Refusal::NotFound)?;
        if keys.is_empty() || keys.len() > ROWS {
            return Err(Refusal::rule(
                "行を1件から200件まで選んでください",
                "choose from 1 to 200 rows",
            ));
        }
        let words = self.with_words(Words::clone)?;
        let (mut rows, mut faults) = (Vec::new(), Vec::new());
        for key in keys {
            let entry = self.readable(visitor, kind, key)?;
            self.allow(visitor, Verb::Update, &self.entry_resource(kind, &entry.document))?;
            if entry.retired_at.is_some() {
                return Err(Refusal::NotFound);
            }
            let mut wanted = entry.document.clone();
            set(&mut wanted, setting.field, setting.value);
            match form::read_document(kind, &wanted, &words, Some(key)) {
                Ok(after) => {
                    self.allow(visitor, Verb::Update, &self.entry_resource(kind, &after))?;
                    if !register::differences(kind, &entry.document, &after).is_empty() {
                        rows.push(Become {
                            key: entry.key,
                            title: entry.title,
                            version: entry.version,
                            before: entry.document,
                            after,
                        });
                    }
                }
                Err(found) => faults.extend(found.into_iter().map(|fault| of_row(fault, key))),
            }
        }
        if faults.is_empty() {
            Ok(rows)
        } else {
            Err(Refusal::Faults(faults))
        }
    }

    /// Sets a field in rows that somebody has seen at these versions: all of them, or none.
    ///
    /// # Errors
    /// Those of [`Hall::preview_setting`]; [`Refusal::Store`] where somebody else was first.
    pub fn set_field(
        &self,
        visitor: &Visitor,
        setting: &Setting<'_>,
        seen: &[(String, u64)],
        reason: Option<&str>,
    ) -> Result<Receipt, Refusal> {
        let keys: Vec<String> = seen.iter().map(|(key, _)| key.clone()).collect();
        let rows = self.preview_setting(visitor, setting, &keys)?;
        let city = self.city().ok_or(Refusal::NoCity)?;
        let kind = city.kind(setting.register).ok_or(Refusal::NotFound)?;
        if rows.is_empty() {
            return Err(Refusal::rule("変わる行がない", "no row would change"));
        }
        let mut act = Act::new("register.bulk").by(&visitor.person);
        act.clauses = clauses(&city, kind);
        if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
            act = act.note("reason", reason);
        }
        for row in &rows {
            act = act.with(self.row(kind, row, seen)?);
        }
        self.commit(act)
    }

    fn row(&self, kind: &Kind, row: &Become, seen: &[(String, u64)]) -> Result<store::Put, Refusal> {
        let version = seen
            .iter()
            .find(|(key, _)| *key == row.key)
            .map(|(_, version)| *version);
        let expected = Expected::Version(version.ok_or(Refusal::NotFound)?);
        self.with_words(|words| put(kind, &row.after, words, expected))
    }
}

fn of_row(mut fault: Fault, key: &str) -> Fault {
    fault.message = model::lang::Text::new(
        format!("{key}: {}", fault.message.ja),
        format!("{key}: {}", fault.message.en),
    );
    fault
}
