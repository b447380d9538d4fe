//! Few entries: each is read, looked at and sorted.

use super::{Place, Query, Wanted, behind};
use crate::failure::Result;
use crate::insert::Among;
use crate::session::{Snapshot, Value};

const TERMS: Among<'static> = Among {
    head: "SELECT id, terms, search FROM entry WHERE id IN (",
    row: "?",
    tail: ")",
};

/// The places of those entries that fulfil the search and the filters.
pub(super) fn places(snapshot: &mut dyn Snapshot, wanted: &Wanted<'_>, entries: &[u64]) -> Result<Vec<Place>> {
    let entries: Vec<Value<'_>> = entries.iter().map(|entry| Value::from(*entry)).collect();
    let mut places = Vec::new();
    TERMS.read(snapshot, &entries, &mut |row| wanted.places_of(row, &mut places))?;
    Ok(places)
}

/// The numbers of those entries that fulfil the search and the filters, sorted.
pub(super) fn admitted(snapshot: &mut dyn Snapshot, wanted: &Wanted<'_>, entries: &[u64]) -> Result<Vec<u64>> {
    let mut admitted: Vec<u64> = places(snapshot, wanted, entries)?
        .into_iter()
        .map(|place| place.entry)
        .collect();
    admitted.sort_unstable();
    admitted.dedup();
    Ok(admitted)
}

/// Sorts places and leaves those behind the cursor.
pub(super) fn in_order(mut places: Vec<Place>, query: &Query) -> Vec<Place> {
    places.sort_by(|a, b| (&a.value, a.entry).cmp(&(&b.value, b.entry)));
    places.dedup();
    if query.descending {
        places.reverse();
    }
    places.retain(|place| behind(place, query));
    places
}
