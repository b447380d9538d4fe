//! What a list page asks for, and what it gets.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::document::Properties;
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
    /// Which properties of each document are wanted; `None`: all of them. A list shows few of the many that a document has.
    pub only: Option<Properties>,
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
            only: None,
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Filter {
    /// The field.
    pub field: String,
    /// The condition.
    pub test: Test,
}

/// What a filter asks of the values of a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

/// As an address carries it: the number of the entry, then its sort key in hexadecimal digits.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-", self.entry)?;
        self.value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text that is no [`Cursor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(written: &str) -> Result<Self, NoCursor> {
        let (entry, digits) = written.split_once('-').ok_or(NoCursor)?;
        let is_number = |text: &str, fits: fn(&u8) -> bool| text.as_bytes().iter().all(fits);
        if !is_number(entry, u8::is_ascii_digit) || !is_number(digits, u8::is_ascii_hexdigit) {
            return Err(NoCursor);
        }
        let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
        let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let value: Option<Vec<u8>> = pairs.iter().map(byte).collect();
        // A database counts its entries in signed numbers.
        let number = entry.parse::<u64>().ok().filter(|entry| i64::try_from(*entry).is_ok());
        match (number, value) {
            (Some(entry), Some(value)) if rest.is_empty() => Ok(Self { value, entry }),
            _ => Err(NoCursor),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_nothing_else_is_one() {
        let cursor = Cursor {
            value: vec![0, 0xff, 0x30],
            entry: 17,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for wrong in [
            "",
            "17",
            "17-0",
            "x-00",
            "17-zz",
            "17-+1",
            "17-あ",
            "+1-00",
            "18446744073709551615-00",
        ] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NoCursor), "{wrong}");
        }
    }
}
