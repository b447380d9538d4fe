//! SQLite's index of tokens, asked for as little as finds a list.
//!
//! FTS5 steps through the posting lists of all tokens at once. A list that nearly every entry stands in costs as many steps as one
//! that tells something: of the eight pairs of characters of a code, two or three leave a handful of entries, and those are looked at.

use super::found::numbers;
use super::{Indexes, Limits};
use crate::failure::Result;
use crate::session::{Snapshot, Value};

/// Hits of a token that tell how rare it is.
const SAMPLE: u64 = 50;
/// So few entries are looked at rather than narrowed by one more token.
const HANDFUL: f64 = 64.0;

/// An expression of FTS5: `("a") AND ("b" OR "c")`.
#[derive(Debug)]
pub(super) struct Expression {
    groups: Vec<String>,
}

/// What the index gives.
#[derive(Debug)]
pub(super) enum Matched {
    /// Every entry, in order.
    All(Vec<u64>),
    /// So many or more, and most likely more than are ever fetched.
    TooMany(usize),
}

/// The groups that leave few entries, the rarest first; all of them where that takes all.
pub(super) fn rarest(snapshot: &mut dyn Snapshot, groups: &[Vec<String>], indexes: &Indexes<'_>) -> Result<Expression> {
    let mut groups: Vec<String> = groups.iter().map(|tokens| group(tokens)).collect();
    if groups.len() > indexes.limits.weighed {
        let last = snapshot.first("SELECT max(id) FROM entry", &[], |row| row.optional_number(0))?;
        let all = count(last.flatten().unwrap_or_default());
        let mut weighed = Vec::with_capacity(groups.len());
        for group in groups {
            let share = indexes.kept.share(&group, all, || share(snapshot, &group, all))?;
            weighed.push((share, group));
        }
        weighed.sort_by(|(one, _), (two, _)| one.total_cmp(two));
        let mut left = all;
        groups = Vec::new();
        for (share, group) in weighed {
            if !groups.is_empty() && left <= HANDFUL {
                break;
            }
            left *= share;
            groups.push(group);
        }
    }
    Ok(Expression { groups })
}

/// The share of the entries that a group has, guessed from where its first hits lie.
fn share(snapshot: &mut dyn Snapshot, group: &str, all: f64) -> Result<f64> {
    let sql = "SELECT count(*), min(rowid), max(rowid) FROM (SELECT rowid FROM term WHERE term MATCH $1 LIMIT $2)";
    let with = [Value::from(group), Value::from(SAMPLE)];
    let hits = snapshot.first(sql, &with, |row| {
        let ends = row.optional_number(1)?.zip(row.optional_number(2)?);
        Ok((row.number(0)?, ends))
    })?;
    Ok(match hits {
        Some((hits, Some((first, last)))) if hits >= SAMPLE => density(hits, first, last),
        Some((hits, _)) => count(hits) / all.max(1.0),
        None => 0.0,
    })
}

impl Expression {
    /// How many groups it has.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The entries that it finds. Where the first ones lie so close that there are more than [`Limits::fetched`] of them, the rest is
    /// not read.
    pub(super) fn matched(&self, snapshot: &mut dyn Snapshot, limits: &Limits) -> Result<Matched> {
        let asked = self.groups.join(" AND ");
        let sample = limits.sampled.min(limits.fetched);
        let sql = "SELECT rowid FROM term WHERE term MATCH $1 LIMIT $2";
        let mut found = numbers(snapshot, sql, vec![Value::from(&asked)], sample)?;
        if found.len() <= sample {
            return Ok(Matched::All(found));
        }
        let (Some(first), Some(latest)) = (found.first().copied(), found.last().copied()) else {
            return Ok(Matched::All(found));
        };
        // If they go on as close as that, there are more than are ever fetched by this entry.
        let full = count(number(limits.fetched)) / density(number(found.len()), first, latest);
        let sql = "SELECT rowid FROM term WHERE term MATCH $1 AND rowid > $2 LIMIT 1";
        let with = [Value::from(&asked), Value::from(first.saturating_add(whole(full)))];
        if snapshot.first(sql, &with, |row| row.number(0))?.is_some() {
            return Ok(Matched::TooMany(sample));
        }
        let sql = "SELECT rowid FROM term WHERE term MATCH $1 AND rowid > $2 LIMIT $3";
        let rest = limits.fetched.saturating_sub(found.len());
        found.extend(numbers(
            snapshot,
            sql,
            vec![Value::from(&asked), Value::from(latest)],
            rest,
        )?);
        Ok(if found.len() > limits.fetched {
            Matched::TooMany(limits.fetched)
        } else {
            Matched::All(found)
        })
    }
}

fn group(tokens: &[String]) -> String {
    let tokens: Vec<String> = tokens.iter().map(|token| format!("\"{token}\"")).collect();
    format!("({})", tokens.join(" OR "))
}

/// Hits for each entry between the first and the last one.
fn density(hits: u64, first: u64, last: u64) -> f64 {
    count(hits) / count(last.saturating_sub(first).saturating_add(1))
}

#[expect(clippy::cast_precision_loss, reason = "only sizes are compared")]
const fn count(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance between entries, rounded down"
)]
const fn whole(distance: f64) -> u64 {
    distance.min(1e15) as u64
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
