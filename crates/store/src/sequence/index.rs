//! The rows that entries are found by: what lists sort by, what refers to what, what is unique, and the inverted index.
//!
//! All of them follow from the terms of the entries.

use std::collections::BTreeSet;

use crate::act::Reference;
use crate::driver::Dialect;
use crate::failure::Result;
use crate::insert::{Among, Into};
use crate::session::{Transaction, Value};
use crate::terms::{Partition, Terms, sorted};

const FIELDS: Into<'static> = Into {
    head: "INSERT INTO entry_field (register, field, retired, value, entry) VALUES",
    row: "(?, ?, ?, ?, ?)",
    tail: "",
};

const REFERENCES: Into<'static> = Into {
    head: "INSERT INTO entry_ref (register, key, field, source) VALUES",
    row: "(?, ?, ?, ?)",
    tail: "",
};

const UNIQUE: Into<'static> = Into {
    head: "INSERT INTO entry_unique (register, name, value, entry) VALUES",
    row: "(?, ?, ?, ?)",
    tail: "",
};

const SQLITE_TERMS: Into<'static> = Into {
    head: "INSERT INTO term (rowid, tokens) VALUES",
    row: "(?, ?)",
    tail: "",
};

const POSTGRES_TERMS: Into<'static> = Into {
    head: "INSERT INTO term (entry, tokens) VALUES",
    row: "(?, string_to_array(?, ' '))",
    tail: "",
};

/// What an entry is found by.
#[derive(Clone, Copy)]
pub(crate) struct Indexed<'s> {
    pub(crate) entry: u64,
    pub(crate) register: &'s str,
    pub(crate) partition: Partition,
    pub(crate) terms: &'s Terms,
    pub(crate) search: &'s str,
}

/// A value of one field, and whose it is.
type FieldRow<'s> = (u64, &'s str, bool, &'s [u8], u64);

/// What the rows that entries are found by gain and lose.
#[derive(Default)]
pub(crate) struct Difference<'s> {
    gone_fields: Vec<FieldRow<'s>>,
    new_fields: Vec<FieldRow<'s>>,
    gone_references: Vec<[Value<'s>; 4]>,
    new_references: Vec<[Value<'s>; 4]>,
    gone_unique: Vec<[Value<'s>; 3]>,
    new_unique: Vec<[Value<'s>; 4]>,
    gone_terms: Vec<Value<'s>>,
    new_terms: Vec<(u64, String)>,
}

impl<'s> Difference<'s> {
    /// An entry is found by what it says after a change, no longer by what it said before.
    pub(crate) fn add(&mut self, before: Option<Indexed<'s>>, after: Indexed<'s>) {
        self.fields(before, after);
        self.references(before, after);
        self.unique(before, after);
        let old = before.map(|before| before.terms.tokens(before.partition, before.search));
        let new = after.terms.tokens(after.partition, after.search);
        if old.as_ref() != Some(&new) {
            self.gone_terms.extend(before.map(|before| Value::from(before.entry)));
            self.new_terms.push((after.entry, new));
        }
    }

    fn fields(&mut self, before: Option<Indexed<'s>>, after: Indexed<'s>) {
        let old = before.map(field_rows).unwrap_or_default();
        let new = field_rows(after);
        self.gone_fields.extend(old.difference(&new));
        self.new_fields.extend(new.difference(&old));
    }

    fn references(&mut self, before: Option<Indexed<'s>>, after: Indexed<'s>) {
        let row = |to: &'s Reference| {
            [
                Value::from(&to.register),
                Value::from(&to.key),
                Value::from(&to.field),
                Value::from(after.entry),
            ]
        };
        let (old, new) = (before.map(|before| &before.terms.references), &after.terms.references);
        self.gone_references.extend(lost(old, new).map(row));
        self.new_references.extend(gained(old, new).map(row));
    }

    fn unique(&mut self, before: Option<Indexed<'s>>, after: Indexed<'s>) {
        let (old, new) = (before.map(|before| &before.terms.unique), &after.terms.unique);
        let register = Value::from(after.register);
        let gone = lost(old, new).map(|(name, value)| [register, Value::from(name), Value::from(value)]);
        self.gone_unique.extend(gone);
        let new = gained(old, new).map(|(name, value)| {
            [
                register,
                Value::from(name),
                Value::from(value),
                Value::from(after.entry),
            ]
        });
        self.new_unique.extend(new);
    }

    /// What goes goes first, so that a unique value can pass from one entry to another.
    pub(crate) fn write(&self, transaction: &mut dyn Transaction, dialect: Dialect) -> Result<()> {
        let delete =
            "DELETE FROM entry_field WHERE register = $1 AND field = $2 AND retired = $3 AND value = $4 AND entry = $5";
        for row in &self.gone_fields {
            transaction.run(delete, &field_values(row))?;
        }
        let delete = "DELETE FROM entry_ref WHERE register = $1 AND key = $2 AND field = $3 AND source = $4";
        for row in &self.gone_references {
            transaction.run(delete, row)?;
        }
        let delete = "DELETE FROM entry_unique WHERE register = $1 AND name = $2 AND value = $3";
        for row in &self.gone_unique {
            transaction.run(delete, row)?;
        }
        FIELDS.write(
            transaction,
            &self.new_fields.iter().flat_map(field_values).collect::<Vec<_>>(),
        )?;
        REFERENCES.write(transaction, &self.new_references.concat())?;
        UNIQUE.write(transaction, &self.new_unique.concat())?;
        self.write_terms(transaction, dialect)
    }

    fn write_terms(&self, transaction: &mut dyn Transaction, dialect: Dialect) -> Result<()> {
        let (head, insert) = match dialect {
            Dialect::Sqlite => ("DELETE FROM term WHERE rowid IN (", SQLITE_TERMS),
            Dialect::Postgres => ("DELETE FROM term WHERE entry IN (", POSTGRES_TERMS),
        };
        Among {
            head,
            row: "?",
            tail: ")",
        }
        .run(transaction, &self.gone_terms)?;
        let rows = self.new_terms.iter();
        let rows: Vec<Value<'_>> = rows
            .flat_map(|(entry, tokens)| [Value::from(*entry), Value::from(tokens.trim_end())])
            .collect();
        insert.write(transaction, &rows)
    }
}

fn field_rows(indexed: Indexed<'_>) -> BTreeSet<FieldRow<'_>> {
    let Indexed {
        entry,
        partition,
        terms,
        ..
    } = indexed;
    let fields = terms.fields.iter();
    fields
        .map(|(field, value)| {
            (
                partition.register,
                field.as_str(),
                partition.retired,
                sorted(value),
                entry,
            )
        })
        .collect()
}

fn field_values<'v>(row: &FieldRow<'v>) -> [Value<'v>; 5] {
    let (register, field, retired, value, entry) = *row;
    [
        Value::from(register),
        Value::from(field),
        Value::from(retired),
        Value::from(value),
        Value::from(entry),
    ]
}

fn lost<'s, T: Ord>(old: Option<&'s BTreeSet<T>>, new: &'s BTreeSet<T>) -> impl Iterator<Item = &'s T> {
    old.into_iter().flatten().filter(|item| !new.contains(item))
}

fn gained<'s, T: Ord>(old: Option<&'s BTreeSet<T>>, new: &'s BTreeSet<T>) -> impl Iterator<Item = &'s T> {
    new.iter().filter(move |item| old.is_none_or(|old| !old.contains(item)))
}
