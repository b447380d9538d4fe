//! The trait that a database driver implements.

use crate::failure::Result;
use crate::list::Kept;
use crate::session::{Snapshot, Transaction};

/// Reads from one snapshot.
pub type Reading<'r> = &'r mut dyn FnMut(&mut dyn Snapshot) -> Result<()>;

/// Writes in one transaction.
pub type Writing<'w> = &'w mut dyn FnMut(&mut dyn Transaction) -> Result<()>;

/// A database that keeps a city.
///
/// A driver knows connections and how a value is bound; every statement and every rule is written once, in this crate.
/// What one asks a store is in its inherent methods: [`entry`](dyn Store::entry), [`list`](dyn Store::list), …; what
/// one changes goes through a [`Sequencer`](crate::Sequencer).
pub trait Store: Send + Sync {
    /// Which statements of the layout it understands.
    fn dialect(&self) -> Dialect;

    /// Calls `work` once with a snapshot.
    ///
    /// # Errors
    /// What `work` returns, or that there is no connection.
    fn read(&self, work: Reading<'_>) -> Result<()>;

    /// Calls `work` once within a transaction that is committed when it returns well, and rolled back when not.
    ///
    /// A [`Pen`] is made by this crate only, so that nobody else can write.
    ///
    /// # Errors
    /// What `work` returns, or that the transaction could not be begun or committed.
    fn write(&self, pen: &Pen, work: Writing<'_>) -> Result<()>;

    /// What the indexes of this database answered before: a driver holds it, and leaves it alone.
    fn kept(&self) -> &Kept;

    /// What is wrong with the database's own structures, in its own words; `None` where nothing is found, or where the
    /// database has no such check.
    ///
    /// # Errors
    /// The database cannot be reached.
    fn examine(&self) -> Result<Option<String>> {
        Ok(None)
    }
}

/// The database's own language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite with FTS5.
    Sqlite,
    /// PostgreSQL 15 or later.
    Postgres,
}

/// The right to write, and what for.
#[derive(Debug)]
pub struct Pen(Purpose);

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Acts: on the disk before the caller hears of it.
    Act,
    /// What may be lost with a power cut: sessions, counters, leases. SQLite keeps it in a file of its own.
    Ephemeral,
    /// The layout of the database.
    Layout,
}

impl Pen {
    pub(crate) const ACT: Self = Self(Purpose::Act);
    pub(crate) const EPHEMERAL: Self = Self(Purpose::Ephemeral);
    pub(crate) const LAYOUT: Self = Self(Purpose::Layout);

    /// What the transaction is for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.0
    }
}

impl dyn Store + '_ {
    /// What `work` makes of one snapshot.
    ///
    /// # Errors
    /// What `work` returns, or that there is no connection.
    pub fn reading<T>(&self, mut work: impl FnMut(&mut dyn Snapshot) -> Result<T>) -> Result<T> {
        let mut made = None;
        self.read(&mut |snapshot| {
            made = Some(work(snapshot)?);
            Ok(())
        })?;
        made.ok_or_else(idle)
    }

    /// What `work` makes within one transaction.
    pub(crate) fn writing<T>(&self, pen: &Pen, mut work: impl FnMut(&mut dyn Transaction) -> Result<T>) -> Result<T> {
        let mut made = None;
        self.write(pen, &mut |transaction| {
            made = Some(work(transaction)?);
            Ok(())
        })?;
        made.ok_or_else(idle)
    }
}

fn idle() -> crate::Failure {
    crate::Failure::Unavailable("the driver did not call".to_owned())
}
