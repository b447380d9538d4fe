//! How statements and values look to SQLite.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, params_from_iter};
use store::Failure;
use store::session::{Each, Row, Snapshot, Transaction, Value};

/// A connection within a transaction.
pub(crate) struct Session<'c>(pub(crate) &'c Connection);

impl Snapshot for Session<'_> {
    fn query(&mut self, sql: &str, with: &[Value<'_>], each: Each<'_>) -> Result<(), Failure> {
        let mut statement = self.0.prepare_cached(sql).map_err(failure)?;
        let mut rows = statement
            .query(params_from_iter(with.iter().map(Bound)))
            .map_err(failure)?;
        while let Some(row) = rows.next().map_err(failure)? {
            each(&Read(row))?;
        }
        Ok(())
    }
}

impl Transaction for Session<'_> {
    fn execute(&mut self, sql: &str, with: &[Value<'_>]) -> Result<u64, Failure> {
        let mut statement = self.0.prepare_cached(sql).map_err(failure)?;
        let changed = statement
            .execute(params_from_iter(with.iter().map(Bound)))
            .map_err(failure)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.0.execute_batch(sql).map_err(failure)
    }
}

struct Bound<'v>(&'v Value<'v>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

struct Read<'r, 's>(&'r rusqlite::Row<'s>);

impl Row for Read<'_, '_> {
    fn value(&self, column: usize) -> Result<Value<'_>, Failure> {
        match self.0.get_ref(column).map_err(failure)? {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Int(number)),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Value::Text(text)),
                Err(_) => Err(Failure::Damaged(format!("the text in column {column} is not UTF-8"))),
            },
            ValueRef::Blob(bytes) => Ok(Value::Blob(bytes)),
            ValueRef::Real(_) => Err(Failure::Damaged(format!("column {column} holds a fraction"))),
        }
    }
}

/// Tells what a failed call means; the words are SQLite's own, which name tables and columns only.
pub(crate) fn failure(error: rusqlite::Error) -> Failure {
    let words = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Failure::Busy(words),
        Some(
            ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::ConstraintViolation
            | ErrorCode::TypeMismatch
            | ErrorCode::TooBig,
        ) => Failure::Damaged(words),
        _ => Failure::Unavailable(words),
    }
}
