//! Rows in memory, references resolved both ways.

use std::ops::Deref;
use std::sync::Arc;

use hashbrown::HashMap;
use jiff::civil::Date;

use super::{FieldKind, Record, Schema, Value};

/// A row's place: its register's position in the schema, and its index there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId {
    /// Position of the register in [`Schema::registers`].
    pub register: usize,
    /// Index among the rows of that register, in the order they were put.
    pub index: usize,
}

/// A value as criteria read it: references are indices. There are as many of them as there are cells in all registers: what
/// is wider than a pointer lies behind one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Missing,
    Bool(bool),
    Int(i64),
    Text(Word),
    Date(Date),
    Row(usize),
    Rows(Box<Box<[usize]>>),
}

/// A text that many cells may share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word(Arc<Box<str>>);

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self(Arc::new(Box::from(text)))
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A row: who it is, and its cells in schema order.
#[derive(Debug)]
pub struct Row {
    /// The unique key in its register.
    pub key: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// See [`Record::row`].
    pub row: u32,
    pub(crate) cells: Box<[Cell]>,
    /// A retired row keeps its index, and is seen by nobody.
    pub(crate) retired: bool,
}

#[derive(Debug, Default)]
struct Table {
    /// Whether the register was delivered at all, be it empty.
    present: bool,
    rows: Vec<Row>,
    by_key: HashMap<Arc<str>, usize>,
}

impl Table {
    /// The index of the row with this key, which is made where there is none.
    fn place(&mut self, key: &Arc<str>) -> usize {
        let next = self.rows.len();
        let index = *self.by_key.entry(Arc::clone(key)).or_insert(next);
        if index == next {
            self.rows.push(Row {
                key: Arc::clone(key),
                title: Arc::clone(key),
                row: 0,
                cells: Box::default(),
                retired: false,
            });
        }
        index
    }
}

/// A reference whose target does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dangling {
    /// The row that refers.
    pub row: RowId,
    /// Position of the field in its register.
    pub field: usize,
    /// The key that no row has.
    pub key: Arc<str>,
}

/// All rows of all registers.
#[derive(Debug)]
pub struct Facts {
    schema: Arc<Schema>,
    tables: Vec<Table>,
    /// `referring[register][field][target]` = rows of `register` whose `field` refers to `target`.
    referring: Vec<Vec<Vec<Vec<usize>>>>,
    /// `target_register[register][field]`, for reference fields.
    targets: Vec<Vec<Option<usize>>>,
}

impl Facts {
    /// Resolves `records`, given register by register; a register that is not named is absent.
    ///
    /// A later record with the key of an earlier one replaces it. References to missing rows are returned, and read as missing.
    #[must_use]
    pub fn new(schema: Arc<Schema>, records: Vec<(usize, Vec<Record>)>) -> (Self, Vec<Dangling>) {
        let targets: Vec<Vec<Option<usize>>> = (schema.registers.iter())
            .map(|register| {
                let target = |kind: &FieldKind| match kind {
                    FieldKind::Reference(slug) | FieldKind::References(slug) => schema.position(slug),
                    _ => None,
                };
                register.fields.iter().map(|field| target(&field.kind)).collect()
            })
            .collect();
        let referring = targets.iter().map(|fields| vec![Vec::new(); fields.len()]).collect();
        let tables = schema.registers.iter().map(|_| Table::default()).collect();
        let mut facts = Self {
            schema,
            tables,
            referring,
            targets,
        };
        let mut dangling = Vec::new();
        for (register, records) in &records {
            facts.enter(*register, records);
        }
        for (register, records) in records {
            for record in records {
                facts.put(register, record, &mut dangling);
            }
        }
        (facts, dangling)
    }

    /// Gives every record its index before any reference is resolved.
    pub(super) fn enter(&mut self, register: usize, records: &[Record]) {
        let Some(table) = self.tables.get_mut(register) else {
            return;
        };
        table.present = true;
        if records.len() > 1 {
            table.rows.reserve_exact(records.len());
            table.by_key.reserve(records.len());
        }
        for record in records {
            table.place(&record.key);
        }
    }

