//! Many rows in few statements: one round trip for up to 64 rows, one statement text for each of four sizes.

use crate::failure::Result;
use crate::session::{Snapshot, Transaction, Value};

/// Rows a statement, largest first. Few sizes, so that a driver's statement cache holds them all.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// What rows are written to.
pub(crate) struct Into<'s> {
    /// `INSERT INTO t (a, b) VALUES`
    pub(crate) head: &'s str,
    /// The columns, as placeholders with `?`: `(?, ?)`.
    pub(crate) row: &'s str,
    /// `ON CONFLICT …`, or nothing.
    pub(crate) tail: &'s str,
}

impl Into<'_> {
    /// Writes all rows; `values` holds their columns one row after another.
    pub(crate) fn write(&self, transaction: &mut dyn Transaction, values: &[Value<'_>]) -> Result<()> {
        let width = self.row.matches('?').count();
        in_chunks(values, width, |chunk, rows| {
            let sql = numbered(self.head, self.row, rows, self.tail);
            transaction.run(&sql, chunk).map(drop)
        })
    }
}

/// Which rows are asked for by their keys.
pub(crate) struct Among<'s> {
    /// `SELECT … WHERE (a, b) IN (VALUES`
    pub(crate) head: &'s str,
    /// One key: `(?, ?)`, or `?`.
    pub(crate) row: &'s str,
    /// `)`
    pub(crate) tail: &'s str,
}

impl Among<'_> {
    /// Calls `each` with every row found.
    pub(crate) fn read(
        &self,
        snapshot: &mut dyn Snapshot,
        keys: &[Value<'_>],
        each: &mut dyn FnMut(&dyn crate::session::Row) -> Result<()>,
    ) -> Result<()> {
        let width = self.row.matches('?').count();
        in_chunks(keys, width, |chunk, rows| {
            snapshot.query(&numbered(self.head, self.row, rows, self.tail), chunk, each)
        })
    }

    /// Runs a statement that writes for all keys.
    pub(crate) fn run(&self, transaction: &mut dyn Transaction, keys: &[Value<'_>]) -> Result<()> {
        let width = self.row.matches('?').count();
        in_chunks(keys, width, |chunk, rows| {
            let sql = numbered(self.head, self.row, rows, self.tail);
            transaction.run(&sql, chunk).map(drop)
        })
    }
}

fn in_chunks<'v>(
    mut values: &[Value<'v>],
    width: usize,
    mut act: impl FnMut(&[Value<'v>], usize) -> Result<()>,
) -> Result<()> {
    for size in SIZES {
        while let Some((chunk, rest)) = values.split_at_checked(size.saturating_mul(width.max(1))) {
            if chunk.is_empty() {
                break;
            }
            act(chunk, size)?;
            values = rest;
        }
    }
    Ok(())
}

/// `head (…$1…), (…$2…) tail`
fn numbered(head: &str, row: &str, rows: usize, tail: &str) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * row.len() * 4);
    sql.push_str(head);
    let mut number = 0_u32;
    for index in 0..rows {
        sql.push(if index == 0 { ' ' } else { ',' });
        for c in row.chars() {
            if c == '?' {
                number += 1;
                sql.push('$');
                sql.push_str(&number.to_string());
            } else {
                sql.push(c);
            }
        }
    }
    sql.push(' ');
    sql.push_str(tail);
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through_all_rows() {
        assert_eq!(
            numbered("INSERT INTO t (a, b) VALUES", "(?, ?)", 2, "ON CONFLICT DO NOTHING"),
            "INSERT INTO t (a, b) VALUES ($1, $2),($3, $4) ON CONFLICT DO NOTHING"
        );
    }

    #[test]
    fn rows_are_cut_into_few_sizes() {
        let values = vec![Value::Int(0); 2 * 85];
        let mut sizes = Vec::new();
        in_chunks(&values, 2, |_, rows| {
            sizes.push(rows);
            Ok(())
        })
        .unwrap();
        assert_eq!(sizes, [64, 16, 4, 1]);
    }
}
