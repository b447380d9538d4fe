//! Databases of every released schema become databases of this one.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test copies the database that it upgrades"
)]

use std::path::{Path, PathBuf};

use store::conformance::verify;
use store::{Failure, Store};
use store_sqlite::Sqlite;

/// `schema/1.db`, `schema/2.db`, …: written by `examples/freeze-sqlite.rs` when the schema was released, never again.
fn released() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "db"));
    files.sort();
    files
}

fn with(path: &Path, act: impl FnOnce(&dyn Store)) {
    act(&Sqlite::open(path).unwrap());
}

#[test]
fn every_released_schema_is_brought_to_this_one() {
    let files = released();
    for (number, file) in (1..).zip(&files) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city.db");
        std::fs::copy(file, &path).unwrap();
        with(&path, |store| {
            let before = store.migrate().unwrap();
            assert_eq!(before.found, number);
            assert_eq!(store.layout().unwrap().found, before.known);
            assert_eq!(
                store.migrate().unwrap().found,
                before.known,
                "a second time nothing is left to do"
            );
            verify::few_is_there(store);
        });
    }
    assert!(!files.is_empty());
}

#[test]
fn a_database_of_a_newer_or_another_program_is_left_alone() {
    for (edit, expected) in [
        (
            "INSERT INTO schema_migration VALUES (99, 'x')",
            Failure::Newer { found: 99, known: 1 },
        ),
        ("UPDATE schema_migration SET checksum = 'x'", Failure::Foreign(1)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city.db");
        with(&path, |store| assert_eq!(store.migrate().unwrap().found, 0));
        rusqlite::Connection::open(&path).unwrap().execute_batch(edit).unwrap();
        with(&path, |store| {
            assert_eq!(store.layout(), Err(expected.clone()));
            assert_eq!(store.migrate(), Err(expected));
        });
    }
}
