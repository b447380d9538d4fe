//! The layout of the database: numbered files for each dialect, forward only.

use sha2::{Digest as _, Sha256};

use crate::driver::{Dialect, Pen, Store};
use crate::ephemeral;
use crate::failure::{Failure, Result};
use crate::sequence::head::Head;
use crate::session::{Snapshot, Transaction, Value};
use crate::terms::hex;

/// The migrations of a dialect, the first one first. A released file is never edited: its checksum is in the databases.
const fn migrations(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Sqlite => &[include_str!("../migrations/sqlite/0001.sql")],
        Dialect::Postgres => &[include_str!("../migrations/postgres/0001.sql")],
    }
}

/// Where a database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The number of the newest migration in the database; 0 for an empty one.
    pub found: i64,
    /// The number of the newest migration of this program.
    pub known: i64,
}

impl dyn Store + '_ {
    /// Brings the layout of the database to the one of this program; does nothing where it is. Returns where it stood before.
    ///
    /// # Errors
    /// [`Failure::Newer`] and [`Failure::Foreign`], with nothing changed; or what the database says.
    pub fn migrate(&self) -> Result<Layout> {
        let dialect = self.dialect();
        let before = self.writing(&Pen::LAYOUT, |transaction| migrate(transaction, dialect))?;
        self.writing(&Pen::EPHEMERAL, |transaction| {
            transaction.batch(ephemeral::layout(dialect))
        })?;
        Ok(before)
    }

    /// Where the database stands, without changing it.
    ///
    /// # Errors
    /// [`Failure::Newer`] and [`Failure::Foreign`], or what the database says.
    pub fn layout(&self) -> Result<Layout> {
        let dialect = self.dialect();
        self.reading(|snapshot| {
            let exists = match dialect {
                Dialect::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migration'",
                Dialect::Postgres => "SELECT count(*) FROM pg_tables WHERE tablename = 'schema_migration'",
            };
            let exists = snapshot.first(exists, &[], |row| row.int(0))?.unwrap_or(0) > 0;
            if exists {
                compared(snapshot, dialect)
            } else {
                Ok(Layout {
                    found: 0,
                    known: known(dialect),
                })
            }
        })
    }
}

fn migrate(transaction: &mut dyn Transaction, dialect: Dialect) -> Result<Layout> {
    let keep = match dialect {
        Dialect::Sqlite => "",
        // Two nodes that start at once: the second one waits, then finds everything done.
        Dialect::Postgres => "SELECT pg_advisory_xact_lock(72616773);",
    };
    transaction.batch(&format!(
        "{keep} CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY, checksum TEXT NOT NULL)"
    ))?;
    let before = compared(transaction, dialect)?;
    for (number, sql) in (1_i64..).zip(migrations(dialect)) {
        if number <= before.found {
            continue;
        }
        transaction.batch(sql)?;
        transaction.run(
            "INSERT INTO schema_migration (number, checksum) VALUES ($1, $2)",
            &[Value::from(number), Value::Text(&checksum(sql))],
        )?;
    }
    if before.found == 0 {
        Head::begin(transaction)?;
    }
    Ok(before)
}

/// Compares what the database says it has with what this program knows.
fn compared(snapshot: &mut dyn Snapshot, dialect: Dialect) -> Result<Layout> {
    let rows = snapshot.rows(
        "SELECT number, checksum FROM schema_migration ORDER BY number",
        &[],
        |row| Ok((row.int(0)?, row.text(1)?.to_owned())),
    )?;
    let known = known(dialect);
    let mut found = 0;
    for (number, stored) in rows {
        let ours = usize::try_from(number - 1)
            .ok()
            .and_then(|index| migrations(dialect).get(index));
        let Some(ours) = ours else {
            return Err(Failure::Newer { found: number, known });
        };
        if checksum(ours) != stored {
            return Err(Failure::Foreign(number));
        }
        found = number;
    }
    Ok(Layout { found, known })
}

fn known(dialect: Dialect) -> i64 {
    i64::try_from(migrations(dialect).len()).unwrap_or(i64::MAX)
}

fn checksum(sql: &str) -> String {
    let mut text = String::with_capacity(64);
    hex(&mut text, &Sha256::digest(sql));
    text
}
