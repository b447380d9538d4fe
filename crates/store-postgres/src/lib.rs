//! The store on PostgreSQL (15 or later): one city, many nodes.
//!
//! Every node has its own sequencer; the row of the ledger's head is locked for the time of a batch, so that all of them
//! together write one ledger. Calls block: an asynchronous caller makes them on a thread that may.
//!
//! ```no_run
//! use store::Store;
//! use store_postgres::{Options, Postgres};
//!
//! # fn main() -> Result<(), store::Failure> {
//! let database: &dyn Store = &Postgres::connect(&Options::new("host=db.example.jp user=sanmon dbname=sanmon"))?;
//! database.migrate()?;
//! # Ok(())
//! # }
//! ```

mod pool;
mod session;
mod tls;
#[cfg(feature = "trial")]
pub mod trial;

use std::path::PathBuf;

use postgres::Config;
use postgres::config::SslMode;
use store::driver::{Reading, Writing};
use store::{Dialect, Failure, Kept, Pen, Purpose, Store};

use pool::Pool;

/// How to reach a database.
#[derive(Debug, Clone)]
pub struct Options {
    /// libpq's words (`host=… user=… dbname=…`) or a URL (`postgresql://…`); a password stands in it, or in `PGPASSWORD` of
    /// whoever builds it.
    pub connection: String,
    /// The certificates that may sign the server's, in PEM. With it the connection is encrypted and the server checked;
    /// without it only a connection without encryption is possible.
    pub authority: Option<PathBuf>,
    /// At most so many connections.
    pub connections: usize,
}

impl Options {
    /// Eight connections without encryption.
    pub fn new(connection: impl Into<String>) -> Self {
        Self {
            connection: connection.into(),
            authority: None,
            connections: 8,
        }
    }
}

/// A city's database on a server.
pub struct Postgres {
    pool: Pool,
    kept: Kept,
}

impl Postgres {
    /// Connects, once, to see that it is possible. [`migrate`](dyn Store::migrate) the database before use.
    ///
    /// # Errors
    /// Where the words are wrong, the certificates cannot be read, or the server cannot be reached.
    pub fn connect(options: &Options) -> Result<Self, Failure> {
        let mut config: Config = options
            .connection
            .parse()
            .map_err(|_| Failure::Unavailable("the words for the connection cannot be read".to_owned()))?;
        let tls = options.authority.as_deref().map(tls::trusting).transpose()?;
        if tls.is_some() {
            config.ssl_mode(SslMode::Require);
        }
        config.application_name("sanmon");
        let pool = Pool::new(config, tls, options.connections);
        pool.within("BEGIN", |_| Ok(()))?;
        Ok(Self {
            pool,
            kept: Kept::default(),
        })
    }
}

#[cfg(feature = "trial")]
impl Postgres {
    /// Runs a statement that no transaction may hold.
    fn outside(&self, sql: &str) -> Result<(), Failure> {
        self.pool.within("SELECT 1", |connection| {
            connection
                .client
                .batch_execute(sql)
                .map_err(|error| session::failure(&error))
        })
    }
}

impl Store for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn kept(&self) -> &Kept {
        &self.kept
    }

    fn read(&self, work: Reading<'_>) -> Result<(), Failure> {
        self.pool
            .within("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", |connection| {
                work(connection)
            })
    }

    fn write(&self, pen: &Pen, work: Writing<'_>) -> Result<(), Failure> {
        let begin = match pen.purpose() {
            Purpose::Ephemeral => "BEGIN; SET LOCAL synchronous_commit = off",
            Purpose::Act | Purpose::Layout => "BEGIN",
        };
        self.pool.within(begin, |connection| work(connection))
    }
}
