//! All rows of a batch, in a few statements.

use std::collections::BTreeSet;

use super::index::{Difference, Indexed};
use super::state::{Held, Name, Other, State};
use crate::digest;
use crate::driver::Dialect;
use crate::failure::Result;
use crate::insert::Into;
use crate::session::{Transaction, Value};

const LEAVES: Into<'static> = Into {
    head: "INSERT INTO ledger_leaf (idx, entry, hash, class, secret, fields) VALUES",
    row: "(?, ?, ?, ?, ?, ?)",
    tail: "",
};

const TILES: Into<'static> = Into {
    head: "INSERT INTO ledger_tile (level, idx, hash) VALUES",
    row: "(?, ?, ?)",
    tail: "",
};

const VERSIONS: Into<'static> = Into {
    head: "INSERT INTO entry_version (leaf, entry, version, title, reading, retired, act, index_hash, document) VALUES",
    row: "(?, ?, ?, ?, ?, ?, ?, ?, ?)",
    tail: "",
};

const ENTRIES: Into<'static> = Into {
    head: "INSERT INTO entry (id, register, key, version, title, reading, retired_at, leaf, subject, terms, search) VALUES",
    row: "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    tail: "ON CONFLICT (id) DO UPDATE SET version = excluded.version, title = excluded.title, \
           reading = excluded.reading, retired_at = excluded.retired_at, leaf = excluded.leaf, \
           terms = excluded.terms, search = excluded.search",
};

const REGISTERS: Into<'static> = Into {
    head: "INSERT INTO register (number, name, live, retired) VALUES",
    row: "(?, ?, ?, ?)",
    tail: "ON CONFLICT (number) DO UPDATE SET live = excluded.live, retired = excluded.retired",
};

const PSEUDONYMS: Into<'static> = Into {
    head: "INSERT INTO pseudonym (person, actor, digest) VALUES",
    row: "(?, ?, ?)",
    tail: "",
};

/// Writes everything that the acts of a batch left in the state.
pub(super) fn all(transaction: &mut dyn Transaction, dialect: Dialect, state: &State) -> Result<()> {
    if state.leaves.is_empty() {
        return Ok(());
    }
    ledger(transaction, state)?;
    entries(transaction, state)?;
    index(state)?.write(transaction, dialect)?;
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

/// What lists and searches read.
fn index(state: &State) -> Result<Difference<'_>> {
    let mut difference = Difference::default();
    for (name, held) in touched(state) {
        let stored = state
            .stored
            .get(name)
            .map(|stored| indexed(state, name, stored))
            .transpose()?;
        difference.add(stored, indexed(state, name, held)?);
    }
    Ok(difference)
}

fn indexed<'s>(state: &State, name: &'s Name, held: &'s Held) -> Result<Indexed<'s>> {
    Ok(Indexed {
        entry: held.id,
        register: &name.0,
        partition: state.partition(&name.0, held.retired())?,
        terms: &held.terms,
        search: &held.search,
    })
}

fn touched(state: &State) -> impl Iterator<Item = (&Name, &Held)> {
    state
        .touched
        .iter()
        .filter_map(|name| Some((name, state.entries.get(name)?)))
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
