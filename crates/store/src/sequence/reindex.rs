//! The rows that entries are found by, made anew from the terms of the entries.

use std::collections::BTreeMap;

use super::index::{Difference, Indexed};
use crate::driver::{Dialect, Pen, Store};
use crate::failure::{Failure, Result};
use crate::session::{Row, Snapshot, Transaction, Value};
use crate::terms::{Partition, Terms};

/// Entries at a time.
const STEP: i64 = 1_000;

impl dyn Store + '_ {
    /// Makes everything anew that lists and searches read. Records and ledger stay as they are: the cure where
    /// [`verify`](dyn Store::verify) finds that only the index is damaged.
    ///
    /// # Errors
    /// What the database says.
    pub fn reindex(&self) -> Result<()> {
        let dialect = self.dialect();
        self.writing(&Pen::LAYOUT, |transaction| {
            for table in ["entry_field", "entry_ref", "entry_unique", "term"] {
                transaction.run(&format!("DELETE FROM {table}"), &[])?;
            }
            fill(transaction, dialect)
        })?;
        self.kept().forget();
        Ok(())
    }
}

struct Held {
    entry: u64,
    register: String,
    retired: bool,
    terms: Terms,
    search: String,
}

/// Fills the empty index from the entries.
pub(crate) fn fill(transaction: &mut dyn Transaction, dialect: Dialect) -> Result<()> {
    let snapshot: &mut dyn Snapshot = transaction;
    let registers = snapshot.rows("SELECT name, number FROM register", &[], |row| {
        Ok((row.text(0)?.to_owned(), row.number(1)?))
    })?;
    let registers: BTreeMap<String, u64> = registers.into_iter().collect();
    let mut after = 0_u64;
    loop {
        let sql = "SELECT id, register, retired_at, terms, search FROM entry WHERE id > $1 ORDER BY id LIMIT $2";
        let snapshot: &mut dyn Snapshot = transaction;
        let entries = snapshot.rows(sql, &[Value::from(after), Value::from(STEP)], held)?;
        let Some(last) = entries.last() else { return Ok(()) };
        after = last.entry;
        let mut difference = Difference::default();
        for held in &entries {
            let register = registers.get(&held.register);
            let register = *register.ok_or_else(|| Failure::Damaged("an entry of an unknown register".to_owned()))?;
            difference.add(
                None,
                Indexed {
                    entry: held.entry,
                    register: &held.register,
                    partition: Partition {
                        register,
                        retired: held.retired,
                    },
                    terms: &held.terms,
                    search: &held.search,
                },
            );
        }
        difference.write(transaction, dialect)?;
    }
}

fn held(row: &dyn Row) -> Result<Held> {
    Ok(Held {
        entry: row.number(0)?,
        register: row.text(1)?.to_owned(),
        retired: !row.is_null(2)?,
        terms: Terms::unpack(row.blob(3)?)?,
        search: row.text(4)?.to_owned(),
    })
}