    /// Adds or replaces one row; returns its place.
    pub(crate) fn put(&mut self, register: usize, record: Record, dangling: &mut Vec<Dangling>) -> Option<RowId> {
        self.enter(register, std::slice::from_ref(&record));
        let index = *self.tables.get(register)?.by_key.get(&record.key)?;
        let id = RowId { register, index };
        let cells = record.values.into_iter().enumerate();
        let cells: Box<[Cell]> = cells
            .map(|(field, value)| self.resolve(id, field, value, dangling))
            .collect();
        self.unlink(id);
        self.link(id, &cells);
        let row = self.tables.get_mut(register)?.rows.get_mut(index)?;
        row.title = record.title;
        row.row = record.row;
        row.cells = cells;
        row.retired = false;
        Some(id)
    }

    /// Takes a row whose references are not resolved yet.
    pub(super) fn take(&mut self, register: usize, (key, title, at): (Arc<str>, Arc<str>, u32), cells: Box<[Cell]>) {
        let Some(table) = self.tables.get_mut(register) else {
            return;
        };
        table.present = true;
        let index = table.place(&key);
        if let Some(row) = table.rows.get_mut(index) {
            (row.title, row.row, row.cells) = (title, at, cells);
        }
    }

    /// Replaces positions in `places` in a reference cell by what stands there.
    pub(super) fn settle(&mut self, id: RowId, field: usize, places: &[Option<usize>]) {
        let row = self.tables.get_mut(id.register).and_then(|t| t.rows.get_mut(id.index));
        let Some(cell) = row.and_then(|row| row.cells.get_mut(field)) else {
            return;
        };
        let place = |position: &usize| places.get(*position).copied().flatten();
        match cell {
            Cell::Row(position) => *cell = place(position).map_or(Cell::Missing, Cell::Row),
            Cell::Rows(positions) => *cell = Cell::of_rows(positions.iter().filter_map(place).collect()),
            _ => {}
        }
    }

    /// Enters every row where it is referred to; none was before.
    pub(super) fn link_all(&mut self) {
        for register in 0..self.tables.len() {
            for index in 0..self.len(register) {
                let row = self
                    .tables
                    .get_mut(register)
                    .and_then(|table| table.rows.get_mut(index));
                let cells = row.map(|row| std::mem::take(&mut row.cells)).unwrap_or_default();
                self.link(RowId { register, index }, &cells);
                if let Some(row) = self
                    .tables
                    .get_mut(register)
                    .and_then(|table| table.rows.get_mut(index))
                {
                    row.cells = cells;
                }
            }
        }
        for list in self.referring.iter_mut().flatten().flatten() {
            list.shrink_to_fit();
        }
        for table in &mut self.tables {
            table.rows.shrink_to_fit();
        }
    }

    /// Takes a row out of sight. Rows that refer to it read the reference as missing.
    pub(crate) fn retire(&mut self, id: RowId) {
        self.unlink(id);
        if let Some(row) = self.tables.get_mut(id.register).and_then(|t| t.rows.get_mut(id.index)) {
            row.retired = true;
        }
    }

    fn resolve(&self, row: RowId, field: usize, value: Value, dangling: &mut Vec<Dangling>) -> Cell {
        let mut find = |key: Arc<str>| {
            let target = self.target(row.register, field).and_then(|t| self.tables.get(t));
            let found = target.and_then(|table| table.by_key.get(&key)).copied();
            if found.is_none() {
                dangling.push(Dangling { row, field, key });
            }
            found
        };
        match value {
            Value::Missing => Cell::Missing,
            Value::Bool(value) => Cell::Bool(value),
            Value::Int(value) => Cell::Int(value),
            Value::Text(value) => Cell::Text(Word::from(&*value)),
            Value::Date(value) => Cell::Date(value),
            Value::Key(key) => find(key).map_or(Cell::Missing, Cell::Row),
            Value::Keys(keys) => Cell::of_rows(keys.into_iter().filter_map(find).collect()),
        }
    }

