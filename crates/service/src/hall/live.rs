//! What the hall keeps in memory: the city, the words, the judge and the directory, made of the database when the hall
//! opens, and kept in step with it act by act.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::Arc;

use jiff::civil::Date;
use policy::judge::Judge;
use register::{Entry, Words};
use serde_json::Value;
use store::Store;

use crate::city::City;
use crate::hall::asking::{Question, Turns};
use crate::hall::desk::Desk;
use crate::hall::directory::{self, Directory};
use crate::hall::{collection, loading, sources};
use crate::network::{self, Known, NetworkSources};
use crate::problem::Problem;
use crate::sources::Sources;
use crate::standing::Snapshot;

/// The living city.
pub(crate) struct Live {
    pub(crate) city: Arc<City>,
    pub(crate) words: Words,
    pub(crate) directory: Arc<Directory>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) snapshot: Arc<Snapshot>,
    judge: Judge,
    network: Option<Arc<NetworkSources>>,
    turns: Turns,
    /// Every ledger entry below this index is taken into account.
    seen: u64,
}

/// What is left to do after the ledger was followed; it takes long and is done beside those who read.
pub(crate) enum Left {
    Nothing,
    /// The city's own files changed: everything is read anew.
    Reload,
    /// The network is to be asked, for a turn. `is_new` if it was this call that found out.
    Ask {
        question: Question,
        turn: u64,
        is_new: bool,
    },
}

/// Why the database gives no living city.
#[derive(Debug)]
pub enum Unloadable {
    /// The database failed.
    Store(store::Failure),
    /// The ledger can neither be compared with what was signed nor signed.
    Unsigned(model::lang::Text),
    /// The city's sources do not fit together, as after an update of the shipped standard.
    City(Vec<Problem>),
}

impl From<store::Failure> for Unloadable {
    fn from(failure: store::Failure) -> Self {
        Self::Store(failure)
    }
}

impl Live {
    /// Reads everything; `None` where no city was loaded yet.
    ///
    /// # Errors
    /// The database fails, or the city's sources are not right.
    pub(crate) fn load(store: &dyn Store, clock_today: Date) -> Result<Option<Self>, Unloadable> {
        // What is written while the registers are read is read again by `follow`.
        let seen = store.head()?.edge.size();
        let Some(sources) = sources::sources(&documents(store, collection::CITY)?) else {
            return Ok(None);
        };
        Self::of(store, &sources, seen, clock_today).map(Some)
    }

    /// The city that `sources` make, with the rows of the database.
    ///
    /// # Errors
    /// The database fails, or the sources are not right.
    pub(crate) fn of(store: &dyn Store, sources: &Sources, seen: u64, clock_today: Date) -> Result<Self, Unloadable> {
        let city = Arc::new(City::read(sources).map_err(Unloadable::City)?);
        let (schema, compiled) = city.compile().map_err(Unloadable::City)?;
        let mut words = Words::new(city.settings.schemes.clone());
        let today = city.settings.as_of.unwrap_or(clock_today);
        let network = sources.network.clone().map(Arc::new);
        let question = Question {
            city: Arc::clone(&city),
            network: network.clone(),
            today,
        };
        // Both take long, and neither waits for the other.
        let (mut judge, known) = std::thread::scope(|scope| {
            let asked = scope.spawn(|| question.ask(store));
            let facts = loading::facts(store, &city, schema, &mut words)?;
            let judge = Judge::new(Arc::clone(&compiled), facts, city.settings.city.clone(), today);
            let known = asked.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            Ok::<_, Unloadable>((judge, known))
        })?;
        judge.report(known.facts(today));
        let directory = directory(store, &city)?;
        Ok(Self {
            desk: Arc::new(Desk::load(store, &directory, today)?),
            directory: Arc::new(directory),
            snapshot: Arc::new(Snapshot::new(Arc::clone(&city), compiled, &judge, seen).showing(known)),
            city,
            words,
            judge,
            network,
            turns: Turns::default(),
            seen,
        })
    }

