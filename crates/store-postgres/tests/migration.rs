//! Databases of every released schema become databases of this one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::Store;
use store::conformance::verify;
use store_postgres::Postgres;
use store_postgres::trial::Server;

/// `schema/1.sql`, `schema/2.sql`, …: written by `examples/freeze-postgres.rs` when the schema was released, never again.
#[test]
fn every_released_schema_is_brought_to_this_one() {
    let server = Server::start(&["fsync=off"]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    for (number, file) in (1..).zip(&files) {
        let options = server.database();
        server.load(&options, file);
        let store: Arc<dyn Store> = Arc::new(Postgres::connect(&options).unwrap());
        let before = store.migrate().unwrap();
        assert_eq!(before.found, number);
        assert_eq!(store.layout().unwrap().found, before.known);
        verify::few_is_there(&*store);
    }
    assert!(!files.is_empty());
}
