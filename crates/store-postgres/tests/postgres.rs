//! The questions that every driver is asked, on a real PostgreSQL: one server for all of them, a database for each.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use store::Store;
use store::backup::Contents;
use store::conformance::{Bench, Fresh, Make, QUESTIONS, verify};
use store_postgres::Postgres;
use store_postgres::trial::Server;
use store_sqlite::Sqlite;

#[test]
fn postgres_answers_every_question() {
    let server = Arc::new(Server::start(&["fsync=off"]));
    let make: Make = Arc::new(move || {
        let store: Arc<dyn Store> = Arc::new(Postgres::connect(&server.database()).unwrap());
        store.migrate().unwrap();
        Fresh {
            store,
            keep: Box::new(()),
        }
    });
    let failed: Vec<&str> = QUESTIONS
        .iter()
        .filter(|(_, question)| catch_unwind(AssertUnwindSafe(|| question(&Bench::new(Arc::clone(&make))))).is_err())
        .map(|(name, _)| *name)
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn an_encrypted_connection_needs_the_right_authority() {
    let server = Server::start(&["fsync=off"]);
    let plain = server.database();
    let encrypted = server.encrypted(&plain);
    let database: Arc<dyn Store> = Arc::new(Postgres::connect(&encrypted).unwrap());
    database.migrate().unwrap();
    let other = Server::start(&["fsync=off"]);
    let stranger = store_postgres::Options {
        authority: other.encrypted(&plain).authority,
        ..encrypted
    };
    assert!(Postgres::connect(&stranger).is_err());
}

#[test]
fn a_server_that_comes_back_is_used_again() {
    let server = Server::start(&["fsync=off"]);
    let database: Arc<dyn Store> = Arc::new(Postgres::connect(&server.database()).unwrap());
    database.migrate().unwrap();
    server.crash();
    assert!(database.head().is_err());
    server.recover();
    assert_eq!(database.head().unwrap().edge.size(), 0);
}

#[test]
fn a_city_moves_from_sqlite_to_postgres_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.db");
    let bench = Bench::new(Arc::new(move || Fresh {
        store: sqlite(&path),
        keep: Box::new(()),
    }));
    verify::filled(&bench);
    let mut file = Vec::new();
    bench.store.back_up(&Contents::default(), &mut file).unwrap();
    let server = Server::start(&["fsync=off"]);
    let moved: Arc<dyn Store> = Arc::new(Postgres::connect(&server.database()).unwrap());
    moved.migrate().unwrap();
    moved.restore(&mut file.as_slice(), None).unwrap();
    assert_eq!(moved.verify().unwrap(), bench.store.verify().unwrap());
    let mut again = Vec::new();
    moved.back_up(&Contents::default(), &mut again).unwrap();
    let back = sqlite(&folder.path().join("back.db"));
    back.restore(&mut again.as_slice(), None).unwrap();
    assert_eq!(back.verify().unwrap(), moved.verify().unwrap());
}

fn sqlite(path: &std::path::Path) -> Arc<dyn Store> {
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(path).unwrap());
    store.migrate().unwrap();
    store
}
