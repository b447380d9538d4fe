//! All rows of a batch, in a few statements.

use std::collections::BTreeSet;

use super::state::{Held, Name, Other, State};
use crate::digest;
use crate::driver::Dialect;
use crate::failure::Result;
use crate::insert::{Among, Into};
use crate::session::{Transaction, Value};
use crate::terms::{Partition, sorted};

const LEAVES: Into = Into {
    head: "INSERT INTO ledger_leaf (idx, entry, hash, class, secret, fields) VALUES",
    row: "(?, ?, ?, ?, ?, ?)",
    tail: "",
};

const TILES: Into = Into {
    head: "INSERT INTO ledger_tile (level, idx, hash) VALUES",
    row: "(?, ?, ?)",
    tail: "",
};

const VERSIONS: Into = Into {
    head: "INSERT INTO entry_version (leaf, entry, version, title, reading, retired, act, index_hash, document) VALUES",
    row: "(?, ?, ?, ?, ?, ?, ?, ?, ?)",
    tail: "",
};

const ENTRIES: Into = Into {
    head: "INSERT INTO entry (id, register, key, version, title, reading, retired_at, leaf, subject, terms, search) VALUES",
    row: "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    tail: "ON CONFLICT (id) DO UPDATE SET version = excluded.version, title = excluded.title, \
           reading = excluded.reading, retired_at = excluded.retired_at, leaf = excluded.leaf, \
           terms = excluded.terms, search = excluded.search",
};

const REGISTERS: Into = Into {
    head: "INSERT INTO register (number, name, live, retired) VALUES",
    row: "(?, ?, ?, ?)",
    tail: "ON CONFLICT (number) DO UPDATE SET live = excluded.live, retired = excluded.retired",
};

const PSEUDONYMS: Into = Into {
    head: "INSERT INTO pseudonym (person, actor, digest) VALUES",
    row: "(?, ?, ?)",
    tail: "",
};

const FIELDS: Into = Into {
    head: "INSERT INTO entry_field (register, field, retired, value, entry) VALUES",
    row: "(?, ?, ?, ?, ?)",
    tail: "",
};

const REFERENCES: Into = Into {
    head: "INSERT INTO entry_ref (register, key, field, source) VALUES",
    row: "(?, ?, ?, ?)",
    tail: "",
};

const UNIQUE: Into = Into {
    head: "INSERT INTO entry_unique (register, name, value, entry) VALUES",
    row: "(?, ?, ?, ?)",
    tail: "",
};

const SQLITE_TERMS: Into = Into {
    head: "INSERT INTO term (rowid, tokens) VALUES",
    row: "(?, ?)",
    tail: "",
};

const POSTGRES_TERMS: Into = Into {
    head: "INSERT INTO term (entry, tokens) VALUES",
    row: "(?, string_to_array(?, ' '))",
    tail: "",
};

/// Writes everything that the acts of a batch left in the state.
pub(super) fn all(transaction: &mut dyn Transaction, dialect: Dialect, state: &State) -> Result<()> {
    if state.leaves.is_empty() {
        return Ok(());
    }
    ledger(transaction, state)?;
    entries(transaction, state)?;
    Difference::of(state)?.write(transaction, dialect)?;
    others(transaction, state)?;
    state.head.write(transaction)
}

