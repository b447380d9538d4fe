//! A program that writes under load until somebody kills it, and what must hold afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use model::clock::SystemClock;
use model::random::SystemRandom;

use super::bench::{asset, edited};
use crate::{Act, Refused, Sequencer, Store};

/// Threads that submit acts.
const THREADS: usize = 4;

/// Acts that one thread submits, at most.
const ACTS: usize = 5_000;

/// Acts that fail before a thread gives up.
const FAILURES: usize = 20;

/// Writes acts from several threads, and a line for each act that was acknowledged: `key version`. Ends after many acts,
/// or after the database has failed a few times; a line `failed` says so.
pub fn write(store: &Arc<dyn Store>, round: &str) {
    let sequencer = Sequencer::start(Arc::clone(store), Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let failures = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (sequencer, failures) = (&sequencer, &failures);
            scope.spawn(move || {
                for n in 0..ACTS {
                    if !one(sequencer, &format!("{round}-{thread}-{n}"))
                        && failures.fetch_add(1, Ordering::Relaxed) >= FAILURES
                    {
                        return;
                    }
                }
            });
        }
    });
    if failures.into_inner() > 0 {
        say("failed");
    }
}

/// A record, then an edit of it; whether both were done.
fn one(sequencer: &Sequencer, key: &str) -> bool {
    for (put, version) in [(asset(key, "一"), 1), (edited(key, "二", 1), 2)] {
        match sequencer.submit(Act::new("entry.put").by("P-1").with(put)) {
            Ok(_) => say(&format!("{key} {version}")),
            Err(Refused::Failed(_)) => return false,
            // The first one failed as far as anybody knew, and is there all the same.
            Err(Refused::Conflict { .. }) => return true,
            Err(other) => panic!("{other}"),
        }
    }
    true
}

/// Each line is one write, so that a kill cuts none in half.
fn say(line: &str) {
    std::io::stdout().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// The acts that were acknowledged.
#[derive(Debug, Default)]
pub struct Acknowledged(BTreeMap<String, u64>);

impl Acknowledged {
    /// Takes a line that [`write`] wrote.
    pub fn hear(&mut self, line: &str) {
        if let Some((key, version)) = line.split_once(' ') {
            self.0.insert(key.to_owned(), version.parse().unwrap());
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every acknowledged act is in the database, and the whole of it verifies.
    pub fn are_all_in(&self, store: &dyn Store) {
        let mut found = BTreeMap::new();
        if store.registers().unwrap().is_empty() {
            assert!(self.0.is_empty(), "everything is lost");
            return;
        }
        store
            .scan("asset", &mut |entry| {
                found.insert(entry.key, entry.version);
                Ok(())
            })
            .unwrap();
        let lost: BTreeSet<&String> = self
            .0
            .iter()
            .filter(|(key, version)| found.get(*key) < Some(version))
            .map(|(key, _)| key)
            .collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        if let Err(difference) = store.verify().unwrap() {
            panic!("{difference:?}");
        }
    }
}
