//! The hall on a real database: the sample city as a living service.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails here"
)]

mod archive;
mod elsewhere;
mod entrance;
mod entries;
mod founding;
mod keeping;
mod listing;
mod network;
mod notices;
mod recovery;
mod requests;
mod rows;
mod rules;
mod tokens;
mod transfers;

use std::path::Path;
use std::sync::Arc;

use access::authority::Authority;
use access::seal::KeyRing;
use approval::kind::Kinds;
use model::clock::FixedClock;
use model::random::SeededRandom;
use service::folder::Folder;
use service::hall::acts::Founding;
use service::hall::entrance::sessions::{Seen, Visitor};
use service::hall::entrance::{Entrance, Origin};
use service::hall::notary::{Anchor, Notary};
use service::hall::{Hall, Parts};
use service::sources::Sources;
use store::{Sequencer, Store};
use store_sqlite::Sqlite;
use tempfile::TempDir;

use crate::city::sample;

/// A hall on a database of its own.
pub(crate) struct House {
    pub(crate) hall: Hall,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) dir: TempDir,
}

impl House {
    pub(crate) fn empty() -> Self {
        Self::open(TempDir::new().unwrap())
    }

    fn open(dir: TempDir) -> Self {
        let clock = Arc::new(FixedClock::new("2026-11-23T01:00:00Z".parse().unwrap()));
        let hall = open(&dir, Arc::clone(&clock));
        Self { hall, clock, dir }
    }

    /// The hall of the sample city.
    pub(crate) fn sample() -> Self {
        Self::of(&sample())
    }

    /// The hall of the sample city as it would be without a fixed date: it is judged for the day of the clock.
    pub(crate) fn living() -> Self {
        Self::keeping("")
    }

    /// The same, with more settings at the end of its `city.toml`.
    pub(crate) fn keeping(more: &str) -> Self {
        let dir = TempDir::new().unwrap();
        copy(&sample(), dir.path());
        let path = dir.path().join("city.toml");
        let settings = std::fs::read_to_string(&path).unwrap();
        let dated = settings.lines().filter(|line| !line.starts_with("as_of"));
        let dated = dated.collect::<Vec<_>>().join("\n");
        put(&path, format!("{dated}\n{more}").as_bytes());
        Self::of(dir.path())
    }

    fn of(city: &Path) -> Self {
        let house = Self::empty();
        let folder = Folder::read(city, None, &mut |_| {}).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let sources = Sources::of_folder(city, None).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let founding = Founding {
            sources: &sources,
            folder: &folder,
        };
        house.hall.found(None, &founding, &mut |_, _| {}).unwrap();
        house
    }

    /// Signs in as one of the sample's people.
    pub(crate) fn visitor(&self, role: &str) -> Visitor {
        let people = self.hall.sample_people();
        let person = people.iter().find(|person| person.role.en == role).unwrap();
        self.visitor_who_may(&person.person)
    }

    /// Signs in as anybody of the sample.
    pub(crate) fn visitor_who_may(&self, person: &str) -> Visitor {
        let origin = Origin {
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            device: String::new(),
            agent: "test".to_owned(),
        };
        let session = self.hall.sign_in_as_sample(person, &origin).unwrap();
        match self.hall.seen(Some(&session.text())).unwrap() {
            Seen::Visitor(visitor) => *visitor,
            other => panic!("{other:?}"),
        }
    }

    /// Has the text of a document written.
    pub(crate) fn written(&self, visitor: &Visitor, document: &str, text: &str) {
        self.hall.write_text(visitor, document, None, text, None).unwrap();
    }

    /// A section that is not this one.
    pub(crate) fn other_section(&self, section: &str) -> String {
        let directory = self.hall.directory();
        directory.sections.keys().find(|key| *key != section).unwrap().clone()
    }

    /// The same database after somebody changed it behind the hall's back.
    pub(crate) fn edited(self, sql: &str) -> Self {
        let Self { hall, dir, .. } = self;
        drop(hall);
        rusqlite::Connection::open(dir.path().join("sanmon.db"))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        Self::open(dir)
    }

    /// The same database after a restart.
    pub(crate) fn restarted(self) -> Self {
        let Self { hall, dir, .. } = self;
        drop(hall);
        Self::open(dir)
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            put(&to, &std::fs::read(entry.path()).unwrap());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test keeps its own files")]
fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn open(dir: &TempDir, clock: Arc<FixedClock>) -> Hall {
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&dir.path().join("sanmon.db")).unwrap());
    store.migrate().unwrap();
    let random = Arc::new(SeededRandom::new(7));
    let sequencer = Sequencer::start(Arc::clone(&store), clock.clone(), random.clone()).unwrap();
    let ring = KeyRing::from_bytes(&[7; 32]).unwrap();
    let mut entrance = Entrance::at("http://localhost:8080", "三門", ring).unwrap();
    entrance.is_sample = true;
    Hall::open(Parts {
        entrance,
        store,
        sequencer,
        clock,
        random,
        request_kinds: Kinds::shipped().unwrap(),
        authority: Authority::shipped().unwrap(),
        notary: Notary::new(
            "mihon.example/ledger",
            &[9; 32],
            Box::new(Beside(dir.path().join("checkpoint"))),
        )
        .unwrap(),
    })
    .unwrap_or_else(|error| panic!("{error:#?}"))
}

/// The checkpoint in a file beside the database.
struct Beside(std::path::PathBuf);

impl Anchor for Beside {
    fn load(&self) -> std::io::Result<Option<String>> {
        Ok(std::fs::read_to_string(&self.0).ok())
    }

    fn save(&self, checkpoint: &str) -> std::io::Result<()> {
        put(&self.0, checkpoint.as_bytes());
        Ok(())
    }
}
