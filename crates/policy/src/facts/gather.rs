//! Facts of registers that are read once, row by row, and held once.

use std::sync::Arc;

use hashbrown::HashMap;

use super::store::{Cell, Facts, RowId, Word};
use super::{Passing, Record, Schema};

/// Words of one field that are remembered, so that rows share them; a field with more of them holds free text.
const SHARED: usize = 1_000;

/// Facts in the making. A reference may lead to a row that comes later.
#[derive(Debug)]
pub struct Gathering {
    facts: Facts,
    /// By register: the keys that rows refer to. Until [`Gathering::finish`] a reference is a position here.
    mentioned: Vec<Mentioned>,
    /// By register and field: the words met so far.
    words: Vec<Vec<HashMap<Arc<str>, Word>>>,
}

#[derive(Debug, Default, Clone)]
struct Mentioned {
    keys: Vec<Arc<str>>,
    positions: HashMap<Arc<str>, usize>,
}

impl Gathering {
    /// Begins without any register.
    #[must_use]
    pub fn new(schema: Arc<Schema>) -> Self {
        let words = schema
            .registers
            .iter()
            .map(|register| vec![HashMap::new(); register.fields.len()]);
        Self {
            words: words.collect(),
            mentioned: vec![Mentioned::default(); schema.registers.len()],
            facts: Facts::new(schema, Vec::new()).0,
        }
    }

    /// Says that a register was delivered, be it empty.
    pub fn deliver(&mut self, register: usize) {
        self.facts.enter(register, &[]);
    }

    /// Takes a row; a later one with its key replaces it.
    pub fn put(&mut self, register: usize, record: &Record) {
        let key = Arc::clone(&record.key);
        let mut row = self.row(register, (key, Arc::clone(&record.title), record.row));
        for (field, value) in record.values.iter().enumerate() {
            row.set(field, value.into());
        }
        row.done();
    }

    /// Begins a row, of which key, title and [place](Record::row) are known; a later one with its key replaces it.
    pub fn row(&mut self, register: usize, named: (Arc<str>, Arc<str>, u32)) -> Growing<'_> {
        let cells = std::iter::repeat_with(|| Cell::Missing).take(self.facts.fields(register));
        Growing {
            cells: cells.collect(),
            register,
            named,
            gathering: self,
        }
    }

    fn cell(&mut self, register: usize, field: usize, value: Passing<'_>) -> Cell {
        let target = self.facts.target(register, field);
        match value {
            Passing::Key(key) => target
                .and_then(|target| self.mention(target, &key))
                .map_or(Cell::Missing, Cell::Row),
            Passing::Keys(keys) => {
                let rows = keys.iter().filter_map(|key| self.mention(target?, key));
                Cell::of_rows(rows.collect())
            }
            Passing::Text(text) => Cell::Text(self.word(register, field, &text)),
            Passing::Missing => Cell::Missing,
            Passing::Bool(value) => Cell::Bool(value),
            Passing::Int(value) => Cell::Int(value),
            Passing::Date(value) => Cell::Date(value),
        }
    }

    fn mention(&mut self, target: usize, key: &str) -> Option<usize> {
        let Mentioned { keys, positions } = self.mentioned.get_mut(target)?;
        if let Some(position) = positions.get(key) {
            return Some(*position);
        }
        let key: Arc<str> = Arc::from(key);
        positions.insert(Arc::clone(&key), keys.len());
        keys.push(key);
        keys.len().checked_sub(1)
    }

    fn word(&mut self, register: usize, field: usize, text: &str) -> Word {
        let Some(known) = self.words.get_mut(register).and_then(|fields| fields.get_mut(field)) else {
            return Word::from(text);
        };
        if let Some(word) = known.get(text) {
            return word.clone();
        }
        let word = Word::from(text);
        if known.len() < SHARED {
            known.insert(Arc::from(text), word.clone());
        }
        word
    }

    /// Resolves every reference. One to a row that did not come reads as missing.
    #[must_use]
    pub fn finish(mut self) -> Facts {
        let places: Vec<Vec<Option<usize>>> = self
            .mentioned
            .iter()
            .enumerate()
            .map(|(register, mentioned)| {
                let place = |key: &Arc<str>| self.facts.find(register, key).map(|row| row.index);
                mentioned.keys.iter().map(place).collect()
            })
            .collect();
        for register in 0..self.facts.schema().registers.len() {
            let fields: Vec<(usize, usize)> = (0..self.facts.fields(register))
                .filter_map(|field| Some((field, self.facts.target(register, field)?)))
                .collect();
            if fields.is_empty() {
                continue;
            }
            for index in 0..self.facts.len(register) {
                for (field, target) in &fields {
                    let places = places.get(*target).map(Vec::as_slice).unwrap_or_default();
                    self.facts.settle(RowId { register, index }, *field, places);
                }
            }
        }
        self.facts.link_all();
        self.facts
    }
}

