//! A city folder, read whole or not at all.
//!
//! ```text
//! city.toml            who the city is
//! policy.txt           its policy (or .md, .docx, .html; `policy` of city.toml names it)
//! registers/*.csv      its registers (or .xlsx), named after the register
//! network/             its network: network.toml, configurations of its devices (see the module `network`)
//! schemas/*.json       fields and registers of its own
//! standard/*.toml      duties of its own, and overrides of the shipped ones
//! ```

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use model::diagnostic::{Diagnostic, Span};
use policy::judge::Judge;
use register::table::{self, Table};
use register::{Fault, Imported, Kind, Words};

use crate::city::{City, Draft};
use crate::network::{self, CityNetwork, Known, Registers};
use crate::problem::Problem;
use crate::report::{FilePlace, Places};
use crate::sources::{self, SourceBytes, Sources};

/// The endings of the files that registers come in.
pub(crate) const REGISTER_EXTENSIONS: &[&str] = &["csv", "tsv", "txt", "xlsx", "xls", "xlsm"];

/// Everything in a city folder.
pub struct Folder {
    /// The city that it describes.
    pub city: City,
    /// Its network, where it describes one.
    pub network: Option<CityNetwork>,
    pub(crate) tables: Vec<Table>,
    pub(crate) imported: Imported,
}

/// What is being done, for whoever waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'s> {
    /// Reading the policy text.
    Policy,
    /// Reading a file of the registers.
    Register(&'s str),
    /// Reading every cell.
    Cells,
    /// Judging.
    Judging,
}

