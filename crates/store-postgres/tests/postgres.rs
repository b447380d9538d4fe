//! The questions that every driver is asked, on a real PostgreSQL: one server for all of them, a database for each.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use store::Store;
use store::conformance::{Bench, Fresh, QUESTIONS};
use store_postgres::Postgres;
use store_postgres::trial::Server;

#[test]
fn postgres_answers_every_question() {
    let server = Server::start(&["fsync=off"]);
    let failed: Vec<&str> = QUESTIONS
        .iter()
        .filter(|(_, question)| {
            let database: Arc<dyn Store> = Arc::new(Postgres::connect(&server.database()).unwrap());
            database.migrate().unwrap();
            let fresh = Fresh {
                store: database,
                keep: Box::new(()),
            };
            catch_unwind(AssertUnwindSafe(|| question(&Bench::new(fresh)))).is_err()
        })
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