fn ledger(transaction: &mut dyn Transaction, state: &State) -> Result<()> {
    let mut values = Vec::with_capacity(state.leaves.len() * 6);
    for leaf in &state.leaves {
        values.extend([
            Value::from(leaf.index),
            Value::from(&leaf.entry),
            Value::Blob(&leaf.hash.0),
            Value::from(&leaf.class),
            Value::from(&leaf.secret),
            Value::from(leaf.fields.as_ref()),
        ]);
    }
    LEAVES.write(transaction, &values)?;
    let tiles = state.tiles.iter();
    let tiles: Vec<Value<'_>> = tiles
        .flat_map(|(level, index, hash)| [Value::from(*level), Value::from(*index), Value::Blob(&hash.0)])
        .collect();
    TILES.write(transaction, &tiles)?;
    // A person who is forgotten and acts again gets another pseudonym.
    for other in &state.others {
        if let Other::Forgotten { person } = other {
            transaction.run("DELETE FROM pseudonym WHERE person = $1", &[Value::from(person)])?;
        }
    }
    let people = state
        .new_pseudonyms
        .iter()
        .filter_map(|person| Some((person, state.pseudonyms.get(person)?)));
    let people: Vec<_> = people
        .map(|(person, actor)| (person, actor, digest::of(&[person.as_bytes(), actor.as_bytes()])))
        .collect();
    let pairs: Vec<Value<'_>> = people
        .iter()
        .flat_map(|(person, actor, digest)| [Value::from(*person), Value::from(*actor), Value::from(digest)])
        .collect();
    PSEUDONYMS.write(transaction, &pairs)
}

fn entries(transaction: &mut dyn Transaction, state: &State) -> Result<()> {
    let mut versions = Vec::with_capacity(state.versions.len() * 9);
    for version in &state.versions {
        versions.extend([
            Value::from(version.leaf),
            Value::from(version.entry),
            Value::from(version.version),
            Value::from(&version.title),
            Value::from(&version.reading),
            Value::from(version.retired),
            Value::from(version.act),
            Value::from(&version.index_hash),
            Value::from(&version.document),
        ]);
    }
    VERSIONS.write(transaction, &versions)?;
    let touched: Vec<(&Name, &Held, Vec<u8>)> = touched(state)
        .map(|(name, held)| (name, held, held.terms.pack()))
        .collect();
    let mut rows = Vec::with_capacity(touched.len() * 11);
    for (name, held, terms) in &touched {
        rows.extend([
            Value::from(held.id),
            Value::from(&name.0),
            Value::from(&name.1),
            Value::from(held.version),
            Value::from(&held.title),
            Value::from(&held.reading),
            Value::from(held.retired_at.as_ref()),
            Value::from(held.leaf),
            Value::from(&held.subject),
            Value::from(terms),
            Value::from(&held.search),
        ]);
    }
    ENTRIES.write(transaction, &rows)?;
    let names: BTreeSet<&String> = state.touched.iter().map(|(register, _)| register).collect();
    let registers = names
        .into_iter()
        .filter_map(|name| Some((name, state.registers.get(name)?)));
    let registers: Vec<Value<'_>> = registers
        .flat_map(|(name, counted)| {
            [
                Value::from(counted.number),
                Value::from(name),
                Value::from(counted.live),
                Value::from(counted.retired),
            ]
        })
        .collect();
    REGISTERS.write(transaction, &registers)
}

fn touched(state: &State) -> impl Iterator<Item = (&Name, &Held)> {
    state
        .touched
        .iter()
        .filter_map(|name| Some((name, state.entries.get(name)?)))
}

/// A value of one field, and whose it is.
type FieldRow<'s> = (u64, &'s str, bool, &'s [u8], u64);

