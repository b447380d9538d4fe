//! What the indexes answered before, kept in memory as long as nothing is written.
//!
//! Whoever turns the pages of a list, or comes back to it, asks the same question of the indexes again; to ask them costs more than the
//! page itself. An answer is kept under all that it follows from, and for one state of the ledger: whatever changes a record makes the
//! ledger longer, and its length is read in the same snapshot as the list.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::found::Found;
use super::{Filter, Limits, Wanted};
use crate::failure::Result;
use crate::session::Snapshot;
use crate::terms::Partition;

/// So many numbers of entries are kept in all answers together: 4 MB.
const NUMBERS: usize = 1 << 19;
/// So many answers are kept.
const ANSWERS: usize = 1_000;
/// So many shares of tokens are kept, of tokens of so many bytes at most.
const SHARES: usize = 4_000;
const TOKEN: usize = 100;
/// A share stands until so much of the entries came or went; it only tells in which order to ask.
const MOVED: f64 = 0.1;

/// What one database answered; its driver holds it.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Answers>);

/// A question to the indexes, with all that its answer follows from.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    partition: Partition,
    words: Vec<String>,
    filters: Vec<Filter>,
    limits: Limits,
}

impl Question {
    pub(super) fn of(wanted: &Wanted<'_>, partition: Partition, limits: &Limits) -> Self {
        Self {
            partition,
            words: wanted.words.clone(),
            filters: wanted.filters.to_vec(),
            limits: *limits,
        }
    }
}

#[derive(Debug, Default)]
struct Answers {
    /// The length of the ledger for which `found` holds.
    size: u64,
    found: HashMap<Question, Arc<Found>>,
    /// How many numbers of entries are in `found`.
    numbers: usize,
    shares: HashMap<String, f64>,
    /// How many entries there were when the first of the shares was measured.
    all: f64,
}

impl Kept {
    /// What was answered for this snapshot, or is answered now.
    ///
    /// # Errors
    /// What the database and `ask` say.
    pub(super) fn found(
        &self,
        snapshot: &mut dyn Snapshot,
        question: Question,
        ask: impl FnOnce(&mut dyn Snapshot) -> Result<Found>,
    ) -> Result<Arc<Found>> {
        let sql = "SELECT size FROM ledger_head WHERE id = 1";
        let size = snapshot.first(sql, &[], |row| row.number(0))?.unwrap_or_default();
        let answers = self.answers();
        if answers.size == size
            && let Some(found) = answers.found.get(&question)
        {
            return Ok(Arc::clone(found));
        }
        drop(answers);
        let found = Arc::new(ask(snapshot)?);
        self.answers().keep(size, question, &found);
        Ok(found)
    }

    /// The share of the `all` entries that a group of tokens has, as it was measured once, or is measured now.
    ///
    /// # Errors
    /// What `measure` says.
    pub(super) fn share(&self, group: &str, all: f64, measure: impl FnOnce() -> Result<f64>) -> Result<f64> {
        let mut answers = self.answers();
        if (answers.all - all).abs() > all * MOVED || answers.shares.len() >= SHARES {
            answers.shares.clear();
            answers.all = all;
        }
        if let Some(share) = answers.shares.get(group) {
            return Ok(*share);
        }
        drop(answers);
        let share = measure()?;
        if group.len() <= TOKEN {
            self.answers().shares.insert(group.to_owned(), share);
        }
        Ok(share)
    }

    /// Asks everything anew from now on: the indexes changed without the ledger.
    pub(crate) fn forget(&self) {
        *self.answers() = Answers::default();
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answers {
    fn keep(&mut self, size: u64, question: Question, found: &Arc<Found>) {
        // Somebody who reads an older snapshot keeps nothing.
        if size < self.size {
            return;
        }
        let numbers = found.entries.as_ref().map_or(0, Vec::len);
        if size > self.size || self.found.len() >= ANSWERS || self.numbers.saturating_add(numbers) > NUMBERS {
            self.found.clear();
            (self.size, self.numbers) = (size, 0);
        }
        if numbers <= NUMBERS && self.found.insert(question, Arc::clone(found)).is_none() {
            self.numbers = self.numbers.saturating_add(numbers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(word: &str) -> Question {
        Question {
            partition: Partition {
                register: 1,
                retired: false,
            },
            words: vec![word.to_owned()],
            filters: Vec::new(),
            limits: crate::list::LIMITS,
        }
    }

    fn found(numbers: usize) -> Arc<Found> {
        Arc::new(Found {
            entries: Some(vec![0; numbers]),
            exact: true,
            least: 0,
        })
    }

    #[test]
    fn an_answer_is_dropped_when_the_ledger_grows_and_kept_from_no_older_snapshot() {
        let mut answers = Answers::default();
        answers.keep(7, question("a"), &found(1));
        answers.keep(8, question("b"), &found(1));
        assert!(answers.size == 8 && !answers.found.contains_key(&question("a")));
        answers.keep(7, question("c"), &found(1));
        assert_eq!(answers.found.len(), 1);
    }

    #[test]
    fn answers_are_dropped_before_they_are_too_many() {
        let mut answers = Answers::default();
        for number in 0..10 * ANSWERS {
            answers.keep(1, question(&number.to_string()), &found(100));
        }
        assert!(answers.found.len() <= ANSWERS && answers.numbers <= NUMBERS);
        answers.keep(1, question("many"), &found(NUMBERS + 1));
        assert!(!answers.found.contains_key(&question("many")));
        let counted: usize = answers
            .found
            .values()
            .filter_map(|found| found.entries.as_ref())
            .map(Vec::len)
            .sum();
        assert_eq!(counted, answers.numbers);
    }
}