/// A row to which one value after another comes.
#[derive(Debug)]
pub struct Growing<'g> {
    gathering: &'g mut Gathering,
    register: usize,
    /// Key, title and place.
    named: (Arc<str>, Arc<str>, u32),
    cells: Box<[Cell]>,
}

impl Growing<'_> {
    /// The row has a value in the field at this position; the last one counts, and a field that is never named is missing.
    pub fn set(&mut self, field: usize, value: Passing<'_>) {
        if let Some(cell) = self.cells.get_mut(field) {
            *cell = self.gathering.cell(self.register, field, value);
        }
    }

    /// Nothing more comes.
    pub fn done(self) {
        self.gathering.facts.take(self.register, self.named, self.cells);
    }
}

#[cfg(test)]
mod tests {
    use model::lang::Text;
    use proptest::prelude::*;

    use super::super::{FieldKind, FieldSchema, RegisterSchema, Value};
    use super::*;

    fn schema() -> Arc<Schema> {
        let field = |kind| FieldSchema {
            name: String::new(),
            label: Text::default(),
            kind,
        };
        let register = |slug: &str, kinds: Vec<FieldKind>| RegisterSchema {
            slug: slug.to_owned(),
            label: Text::default(),
            dated_by: None,
            fields: kinds.into_iter().map(field).collect(),
        };
        let (one, several) = (
            FieldKind::Reference("b".to_owned()),
            FieldKind::References("a".to_owned()),
        );
        Arc::new(Schema {
            registers: vec![
                register("a", vec![one, several, FieldKind::Text]),
                register("b", vec![FieldKind::References("a".to_owned()), FieldKind::Int]),
                register("c", Vec::new()),
            ],
        })
    }

    fn key() -> impl Strategy<Value = Arc<str>> {
        prop::sample::select(vec!["1", "2", "3", "4", "nobody"]).prop_map(Arc::from)
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Missing),
            key().prop_map(Value::Key),
            prop::collection::vec(key(), 0..4).prop_map(Value::Keys),
            prop::sample::select(vec!["x", "", "a longer word"]).prop_map(|text| Value::Text(text.into())),
            any::<i64>().prop_map(Value::Int),
        ]
    }

    fn row() -> impl Strategy<Value = (usize, Record)> {
        let values = prop::collection::vec(value(), 3);
        (0..3_usize, key(), values, any::<u32>()).prop_map(|(register, key, mut values, row)| {
            values.truncate([3, 2, 0].get(register).copied().unwrap_or_default());
            let title = format!("row {row}").into();
            (
                register,
                Record {
                    key,
                    title,
                    values,
                    row,
                },
            )
        })
    }

    /// Everything that the judge can see.
    fn seen(facts: &Facts) -> Vec<String> {
        let mut seen = Vec::new();
        for register in 0..3 {
            seen.push(format!("{register} {}", facts.is_present(register)));
            for id in facts.rows(register) {
                seen.push(format!("{:?}", facts.row(id)));
            }
            for (from, field) in [(0, 0), (0, 1), (1, 0)] {
                let referring = (0..5).map(|target| {
                    let mut rows = facts.referring(from, field, target).to_vec();
                    rows.sort_unstable();
                    rows
                });
                seen.push(format!("{:?}", referring.collect::<Vec<_>>()));
            }
        }
        seen
    }

    proptest! {
        /// Rows that come one by one, mixed, are what they are when they are given all at once.
        #[test]
        fn gathered_facts_are_the_same_facts(rows in prop::collection::vec(row(), 0..12)) {
            let at_once = (0..3).map(|register| {
                let own = rows.iter().filter(|(of, _)| *of == register);
                (register, own.map(|(_, record)| record.clone()).collect::<Vec<_>>())
            });
            let at_once = at_once.filter(|(_, rows)| !rows.is_empty()).collect();
            let mut gathering = Gathering::new(schema());
            for (register, record) in &rows {
                gathering.put(*register, record);
            }
            prop_assert_eq!(seen(&gathering.finish()), seen(&Facts::new(schema(), at_once).0));
        }
    }

    #[test]
    fn a_register_may_be_delivered_empty() {
        let mut gathering = Gathering::new(schema());
        gathering.deliver(2);
        let facts = gathering.finish();
        assert!(facts.is_present(2) && !facts.is_present(0));
    }
}