impl Folder {
    /// Reads the folder; `policy` takes the place of the city's own policy text.
    ///
    /// # Errors
    /// Every problem of every file at once.
    pub fn read(dir: &Path, policy: Option<&Path>, progress: &mut dyn FnMut(Step<'_>)) -> Result<Self, Vec<Problem>> {
        let sources = Sources::of_folder(dir, policy)?;
        let mut problems = Vec::new();
        let registers = sources::files(dir, "registers", REGISTER_EXTENSIONS, &mut problems);
        Self::of(&sources, registers, problems, progress)
    }

    /// The city that these sources and files of registers make; `problems` are those of reading the files.
    ///
    /// # Errors
    /// Every problem of every file at once.
    pub(crate) fn of(
        sources: &Sources,
        registers: Vec<SourceBytes>,
        mut problems: Vec<Problem>,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Vec<Problem>> {
        progress(Step::Policy);
        let draft = Draft::read(sources, &mut problems)?;
        let tables = tables(registers, &draft.kinds, &mut problems, progress);
        progress(Step::Cells);
        let words = Words::new(draft.settings.schemes.clone());
        let imported = register::import(&draft.kinds, &tables, words).unwrap_or_else(|faults| {
            let texts = tables.iter().map(|table| table.sheet());
            let texts = texts.filter_map(|sheet| Some((sheet.file.as_str(), sheet.source()?)));
            let texts: HashMap<&str, Arc<str>> = texts.map(|(file, text)| (file, text.into())).collect();
            for fault in faults {
                let source = fault.file.as_deref().and_then(|file| texts.get(file)).cloned();
                problems.push(fault_problem(fault, source));
            }
            Imported::default()
        });
        let network = sources.network.as_ref().and_then(|network| {
            let rows = Registers::of_entries(&imported.entries);
            let read = CityNetwork::read(Arc::new(network.clone()), &rows, &draft.settings.schemes);
            read.map_err(|found| problems.extend(found)).ok()
        });
        Ok(Self {
            city: draft.finish(problems)?,
            network,
            tables,
            imported,
        })
    }

    /// Judges the city at `today`, what its devices let through included.
    ///
    /// # Errors
    /// Every expression of the city's own standard that does not fit its registers.
    pub fn judge(&self, today: Date) -> Result<Judge, Vec<Problem>> {
        let mut judge = self.city.judge(&self.imported.entries, today)?;
        judge.report(match &self.network {
            Some(network) => network::facts(network, &network.check(&self.city.settings.city.model, today), today),
            None => Known::Undescribed.facts(today),
        });
        Ok(judge)
    }

    /// The city's words, with the codes and titles of every row.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.imported.words
    }

    /// The rows of the registers as they were read.
    #[must_use]
    pub fn imported(&self) -> &Imported {
        &self.imported
    }

    /// The table that a row of a register came from.
    #[must_use]
    pub fn table(&self, register: &str, key: &str) -> Option<&Table> {
        let mut own = self.tables.iter().filter(|table| table.register() == register);
        match (own.next(), own.next()) {
            (Some(only), None) => Some(only),
            _ => {
                let entry = self
                    .imported
                    .entries
                    .get(register)?
                    .iter()
                    .find(|entry| entry.key == key)?;
                self.tables.get(entry.table)
            }
        }
    }

    /// The bytes of a place in the text of its file; `None` for spreadsheets.
    #[must_use]
    pub fn span(&self, place: &policy::judge::Place) -> Option<Span> {
        let table = self.table(&place.register, place.key.as_deref()?)?;
        let found = match &place.field {
            Some(field) => table.place(place.row, &field_path(field)),
            None => table.sheet().place(place.row, None),
        };
        found.span
    }

    /// The decoded text of a file of the registers, of the standard or of the network (configurations without their secrets).
    #[must_use]
    pub fn source(&self, file: &str) -> Option<&str> {
        let table = self.tables.iter().find(|table| table.sheet().file == file);
        let standard = || {
            self.city
                .standard
                .sources
                .iter()
                .find(|source| source.name == file)
                .map(|source| source.text.as_str())
        };
        let network = || self.network.as_ref()?.sources.file(file);
        table
            .and_then(|table| table.sheet().source())
            .or_else(standard)
            .or_else(network)
    }
}

impl Places for Folder {
    fn place(&self, place: &policy::judge::Place) -> FilePlace {
        let row = place.key.as_ref().and_then(|key| self.table(&place.register, key));
        let found = row.map(|table| match &place.field {
            Some(field) => table.place(place.row, &field_path(field)),
            None => table.sheet().place(place.row, None),
        });
        let whole = self.tables.iter().find(|table| table.register() == place.register);
        let file = row.or(whole).map(|table| table.sheet().file.clone());
        FilePlace {
            file: file.unwrap_or_else(|| format!("registers/{}.csv", place.register)),
            line: found.as_ref().and_then(|found| found.line),
            column: found.as_ref().and_then(|found| found.column),
            register: Some(place.register.clone()),
            row: (place.row > 0).then_some(place.row),
            cell: found.map(|found| found.cell),
            text: None,
        }
    }
}

/// The path of a field from the name that criteria use.
#[must_use]
pub fn field_path(fact_name: &str) -> String {
    fact_name
        .strip_prefix("local_")
        .map_or_else(|| fact_name.to_owned(), |name| format!("local.{name}"))
}

fn tables(
    files: Vec<SourceBytes>,
    kinds: &[Kind],
    problems: &mut Vec<Problem>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for file in files {
        progress(Step::Register(&file.name));
        match table::read(&file.name, file.bytes) {
            Ok(sheets) => {
                let (read, faults) = table::assign(kinds, sheets);
                tables.extend(read);
                problems.extend(faults.into_iter().map(|fault| fault_problem(fault, None)));
            }
            Err(fault) => problems.push(fault_problem(*fault, None)),
        }
    }
    tables
}

/// A fault of a table as a problem of its file.
#[must_use]
pub fn fault_problem(fault: Fault, source: Option<Arc<str>>) -> Problem {
    let mut diagnostic = Diagnostic::error(fault.code, fault.message);
    diagnostic.help = fault.help;
    diagnostic.span = fault.span;
    Problem {
        file: fault.file.unwrap_or(fault.register),
        diagnostic,
        source,
        cell: fault.cell,
    }
}
