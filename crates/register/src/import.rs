//! Tables to entries: every row of every register, or every fault.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::lang::Text;
use serde_json::Value;

use crate::assembly::{Assembly, with_local};
use crate::definition::{KEY, Kind};
use crate::fault::Fault;
use crate::hierarchy;
use crate::table::{Row, Table};
use crate::words::Words;

/// How many faults are listed; a last one says that there are more.
pub const FAULTS: usize = 10_000;

/// One row of a register, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The unique key, the document's `code`.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// A value for every field of the kind; what the city added under `local`.
    pub document: Value,
    /// The row of the sheet, from 1; 0 where it came from no sheet.
    pub row: u32,
    /// The position of its table in the slice given to [`import()`]; with the row, [`Table::place`] tells where any of
    /// its cells stands.
    pub table: usize,
}

/// Everything that was read.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The entries of every register that had a table, by slug, in the order of the rows.
    pub entries: BTreeMap<String, Vec<Entry>>,
    /// The words given, and the codes and titles of every row of a register that others refer to.
    pub words: Words,
}

/// Reads the rows of all tables.
///
/// First the codes and titles of all rows are gathered, then every cell is read, so that a reference may lead to any
/// table. `words` holds the city's scheme, and the rows of registers that are not among the tables.
///
/// # Errors
/// Every fault of every table, by table, row and column, at most [`FAULTS`]; nothing is half-read. Codes beside those of
/// [`Field::read`](crate::Field::read) and [`Table::new`]: `duplicate-key`, `ragged-row`, `rule`, `cycle`, `more`.
pub fn import(kinds: &[Kind], tables: &[Table], words: Words) -> Result<Imported, Vec<Fault>> {
    let mut reader = Reader {
        kinds: kinds.iter().map(|kind| (kind.slug.as_str(), kind)).collect(),
        words: gathered(kinds, tables, words),
        keys: HashMap::new(),
        faults: Vec::new(),
        entries: BTreeMap::new(),
    };
    for (index, table) in tables.iter().enumerate() {
        reader.table(index, table, tables);
    }
    for kind in kinds {
        let entries = reader.entries.get(&kind.slug).map(Vec::as_slice).unwrap_or_default();
        reader.faults.extend(hierarchy::cycles(kind, entries, tables));
    }
    if reader.faults.is_empty() {
        return Ok(Imported {
            entries: reader.entries,
            words: reader.words,
        });
    }
    Err(reader.faults)
}

/// The words with the codes and titles of all rows that something may refer to.
fn gathered(kinds: &[Kind], tables: &[Table], mut words: Words) -> Words {
    for kind in kinds {
        words.declare(&kind.slug, &kind.label);
    }
    let targets = targets(kinds);
    for table in tables.iter().filter(|table| targets.contains(table.register())) {
        if !table.faults().is_empty() {
            words.mark_unreadable(table.register());
            continue;
        }
        let Some(kind) = kinds.iter().find(|kind| kind.slug == table.register()) else {
            continue;
        };
        let position = |name: &str| kind.fields.iter().position(|field| !field.local && field.name == name);
        let (Some(key), Some(title)) = (position(KEY), position(&kind.title)) else {
            continue;
        };
        for row in table.sheet().rows() {
            words.add(
                &kind.slug,
                &table.cell(&row, key).shown(),
                &table.cell(&row, title).shown(),
            );
        }
    }
    words
}

/// The slugs of the registers that some field refers to: those whose rows [`Words`] must know.
#[must_use]
pub fn targets(kinds: &[Kind]) -> BTreeSet<&str> {
    let fields = kinds.iter().flat_map(|kind| &kind.fields);
    fields.filter_map(|field| field.target()).collect()
}

struct Reader<'k> {
    kinds: HashMap<&'k str, &'k Kind>,
    words: Words,
    /// Register and key, with the first table and row that has it.
    keys: HashMap<&'k str, HashMap<String, (usize, u32)>>,
    faults: Vec<Fault>,
    entries: BTreeMap<String, Vec<Entry>>,
}

