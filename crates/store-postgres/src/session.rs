//! How statements and values look to PostgreSQL.

use std::collections::HashMap;
use std::error::Error as _;

use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Statement};
use store::Failure;
use store::session::{Each, Row, Snapshot, Transaction, Value};

/// A connection with the statements that it has prepared.
pub(crate) struct Connection {
    pub(crate) client: Client,
    statements: HashMap<String, Statement>,
}

/// Prepared statements a connection keeps; the store has fewer.
const STATEMENTS: usize = 300;

impl Connection {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            statements: HashMap::new(),
        }
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, Failure> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| failure(&error))?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Snapshot for Connection {
    fn query(&mut self, sql: &str, with: &[Value<'_>], each: Each<'_>) -> Result<(), Failure> {
        let statement = self.prepared(sql)?;
        let with = with.iter().map(Bound);
        let mut rows = self
            .client
            .query_raw(&statement, with)
            .map_err(|error| failure(&error))?;
        while let Some(row) = rows.next().map_err(|error| failure(&error))? {
            each(&Read(&row))?;
        }
        Ok(())
    }
}

impl Transaction for Connection {
    fn execute(&mut self, sql: &str, with: &[Value<'_>]) -> Result<u64, Failure> {
        let statement = self.prepared(sql)?;
        let bound: Vec<Bound<'_>> = with.iter().map(Bound).collect();
        let with: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|value| value as _).collect();
        self.client.execute(&statement, &with).map_err(|error| failure(&error))
    }

    fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.client.batch_execute(sql).map_err(|error| failure(&error))
    }
}

#[derive(Debug)]
struct Bound<'v>(&'v Value<'v>);

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => number.to_sql(ty, out),
            Value::Text(text) => text.to_sql(ty, out),
            Value::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

struct Read<'r>(&'r postgres::Row);

impl Row for Read<'_> {
    fn value(&self, column: usize) -> Result<Value<'_>, Failure> {
        let ty = self.0.columns().get(column).map(|column| column.type_().clone());
        let value = match ty {
            Some(Type::INT8) => self
                .0
                .try_get::<_, Option<i64>>(column)
                .map(|value| value.map(Value::Int)),
            Some(Type::TEXT) => self
                .0
                .try_get::<_, Option<&str>>(column)
                .map(|value| value.map(Value::Text)),
            Some(Type::BYTEA) => self
                .0
                .try_get::<_, Option<&[u8]>>(column)
                .map(|value| value.map(Value::Blob)),
            _ => {
                return Err(Failure::Damaged(format!(
                    "column {column} is missing or of another type"
                )));
            }
        };
        Ok(value.map_err(|error| failure(&error))?.unwrap_or(Value::Null))
    }
}

/// Tells what a failed call means. The server's own words can hold values of a row: only its code and the names of tables
/// and constraints are kept.
pub(crate) fn failure(error: &postgres::Error) -> Failure {
    let Some(told) = error.as_db_error() else {
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        return Failure::Unavailable(format!("{error}{cause}"));
    };
    let place = [told.table(), told.constraint()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let words = format!("SQLSTATE {} {place}", told.code().code());
    let code = told.code();
    let busy = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::TOO_MANY_CONNECTIONS,
    ];
    if busy.contains(code) {
        return Failure::Busy(words);
    }
    match code.code().get(..2) {
        // Integrity, data, syntax and damaged pages: no sound database of ours answers so.
        Some("22" | "23" | "42" | "XX") => Failure::Damaged(words),
        _ => Failure::Unavailable(words),
    }
}
