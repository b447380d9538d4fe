//! The questions that every driver is asked, on SQLite.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::sync::Arc;

use store::conformance::Fresh;
use store_sqlite::Sqlite;

fn fresh() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let database: Arc<dyn store::Store> = Arc::new(Sqlite::open(&folder.path().join("city.db")).unwrap());
    database.migrate().unwrap();
    Fresh {
        store: database,
        keep: Box::new(folder),
    }
}

store::conformance!(fresh);
