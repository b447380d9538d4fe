//! A city folder, read whole or not at all.
//!
//! ```text
//! city.toml            who the city is
//! policy.txt           its policy (or .md, .docx, .html; `policy` of city.toml names it)
//! registers/*.csv      its registers (or .xlsx), named after the register
//! schemas/*.json       fields and registers of its own
//! standard/*.toml      duties of its own, and overrides of the shipped ones
//! ```

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use model::diagnostic::{Diagnostic, Located, Severity, Span};
use model::lang::Text;
use policy::bind::Binding;
use policy::concept::Concepts;
use policy::facts::{Facts, Record, Schema};
use policy::judge::Judge;
use policy::standard::{SourceFile, Standard, shipped_chapters, shipped_parameters};
use policy::text::Document;
use register::table::{self, Table};
use register::{Fault, Imported, Kind, Words};

use crate::problem::Problem;
use crate::report::{FilePlace, Places};
use crate::settings::Settings;

/// Everything in a city folder.
pub struct Folder {
    /// `city.toml`
    pub settings: Settings,
    /// The registers that the city may keep.
    pub kinds: Vec<Kind>,
    /// The shipped standard with the city's own on top.
    pub standard: Standard,
    /// What may be bound.
    pub concepts: Concepts,
    /// The policy, its clauses bound.
    pub document: Document,
    /// How they were bound.
    pub binding: Binding,
    /// The file of the policy, as given.
    pub policy_file: String,
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
        let mut reader = Reader::new(Some(dir));
        let settings = settings(dir)?;
        let kinds = reader.kinds();
        let standard = reader.standard();
        let concepts = reader.concepts();
        progress(Step::Policy);
        let policy_file = policy.map_or_else(|| dir.join(&settings.policy), Path::to_path_buf);
        let document = reader.policy(&policy_file);
        let tables = reader.tables(&kinds, progress);
        progress(Step::Cells);
        let imported = match register::import(&kinds, &tables, Words::new(settings.schemes.clone())) {
            Ok(imported) => Some(imported),
            Err(faults) => {
                let texts = tables.iter().map(|table| table.sheet());
                let texts = texts.filter_map(|sheet| Some((sheet.file.as_str(), sheet.source()?)));
                let texts: HashMap<&str, Arc<str>> = texts.map(|(file, text)| (file, text.into())).collect();
                for fault in faults {
                    let source = fault.file.as_deref().and_then(|file| texts.get(file)).cloned();
                    reader.fault(fault, source);
                }
                None
            }
        };
        let read = (standard, concepts, document, imported);
        let (Some(standard), Some(concepts), Some(mut document), Some(imported)) = read else {
            return Err(reader.problems);
        };
        if !reader.problems.is_empty() {
            return Err(reader.problems);
        }
        let overrides = if policy.is_none() {
            settings.bind.clone()
        } else {
            Default::default()
        };
        let binding = policy::bind::bind(&mut document, &concepts, &overrides);
        for diagnostic in &binding.diagnostics {
            if diagnostic.severity == Severity::Error {
                reader.problems.push(Problem::whole("city.toml", diagnostic.clone()));
            }
        }
        if !reader.problems.is_empty() {
            return Err(reader.problems);
        }
        Ok(Self {
            settings,
            kinds,
            standard,
            concepts,
            document,
            binding,
            policy_file: policy_file.display().to_string(),
            tables,
            imported,
        })
    }

    /// Judges the city at `today`.
    ///
    /// # Errors
    /// Every expression of the city's own standard that does not fit its registers.
    pub fn judge(&self, today: Date) -> Result<Judge, Vec<Problem>> {
        let schema = Arc::new(Schema {
            registers: self.kinds.iter().map(Kind::fact_schema).collect(),
        });
        let compiled = self
            .standard
            .compile(&schema)
            .map_err(|located| self.standard_problems(located))?;
        let remarks = policy::standard::check(&self.standard, &self.concepts);
        let errors = remarks
            .into_iter()
            .filter(|remark| remark.diagnostic.severity == Severity::Error);
        let errors: Vec<Located> = errors.collect();
        if !errors.is_empty() {
            return Err(self.standard_problems(errors));
        }
        let registers = self.kinds.iter().enumerate();
        let delivered = registers.filter_map(|(position, kind)| {
            let entries = self.imported.entries.get(&kind.slug)?;
            let records: Vec<Record> = entries
                .iter()
                .map(|entry| kind.record(entry, &self.settings.schemes))
                .collect();
            Some((position, records))
        });
        let (facts, _) = Facts::new(schema, delivered.collect());
        Ok(Judge::new(Arc::new(compiled), facts, self.settings.city.clone(), today))
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

    /// The decoded text of a file of the registers or of the standard.
    #[must_use]
    pub fn source(&self, file: &str) -> Option<&str> {
        let table = self.tables.iter().find(|table| table.sheet().file == file);
        let standard = || {
            self.standard
                .sources
                .iter()
                .find(|source| source.name == file)
                .map(|source| source.text.as_str())
        };
        table.and_then(|table| table.sheet().source()).or_else(standard)
    }

    fn standard_problems(&self, located: Vec<Located>) -> Vec<Problem> {
        let problems = located.into_iter().map(|located| {
            let source = self.source(&located.file).unwrap_or_default();
            Problem::located(located, source)
        });
        problems.collect()
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
            register: place.register.clone(),
            row: (place.row > 0).then_some(place.row),
            cell: found.map(|found| found.cell),
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

/// Reads `city.toml` of a folder; without it nothing else can be read.
///
/// # Errors
/// The file cannot be read, or every key in it that is not right.
pub fn settings(dir: &Path) -> Result<Settings, Vec<Problem>> {
    let source = match fs::read_to_string(dir.join("city.toml")) {
        Ok(source) => source,
        Err(error) => return Err(vec![Problem::unreadable("city.toml", &error)]),
    };
    let parameters = shipped_parameters().unwrap_or_default();
    Settings::read(&source, &parameters).map_err(|diagnostics| {
        let source: Arc<str> = source.into();
        let problems = diagnostics.into_iter().map(|diagnostic| Problem {
            source: Some(Arc::clone(&source)),
            ..Problem::whole("city.toml", diagnostic)
        });
        problems.collect()
    })
}

/// Reads the parts of a folder, and keeps what is wrong with each.
pub(crate) struct Reader<'d> {
    /// Nothing is read where there is no folder.
    dir: Option<&'d Path>,
    pub(crate) problems: Vec<Problem>,
}

impl<'d> Reader<'d> {
    pub(crate) const fn new(dir: Option<&'d Path>) -> Self {
        Self {
            dir,
            problems: Vec::new(),
        }
    }

    /// The registers of every city, with what this one adds.
    pub(crate) fn kinds(&mut self) -> Vec<Kind> {
        let mut kinds = registers::all();
        for (name, bytes) in self.files("schemas", &["json"]) {
            let source = String::from_utf8_lossy(&bytes).into_owned();
            if let Err(diagnostics) = register::local::apply(&mut kinds, &source) {
                self.problems.extend(diagnostics.into_iter().map(|diagnostic| Problem {
                    source: Some(source.as_str().into()),
                    ..Problem::whole(&name, diagnostic)
                }));
            }
        }
        kinds
    }

    pub(crate) fn standard(&mut self) -> Option<Standard> {
        let own = self.texts("standard");
        let sources: Vec<SourceFile> = shipped_chapters().into_iter().chain(own.iter().cloned()).collect();
        let read = shipped_parameters().and_then(|parameters| Standard::read(shipped_chapters(), own, parameters));
        read.map_err(|problems| self.located(problems, &sources)).ok()
    }

    /// The TOML files of a folder.
    pub(crate) fn texts(&mut self, folder: &str) -> Vec<SourceFile> {
        let mut texts = Vec::new();
        for (name, bytes) in self.files(folder, &["toml"]) {
            match String::from_utf8(bytes) {
                Ok(text) => texts.push(SourceFile { name, text }),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    let message = Text::new(
                        format!("UTF-8 でない({at}バイト目)"),
                        format!("not UTF-8 (at byte {at})"),
                    );
                    self.problems
                        .push(Problem::whole(name, Diagnostic::error("encoding", message)));
                }
            }
        }
        texts
    }

    fn concepts(&mut self) -> Option<Concepts> {
        let read = Concepts::shipped();
        read.map_err(|diagnostics| {
            let problems = diagnostics
                .into_iter()
                .map(|d| Problem::whole("standard/concepts.toml", d));
            self.problems.extend(problems);
        })
        .ok()
    }

    fn policy(&mut self, path: &Path) -> Option<Document> {
        let name = path.display().to_string();
        let bytes = fs::read(path)
            .map_err(|error| self.problems.push(Problem::unreadable(&name, &error)))
            .ok()?;
        let read = policy::text::read::read_document(&name, &bytes);
        read.map_err(|diagnostic| self.problems.push(Problem::whole(&name, diagnostic)))
            .ok()
    }

    fn tables(&mut self, kinds: &[Kind], progress: &mut dyn FnMut(Step<'_>)) -> Vec<Table> {
        let mut tables: Vec<Table> = Vec::new();
        for (name, bytes) in self.files("registers", &["csv", "tsv", "txt", "xlsx", "xls", "xlsm"]) {
            progress(Step::Register(&name));
            match table::read(&name, bytes) {
                Ok(sheets) => {
                    let (read, faults) = table::assign(kinds, sheets);
                    tables.extend(read);
                    for fault in faults {
                        self.fault(fault, None);
                    }
                }
                Err(fault) => self.fault(*fault, None),
            }
        }
        tables
    }

    /// The files of a folder with one of these extensions, by name; an absent folder has none.
    fn files(&mut self, folder: &str, extensions: &[&str]) -> Vec<(String, Vec<u8>)> {
        let Some(path) = self.dir.map(|dir| dir.join(folder)) else {
            return Vec::new();
        };
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                self.problems.push(Problem::unreadable(folder, &error));
                return Vec::new();
            }
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        let mut files = Vec::new();
        for path in paths {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let extension = path
                .extension()
                .and_then(|extension| extension.to_str())
                .unwrap_or_default();
            let known = extensions.iter().any(|known| known.eq_ignore_ascii_case(extension));
            // A spreadsheet program leaves `~$name.xlsx` beside a file that it has open.
            if !path.is_file() || !known || name.starts_with(['.', '~']) {
                continue;
            }
            let name = format!("{folder}/{name}");
            match fs::read(&path) {
                Ok(bytes) => files.push((name, bytes)),
                Err(error) => self.problems.push(Problem::unreadable(name, &error)),
            }
        }
        files
    }

    fn located(&mut self, problems: Vec<Located>, sources: &[SourceFile]) {
        for located in problems {
            let source = sources.iter().find(|source| source.name == located.file);
            let text = source.map_or("", |source| source.text.as_str());
            self.problems.push(Problem::located(located, text));
        }
    }

    pub(crate) fn fault(&mut self, fault: Fault, source: Option<Arc<str>>) {
        let mut diagnostic = Diagnostic::error(fault.code, fault.message);
        diagnostic.help = fault.help;
        diagnostic.span = fault.span;
        self.problems.push(Problem {
            file: fault.file.unwrap_or(fault.register),
            diagnostic,
            source,
            cell: fault.cell,
        });
    }
}
