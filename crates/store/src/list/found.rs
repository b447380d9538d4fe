//! Sets of entries, straight from the indexes.

use super::rare::{Matched, rarest};
use super::{Indexes, Test, Wanted};
use crate::driver::Dialect;
use crate::failure::Result;
use crate::session::{Snapshot, Value};
use crate::terms::{Partition, SORTED, sorted};

/// The entries that the indexes give for a search and its filters.
#[derive(Debug)]
pub(super) struct Found {
    /// Their numbers, sorted; `None` where no index has few enough.
    pub(super) entries: Option<Vec<u64>>,
    /// Whether each of them is known to fulfil everything. Else it must be looked at: pairs of characters may all be in a
    /// text that does not have the word, and a condition that holds for too many was left out.
    pub(super) exact: bool,
    /// Where there are too many: so many entries or more.
    pub(super) least: usize,
}

/// Asks the indexes; sets of more than [`Limits::fetched`](super::Limits::fetched) entries are left out.
pub(super) fn entries(
    snapshot: &mut dyn Snapshot,
    indexes: &Indexes<'_>,
    wanted: &Wanted<'_>,
    partition: Partition,
) -> Result<Found> {
    let most = indexes.limits.fetched;
    let mut found = Found {
        entries: None,
        exact: wanted.words_are_tokens(),
        least: 0,
    };
    let groups = wanted.groups(partition);
    if groups.iter().any(Vec::is_empty) {
        // A filter that no value fulfils.
        return Ok(Found {
            entries: Some(Vec::new()),
            exact: true,
            least: 0,
        });
    }
    if !groups.is_empty() {
        match indexes.dialect {
            Dialect::Sqlite => {
                let rare = rarest(snapshot, &groups, indexes)?;
                found.exact &= rare.len() == groups.len();
                match rare.matched(snapshot, &indexes.limits)? {
                    Matched::All(tokens) => found.narrow(tokens, most),
                    Matched::TooMany(least) => found.leave(least),
                }
            }
            Dialect::Postgres => {
                let (sql, asked) = postgres(&groups);
                let with: Vec<Value<'_>> = asked.iter().map(Value::from).collect();
                let tokens = numbers(snapshot, &sql, with, most)?;
                found.narrow(tokens, most);
            }
        }
    }
    for filter in wanted.filters {
        if let Test::Between(from, to) = &filter.test {
            let (least, beyond) = bounds(from.as_deref(), to.as_deref());
            let with = vec![
                Value::from(partition.register),
                Value::from(&filter.field),
                Value::from(partition.retired),
                Value::Blob(&least),
                Value::Blob(&beyond),
            ];
            let sql = "SELECT entry FROM entry_field \
                       WHERE register = $1 AND field = $2 AND retired = $3 AND value >= $4 AND value <= $5 LIMIT $6";
            found.exact &= [from, to].into_iter().flatten().all(|bound| bound.len() < SORTED);
            let range = numbers(snapshot, sql, with, most)?;
            found.narrow(range, most);
        }
    }
    Ok(found)
}

impl Found {
    fn narrow(&mut self, mut by: Vec<u64>, most: usize) {
        if by.len() > most {
            self.leave(most);
            return;
        }
        by.sort_unstable();
        by.dedup();
        if let Some(entries) = &self.entries {
            by.retain(|entry| entries.binary_search(entry).is_ok());
        }
        self.entries = Some(by);
    }

    /// A condition that holds for `least` entries or more is left out.
    fn leave(&mut self, least: usize) {
        self.exact = false;
        self.least = self.least.max(least);
    }
}

/// At most one number more than `most`.
pub(super) fn numbers(
    snapshot: &mut dyn Snapshot,
    sql: &str,
    mut with: Vec<Value<'_>>,
    most: usize,
) -> Result<Vec<u64>> {
    with.push(Value::from(i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX)));
    let mut numbers = Vec::new();
    snapshot.query(sql, &with, &mut |row| {
        numbers.push(row.number(0)?);
        Ok(())
    })?;
    Ok(numbers)
}

fn postgres(groups: &[Vec<String>]) -> (String, Vec<String>) {
    let (single, several): (Vec<_>, Vec<_>) = groups.iter().partition(|tokens| tokens.len() == 1);
    let mut asked = Vec::new();
    let mut conditions = Vec::new();
    if !single.is_empty() {
        asked.push(single.into_iter().flatten().cloned().collect::<Vec<_>>().join(" "));
        conditions.push("tokens @> string_to_array($1, ' ')".to_owned());
    }
    for tokens in several {
        asked.push(tokens.join(" "));
        conditions.push(format!("tokens && string_to_array(${}, ' ')", asked.len()));
    }
    let sql = format!(
        "SELECT entry FROM term WHERE {} LIMIT ${}",
        conditions.join(" AND "),
        asked.len() + 1
    );
    (sql, asked)
}

/// The stored sort keys between which a value lies; an empty value lies nowhere.
fn bounds(from: Option<&[u8]>, to: Option<&[u8]>) -> (Vec<u8>, Vec<u8>) {
    let least = from
        .filter(|from| !from.is_empty())
        .map_or_else(|| vec![0], |from| sorted(from).to_owned());
    let beyond = to.map_or_else(|| vec![0xFF; SORTED + 1], |to| sorted(to).to_owned());
    (least, beyond)
}
