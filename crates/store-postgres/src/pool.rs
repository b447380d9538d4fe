//! Connections, kept for the next caller.

use std::sync::{Condvar, Mutex, PoisonError};

use postgres::{Client, Config, NoTls};
use store::Failure;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::session::{Connection, failure};

pub(crate) struct Pool {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    most: usize,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    /// How many exist, idle or not.
    open: usize,
}

/// What every connection is told: an answer to a commit means that it is on the disk, and a node that hangs within a
/// transaction does not hold the ledger for ever.
const SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '30s'; \
    SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC'";

impl Pool {
    pub(crate) fn new(config: Config, tls: Option<MakeRustlsConnect>, most: usize) -> Self {
        Self {
            config,
            tls,
            most: most.max(2),
            state: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// Calls `work` with a connection on which `begin` succeeded, and ends what it began.
    ///
    /// A connection that broke while nobody used it shows at `begin`; another one is then opened.
    pub(crate) fn within(
        &self,
        begin: &str,
        work: impl FnOnce(&mut Connection) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (mut held, fresh) = self.take()?;
        if let Err(error) = held.get()?.client.batch_execute(begin) {
            held.abandon();
            if fresh {
                return Err(failure(&error));
            }
            self.forget_idle();
            held = self.take()?.0;
            held.get()?
                .client
                .batch_execute(begin)
                .map_err(|error| failure(&error))?;
        }
        let connection = held.get()?;
        match work(connection) {
            Ok(()) => connection
                .client
                .batch_execute("COMMIT")
                .map_err(|error| failure(&error))?,
            Err(refused) => {
                // Where even this fails the connection is dropped, and the server rolls back by itself.
                if connection.client.batch_execute("ROLLBACK").is_ok() {
                    held.keep();
                }
                return Err(refused);
            }
        }
        held.keep();
        Ok(())
    }

    /// A connection, and whether it was opened just now.
    fn take(&self) -> Result<(Held<'_>, bool), Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok((
                    Held {
                        pool: self,
                        connection: Some(connection),
                        sound: false,
                    },
                    false,
                ));
            }
            if state.open < self.most {
                state.open += 1;
                drop(state);
                // From here on the guard counts the connection down again.
                let mut held = Held {
                    pool: self,
                    connection: None,
                    sound: false,
                };
                held.connection = Some(self.open()?);
                return Ok((held, true));
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn open(&self) -> Result<Connection, Failure> {
        let client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        let mut client: Client = client.map_err(|error| failure(&error))?;
        client.batch_execute(SETTINGS).map_err(|error| failure(&error))?;
        Ok(Connection::new(client))
    }

    fn forget_idle(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.open = state.open.saturating_sub(state.idle.len());
        state.idle.clear();
    }
}

/// Goes back to the pool if it was said to be sound; is closed otherwise, also where a caller panicked.
struct Held<'p> {
    pool: &'p Pool,
    connection: Option<Connection>,
    sound: bool,
}

impl Held<'_> {
    fn get(&mut self) -> Result<&mut Connection, Failure> {
        self.connection
            .as_mut()
            .ok_or_else(|| Failure::Unavailable("the connection is gone".to_owned()))
    }

    fn keep(mut self) {
        self.sound = true;
    }

    fn abandon(&mut self) {
        self.connection = None;
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take().filter(|_| self.sound) {
            Some(connection) => state.idle.push(connection),
            None => state.open = state.open.saturating_sub(1),
        }
        drop(state);
        self.pool.returned.notify_one();
    }
}
