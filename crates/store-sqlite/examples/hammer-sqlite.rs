//! Writes to a database under load until it is killed: `hammer DATABASE ROUND`. The tests of crashes start it.
#![expect(clippy::unwrap_used, reason = "a program of the tests")]

use std::path::PathBuf;
use std::sync::Arc;

use store::Store;
use store::conformance::hammer;
use store_sqlite::Sqlite;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().unwrap());
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&path).unwrap());
    store.migrate().unwrap();
    hammer::write(&store, &arguments.next().unwrap());
}