impl Reader<'_> {
    fn table(&mut self, index: usize, table: &Table, tables: &[Table]) {
        let Some(kind) = self.kinds.get(table.register()).copied() else {
            return;
        };
        self.faults.extend_from_slice(table.faults());
        if !table.faults().is_empty() {
            return;
        }
        let before = self.faults.len();
        let mut entries = Vec::new();
        for row in table.sheet().rows() {
            if row.cells.iter().all(crate::Cell::is_blank) {
                continue;
            }
            if self.faults.len() >= FAULTS {
                self.faults.truncate(FAULTS);
                self.faults.push(table.signed(more()));
                break;
            }
            let document = self.document(kind, table, &row);
            let (Some(document), Some(key)) = (document, self.key(kind, (index, table), &row, tables)) else {
                continue;
            };
            entries.push(Entry {
                key,
                title: kind.title_of(&document).to_owned(),
                document,
                row: row.number,
                table: index,
            });
        }
        if let Some(found) = self.faults.get_mut(before..) {
            found.sort_by(|a, b| in_order(a).cmp(&in_order(b)));
        }
        self.entries.entry(kind.slug.clone()).or_default().extend(entries);
    }

    /// The document of a row; `None` where the row has faults.
    fn document(&mut self, kind: &Kind, table: &Table, row: &Row<'_>) -> Option<Value> {
        let before = self.faults.len();
        if let Some(fault) = table.ragged(row) {
            self.faults.push(fault);
            return None;
        }
        let mut assembly = Assembly::default();
        for (position, field) in kind.fields.iter().enumerate() {
            match field.read(table.cell(row, position), &self.words) {
                Ok(value) => assembly.put(kind, field, value),
                Err(fault) => {
                    let place = table.place(row.number, &field.path());
                    self.faults.push(table.signed(fault.at(place)));
                }
            }
        }
        let (core, added) = assembly.parts();
        if self.faults.len() == before
            && let Some(check) = &kind.check
        {
            let broken = check(&core);
            self.faults.extend(broken.into_iter().map(|broken| {
                let place = table.place(row.number, &broken.field);
                table.signed(
                    Fault::new("rule", "", broken.message)
                        .at_path(kind, &broken.field)
                        .at(place),
                )
            }));
        }
        (self.faults.len() == before).then(|| with_local(core, added))
    }

    /// The key of a row; `None`, with a fault, where an earlier row has it.
    fn key(&mut self, kind: &Kind, at: (usize, &Table), row: &Row<'_>, tables: &[Table]) -> Option<String> {
        let (index, table) = at;
        let position = kind.fields.iter().position(|field| !field.local && field.name == KEY)?;
        let key = table.cell(row, position).shown().into_owned();
        let slug = self.kinds.get_key_value(kind.slug.as_str()).map(|(slug, _)| *slug)?;
        let known = self.keys.entry(slug).or_default();
        let Some((first, number)) = known.insert(key.clone(), (index, row.number)) else {
            return Some(key);
        };
        known.insert(key.clone(), (first, number));
        let other = tables.get(first)?;
        let there = other.place(number, KEY);
        let there = match there.line {
            Some(line) => format!("{}:{line} ({})", other.sheet().file, there.cell),
            None => format!("{} {}", other.sheet().file, there.cell),
        };
        let message = Text::new(
            format!("「{key}」は既に使われている({there})。別のコードにしてください"),
            format!("`{key}` is used already ({there})"),
        );
        let fault = Fault::new("duplicate-key", "", message).at_path(kind, KEY);
        self.faults.push(table.signed(fault.at(table.place(row.number, KEY))));
        None
    }
}

/// Rows from above, cells from the left, the row as a whole before its cells; that there is more comes last.
fn in_order(fault: &Fault) -> (bool, u32, usize, &str) {
    let cell = fault.cell.as_deref().unwrap_or_default();
    let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    (fault.code == MORE, fault.row, letters.len(), letters)
}

/// The code of the fault that says that there are more.
const MORE: &str = "more";

fn more() -> Fault {
    let message = Text::new(
        format!("誤りが{FAULTS}件を超えたので、残りは調べていない。直してから取り込み直してください"),
        format!("there are more than {FAULTS} faults; the rest was not looked at"),
    );
    Fault::new(MORE, "", message)
}
