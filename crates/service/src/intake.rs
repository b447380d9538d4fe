//! Taking a file into the registers of a folder.

use std::collections::HashMap;
use std::sync::Arc;

use register::table;
use register::{Entry, Fault, Plan};

use crate::folder::{Folder, fault_problem};
use crate::problem::Problem;

/// What taking a file in would do to one register.
#[derive(Debug)]
pub struct Intake {
    /// The slug of the register.
    pub register: String,
    /// What would change.
    pub plan: Plan,
    /// The file of the folder that holds the register.
    pub file: String,
    /// Every row of the register afterwards: the old ones in their order, then the new ones.
    pub merged: Vec<Entry>,
}

fn merged(old: &[Entry], new: Vec<Entry>) -> Vec<Entry> {
    let mut merged = old.to_vec();
    let mut places: HashMap<String, usize> = old
        .iter()
        .enumerate()
        .map(|(place, e)| (e.key.clone(), place))
        .collect();
    for entry in new {
        match places.get(&entry.key).and_then(|&place| merged.get_mut(place)) {
            Some(slot) => *slot = entry,
            None => {
                places.insert(entry.key.clone(), merged.len());
                merged.push(entry);
            }
        }
    }
    merged
}

impl Folder {
    /// What taking the rows of `bytes` into the registers would change, register by register.
    ///
    /// A file may name several registers by its sheets. Rows that the file does not have stay as they are: nothing is
    /// ever deleted. So do the fields of which it has no column. References may lead to any register of the folder.
    ///
    /// # Errors
    /// Every fault of the file by cell.
    pub fn intake(&self, file: &str, bytes: Vec<u8>) -> Result<Vec<Intake>, Vec<Problem>> {
        let told = |faults: Vec<Fault>| faults.into_iter().map(|fault| fault_problem(fault, None)).collect();
        let sheets = table::read(file, bytes).map_err(|fault| vec![fault_problem(*fault, None)])?;
        let (tables, faults) = table::assign(&self.city.kinds, sheets);
        if !faults.is_empty() {
            return Err(told(faults));
        }
        let source = tables.first().and_then(|table| table.sheet().source()).map(Arc::from);
        let words = self.imported.words.clone();
        let in_source = |faults: Vec<Fault>| {
            let problems = faults.into_iter().map(|fault| fault_problem(fault, source.clone()));
            problems.collect::<Vec<_>>()
        };
        let imported = register::import(&self.city.kinds, &tables, words).map_err(in_source)?;
        let mut broken = Vec::new();
        let intakes = imported.entries.into_iter().filter_map(|(slug, mut new)| {
            let kind = self.city.kind(&slug)?;
            let old = self.imported.entries.get(&slug).map(Vec::as_slice).unwrap_or_default();
            broken.extend(register::keep_absent(kind, &tables, old, &mut new));
            let plan = register::plan(kind, old, &new);
            let file = self
                .tables
                .iter()
                .find(|table| table.register() == slug)
                .map(|table| table.sheet().file.clone());
            Some(Intake {
                file: file.unwrap_or_else(|| format!("registers/{slug}.csv")),
                merged: merged(old, new),
                register: slug,
                plan,
            })
        });
        let intakes = intakes.collect();
        if broken.is_empty() {
            Ok(intakes)
        } else {
            Err(in_source(broken))
        }
    }
}
