//! The hall on a real database: the sample city as a living service.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails here")]

mod founding;

use std::sync::Arc;

use access::seal::KeyRing;
use approval::kind::Kinds;
use model::clock::FixedClock;
use model::random::SeededRandom;
use service::folder::Folder;
use service::hall::acts::Founding;
use service::hall::entrance::Entrance;
use service::hall::{Hall, Parts};
use service::sources::Sources;
use store::{Sequencer, Store};
use store_sqlite::Sqlite;
use tempfile::TempDir;

use crate::city::sample;

/// A hall on a database of its own.
pub(crate) struct House {
    pub(crate) hall: Hall,
    pub(crate) dir: TempDir,
}

impl House {
    pub(crate) fn empty() -> Self {
        let dir = TempDir::new().unwrap();
        let hall = open(&dir);
        Self { hall, dir }
    }

    /// The hall of the sample city.
    pub(crate) fn sample() -> Self {
        let house = Self::empty();
        let folder = Folder::read(&sample(), None, &mut |_| {}).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let sources = Sources::of_folder(&sample(), None).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let founding = Founding {
            sources: &sources,
            folder: &folder,
        };
        house.hall.found(None, &founding, &mut |_, _| {}).unwrap();
        house
    }

    /// The same database after a restart.
    pub(crate) fn restarted(self) -> Self {
        let Self { hall, dir } = self;
        drop(hall);
        let hall = open(&dir);
        Self { hall, dir }
    }
}

fn open(dir: &TempDir) -> Hall {
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&dir.path().join("sanmon.db")).unwrap());
    store.migrate().unwrap();
    let clock = Arc::new(FixedClock::new("2026-11-23T01:00:00Z".parse().unwrap()));
    let random = Arc::new(SeededRandom::new(7));
    let sequencer = Sequencer::start(Arc::clone(&store), clock.clone(), random.clone()).unwrap();
    let ring = KeyRing::from_bytes(&[7; 32]).unwrap();
    Hall::open(Parts {
        entrance: Entrance::at("http://localhost:8080", "三門", ring).unwrap(),
        store,
        sequencer,
        clock,
        random,
        request_kinds: Kinds::shipped().unwrap(),
    })
    .unwrap_or_else(|error| panic!("{error:#?}"))
}
