//! Lists of entries, fast with a hundred thousand of them.
//!
//! The indexes give the set of entries that fulfil the search and the filters. Then the data decide between ways to a page:
//!
//! * **gather**: the entries are read, looked at and sorted. Right as long as they are few.
//! * **sift**: the list is walked in its order through the index alone, and what is in the set is taken. Right where they are
//!   many; where they turn out to be gathered at the far end of the list, one of the other ways takes over.
//! * **look**: the list is walked and every entry read. Right where nearly all entries fit, or where no index helps: one kana.
//!
//! What the indexes gave is [`Kept`] as long as nothing is written, so that the next page and the next visitor cost less.

mod found;
mod gather;
mod kept;
mod query;
mod rare;
mod walk;

pub use kept::Kept;
pub use query::{Cursor, Filter, NoCursor, Page, Query, Sort, State, Test, Total};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::document::Properties;
use crate::driver::{Dialect, Store};
use crate::failure::Result;
use crate::fold::{fold, grams_of_word};
use crate::insert::Among;
use crate::read::{COLUMNS, Entry, entry_with};
use crate::session::{Row, Snapshot, Value};
use crate::terms::{BY_KEY, BY_READING, Partition, sorted, values_of};

use found::Found;
use kept::Question;
use walk::Walk;

/// Where one way to a page ends and the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Limits {
    /// So few entries are gathered at once: reading one costs about ten steps along the index.
    pub(crate) few: usize,
    /// More entries than this are never gathered.
    pub(crate) gathered: usize,
    /// Sets of more entries than this are not fetched before looking has failed.
    pub(crate) fetched: usize,
    /// So many entries of a set are fetched at first; how close they lie tells whether there are more than are ever fetched.
    pub(crate) sampled: usize,
    /// Of more conditions than this the rarest are chosen.
    pub(crate) weighed: usize,
    /// Steps along the index before the entries are gathered instead.
    pub(crate) steps: usize,
    /// Entries looked at before their set is fetched instead.
    pub(crate) looks: usize,
}

/// Measured with 100,000 entries on SQLite.
const LIMITS: Limits = Limits {
    few: 500,
    gathered: 4_000,
    fetched: 20_000,
    sampled: 1_000,
    weighed: 2,
    steps: 10_000,
    looks: 2_000,
};

impl dyn Store + '_ {
    /// A page of a list.
    ///
    /// # Errors
    /// What the database says.
    pub fn list(&self, query: &Query) -> Result<Page> {
        self.list_within(query, &LIMITS)
    }

    /// [`list`](dyn Store::list) with other limits.
    pub(crate) fn list_within(&self, query: &Query, limits: &Limits) -> Result<Page> {
        let indexes = Indexes {
            dialect: self.dialect(),
            kept: self.kept(),
            limits: *limits,
        };
        self.reading(|snapshot| list(snapshot, &indexes, query))
    }
}

/// The indexes of one database, and how far they are asked.
#[derive(Clone, Copy)]
struct Indexes<'s> {
    dialect: Dialect,
    kept: &'s Kept,
    limits: Limits,
}

impl Indexes<'_> {
    /// The entries that they give, now or before.
    fn found(&self, snapshot: &mut dyn Snapshot, wanted: &Wanted<'_>, partition: Partition) -> Result<Arc<Found>> {
        let question = Question::of(wanted, partition, &self.limits);
        self.kept.found(snapshot, question, |snapshot| {
            found::entries(snapshot, self, wanted, partition)
        })
    }
}

fn list(snapshot: &mut dyn Snapshot, indexes: &Indexes<'_>, query: &Query) -> Result<Page> {
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
    let mut parts = Vec::new();
    for partition in &wanted.partitions {
        let count = if partition.retired { retired } else { live };
        let walk = Walk {
            wanted: &wanted,
            query,
            partition: *partition,
        };
        parts.push(part(snapshot, indexes, &walk, count)?);
    }
    page(snapshot, query, parts)
}

/// The places of one partition, as many as the page may need, and how many there are in all.
struct Part {
    places: Vec<Place>,
    total: Total,
    /// How many places at the beginning were passed over already.
    skipped: usize,
}

fn part(snapshot: &mut dyn Snapshot, indexes: &Indexes<'_>, walk: &Walk<'_>, count: u64) -> Result<Part> {
    let (wanted, query, limits) = (walk.wanted, walk.query, &indexes.limits);
    let most = query.limit.saturating_add(query.skip).saturating_add(1);
    if wanted.is_everything() {
        // Of two partitions each needs all that may come before the page.
        let skipped = if wanted.partitions.len() == 1 { query.skip } else { 0 };
        let places = walk.everything(snapshot, most.saturating_sub(skipped), skipped)?;
        return Ok(Part {
            places,
            total: Total::Exactly(count),
            skipped,
        });
    }
    let found = indexes.found(snapshot, wanted, walk.partition)?;
    let Some(entries) = &found.entries else {
        return looked_at(snapshot, indexes, walk, (most, found.least));
    };
    let size = count_of(entries);
    if entries.len() > limits.few {
        let patience = if entries.len() > limits.gathered {
            usize::MAX
        } else {
            limits.steps
        };
        let walked = walk.sift(snapshot, (entries, found.exact), most, patience)?;
        if walked.done {
            let total = if found.exact {
                Total::Exactly(size)
            } else {
                Total::About(size)
            };
            return Ok(Part {
                places: walked.places,
                total,
                skipped: 0,
            });
        }
    }
    let places = gather::places(snapshot, wanted, entries)?;
    let total = Total::Exactly(distinct(&places));
    Ok(Part {
        places: gather::in_order(places, query),
        total,
        skipped: 0,
    })
}

