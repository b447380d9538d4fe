//! A row as large as a ledger entry, written as fast as SQLite can with the same promise: 330 bytes, a hash, one index.

use std::path::Path;

use serde_json::json;

use crate::clock::Stopwatch;
use crate::stop::OrStop as _;

const LAYOUT: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     CREATE TABLE row (id INTEGER PRIMARY KEY, entry BLOB NOT NULL, hash BLOB NOT NULL UNIQUE)";
/// Rows of one transaction.
const BATCH: usize = 100;
const SECONDS: f64 = 1.5;

/// Rows a second.
pub(super) fn inserts(path: &Path) -> f64 {
    let connection = rusqlite::Connection::open(path).or_stop("a database");
    connection.execute_batch(LAYOUT).or_stop("a table");
    let start = Stopwatch::start();
    let mut id = 0_u64;
    while start.seconds() < SECONDS {
        connection.execute_batch("BEGIN IMMEDIATE").or_stop("begin");
        let sql = "INSERT INTO row (id, entry, hash) VALUES ($1, $2, $3)";
        let mut insert = connection.prepare_cached(sql).or_stop("a statement");
        for _ in 0..BATCH {
            id += 1;
            let entry = json!({ "v": 1, "seq": id, "text": "x".repeat(300) }).to_string();
            // Scattered as hashes are.
            let scattered = id.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            let hash = [scattered; 4].concat();
            insert
                .execute((id.cast_signed(), entry.as_bytes(), hash))
                .or_stop("a row");
        }
        connection.execute_batch("COMMIT").or_stop("commit");
    }
    id as f64 / start.seconds()
}
