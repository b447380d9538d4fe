//! What a list page asks for, and what it gets.

use std::collections::BTreeSet;

use crate::read::Entry;

/// Which entries of a register, in which order, from where.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The register.
    pub register: String,
    /// Words that the entry must contain, parted by spaces; empty: every entry.
    pub search: String,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// In which order.
    pub sort: Sort,
    /// Whether the largest comes first.
    pub descending: bool,
    /// Which entries.
    pub state: State,
    /// Behind this entry; `None` from the beginning.
    pub after: Option<Cursor>,
    /// So many entries are passed over first. Deep pages are cheaper with `after`.
    pub skip: usize,
    /// At most so many entries.
    pub limit: usize,
}

impl Query {
    /// The first fifty entries in use, by reading.
    pub fn of(register: impl Into<String>) -> Self {
        Self {
            register: register.into(),
            search: String::new(),
            filters: Vec::new(),
            sort: Sort::Reading,
            descending: false,
            state: State::Live,
            after: None,
            skip: 0,
            limit: 50,
        }
    }
}

/// What a list is sorted by; equal entries stand in the order of their making.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sort {
    /// The reading of the title, or the title.
    #[default]
    Reading,
    /// The key.
    Key,
    /// A field of [`Put::fields`](crate::Put::fields); an entry with several values stands at each of them.
    Field(String),
}

/// Entries in use, or retired ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    /// In use.
    #[default]
    Live,
    /// Retired.
    Retired,
    /// Both.
    Any,
}

/// A condition on a field of [`Put::fields`](crate::Put::fields).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The field.
    pub field: String,
    /// The condition.
    pub test: Test,
}

/// What a filter asks of the values of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// One of them is one of these.
    AnyOf(BTreeSet<Vec<u8>>),
    /// One of them is not empty and lies between these, both included.
    Between(Option<Vec<u8>>, Option<Vec<u8>>),
}

impl Filter {
    /// The field has this value.
    pub fn is(field: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        Self {
            field: field.into(),
            test: Test::AnyOf(BTreeSet::from([value.into()])),
        }
    }
}

/// A place in a list: behind one of its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The value that the entry is sorted by, as far as it is sorted by.
    pub value: Vec<u8>,
    /// The entry's number in the database.
    pub entry: u64,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The entries, in order.
    pub rows: Vec<Entry>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// How many entries the whole list has.
    pub total: Total,
}

/// How many entries a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// So many, but for a few that the index took for hits: to look at each of them would take too long.
    About(u64),
    /// So many or more: to count further would take too long.
    AtLeast(u64),
}