/// Nothing narrows the list: entries are read one after another; where that leads nowhere, the index is asked for all.
fn looked_at(
    snapshot: &mut dyn Snapshot,
    indexes: &Indexes<'_>,
    walk: &Walk<'_>,
    (most, least): (usize, usize),
) -> Result<Part> {
    let indexed = !walk.wanted.groups(walk.partition).is_empty();
    let patience = if indexed { indexes.limits.looks } else { usize::MAX };
    let walked = walk.look(snapshot, most, patience)?;
    let all = walked.places.len() < most && walk.query.after.is_none();
    if walked.done {
        let seen = distinct(&walked.places);
        let total = if all {
            Total::Exactly(seen)
        } else {
            Total::AtLeast(seen.max(u64::try_from(least).unwrap_or(u64::MAX)))
        };
        return Ok(Part {
            places: walked.places,
            total,
            skipped: 0,
        });
    }
    let everything = Indexes {
        limits: Limits {
            fetched: usize::MAX - 1,
            ..indexes.limits
        },
        ..*indexes
    };
    let found = everything.found(snapshot, walk.wanted, walk.partition)?;
    let entries = found.entries.as_deref().unwrap_or_default();
    let walked = walk.sift(snapshot, (entries, found.exact), most, usize::MAX)?;
    let size = count_of(entries);
    let total = if found.exact {
        Total::Exactly(size)
    } else {
        Total::About(size)
    };
    Ok(Part {
        places: walked.places,
        total,
        skipped: 0,
    })
}

/// Where an entry stands in a list.
type Place = Cursor;

/// Whether a place is behind the cursor of a query.
fn behind(place: &Place, query: &Query) -> bool {
    match &query.after {
        None => true,
        Some(after) if query.descending => (&place.value, place.entry) < (&after.value, after.entry),
        Some(after) => (&place.value, place.entry) > (&after.value, after.entry),
    }
}

fn count_of<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

/// How many entries stand at these places.
fn distinct(places: &[Place]) -> u64 {
    let entries: BTreeSet<u64> = places.iter().map(|place| place.entry).collect();
    u64::try_from(entries.len()).unwrap_or(u64::MAX)
}

/// The entries of the page; one place more than asked for means that there is a next one.
fn page(snapshot: &mut dyn Snapshot, query: &Query, parts: Vec<Part>) -> Result<Page> {
    let total = parts
        .iter()
        .map(|part| part.total)
        .reduce(Total::and)
        .unwrap_or(Total::Exactly(0));
    let skip = query
        .skip
        .saturating_sub(parts.iter().map(|part| part.skipped).max().unwrap_or(0));
    let several = parts.len() > 1;
    let mut places: Vec<Place> = parts.into_iter().flat_map(|part| part.places).collect();
    if several {
        places = gather::in_order(places, query);
    }
    let mut places: Vec<Place> = places
        .into_iter()
        .skip(skip)
        .take(query.limit.saturating_add(1))
        .collect();
    let more = places.len() > query.limit;
    places.truncate(query.limit);
    let next = if more { places.last().cloned() } else { None };
    let rows = entries_at(snapshot, &places, query.only.as_ref())?;
    Ok(Page { rows, next, total })
}

/// The entry at each of the places, which may name one several times.
fn entries_at(snapshot: &mut dyn Snapshot, places: &[Place], only: Option<&Properties>) -> Result<Vec<Entry>> {
    let sql = format!("SELECT {COLUMNS}, e.id FROM entry e JOIN entry_version v ON v.leaf = e.leaf WHERE e.id IN (");
    let ids: Vec<Value<'_>> = places.iter().map(|place| Value::from(place.entry)).collect();
    let mut named: BTreeMap<u64, usize> = BTreeMap::new();
    for place in places {
        *named.entry(place.entry).or_default() += 1;
    }
    let mut entries: BTreeMap<u64, Entry> = BTreeMap::new();
    Among {
        head: &sql,
        row: "?",
        tail: ")",
    }
    .read(snapshot, &ids, &mut |row| {
        entries.insert(row.number(8)?, entry_with(row, only)?);
        Ok(())
    })?;
    let entry = |place: &Place| match named.get_mut(&place.entry) {
        Some(left) if *left > 1 => {
            *left -= 1;
            entries.get(&place.entry).cloned()
        }
        _ => entries.remove(&place.entry),
    };
    Ok(places.iter().filter_map(entry).collect())
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

    /// Whether an entry that has the words' tokens has the words.
    fn words_are_tokens(&self) -> bool {
        self.words.iter().all(|word| grams_of_word(word).len() == 1)
    }

    /// Groups of tokens: an entry has at least one of each group.
    fn groups(&self, partition: Partition) -> Vec<Vec<String>> {
        let grams = self.words.iter().flat_map(|word| grams_of_word(word));
        let mut groups: Vec<Vec<String>> = grams.map(|gram| vec![partition.gram(gram)]).collect();
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

    /// The places of an entry that fulfils the search and the filters; a row holds its number, terms and text.
    fn places_of(&self, row: &dyn Row, into: &mut Vec<Place>) -> Result<()> {
        let terms = row.blob(1)?;
        if !self.admits(terms, row.text(2)?)? {
            return Ok(());
        }
        let entry = row.number(0)?;
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

impl Total {
    /// The total of two lists.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Exactly(a), Self::Exactly(b)) => Self::Exactly(a + b),
            (Self::AtLeast(a), Self::AtLeast(b) | Self::About(b) | Self::Exactly(b))
            | (Self::About(a) | Self::Exactly(a), Self::AtLeast(b)) => Self::AtLeast(a + b),
            (Self::About(a), Self::About(b) | Self::Exactly(b)) | (Self::Exactly(a), Self::About(b)) => {
                Self::About(a + b)
            }
        }
    }
}
