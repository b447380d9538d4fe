//! The store on embedded SQLite.
//!
//! Two files: the city's database, and beside it `…-ephemeral` with what may be lost with a power cut (sessions, counters,
//! leases). Every act is on the disk before its caller hears of it: write-ahead log, `synchronous=FULL`. SQLite itself is
//! built in, since the search needs a recent one.
//!
//! ```no_run
//! use store::Store;
//! use store_sqlite::Sqlite;
//!
//! # fn main() -> Result<(), store::Failure> {
//! let database: &dyn Store = &Sqlite::open("city.db".as_ref())?;
//! database.migrate()?;
//! # Ok(())
//! # }
//! ```

mod pool;
mod session;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use store::driver::{Reading, Writing};
use store::{Dialect, Failure, Kept, Pen, Purpose, Store};

use pool::Pool;
use session::{Session, failure};

/// Kilobytes of pages that the writer keeps.
const WRITER_CACHE: i32 = 16_384;

/// Kilobytes of pages that each reader keeps.
const READER_CACHE: i32 = 4_096;

/// Statements that each connection keeps ready.
const STATEMENTS: usize = 128;

/// Milliseconds that a writer waits for another program that writes to the same file.
const BUSY: u32 = 10_000;

/// A city's database in a file.
#[derive(Debug)]
pub struct Sqlite {
    writer: Mutex<Connection>,
    ephemeral: Mutex<Connection>,
    readers: Pool,
    kept: Kept,
}

impl Sqlite {
    /// Opens a database, or makes an empty one. [`migrate`](dyn Store::migrate) it before use.
    ///
    /// # Errors
    /// Where the file cannot be opened or is none of SQLite's.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let beside = beside(path);
        let writer = writer(path, "FULL")?;
        let ephemeral = writer_of_ephemeral(&beside)?;
        let readers = Pool::new(path.to_owned(), beside);
        Ok(Self {
            writer: Mutex::new(writer),
            ephemeral: Mutex::new(ephemeral),
            readers,
            kept: Kept::default(),
        })
    }
}

impl Store for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn kept(&self) -> &Kept {
        &self.kept
    }

    fn read(&self, work: Reading<'_>) -> Result<(), Failure> {
        let reader = self.readers.take()?;
        within(&reader, "BEGIN", |session| work(session))
    }

    fn write(&self, pen: &Pen, work: Writing<'_>) -> Result<(), Failure> {
        let connection = match pen.purpose() {
            Purpose::Ephemeral => &self.ephemeral,
            Purpose::Act | Purpose::Layout => &self.writer,
        };
        let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        within(&connection, "BEGIN IMMEDIATE", |session| work(session))
    }

    fn examine(&self) -> Result<Option<String>, Failure> {
        let reader = self.readers.take()?;
        let told: String = reader
            .query_row("PRAGMA main.integrity_check(1)", [], |row| row.get(0))
            .map_err(failure)?;
        Ok((told != "ok").then_some(told))
    }
}

/// Commits what `work` does, or rolls it back.
fn within(
    connection: &Connection,
    begin: &str,
    work: impl FnOnce(&mut Session<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if !connection.is_autocommit() {
        // A panic of an earlier caller left its transaction open.
        connection.execute_batch("ROLLBACK").map_err(failure)?;
    }
    run(connection, begin)?;
    let done = work(&mut Session(connection)).and_then(|()| run(connection, "COMMIT"));
    if done.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK").map_err(failure)?;
    }
    done
}

/// Runs a statement that begins or ends a transaction, made ready once for each connection.
fn run(connection: &Connection, sql: &str) -> Result<(), Failure> {
    let mut statement = connection.prepare_cached(sql).map_err(failure)?;
    statement.execute([]).map(drop).map_err(failure)
}

/// How every connection works with its statements.
///
/// Without the guarantee of stable plans SQLite makes a statement ready anew whenever other values are bound to it, in case they led to
/// a better plan: as costly as the statement itself, and ours have one good plan each.
fn settle(connection: &Connection) -> Result<(), Failure> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(failure)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// `city.db-ephemeral`
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-ephemeral");
    PathBuf::from(name)
}

fn writer(path: &Path, synchronous: &str) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failure)?;
    let pragmas = format!(
        "PRAGMA busy_timeout = {BUSY}; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; \
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{WRITER_CACHE}; PRAGMA journal_size_limit = 67108864;"
    );
    connection.execute_batch(&pragmas).map_err(failure)?;
    settle(&connection)?;
    Ok(connection)
}

fn writer_of_ephemeral(path: &Path) -> Result<Connection, Failure> {
    let connection = writer(path, "NORMAL")?;
    connection.execute_batch("PRAGMA cache_size = -1024").map_err(failure)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_statement_is_made_ready_once_whatever_is_bound_to_it() {
        let connection = Connection::open_in_memory().unwrap();
        settle(&connection).unwrap();
        let table =
            "CREATE TABLE t (a TEXT, b INTEGER, UNIQUE (a, b)); INSERT INTO t VALUES ('x', 1), ('y', 2); ANALYZE";
        connection.execute_batch(table).unwrap();
        let sql = "SELECT b FROM t WHERE a = $1 AND b > $2 ORDER BY b LIMIT $3";
        let mut statement = connection.prepare(sql).unwrap();
        for (a, b) in [("x", 0), ("y", 1), ("x", 0)] {
            assert!(statement.exists((a, b, 5)).unwrap());
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
