//! Many copies of the sample city.

use std::path::Path;
use std::sync::Arc;

use policy::facts::{Record, Value};
use service::folder::Folder;

use crate::stop::give_up;

/// The rows of a city, register by register.
pub(crate) struct Rows {
    registers: Vec<(usize, Vec<Record>)>,
}

pub(crate) fn sample() -> Folder {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample");
    Folder::read(&dir, None, &mut |_| {}).unwrap_or_else(|problems| give_up(&format!("{problems:?}")))
}

pub(crate) fn rows(folder: &Folder) -> Rows {
    let registers = folder.city.kinds.iter().enumerate().filter_map(|(position, kind)| {
        let entries = folder.imported().entries.get(&kind.slug)?;
        let records = entries
            .iter()
            .map(|entry| kind.record(entry, &folder.city.settings.schemes));
        Some((position, records.collect()))
    });
    Rows {
        registers: registers.collect(),
    }
}

impl Rows {
    pub(crate) fn count(&self) -> usize {
        self.registers.iter().map(|(_, rows)| rows.len()).sum()
    }

    /// About `size` rows in the proportions of the city: whole copies side by side, each referring to itself.
    pub(crate) fn sized(&self, size: usize) -> Self {
        let count = self.count().max(1);
        let registers = self.registers.iter().map(|(position, rows)| {
            let wanted = (rows.len() * size / count).max(1);
            let copies = (0..).flat_map(|copy| rows.iter().map(move |row| copied(row, copy)));
            (*position, copies.take(wanted).collect())
        });
        Self {
            registers: registers.collect(),
        }
    }

    pub(crate) fn records(&self) -> Vec<(usize, Vec<Record>)> {
        self.registers.clone()
    }

    /// A row from the middle of every register.
    pub(crate) fn one_of_each(&self) -> impl Iterator<Item = (usize, Record)> {
        self.registers
            .iter()
            .filter_map(|(position, rows)| Some((*position, rows.get(rows.len() / 2)?.clone())))
    }
}

fn copied(row: &Record, copy: usize) -> Record {
    let renamed = |key: &Arc<str>| Arc::from(format!("{key}/{copy}"));
    let values = row.values.iter().map(|value| match value {
        Value::Key(key) => Value::Key(renamed(key)),
        Value::Keys(keys) => Value::Keys(keys.iter().map(renamed).collect()),
        other => other.clone(),
    });
    Record {
        key: renamed(&row.key),
        title: Arc::clone(&row.title),
        values: values.collect(),
        row: row.row,
    }
}
