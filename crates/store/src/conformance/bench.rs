//! What a question works with.

use std::sync::Arc;

use model::clock::FixedClock;
use model::random::SystemRandom;
use serde_json::{Value as Json, json};

use crate::{Act, Change, Expected, Mark, Put, Receipt, Reference, Refused, Sequencer, Store};

/// A fresh, migrated database, and what must live as long as it does (a folder, a connection).
pub struct Fresh {
    pub store: Arc<dyn Store>,
    pub keep: Box<dyn std::any::Any + Send + Sync>,
}

/// Makes fresh databases.
pub type Make = Arc<dyn Fn() -> Fresh + Send + Sync>;

/// A database with a sequencer over it and a clock that stands at 2026-04-01.
pub struct Bench {
    pub store: Arc<dyn Store>,
    pub sequencer: Sequencer,
    pub clock: Arc<FixedClock>,
    make: Make,
    _keep: Box<dyn std::any::Any + Send + Sync>,
}

impl Bench {
    #[must_use]
    pub fn new(make: Make) -> Self {
        let fresh = make();
        let clock = Arc::new(FixedClock::new("2026-04-01T00:00:00Z".parse().unwrap()));
        let sequencer = Sequencer::start(
            Arc::clone(&fresh.store),
            Arc::clone(&clock) as _,
            Arc::new(SystemRandom),
        );
        Self {
            store: fresh.store,
            sequencer: sequencer.unwrap(),
            clock,
            make,
            _keep: fresh.keep,
        }
    }

    /// Another one, with a database of its own.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::new(Arc::clone(&self.make))
    }

    pub fn do_act(&self, act: Act) -> Receipt {
        self.sequencer.submit(act).unwrap()
    }

    pub fn put(&self, put: Put) -> Receipt {
        self.do_act(Act::new("entry.put").by("P-1").with(put))
    }

    pub fn refused(&self, act: Act) -> Refused {
        self.sequencer.submit(act).unwrap_err()
    }
}

/// An asset with everything that the store derives from one.
#[must_use]
pub fn asset(key: &str, title: &str) -> Put {
    Put {
        register: "asset".to_owned(),
        key: key.to_owned(),
        expected: Expected::New,
        document: json!({ "code": key, "name": title, "grade": "3A", "count": 3, "ratio": 0.1 }),
        title: title.to_owned(),
        reading: String::new(),
        references: vec![Reference {
            field: "section".to_owned(),
            register: "section".to_owned(),
            key: "100".to_owned(),
        }],
        unique: vec![("code".to_owned(), key.to_owned())],
        fields: vec![
            ("grade".to_owned(), b"3A".to_vec()),
            ("section".to_owned(), b"100".to_vec()),
        ],
        text: format!("{key} {title}"),
    }
}

/// The asset after an edit of its title.
#[must_use]
pub fn edited(key: &str, title: &str, version: u64) -> Put {
    Put {
        expected: Expected::Version(version),
        ..asset(key, title)
    }
}

#[must_use]
pub fn mark(key: &str, version: u64) -> Mark {
    Mark {
        register: "asset".to_owned(),
        key: key.to_owned(),
        expected: Expected::Version(version),
    }
}

#[must_use]
pub fn retire(key: &str, version: u64) -> Act {
    Act::new("entry.retire")
        .by("P-1")
        .with(Change::Retire(mark(key, version)))
}

#[must_use]
pub fn name_of(document: &Json) -> &str {
    document["name"].as_str().unwrap()
}
