//! Many entries: they are visited in the order of the list, until the page is full.

use super::{Place, Query, Wanted, gather};
use crate::failure::Result;
use crate::session::{Snapshot, Value};
use crate::terms::Partition;

/// Entries visited at a time.
const STEP: usize = 1_000;

/// A walk along the entries of one partition.
pub(super) struct Walk<'w> {
    pub(super) wanted: &'w Wanted<'w>,
    pub(super) query: &'w Query,
    pub(super) partition: Partition,
}

/// Where a walk that gave up had come to.
pub(super) struct Walked {
    /// The places found, in order.
    pub(super) places: Vec<Place>,
    /// Whether the page is full, or nothing is left to visit.
    pub(super) done: bool,
}

impl Walk<'_> {
    /// The places of a page without conditions: the index alone tells them.
    pub(super) fn everything(&self, snapshot: &mut dyn Snapshot, most: usize, skip: usize) -> Result<Vec<Place>> {
        let mut places = Vec::new();
        self.visit(snapshot, self.query.after.as_ref(), (most, skip), &mut |place| {
            places.push(place)
        })?;
        Ok(places)
    }

    /// Looks for places among `entries`, which are sorted, in at most `patience` entries of the list. Where `exact` is
    /// false every entry found is looked at.
    pub(super) fn sift(
        &self,
        snapshot: &mut dyn Snapshot,
        (entries, exact): (&[u64], bool),
        most: usize,
        mut patience: usize,
    ) -> Result<Walked> {
        let mut walked = Walked {
            places: Vec::new(),
            done: false,
        };
        let mut from = self.query.after.clone();
        // Where most entries are in the set, the page is full after few steps.
        let mut step = most.saturating_mul(2).clamp(1, STEP);
        while patience > 0 {
            let mut hits = Vec::new();
            let mut last = None;
            let visited = self.visit(snapshot, from.as_ref(), (step, 0), &mut |place| {
                if entries.binary_search(&place.entry).is_ok() {
                    hits.push(place.clone());
                }
                last = Some(place);
            })?;
            if !exact {
                let numbers: Vec<u64> = hits.iter().map(|place| place.entry).collect();
                let admitted = gather::admitted(snapshot, self.wanted, &numbers)?;
                hits.retain(|place| admitted.binary_search(&place.entry).is_ok());
            }
            walked.places.extend(hits);
            walked.done = walked.places.len() >= most || visited < step;
            if walked.done {
                break;
            }
            from = last;
            patience = patience.saturating_sub(step);
            step = step.saturating_mul(2).min(STEP);
        }
        walked.places.truncate(most);
        Ok(walked)
    }

    /// Looks at every entry of the list, at most at `patience` of them.
    pub(super) fn look(&self, snapshot: &mut dyn Snapshot, most: usize, mut patience: usize) -> Result<Walked> {
        let mut walked = Walked {
            places: Vec::new(),
            done: false,
        };
        let mut from = self.query.after.clone();
        let head = "SELECT f.value, f.entry, e.terms, e.search FROM entry_field f JOIN entry e ON e.id = f.entry";
        let mut step = most.clamp(1, STEP);
        while patience > 0 {
            let (mut last, mut visited) = (None, 0);
            let sql = self.sql(head, from.is_some());
            snapshot.query(&sql, &self.with(from.as_ref(), (step, 0)), &mut |row| {
                visited += 1;
                let place = Place {
                    value: row.blob(0)?.to_owned(),
                    entry: row.number(1)?,
                };
                if self.wanted.admits(row.blob(2)?, row.text(3)?)? {
                    walked.places.push(place.clone());
                }
                last = Some(place);
                Ok(())
            })?;
            walked.done = walked.places.len() >= most || visited < step;
            if walked.done {
                break;
            }
            from = last;
            patience = patience.saturating_sub(step);
            step = STEP;
        }
        walked.places.truncate(most);
        Ok(walked)
    }

    /// Calls `each` with the next places of the list; returns how many there were.
    fn visit(
        &self,
        snapshot: &mut dyn Snapshot,
        from: Option<&Place>,
        part: (usize, usize),
        each: &mut dyn FnMut(Place),
    ) -> Result<usize> {
        let sql = self.sql("SELECT f.value, f.entry FROM entry_field f", from.is_some());
        let mut visited = 0;
        snapshot.query(&sql, &self.with(from, part), &mut |row| {
            visited += 1;
            each(Place {
                value: row.blob(0)?.to_owned(),
                entry: row.number(1)?,
            });
            Ok(())
        })?;
        Ok(visited)
    }

    fn sql(&self, head: &str, from: bool) -> String {
        let (direction, beyond) = if self.query.descending {
            ("DESC", '<')
        } else {
            ("ASC", '>')
        };
        let (from, limit, offset) = if from {
            (format!("AND (f.value, f.entry) {beyond} ($4, $5)"), 6, 7)
        } else {
            (String::new(), 4, 5)
        };
        format!(
            "{head} WHERE f.register = $1 AND f.field = $2 AND f.retired = $3 {from} \
             ORDER BY f.value {direction}, f.entry {direction} LIMIT ${limit} OFFSET ${offset}"
        )
    }

    fn with<'v>(&'v self, from: Option<&'v Place>, (limit, skip): (usize, usize)) -> Vec<Value<'v>> {
        let mut with = vec![
            Value::from(self.partition.register),
            Value::from(self.wanted.field),
            Value::from(self.partition.retired),
        ];
        with.extend(
            from.into_iter()
                .flat_map(|place| [Value::from(&place.value), Value::from(place.entry)]),
        );
        with.extend([limit, skip].map(|number| Value::from(i64::try_from(number).unwrap_or(i64::MAX))));
        with
    }
}
