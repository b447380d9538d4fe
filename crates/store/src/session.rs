//! The whole of what a database driver is asked to do.

use crate::failure::{Failure, Result};

/// A value that goes into a statement or comes out of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'v> {
    /// NULL
    Null,
    /// `INTEGER` on SQLite, `BIGINT` on PostgreSQL.
    Int(i64),
    /// Text without U+0000, which PostgreSQL does not keep.
    Text(&'v str),
    /// `BLOB` on SQLite, `BYTEA` on PostgreSQL.
    Blob(&'v [u8]),
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(text)
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Self {
        Self::Text(text)
    }
}

impl<'v> From<&'v [u8]> for Value<'v> {
    fn from(bytes: &'v [u8]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'v> From<&'v Vec<u8>> for Value<'v> {
    fn from(bytes: &'v Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl<'v, const N: usize> From<&'v [u8; N]> for Value<'v> {
    fn from(bytes: &'v [u8; N]) -> Self {
        Self::Blob(bytes)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u64> for Value<'_> {
    /// Indexes, sizes and ids: they never reach 2^63.
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer; columns are counted from 0.
pub trait Row {
    /// The value of a column.
    ///
    /// # Errors
    /// [`Failure::Damaged`] where there is no such column, or its type is none of [`Value`].
    fn value(&self, column: usize) -> Result<Value<'_>>;
}

impl dyn Row + '_ {
    /// A column that is never null.
    pub(crate) fn int(&self, column: usize) -> Result<i64> {
        match self.value(column)? {
            Value::Int(number) => Ok(number),
            other => Err(unexpected(column, other)),
        }
    }

    /// An index, a size or an id.
    pub(crate) fn number(&self, column: usize) -> Result<u64> {
        u64::try_from(self.int(column)?).map_err(|_| Failure::Damaged(format!("column {column} is negative")))
    }

    /// A column that is never null.
    pub(crate) fn text(&self, column: usize) -> Result<&str> {
        match self.value(column)? {
            Value::Text(text) => Ok(text),
            other => Err(unexpected(column, other)),
        }
    }

    /// A column that is never null.
    pub(crate) fn blob(&self, column: usize) -> Result<&[u8]> {
        match self.value(column)? {
            Value::Blob(bytes) => Ok(bytes),
            other => Err(unexpected(column, other)),
        }
    }

    /// A column of exactly `N` bytes.
    pub(crate) fn array<const N: usize>(&self, column: usize) -> Result<[u8; N]> {
        <[u8; N]>::try_from(self.blob(column)?)
            .map_err(|_| Failure::Damaged(format!("column {column} is not {N} bytes long")))
    }

    pub(crate) fn is_null(&self, column: usize) -> Result<bool> {
        Ok(self.value(column)? == Value::Null)
    }

    pub(crate) fn optional_text(&self, column: usize) -> Result<Option<&str>> {
        if self.is_null(column)? {
            Ok(None)
        } else {
            self.text(column).map(Some)
        }
    }

    pub(crate) fn optional_number(&self, column: usize) -> Result<Option<u64>> {
        if self.is_null(column)? {
            Ok(None)
        } else {
            self.number(column).map(Some)
        }
    }
}

fn unexpected(column: usize, value: Value<'_>) -> Failure {
    let found = match value {
        Value::Null => "null",
        Value::Int(_) => "a number",
        Value::Text(_) => "text",
        Value::Blob(_) => "bytes",
    };
    Failure::Damaged(format!("column {column} holds {found}"))
}

/// Is called with every row of an answer.
pub type Each<'e> = &'e mut dyn FnMut(&dyn Row) -> Result<()>;

/// One unchanging view of the database.
pub trait Snapshot {
    /// Runs one statement that reads, and calls `each` with every row.
    ///
    /// Parameters are `$1` … `$n`, numbered in the order in which they first appear: SQLite takes `$2` for a name and
    /// binds by first appearance, PostgreSQL binds by number.
    ///
    /// # Errors
    /// What the database says, and what `each` returns.
    fn query(&mut self, sql: &str, with: &[Value<'_>], each: Each<'_>) -> Result<()>;
}

/// One transaction that writes: all of it is kept, or nothing.
pub trait Transaction: Snapshot {
    /// Runs one statement that writes; returns the number of rows that it touched.
    ///
    /// # Errors
    /// What the database says; the transaction is then rolled back by whoever began it.
    fn execute(&mut self, sql: &str, with: &[Value<'_>]) -> Result<u64>;

    /// Runs several statements without parameters: the layout of the database.
    ///
    /// # Errors
    /// What the database says.
    fn batch(&mut self, sql: &str) -> Result<()>;
}

impl dyn Snapshot + '_ {
    /// Every row as `make` reads it.
    pub(crate) fn rows<T>(
        &mut self,
        sql: &str,
        with: &[Value<'_>],
        mut make: impl FnMut(&dyn Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        debug_assert!(numbered_in_order(sql), "parameters out of order: {sql}");
        let mut rows = Vec::new();
        self.query(sql, with, &mut |row| {
            rows.push(make(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row, if there is one.
    pub(crate) fn first<T>(
        &mut self,
        sql: &str,
        with: &[Value<'_>],
        make: impl FnMut(&dyn Row) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, with, make)?.into_iter().next())
    }
}

impl dyn Transaction + '_ {
    /// [`Transaction::execute`], with the numbering looked at in debug builds.
    pub(crate) fn run(&mut self, sql: &str, with: &[Value<'_>]) -> Result<u64> {
        debug_assert!(numbered_in_order(sql), "parameters out of order: {sql}");
        self.execute(sql, with)
    }
}

/// Whether `$1` appears before `$2`, and so on, without a gap.
fn numbered_in_order(sql: &str) -> bool {
    let mut highest = 0_u32;
    for piece in sql.split('$').skip(1) {
        let digits: String = piece.chars().take_while(char::is_ascii_digit).collect();
        let Ok(number) = digits.parse::<u32>() else {
            return false;
        };
        if number > highest.saturating_add(1) {
            return false;
        }
        highest = highest.max(number);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_appears_too_early_is_noticed() {
        assert!(numbered_in_order("SELECT $1, $2, $1, $3"));
        assert!(!numbered_in_order("SELECT $2, $1"));
        assert!(!numbered_in_order("SELECT $1, $3"));
    }
}
