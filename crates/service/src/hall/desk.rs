//! What waits for whom: the requests that somebody has to decide or to send again, kept in memory and in step with the ledger.
//!
//! Who decides follows from the roles and absences of the day, which no index of the database knows. So the open requests are
//! looked at once when the hall opens, and again only where they, the people or the day change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use approval::request::State;
use jiff::civil::Date;
use store::{Filter, Query, Sort, Store, Test};

use super::acts::{LoadedRequest, loaded, word};
use super::collection;
use super::directory::Directory;

/// Requests that are read at once.
const PART: usize = 1_000;

/// The states of what waits for somebody.
const OPEN: [State; 2] = [State::Waiting, State::Returned];

/// The open requests, by number.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    open: BTreeMap<String, Open>,
    /// The numbers of the requests that wait for a person, by key.
    people: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Clone)]
struct Open {
    loaded: Arc<LoadedRequest>,
    /// Those whose turn it is.
    people: BTreeSet<String>,
}

impl Desk {
    /// Reads what is open.
    ///
    /// # Errors
    /// What the database says.
    pub(super) fn load(store: &dyn Store, directory: &Directory, today: Date) -> Result<Self, store::Failure> {
        let mut desk = Self::default();
        let states = OPEN.map(|state| word(state).into_bytes());
        let mut query = Query {
            filters: vec![Filter {
                field: "state".to_owned(),
                test: Test::AnyOf(states.into()),
            }],
            sort: Sort::Key,
            limit: PART,
            ..Query::of(collection::REQUEST)
        };
        loop {
            let page = store.list(&query)?;
            for entry in page.rows {
                desk.put(entry, directory, today);
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(desk),
            }
        }
    }

    /// Takes a request as it is now.
    pub(super) fn put(&mut self, entry: store::Entry, directory: &Directory, today: Date) {
        self.remove(&entry.key);
        let number = entry.key.clone();
        match loaded(entry) {
            Ok(loaded) if OPEN.contains(&loaded.request.state()) => {
                let people = turn(&loaded, directory, today);
                for person in &people {
                    self.people.entry(person.clone()).or_default().insert(number.clone());
                }
                let loaded = Arc::new(loaded);
                self.open.insert(number, Open { loaded, people });
            }
            Ok(_) => {}
            Err(_) => tracing::error!(number, "a request cannot be read; it waits for nobody"),
        }
    }

    /// Looks again whose turn it is: people or the day changed.
    pub(super) fn look_again(&mut self, directory: &Directory, today: Date) {
        self.people.clear();
        for (number, open) in &mut self.open {
            open.people = turn(&open.loaded, directory, today);
            for person in &open.people {
                self.people.entry(person.clone()).or_default().insert(number.clone());
            }
        }
    }

    fn remove(&mut self, number: &str) {
        let Some(open) = self.open.remove(number) else { return };
        for person in &open.people {
            if let Some(numbers) = self.people.get_mut(person) {
                numbers.remove(number);
            }
        }
    }

    /// Every open request, the oldest number first.
    pub fn open(&self) -> impl Iterator<Item = &LoadedRequest> {
        self.open.values().map(|open| &*open.loaded)
    }

    /// How many requests wait for a person: to be decided, and their own that were returned.
    #[must_use]
    pub fn count(&self, person: &str) -> usize {
        self.people.get(person).map_or(0, BTreeSet::len)
    }

    /// The requests that wait for a person's decision, the newest number first.
    pub fn awaiting(&self, person: &str) -> impl Iterator<Item = &LoadedRequest> {
        let numbers = self.people.get(person).into_iter().flatten().rev();
        let open = numbers.filter_map(|number| self.open.get(number));
        let loaded = open.map(|open| &*open.loaded);
        loaded.filter(|loaded| loaded.request.state() == State::Waiting)
    }
}

/// Whose turn it is: those who may decide; of a returned request whoever asks.
fn turn(loaded: &LoadedRequest, directory: &Directory, today: Date) -> BTreeSet<String> {
    let request = &loaded.request;
    if request.state() == State::Returned {
        return BTreeSet::from([request.applicant().to_owned()]);
    }
    let deciders = request.waiting(directory, today).into_iter();
    deciders.map(|candidate| candidate.person).collect()
}
