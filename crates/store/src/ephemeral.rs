//! What may be lost with a power cut and is no act: sessions, counters, one-time links, leases.

use std::time::Duration;

use jiff::Timestamp;

use crate::driver::{Dialect, Pen, Store};
use crate::failure::Result;
use crate::session::{Snapshot, Value};

/// A value with an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The bytes that were put there.
    pub value: Vec<u8>,
    /// Its number: counted up by [`Store::count`], else how often it was written. What compare-and-set compares.
    pub number: u64,
    /// When it is gone.
    pub expires_at: Timestamp,
}

pub(crate) const fn layout(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "CREATE TABLE IF NOT EXISTS ephemeral (kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, \
             number INTEGER NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID; \
             CREATE INDEX IF NOT EXISTS ephemeral_end ON ephemeral (expires_at)"
        }
        Dialect::Postgres => {
            "SELECT pg_advisory_xact_lock(72616773); CREATE TABLE IF NOT EXISTS ephemeral (kind TEXT NOT NULL, key TEXT NOT NULL, value BYTEA NOT NULL, \
             number BIGINT NOT NULL, expires_at BIGINT NOT NULL, PRIMARY KEY (kind, key)); \
             CREATE INDEX IF NOT EXISTS ephemeral_end ON ephemeral (expires_at)"
        }
    }
}

const SELECT: &str = "SELECT value, number, expires_at FROM ephemeral WHERE kind = $1 AND key = $2 AND expires_at > $3";