    fn link(&mut self, id: RowId, cells: &[Cell]) {
        for (field, cell) in cells.iter().enumerate() {
            for &target in cell.rows() {
                let Some(lists) = self.lists(id.register, field) else {
                    continue;
                };
                if lists.len() <= target {
                    lists.resize_with(target.saturating_add(1), Vec::new);
                }
                // INVARIANT: the row was unlinked before, so it can stand here only from this very cell.
                if let Some(list) = lists.get_mut(target)
                    && list.last() != Some(&id.index)
                {
                    list.push(id.index);
                }
            }
        }
    }

    fn unlink(&mut self, id: RowId) {
        let Some(row) = self.tables.get_mut(id.register).and_then(|t| t.rows.get_mut(id.index)) else {
            return;
        };
        let cells = std::mem::take(&mut row.cells);
        for (field, cell) in cells.iter().enumerate() {
            for &target in cell.rows() {
                if let Some(list) = self.lists(id.register, field).and_then(|lists| lists.get_mut(target)) {
                    list.retain(|&index| index != id.index);
                }
            }
        }
    }

    fn lists(&mut self, register: usize, field: usize) -> Option<&mut Vec<Vec<usize>>> {
        self.referring.get_mut(register)?.get_mut(field)
    }

    /// The schema that all rows follow.
    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Whether the register was delivered, be it empty.
    #[must_use]
    pub fn is_present(&self, register: usize) -> bool {
        self.tables.get(register).is_some_and(|table| table.present)
    }

    /// The row at a place; `None` once retired.
    #[must_use]
    pub fn row(&self, id: RowId) -> Option<&Row> {
        let row = self.tables.get(id.register)?.rows.get(id.index)?;
        (!row.retired).then_some(row)
    }

    /// The row with this key.
    #[must_use]
    pub fn find(&self, register: usize, key: &str) -> Option<RowId> {
        let index = *self.tables.get(register)?.by_key.get(key)?;
        let id = RowId { register, index };
        self.row(id).map(|_| id)
    }

    /// How many places a register has, retired rows included.
    #[must_use]
    pub fn len(&self, register: usize) -> usize {
        self.tables.get(register).map_or(0, |table| table.rows.len())
    }

    /// Whether a register has no row that anybody sees.
    #[must_use]
    pub fn is_empty(&self, register: usize) -> bool {
        self.rows(register).next().is_none()
    }

    /// The places of a register's rows.
    pub fn rows(&self, register: usize) -> impl Iterator<Item = RowId> {
        let rows = self.tables.get(register).map_or(&[][..], |table| &table.rows);
        let seen = rows.iter().enumerate().filter(|(_, row)| !row.retired);
        seen.map(move |(index, _)| RowId { register, index })
    }

    pub(crate) fn cell(&self, id: RowId, field: usize) -> &Cell {
        let row = self.tables.get(id.register).and_then(|table| table.rows.get(id.index));
        let cell = row.filter(|row| !row.retired).and_then(|row| row.cells.get(field));
        cell.unwrap_or(&Cell::Missing)
    }

    /// The date in a date cell.
    pub(crate) fn date(&self, id: RowId, field: usize) -> Option<Date> {
        match self.cell(id, field) {
            Cell::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// Rows of `register` whose `field` refers to the row with index `target`.
    pub(crate) fn referring(&self, register: usize, field: usize, target: usize) -> &[usize] {
        let lists = self.referring.get(register).and_then(|fields| fields.get(field));
        lists.and_then(|lists| lists.get(target)).map_or(&[], Vec::as_slice)
    }

    /// How many fields the rows of a register have.
    pub(super) fn fields(&self, register: usize) -> usize {
        self.targets.get(register).map_or(0, Vec::len)
    }

    /// The register that a reference field points to.
    pub(crate) fn target(&self, register: usize, field: usize) -> Option<usize> {
        self.targets.get(register)?.get(field).copied().flatten()
    }
}

impl Cell {
    pub(super) fn of_rows(rows: Box<[usize]>) -> Self {
        Self::Rows(Box::new(rows))
    }

    /// The rows that a reference cell points to.
    pub(crate) fn rows(&self) -> &[usize] {
        match self {
            Self::Row(row) => std::slice::from_ref(row),
            Self::Rows(rows) => rows,
            _ => &[],
        }
    }
}
