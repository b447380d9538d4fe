//! The entries in the order of the list, until the page is full.

use super::{Place, Query, Wanted};
use crate::failure::Result;
use crate::session::{Snapshot, Value};
use crate::terms::Partition;

/// Entries visited at a time while most of them are passed over.
const STEP: usize = 500;

/// The places of a page, with one more where there is one.
pub(super) fn places(snapshot: &mut dyn Snapshot, wanted: &Wanted<'_>, query: &Query) -> Result<Vec<Place>> {
    let most = query.limit.saturating_add(query.skip).saturating_add(1);
    let mut found = Vec::new();
    for partition in &wanted.partitions {
        found.extend(
            Walk {
                wanted,
                query,
                partition: *partition,
            }
            .run(snapshot, most)?,
        );
    }
    if wanted.partitions.len() > 1 {
        found.sort_by(|a, b| (&a.value, a.entry).cmp(&(&b.value, b.entry)));
        if query.descending {
            found.reverse();
        }
    }
    Ok(found
        .into_iter()
        .skip(query.skip)
        .take(query.limit.saturating_add(1))
        .collect())
}

struct Walk<'w> {
    wanted: &'w Wanted<'w>,
    query: &'w Query,
    partition: Partition,
}

impl Walk<'_> {
    fn run(&self, snapshot: &mut dyn Snapshot, most: usize) -> Result<Vec<Place>> {
        let mut found = Vec::new();
        let mut from = self.query.after.clone();
        if self.wanted.is_everything() {
            self.everything(snapshot, from.as_ref(), most, &mut found)?;
            return Ok(found);
        }
        let mut step = most.clamp(1, STEP);
        loop {
            let (last, visited) = self.step(snapshot, from.as_ref(), step, &mut found)?;
            if found.len() >= most || visited < step {
                found.truncate(most);
                return Ok(found);
            }
            from = last;
            step = STEP;
        }
    }

    /// Without conditions the index alone tells the places.
    fn everything(
        &self,
        snapshot: &mut dyn Snapshot,
        from: Option<&Place>,
        most: usize,
        found: &mut Vec<Place>,
    ) -> Result<()> {
        let sql = self.sql("SELECT f.value, f.entry FROM entry_field f", from.is_some());
        snapshot.query(&sql, &self.with(from, most), &mut |row| {
            found.push(Place {
                value: row.blob(0)?.to_owned(),
                entry: row.number(1)?,
            });
            Ok(())
        })
    }

    /// Visits some entries; returns the last one and how many there were.
    fn step(
        &self,
        snapshot: &mut dyn Snapshot,
        from: Option<&Place>,
        step: usize,
        found: &mut Vec<Place>,
    ) -> Result<(Option<Place>, usize)> {
        let head = "SELECT f.value, f.entry, e.terms, e.search FROM entry_field f JOIN entry e ON e.id = f.entry";
        let sql = self.sql(head, from.is_some());
        let (mut last, mut visited) = (None, 0);
        snapshot.query(&sql, &self.with(from, step), &mut |row| {
            visited += 1;
            let place = Place {
                value: row.blob(0)?.to_owned(),
                entry: row.number(1)?,
            };
            if self.wanted.admits(row.blob(2)?, row.text(3)?)? {
                found.push(place.clone());
            }
            last = Some(place);
            Ok(())
        })?;
        Ok((last, visited))
    }

    fn sql(&self, head: &str, from: bool) -> String {
        let (direction, beyond) = if self.query.descending {
            ("DESC", '<')
        } else {
            ("ASC", '>')
        };
        let (from, limit) = if from {
            (format!("AND (f.value, f.entry) {beyond} ($4, $5)"), 6)
        } else {
            (String::new(), 4)
        };
        format!(
            "{head} WHERE f.register = $1 AND f.field = $2 AND f.retired = $3 {from} \
             ORDER BY f.value {direction}, f.entry {direction} LIMIT ${limit}"
        )
    }

    fn with<'v>(&'v self, from: Option<&'v Place>, limit: usize) -> Vec<Value<'v>> {
        let mut with = vec![
            Value::from(self.partition.register),
            Value::from(self.wanted.field),
            Value::from(self.partition.retired),
        ];
        with.extend(
            from.into_iter()
                .flat_map(|place| [Value::from(&place.value), Value::from(place.entry)]),
        );
        with.push(Value::from(i64::try_from(limit).unwrap_or(i64::MAX)));
        with
    }
}