impl dyn Store + '_ {
    /// A value that has not ended.
    ///
    /// # Errors
    /// What the database says.
    pub fn held(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Held>> {
        self.reading(|snapshot| held(snapshot, kind, key, now))
    }

    /// All values of a kind that have not ended, by key.
    ///
    /// # Errors
    /// What the database says.
    pub fn held_of_kind(&self, kind: &str, now: Timestamp) -> Result<Vec<(String, Held)>> {
        let sql =
            "SELECT value, number, expires_at, key FROM ephemeral WHERE kind = $1 AND expires_at > $2 ORDER BY key";
        self.reading(|snapshot| {
            snapshot.rows(sql, &[kind.into(), millisecond(now).into()], |row| {
                Ok((row.text(3)?.to_owned(), held_of(row)?))
            })
        })
    }

    /// Keeps a value for `life`, whatever was there.
    ///
    /// # Errors
    /// What the database says.
    pub fn hold(&self, kind: &str, key: &str, value: &[u8], now: Timestamp, life: Duration) -> Result<()> {
        let sql = "INSERT INTO ephemeral AS e (kind, key, value, number, expires_at) VALUES ($1, $2, $3, 1, $4) \
                   ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, number = e.number + 1, \
                   expires_at = excluded.expires_at";
        let with = [kind.into(), key.into(), value.into(), end(now, life).into()];
        self.writing(&Pen::EPHEMERAL, |transaction| transaction.run(sql, &with).map(drop))
    }

    /// Keeps a value for `life` if what is there has the number `expected` (`None`: if nothing is there). Returns whether
    /// it did.
    ///
    /// # Errors
    /// What the database says.
    pub fn hold_if(
        &self,
        (kind, key): (&str, &str),
        expected: Option<u64>,
        value: &[u8],
        now: Timestamp,
        life: Duration,
    ) -> Result<bool> {
        self.writing(&Pen::EPHEMERAL, |transaction| {
            let changed = match expected {
                Some(number) => transaction.run(
                    "UPDATE ephemeral SET value = $1, number = number + 1, expires_at = $2 \
                     WHERE kind = $3 AND key = $4 AND number = $5 AND expires_at > $6",
                    &[
                        value.into(),
                        end(now, life).into(),
                        kind.into(),
                        key.into(),
                        number.into(),
                        millisecond(now).into(),
                    ],
                )?,
                None => transaction.run(
                    "INSERT INTO ephemeral AS e (kind, key, value, number, expires_at) VALUES ($1, $2, $3, 1, $4) \
                     ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, number = e.number + 1, \
                     expires_at = excluded.expires_at WHERE e.expires_at <= $5",
                    &[
                        kind.into(),
                        key.into(),
                        value.into(),
                        end(now, life).into(),
                        millisecond(now).into(),
                    ],
                )?,
            };
            Ok(changed > 0)
        })
    }

    /// Takes a value away and returns it: of several callers one gets it. For links that work once.
    ///
    /// # Errors
    /// What the database says.
    pub fn take(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Held>> {
        self.writing(&Pen::EPHEMERAL, |transaction| {
            let found = held(transaction, kind, key, now)?;
            let sql = "DELETE FROM ephemeral WHERE kind = $1 AND key = $2";
            let gone = transaction.run(sql, &[kind.into(), key.into()])?;
            Ok(found.filter(|_| gone > 0))
        })
    }

    /// Counts up by one and returns the new number; a count that had ended begins again at 1 and lasts for `life`.
    ///
    /// # Errors
    /// What the database says.
    pub fn count(&self, kind: &str, key: &str, now: Timestamp, life: Duration) -> Result<u64> {
        let sql = "INSERT INTO ephemeral AS e (kind, key, value, number, expires_at) VALUES ($1, $2, $3, 1, $4) \
                   ON CONFLICT (kind, key) DO UPDATE SET \
                   number = CASE WHEN e.expires_at > $5 THEN e.number + 1 ELSE 1 END, \
                   expires_at = CASE WHEN e.expires_at > $5 THEN e.expires_at ELSE excluded.expires_at END";
        let with = [
            kind.into(),
            key.into(),
            Value::Blob(&[]),
            end(now, life).into(),
            millisecond(now).into(),
        ];
        self.writing(&Pen::EPHEMERAL, |transaction| {
            transaction.run(sql, &with)?;
            Ok(held(transaction, kind, key, now)?.map_or(0, |held| held.number))
        })
    }

    /// Removes a value before its end.
    ///
    /// # Errors
    /// What the database says.
    pub fn release(&self, kind: &str, key: &str) -> Result<()> {
        let sql = "DELETE FROM ephemeral WHERE kind = $1 AND key = $2";
        self.writing(&Pen::EPHEMERAL, |transaction| {
            transaction.run(sql, &[kind.into(), key.into()]).map(drop)
        })
    }

    /// Removes what has ended; returns how much it was.
    ///
    /// # Errors
    /// What the database says.
    pub fn sweep(&self, now: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM ephemeral WHERE expires_at <= $1";
        self.writing(&Pen::EPHEMERAL, |transaction| {
            transaction.run(sql, &[millisecond(now).into()])
        })
    }

    /// Takes or renews the right to do a job, for `life`: of all nodes one holds it. Returns whether it is `holder`.
    ///
    /// A holder that dies keeps it until the end of `life`; one that is slow must renew before.
    ///
    /// # Errors
    /// What the database says.
    pub fn lease(&self, job: &str, holder: &str, now: Timestamp, life: Duration) -> Result<bool> {
        let sql = "INSERT INTO ephemeral AS e (kind, key, value, number, expires_at) VALUES ('lease', $1, $2, 1, $3) \
                   ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, number = e.number + 1, \
                   expires_at = excluded.expires_at WHERE e.value = excluded.value OR e.expires_at <= $4";
        let with = [
            job.into(),
            Value::Blob(holder.as_bytes()),
            end(now, life).into(),
            millisecond(now).into(),
        ];
        self.writing(&Pen::EPHEMERAL, |transaction| Ok(transaction.run(sql, &with)? > 0))
    }
}

fn held(snapshot: &mut dyn Snapshot, kind: &str, key: &str, now: Timestamp) -> Result<Option<Held>> {
    snapshot.first(SELECT, &[kind.into(), key.into(), millisecond(now).into()], held_of)
}

fn held_of(row: &dyn crate::session::Row) -> Result<Held> {
    Ok(Held {
        value: row.blob(0)?.to_owned(),
        number: row.number(1)?,
        expires_at: Timestamp::from_millisecond(row.int(2)?).unwrap_or(Timestamp::MAX),
    })
}

fn millisecond(moment: Timestamp) -> i64 {
    moment.as_millisecond()
}

fn end(now: Timestamp, life: Duration) -> i64 {
    millisecond(now).saturating_add(i64::try_from(life.as_millis()).unwrap_or(i64::MAX))
}