/// What the rows that entries are found by gain and lose.
#[derive(Default)]
struct Difference<'s> {
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
    fn of(state: &'s State) -> Result<Self> {
        let mut difference = Self::default();
        for (name, held) in touched(state) {
            let stored = state.stored.get(name);
            let partition = state.partition(&name.0, held.retired())?;
            let stored_partition = stored.map(|stored| Partition {
                retired: stored.retired(),
                ..partition
            });
            difference.fields((stored, stored_partition), (held, partition));
            difference.references(stored, held);
            difference.unique(&name.0, stored, held);
            let before = stored
                .zip(stored_partition)
                .map(|(stored, at)| stored.terms.tokens(at, &stored.search));
            let after = held.terms.tokens(partition, &held.search);
            if before.as_ref() != Some(&after) {
                difference
                    .gone_terms
                    .extend(stored.map(|stored| Value::from(stored.id)));
                difference.new_terms.push((held.id, after));
            }
        }
        Ok(difference)
    }

    fn fields(&mut self, before: (Option<&'s Held>, Option<Partition>), after: (&'s Held, Partition)) {
        let old: BTreeSet<FieldRow<'s>> = before
            .0
            .zip(before.1)
            .map(|(held, partition)| field_rows(held, partition))
            .unwrap_or_default();
        let new = field_rows(after.0, after.1);
        self.gone_fields.extend(old.difference(&new));
        self.new_fields.extend(new.difference(&old));
    }

    fn references(&mut self, before: Option<&'s Held>, after: &'s Held) {
        let row = |to: &'s crate::act::Reference| {
            [
                Value::from(&to.register),
                Value::from(&to.key),
                Value::from(&to.field),
                Value::from(after.id),
            ]
        };
        let (old, new) = (before.map(|held| &held.terms.references), &after.terms.references);
        self.gone_references.extend(lost(old, new).map(row));
        self.new_references.extend(gained(old, new).map(row));
    }

    fn unique(&mut self, register: &'s str, before: Option<&'s Held>, after: &'s Held) {
        let (old, new) = (before.map(|held| &held.terms.unique), &after.terms.unique);
        let gone = lost(old, new).map(|(name, value)| [Value::from(register), Value::from(name), Value::from(value)]);
        self.gone_unique.extend(gone);
        let new = gained(old, new).map(|(name, value)| {
            [
                Value::from(register),
                Value::from(name),
                Value::from(value),
                Value::from(after.id),
            ]
        });
        self.new_unique.extend(new);
    }

    /// What goes goes first, so that a unique value can pass from one entry to another.
    fn write(&self, transaction: &mut dyn Transaction, dialect: Dialect) -> Result<()> {
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

fn field_rows(held: &Held, partition: Partition) -> BTreeSet<FieldRow<'_>> {
    let fields = held.terms.fields.iter();
    fields
        .map(|(field, value)| {
            (
                partition.register,
                field.as_str(),
                partition.retired,
                sorted(value),
                held.id,
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

fn others(transaction: &mut dyn Transaction, state: &State) -> Result<()> {
    for other in &state.others {
        match other {
            Other::Secret {
                scope,
                key,
                value: Some(value),
            } => transaction.run(
                "INSERT INTO secret (scope, key, value, digest) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value, digest = excluded.digest",
                &[
                    Value::from(scope),
                    Value::from(key),
                    Value::from(value),
                    Value::from(&digest::of(&[scope.as_bytes(), key.as_bytes(), value])),
                ],
            )?,
            Other::Secret {
                scope,
                key,
                value: None,
            } => transaction.run(
                "DELETE FROM secret WHERE scope = $1 AND key = $2",
                &[Value::from(scope), Value::from(key)],
            )?,
            Other::Erased { leaf, by, .. } => erase(transaction, *leaf, *by)?,
            Other::Forgotten { .. } => 0,
            Other::Blob { hash, size, media } => transaction.run(
                "INSERT INTO blob (hash, size, media) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
                &[Value::from(hash), Value::from(*size), Value::from(media)],
            )?,
        };
    }
    Ok(())
}

/// The body goes with its one secret, from which all salts are made; entry and hash stay.
fn erase(transaction: &mut dyn Transaction, leaf: u64, by: u64) -> Result<u64> {
    transaction.run(
        "UPDATE ledger_leaf SET secret = NULL, fields = NULL, erased_by = $1 WHERE idx = $2",
        &[Value::from(by), Value::from(leaf)],
    )?;
    transaction.run(
        "UPDATE entry_version SET title = '', reading = '', act = $1, index_hash = $2, document = '{}' WHERE leaf = $3",
        &[Value::from(leaf), Value::Blob(&[]), Value::from(leaf)],
    )
}
