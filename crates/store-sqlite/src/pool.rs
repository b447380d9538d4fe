//! Connections that read.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use store::Failure;

use crate::session::failure;
use crate::{READER_CACHE, settle};

/// At most so many readers at a time; whoever comes then waits. Each holds pages in memory.
const READERS: usize = 4;

#[derive(Debug)]
pub(crate) struct Pool {
    path: PathBuf,
    ephemeral: PathBuf,
    idle: Mutex<Idle>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct Idle {
    connections: Vec<Connection>,
    /// How many exist, idle or not.
    open: usize,
}

impl Pool {
    pub(crate) fn new(path: PathBuf, ephemeral: PathBuf) -> Self {
        Self {
            path,
            ephemeral,
            idle: Mutex::new(Idle::default()),
            returned: Condvar::new(),
        }
    }

    /// A connection for as long as the guard lives.
    pub(crate) fn take(&self) -> Result<Reader<'_>, Failure> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = idle.connections.pop() {
                return Ok(Reader {
                    pool: self,
                    connection: Some(connection),
                });
            }
            if idle.open < READERS {
                idle.open += 1;
                drop(idle);
                let opened = self.open();
                if opened.is_err() {
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).open -= 1;
                    self.returned.notify_one();
                }
                return Ok(Reader {
                    pool: self,
                    connection: Some(opened?),
                });
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn open(&self) -> Result<Connection, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags).map_err(failure)?;
        connection
            .execute(
                "ATTACH DATABASE $1 AS ephemeral_file",
                [self.ephemeral.to_string_lossy()],
            )
            .map_err(failure)?;
        let pragmas = format!(
            "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{READER_CACHE};"
        );
        connection.execute_batch(&pragmas).map_err(failure)?;
        settle(&connection)?;
        Ok(connection)
    }
}

/// Goes back to the pool when it is dropped.
pub(crate) struct Reader<'p> {
    pool: &'p Pool,
    connection: Option<Connection>,
}

impl Deref for Reader<'_> {
    type Target = Connection;

    #[expect(clippy::expect_used, reason = "only `drop` takes the connection out")]
    fn deref(&self) -> &Connection {
        self.connection
            .as_ref()
            .expect("a reader has its connection until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .connections
                .push(connection);
            self.pool.returned.notify_one();
        }
    }
}