    /// Takes every act that was committed since into account, whoever did it, and the day; says what is left to do.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) fn follow(&mut self, store: &dyn Store, clock_today: Date) -> Result<Left, Unloadable> {
        let before = self.turns;
        if !self.follow_rows(store)? {
            return Ok(Left::Reload);
        }
        self.move_to(clock_today);
        let Some(turn) = self.turns.open() else {
            return Ok(Left::Nothing);
        };
        let question = Question {
            city: Arc::clone(&self.city),
            network: self.network.clone(),
            today: self.judge.today(),
        };
        let is_new = self.turns != before;
        Ok(Left::Ask { question, turn, is_new })
    }

    /// Takes the rows in that were changed; false where the city's own files were, too: then nothing is.
    fn follow_rows(&mut self, store: &dyn Store) -> Result<bool, Unloadable> {
        let size = store.head()?.edge.size();
        if size == self.seen {
            return Ok(true);
        }
        let changed = records_since(store, self.seen)?;
        if changed.iter().any(|(register, _)| register == collection::CITY) {
            return Ok(false);
        }
        let mut again = BTreeSet::new();
        let mut people = false;
        for (register, key) in &changed {
            people |= directory::REGISTERS.contains(&register.as_str()) || register == collection::ABSENCE;
            if let Some(position) = self.city.kinds.iter().position(|kind| kind.slug == *register) {
                again.extend(self.take(store, position, key)?);
            }
        }
        if changed
            .iter()
            .any(|(register, _)| network::READ.contains(&register.as_str()))
        {
            self.turns.want();
        }
        if people {
            self.directory = Arc::new(directory(store, &self.city)?);
            Arc::make_mut(&mut self.desk).look_again(&self.directory, self.judge.today());
        }
        for (_, number) in changed.iter().filter(|(register, _)| register == collection::REQUEST) {
            if let Some(entry) = store.entry(collection::REQUEST, number)? {
                Arc::make_mut(&mut self.desk).put(entry, &self.directory, self.judge.today());
            }
        }
        self.seen = size;
        let again: Vec<usize> = again.into_iter().collect();
        self.snapshot = Arc::new(self.snapshot.after(&self.judge, &again, size));
        Ok(true)
    }

    /// Judges for another day, once it has come.
    fn move_to(&mut self, clock_today: Date) {
        let today = self.city.settings.as_of.unwrap_or(clock_today);
        if today != self.judge.today() {
            self.judge.move_to(today);
            self.turns.want();
            Arc::make_mut(&mut self.desk).look_again(&self.directory, today);
            let all: Vec<usize> = (0..self.snapshot.duties.len()).collect();
            self.snapshot = Arc::new(self.snapshot.after(&self.judge, &all, self.seen));
        }
    }

    /// Judges by what the network answered, unless something changed meanwhile.
    pub(crate) fn answer(&mut self, question: &Question, turn: u64, known: Known) {
        let is_of_this_city = Arc::ptr_eq(&question.city, &self.city);
        if is_of_this_city && self.turns.settle(turn) {
            let again = self.judge.report(known.facts(question.today));
            let snapshot = self.snapshot.after(&self.judge, &again, self.seen);
            self.snapshot = Arc::new(snapshot.showing(known));
        }
    }

    /// Takes one record as it is now; returns the positions of the duties that were judged again.
    fn take(&mut self, store: &dyn Store, position: usize, key: &str) -> Result<Vec<usize>, Unloadable> {
        let Some(kind) = self.city.kinds.get(position) else {
            return Ok(Vec::new());
        };
        match store.entry(&kind.slug, key)? {
            Some(entry) if entry.retired_at.is_none() => {
                self.words.put(&kind.slug, key, &entry.title);
                let record = kind.record(&row(entry), &self.city.settings.schemes);
                Ok(self.judge.change(position, record))
            }
            Some(_) => {
                self.words.retire(&kind.slug, key);
                Ok(self.judge.retire(position, key))
            }
            None => Ok(Vec::new()),
        }
    }
}

/// The records that were changed by the ledger entries from an index on, each once.
fn records_since(store: &dyn Store, mut from: u64) -> Result<BTreeSet<(String, String)>, store::Failure> {
    const PART: usize = 1_000;
    let mut records = BTreeSet::new();
    loop {
        let part = store.changes_since(from, PART)?;
        let full = part.len() == PART;
        for changed in part {
            from = changed.leaf + 1;
            records.insert((changed.register, changed.key));
        }
        if !full {
            return Ok(records);
        }
    }
}

fn directory(store: &dyn Store, city: &City) -> Result<Directory, store::Failure> {
    Directory::new(|register| documents(store, register), &city.settings.schemes)
}

/// The documents in use of a register, by key.
pub(crate) fn documents(store: &dyn Store, register: &str) -> Result<Vec<(String, Value)>, store::Failure> {
    let mut documents = Vec::new();
    store.scan(register, &mut |entry| {
        if entry.retired_at.is_none() {
            documents.push((entry.key, entry.document));
        }
        Ok(())
    })?;
    documents.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(documents)
}

/// A record as the register machine knows it; it came from no sheet.
fn row(entry: store::Entry) -> Entry {
    Entry {
        key: entry.key,
        title: entry.title,
        document: entry.document,
        row: 0,
        table: 0,
    }
}
