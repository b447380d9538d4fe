//! Keeping and erasing (保存期間): what has run the term of its class loses its contents. The ledger entry, its hash and every proof
//! stay.

use jiff::civil::Date;
use ledger::entry::Entry;
use ledger::retention::Schedule;
use store::{Act, Change, Leaf};

use super::{Hall, Refusal};

/// Ledger entries that are looked at, and erased, at once.
const PART: usize = 500;
/// On which day it was looked last.
const DONE: (&str, &str) = ("operation", "retention");

impl Hall {
    /// Erases the contents of everything whose term is over, once a day; how many bodies there were. What a record in use shows is
    /// kept, however old it is.
    ///
    /// # Errors
    /// What the store says; the rest follows the next time.
    pub fn erase_expired(&self) -> Result<usize, Refusal> {
        let Some(city) = self.city() else { return Ok(0) };
        let (now, today) = (self.clock.now(), self.clock.today());
        let done = self.store.held(DONE.0, DONE.1, now)?;
        let is_done = done.is_some_and(|held| held.value == today.to_string().into_bytes());
        if city.settings.retention.is_empty() || is_done {
            return Ok(0);
        }
        let terms = city.settings.retention.iter();
        let schedule = Schedule::new(terms.map(|(class, years)| (class.clone(), Some(*years))));
        let mut erased = 0;
        let mut from = 0;
        loop {
            let leaves = self.store.leaves(from, PART)?;
            let Some(last) = leaves.last() else { break };
            from = last.index + 1;
            // Entries are in the order of time: once none of the classes could be over, none is behind.
            let is_young = written(last).is_some_and(|entry| {
                let mut classes = city.settings.retention.keys();
                !classes.any(|class| schedule.is_over(class, entry.at, today))
            });
            erased += self.erase(&leaves, &schedule, today)?;
            if is_young {
                break;
            }
        }
        let life = std::time::Duration::from_secs(2 * 24 * 60 * 60);
        self.store
            .hold(DONE.0, DONE.1, today.to_string().as_bytes(), now, life)?;
        Ok(erased)
    }

    fn erase(&self, leaves: &[Leaf], schedule: &Schedule, today: Date) -> Result<usize, Refusal> {
        let mut act = Act::new("retention.erase");
        for leaf in leaves {
            let is_over = written(leaf).is_some_and(|entry| schedule.is_over(&leaf.class, entry.at, today));
            if is_over && leaf.erased_by.is_none() && !self.is_shown(leaf.index)? {
                act = act.with(Change::Erase { leaf: leaf.index });
            }
        }
        let count = act.changes.len();
        if count > 0 {
            self.commit(act)?;
        }
        Ok(count)
    }

    /// Whether a ledger entry holds what a record in use shows.
    fn is_shown(&self, index: u64) -> Result<bool, Refusal> {
        let Some(record) = self.store.record_of(index)? else {
            return Ok(false);
        };
        let entry = self.store.entry(&record.register, &record.key)?;
        Ok(entry.is_some_and(|entry| entry.retired_at.is_none() && entry.leaf == index))
    }
}

fn written(leaf: &Leaf) -> Option<Entry> {
    Entry::parse(&leaf.bytes).ok()
}
