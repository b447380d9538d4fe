//! The entries that the inverted index, or the index of a range, gives.

use super::{GATHERED, Place, Query, Test, Wanted};
use crate::driver::Dialect;
use crate::failure::Result;
use crate::session::{Snapshot, Value};
use crate::terms::{Partition, sorted};

/// What the indexes gave.
pub(super) struct Gathered {
    /// The places of the entries that fulfil the search and the filters.
    pub(super) places: Vec<Place>,
    /// Whether these are all of them: not where they are too many, or nothing of what is asked for is in an index.
    pub(super) complete: bool,
}

/// Gathers entries that fulfil the search and the filters.
pub(super) fn places(snapshot: &mut dyn Snapshot, dialect: Dialect, wanted: &Wanted<'_>) -> Result<Gathered> {
    let mut places = Vec::new();
    let mut left = GATHERED;
    for partition in &wanted.partitions {
        let groups = wanted.groups(*partition);
        let found = if groups.iter().any(Vec::is_empty) {
            // A filter that no value fulfils.
            Some(0)
        } else if groups.is_empty() {
            ranged(snapshot, wanted, *partition, &mut places)?
        } else {
            Some(tokens(snapshot, (dialect, &groups), wanted, &mut places)?)
        };
        let fits = found.and_then(|found| left.checked_sub(found));
        let Some(rest) = fits else {
            return Ok(Gathered {
                places,
                complete: false,
            });
        };
        left = rest;
    }
    Ok(Gathered { places, complete: true })
}

/// Sorts what was gathered and cuts the page out, with one place more where there is one.
pub(super) fn part(mut places: Vec<Place>, query: &Query) -> Vec<Place> {
    places.sort_by(|a, b| (&a.value, a.entry).cmp(&(&b.value, b.entry)));
    places.dedup();
    if query.descending {
        places.reverse();
    }
    let behind = |place: &Place| match &query.after {
        None => true,
        Some(after) if query.descending => (&place.value, place.entry) < (&after.value, after.entry),
        Some(after) => (&place.value, place.entry) > (&after.value, after.entry),
    };
    places
        .into_iter()
        .filter(behind)
        .skip(query.skip)
        .take(query.limit.saturating_add(1))
        .collect()
}

/// Reads at most one entry more than may be gathered; returns how many the inverted index gave.
fn tokens(
    snapshot: &mut dyn Snapshot,
    (dialect, groups): (Dialect, &[Vec<String>]),
    wanted: &Wanted<'_>,
    places: &mut Vec<Place>,
) -> Result<usize> {
    let most = i64::try_from(GATHERED + 1).unwrap_or(i64::MAX);
    let (sql, asked) = match dialect {
        Dialect::Sqlite => sqlite(groups),
        Dialect::Postgres => postgres(groups),
    };
    let mut with: Vec<Value<'_>> = asked.iter().map(Value::from).collect();
    with.push(Value::from(most));
    let mut count = 0;
    snapshot.query(&sql, &with, &mut |row| {
        count += 1;
        wanted.places_of(row, 0, places)
    })?;
    Ok(count)
}

/// `("a") AND ("b" OR "c")`
fn sqlite(groups: &[Vec<String>]) -> (String, Vec<String>) {
    let groups = groups.iter().map(|tokens| {
        let tokens: Vec<String> = tokens.iter().map(|token| format!("\"{token}\"")).collect();
        format!("({})", tokens.join(" OR "))
    });
    let sql = "SELECT e.id, e.terms, e.search FROM (SELECT rowid AS id FROM term WHERE term MATCH $1 LIMIT $2) t \
               JOIN entry e ON e.id = t.id";
    (sql.to_owned(), vec![groups.collect::<Vec<_>>().join(" AND ")])
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
        "SELECT e.id, e.terms, e.search FROM (SELECT entry AS id FROM term WHERE {} LIMIT ${}) t JOIN entry e ON e.id = t.id",
        conditions.join(" AND "),
        asked.len() + 1
    );
    (sql, asked)
}

/// The entries whose value of a field lies in a range: the first range that is asked for narrows, the rest is checked. `None`
/// where no range is asked for.
fn ranged(
    snapshot: &mut dyn Snapshot,
    wanted: &Wanted<'_>,
    partition: Partition,
    places: &mut Vec<Place>,
) -> Result<Option<usize>> {
    let range = wanted.filters.iter().find_map(|filter| match &filter.test {
        Test::Between(from, to) => Some((&filter.field, from, to)),
        Test::AnyOf(_) => None,
    });
    let Some((field, from, to)) = range else {
        return Ok(None);
    };
    let least = from.as_deref().map_or(&[][..], sorted);
    // Longer values that begin with the upper end are stored behind it, cut.
    let mut beyond = to.as_deref().map_or_else(|| vec![0xFF; 2], |to| sorted(to).to_owned());
    beyond.extend([0xFF; 8]);
    let sql = "SELECT e.id, e.terms, e.search FROM (SELECT entry FROM entry_field \
               WHERE register = $1 AND field = $2 AND retired = $3 AND value >= $4 AND value <= $5 LIMIT $6) f \
               JOIN entry e ON e.id = f.entry";
    let with = [
        Value::from(partition.register),
        Value::from(field),
        Value::from(partition.retired),
        Value::Blob(least),
        Value::Blob(&beyond),
        Value::from(i64::try_from(GATHERED + 1).unwrap_or(i64::MAX)),
    ];
    let mut count = 0;
    snapshot.query(sql, &with, &mut |row| {
        count += 1;
        wanted.places_of(row, 0, places)
    })?;
    Ok(Some(count))
}
