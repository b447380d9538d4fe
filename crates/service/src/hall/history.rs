//! The standing of every clause over time: a version of its document each time that it changed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use policy::judge::Standing;
use serde_json::{Value, json};
use store::{Act, Expected};

use super::acts::plain;
use super::{Hall, Refusal, collection};
use crate::standing::ClauseState;

/// How a clause stood from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stood {
    /// From when.
    pub at: Timestamp,
    /// How it stood.
    pub standing: Standing,
    /// How many things were broken in it and below it.
    pub broken: usize,
    /// The ledger entry that holds it.
    pub leaf: u64,
}

impl Hall {
    /// Writes down the standing of every clause that stands otherwise than it was last written. One act, by the program itself.
    ///
    /// Returns how many clauses there were. Where two nodes do it at the same time, one of them is refused and has nothing to add.
    ///
    /// # Errors
    /// What the store says.
    pub fn record_standings(&self) -> Result<usize, Refusal> {
        let Some(snapshot) = self.snapshot() else { return Ok(0) };
        let mut written: BTreeMap<String, (u64, Value)> = BTreeMap::new();
        self.store.scan(collection::STANDING, &mut |entry| {
            written.insert(entry.key, (entry.version, entry.document));
            Ok(())
        })?;
        let mut act = Act::new("standing.change");
        for clause in snapshot.walk() {
            let Some(document) = document(clause) else { continue };
            let before = written.get(&clause.id);
            if before.is_some_and(|(_, known)| *known == document) {
                continue;
            }
            let mut put = plain(collection::STANDING, &clause.id, document);
            put.expected = before.map_or(Expected::New, |(version, _)| Expected::Version(*version));
            act.clauses.push(clause.id.clone());
            act = act.with(put);
        }
        let changed = act.changes.len();
        if changed > 0 {
            self.commit(act)?;
        }
        Ok(changed)
    }

    /// How each clause stood over time, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn standing_history(&self) -> Result<BTreeMap<String, Vec<Stood>>, Refusal> {
        let mut clauses = Vec::new();
        self.store.scan(collection::STANDING, &mut |entry| {
            clauses.push(entry.key);
            Ok(())
        })?;
        let mut history = BTreeMap::new();
        for clause in clauses {
            let mut versions = self.store.versions(collection::STANDING, &clause)?;
            versions.reverse();
            let stood = versions.into_iter().filter_map(|version| {
                let (standing, broken) = read(version.document.as_ref()?)?;
                Some(Stood {
                    at: version.at,
                    standing,
                    broken,
                    leaf: version.leaf,
                })
            });
            history.insert(clause, stood.collect());
        }
        Ok(history)
    }
}

fn document(clause: &ClauseState) -> Option<Value> {
    let standing = serde_json::to_value(clause.standing?).ok()?;
    Some(json!({
        "standing": standing,
        "broken": clause.broken,
        "unproven": clause.summary.unproven,
        "excepted": clause.summary.excepted,
        "kept": clause.summary.kept,
    }))
}

fn read(document: &Value) -> Option<(Standing, usize)> {
    let word = document.get("standing")?;
    let standing = Standing::ALL
        .into_iter()
        .find(|standing| serde_json::to_value(standing).is_ok_and(|known| known == *word))?;
    let broken = document.get("broken")?.as_u64()?;
    Some((standing, usize::try_from(broken).ok()?))
}
