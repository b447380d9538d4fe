//! Lists of entries, fast with a hundred thousand of them.
//!
//! There are two ways to a page, and the data decide between them:
//!
//! * **gather**: the inverted index gives the entries that fulfil the search and the filters; they are sorted here. Right as
//!   long as they are few.
//! * **walk**: the entries are visited in the order of the list until the page is full. Right where most entries fit.
//!
//! What both find is checked against the entry's own terms: pairs of characters (`資産`, `産管`) may all occur in a text in
//! which the word does not.

mod gather;
mod query;
mod walk;

pub use query::{Cursor, Filter, Page, Query, Sort, State, Test, Total};

use std::collections::{BTreeMap, BTreeSet};

use crate::driver::{Dialect, Store};
use crate::failure::Result;
use crate::fold::{fold, grams_of_word};
use crate::insert::Among;
use crate::read::{COLUMNS, Entry, entry_of};
use crate::session::{Row, Snapshot, Value};
use crate::terms::{BY_KEY, BY_READING, Partition, sorted, values_of};

/// More entries than this are not gathered.
pub(crate) const GATHERED: usize = 4_000;

impl dyn Store + '_ {
    /// A page of a list.
    ///
    /// # Errors
    /// What the database says.
    pub fn list(&self, query: &Query) -> Result<Page> {
        let dialect = self.dialect();
        self.reading(|snapshot| list(snapshot, dialect, query))
    }
}

/// A page of a list as one snapshot has it; see [`Store::list`].
///
/// # Errors
/// What the database says.
pub fn list(snapshot: &mut dyn Snapshot, dialect: Dialect, query: &Query) -> Result<Page> {
    let sql = "SELECT number, live, retired FROM register WHERE name = $1";
    let counted = snapshot.first(sql, &[Value::from(&query.register)], |row| {
        Ok((row.number(0)?, row.number(1)?, row.number(2)?))
    })?;
    let Some((number, live, retired)) = counted else {
        return Ok(Page {
            rows: Vec::new(),
            next: None,
            total: Total::Exactly(0),
        });
    };
    let wanted = Wanted::of(query, number);
    let count = match query.state {
        State::Live => live,
        State::Retired => retired,
        State::Any => live + retired,
    };
    let (places, total) = if wanted.is_everything() {
        (walk::places(snapshot, &wanted, query)?, Total::Exactly(count))
    } else {
        let found = gather::places(snapshot, dialect, &wanted)?;
        let entries = distinct(&found.places);
        if found.complete {
            (gather::part(found.places, query), Total::Exactly(entries))
        } else {
            let places = walk::places(snapshot, &wanted, query)?;
            let total = if places.len() <= query.limit && query.after.is_none() && query.skip == 0 {
                Total::Exactly(distinct(&places))
            } else {
                Total::AtLeast(entries.max(distinct(&places)))
            };
            (places, total)
        }
    };
    page(snapshot, query, places, total)
}

/// Where an entry stands in a list.
type Place = Cursor;

/// How many entries stand at these places.
fn distinct(places: &[Place]) -> u64 {
    let entries: BTreeSet<u64> = places.iter().map(|place| place.entry).collect();
    u64::try_from(entries.len()).unwrap_or(u64::MAX)
}

/// The entries at these places; one place more than asked for means that there is a next page.
fn page(snapshot: &mut dyn Snapshot, query: &Query, mut places: Vec<Place>, total: Total) -> Result<Page> {
    let more = places.len() > query.limit;
    places.truncate(query.limit);
    let next = if more { places.last().cloned() } else { None };
    let sql = format!("SELECT {COLUMNS}, e.id FROM entry e JOIN entry_version v ON v.leaf = e.leaf WHERE e.id IN (");
    let ids: Vec<Value<'_>> = places.iter().map(|place| Value::from(place.entry)).collect();
    let mut entries: BTreeMap<u64, Entry> = BTreeMap::new();
    Among {
        head: &sql,
        row: "?",
        tail: ")",
    }
    .read(snapshot, &ids, &mut |row| {
        entries.insert(row.number(8)?, entry_of(row)?);
        Ok(())
    })?;
    let rows = places
        .iter()
        .filter_map(|place| entries.get(&place.entry).cloned())
        .collect();
    Ok(Page { rows, next, total })
}

/// A query, made ready.
struct Wanted<'q> {
    /// Each has posting lists of its own.
    partitions: Vec<Partition>,
    /// Words of the search, folded.
    words: Vec<String>,
    filters: &'q [Filter],
    /// The field that is sorted by.
    field: &'q str,
}

impl<'q> Wanted<'q> {
    fn of(query: &'q Query, register: u64) -> Self {
        let flags: &[bool] = match query.state {
            State::Live => &[false],
            State::Retired => &[true],
            State::Any => &[false, true],
        };
        let words = fold(&query.search);
        Self {
            partitions: flags
                .iter()
                .map(|retired| Partition {
                    register,
                    retired: *retired,
                })
                .collect(),
            words: words
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            filters: &query.filters,
            field: match &query.sort {
                Sort::Reading => BY_READING,
                Sort::Key => BY_KEY,
                Sort::Field(field) => field,
            },
        }
    }

    fn is_everything(&self) -> bool {
        self.words.is_empty() && self.filters.is_empty()
    }

    /// Groups of tokens: an entry has at least one of each group.
    fn groups(&self, partition: Partition) -> Vec<Vec<String>> {
        let grams = self.words.iter().flat_map(|word| grams_of_word(word));
        let mut groups: Vec<Vec<String>> = grams.map(|gram| vec![partition.gram(&gram)]).collect();
        for filter in self.filters {
            if let Test::AnyOf(values) = &filter.test {
                groups.push(
                    values
                        .iter()
                        .map(|value| partition.value(&filter.field, value))
                        .collect(),
                );
            }
        }
        groups.sort();
        groups.dedup();
        groups
    }

    /// Whether an entry with these terms and this text fulfils the search and the filters.
    fn admits(&self, terms: &[u8], search: &str) -> Result<bool> {
        if !self.words.iter().all(|word| search.contains(word.as_str())) {
            return Ok(false);
        }
        for filter in self.filters {
            let values = values_of(terms, &filter.field)?;
            if !values.into_iter().any(|value| filter.test.holds(value)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The places of an entry, whose number, terms and text are three columns of a row from `first` on.
    fn places_of(&self, row: &dyn Row, first: usize, into: &mut Vec<Place>) -> Result<()> {
        let terms = row.blob(first + 1)?;
        if !self.admits(terms, row.text(first + 2)?)? {
            return Ok(());
        }
        let entry = row.number(first)?;
        let places = values_of(terms, self.field)?.into_iter();
        into.extend(places.map(|value| Place {
            value: sorted(value).to_owned(),
            entry,
        }));
        Ok(())
    }
}

impl Test {
    fn holds(&self, value: &[u8]) -> bool {
        match self {
            Self::AnyOf(values) => values.contains(value),
            Self::Between(from, to) => {
                !value.is_empty()
                    && from.as_ref().is_none_or(|from| from.as_slice() <= value)
                    && to.as_ref().is_none_or(|to| value <= to.as_slice())
            }
        }
    }
}
