//! The rows of one register, by key and by what they read.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;
use model::lang::Text;

use crate::words::{CANDIDATES, Name, fold};

/// The rows of one register.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub(super) label: Text,
    pub(super) rows: Vec<Row>,
    /// By key as written.
    pub(super) keys: HashMap<Arc<str>, u32>,
    /// By folded key and folded title, in order, so that near misses are found without a scan. Made when a word is first
    /// looked up that is no key as written.
    pub(super) spelled: OnceLock<Vec<Spelling>>,
    /// The rows cannot be told: what refers to them is not judged.
    pub(super) unreadable: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) name: Name,
    /// In use: offered, and found by its title.
    pub(super) live: bool,
}

/// One of the two words that lead to a row. What it reads is looked up in the row, so that it is held once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spelling {
    pub(super) row: u32,
    pub(super) title: bool,
}

impl Names {
    pub(super) fn at(&self, row: u32) -> Option<&Row> {
        self.rows.get(usize::try_from(row).ok()?)
    }

    pub(super) fn at_mut(&mut self, row: u32) -> Option<&mut Row> {
        self.rows.get_mut(usize::try_from(row).ok()?)
    }

    /// A row at the end; its spellings are the caller's to add.
    pub(super) fn push(&mut self, key: &str, title: &str) -> Option<u32> {
        self.push_name(Name::of(key, title))
    }

    pub(super) fn push_name(&mut self, name: Name) -> Option<u32> {
        let row = u32::try_from(self.rows.len()).ok()?;
        self.keys.insert(Arc::clone(&name.key), row);
        self.rows.push(Row { name, live: true });
        Some(row)
    }

    fn reads(&self, spelling: Spelling) -> Cow<'_, str> {
        let name = self.at(spelling.row).map(|row| &row.name);
        name.map_or(Cow::Borrowed(""), |name| {
            fold(if spelling.title { &name.title } else { &name.key })
        })
    }

    /// The words that lead to a row, folded.
    fn spellings(&self, row: u32) -> impl Iterator<Item = (Cow<'_, str>, Spelling)> {
        let key = Spelling { row, title: false };
        let title = Spelling { row, title: true };
        let key = (self.reads(key), key);
        let title = (self.reads(title), title);
        let other = !title.0.is_empty() && title.0 != key.0;
        let live = self.at(row).is_some_and(|row| row.live);
        let both = live.then(|| std::iter::once(key).chain(other.then_some(title)));
        both.into_iter().flatten()
    }

    fn spelled(&self) -> &[Spelling] {
        self.spelled.get_or_init(|| {
            let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
            let mut all: Vec<_> = (0..count).flat_map(|row| self.spellings(row)).collect();
            all.sort_unstable();
            all.into_iter().map(|(_, spelling)| spelling).collect()
        })
    }

    /// Where `word`, folded, and `spelling` stand in the order.
    fn position(&self, word: &str, spelling: Spelling) -> usize {
        self.spelled()
            .partition_point(|other| (&*self.reads(*other), *other) < (word, spelling))
    }

    pub(super) fn spelled_as(&self, word: &str) -> impl Iterator<Item = &Spelling> {
        let first = self.position(word, Spelling { row: 0, title: false });
        let after = self.spelled().get(first..).unwrap_or_default();
        after.iter().take_while(move |spelling| self.reads(**spelling) == word)
    }

    /// Enters the words that lead to a row, where the order is made already.
    pub(super) fn spell(&mut self, row: u32) {
        self.respell(row, |spelled, at, spelling| {
            if spelled.get(at) != Some(&spelling) {
                spelled.insert(at, spelling);
            }
        });
    }

    pub(super) fn unspell(&mut self, row: u32) {
        self.respell(row, |spelled, at, spelling| {
            if spelled.get(at) == Some(&spelling) {
                spelled.remove(at);
            }
        });
    }

    fn respell(&mut self, row: u32, change: impl Fn(&mut Vec<Spelling>, usize, Spelling)) {
        if self.spelled.get().is_none() {
            return;
        }
        let words: Vec<_> = self
            .spellings(row)
            .map(|(word, spelling)| (word.into_owned(), spelling))
            .collect();
        for (word, spelling) in words {
            let at = self.position(&word, spelling);
            if let Some(spelled) = self.spelled.get_mut() {
                change(spelled, at, spelling);
            }
        }
    }

    /// The row that is called by its key and its title, as lists and forms show it: `100 情報政策課`.
    pub(super) fn by_both(&self, word: &str) -> Option<&Name> {
        let spaces = word.char_indices().filter(|(_, c)| c.is_whitespace());
        spaces.take(CANDIDATES).find_map(|(at, _)| {
            let (key, title) = word.split_at_checked(at)?;
            let row = self.at(*self.keys.get(key)?)?;
            (fold(title) == fold(&row.name.title)).then_some(&row.name)
        })
    }

    /// The rows whose folded name begins most like `word`.
    pub(super) fn near(&self, word: &str) -> Vec<&Name> {
        let at = self.position(word, Spelling { row: 0, title: false });
        let (before, after) = self.spelled().split_at_checked(at).unwrap_or_default();
        let around = after
            .iter()
            .take(CANDIDATES)
            .chain(before.iter().rev().take(CANDIDATES));
        let shared = |spelling: &Spelling| {
            let name = self.reads(*spelling);
            name.chars().zip(word.chars()).take_while(|(a, b)| a == b).count()
        };
        let mut near: Vec<(usize, u32)> = around.map(|spelling| (shared(spelling), spelling.row)).collect();
        near.retain(|(shared, _)| *shared > 0);
        near.sort_by_key(|(shared, row)| (std::cmp::Reverse(*shared), *row));
        let mut rows: Vec<u32> = Vec::new();
        for (_, row) in near {
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        let rows = rows.into_iter().take(CANDIDATES);
        rows.filter_map(|row| self.at(row).map(|row| &row.name)).collect()
    }
}
