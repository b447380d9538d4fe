//! Writes the database that the test of migrations starts from: once, when a schema is released.
//! `cargo run -p store-sqlite --example freeze-sqlite crates/store-sqlite/tests/schema/1.db`
#![expect(clippy::unwrap_used, reason = "a program of the tests")]

use std::path::PathBuf;
use std::sync::Arc;

use store::Store;
use store::conformance::{Bench, Fresh, verify};
use store_sqlite::Sqlite;

fn main() {
    let path = PathBuf::from(std::env::args().nth(1).unwrap());
    let bench = Bench::new(Arc::new(move || {
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(&path).unwrap());
        store.migrate().unwrap();
        Fresh {
            store,
            keep: Box::new(()),
        }
    }));
    verify::few(&bench);
}
