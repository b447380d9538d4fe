//! SQLite alone, asked for the rows that the pages show: a table of nothing but keys and documents, and the documents decoded.

use rusqlite::{Connection, ToSql};
use serde_json::Value;

use super::city::City;
use crate::clock::Times;
use crate::report::{Report, Row};
use crate::stop::OrStop as _;

const COPY: &str = "ATTACH DATABASE $1 AS city";
const TABLE: &str = "CREATE TABLE terminal (code TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID; \
     INSERT INTO terminal SELECT e.key, v.document FROM city.entry e JOIN city.entry_version v ON v.leaf = e.leaf \
     WHERE e.register = 'terminal'; CREATE INDEX kinds ON terminal (document ->> 'kind', code)";

/// What is asked for, the statement, and what it is given, by the number of the question.
type Question<'q> = (&'q str, &'q str, &'q dyn Fn(usize) -> String);

pub(crate) fn alone(report: &mut Report, city: &City) {
    let connection = Connection::open(city.data.join("alone.db")).or_stop("a database");
    let path = city.database().to_string_lossy().into_owned();
    connection.execute(COPY, [path]).or_stop("the database of the city");
    connection.execute_batch(TABLE).or_stop("copy the rows");
    let ask = |what: &str, sql: &str, with: &dyn Fn(usize) -> String| {
        let times = Times::calling(300, |number| {
            let value = with(number);
            let rows = documents(&connection, sql, &value);
            assert!(!rows.is_empty(), "{what}");
        });
        (times.median, times.p99)
    };
    let code = |number: usize| {
        let position = number.wrapping_mul(7_919) % city.terminals.len();
        city.terminals.get(position).cloned().unwrap_or_default()
    };
    let questions: [Question<'_>; 4] = [
        (
            "list",
            "SELECT document FROM terminal WHERE code > $1 ORDER BY code LIMIT 50",
            &|_| String::new(),
        ),
        (
            "filter",
            "SELECT document FROM terminal WHERE document ->> 'kind' = $1 ORDER BY code LIMIT 50",
            &|_| "notebook".to_owned(),
        ),
        (
            "search, rare",
            "SELECT document FROM terminal WHERE document LIKE '%' || $1 || '%' ORDER BY code LIMIT 50",
            &code,
        ),
        ("detail", "SELECT document FROM terminal WHERE code = $1", &code),
    ];
    for (what, sql, with) in questions {
        let (median, _) = ask(what, sql, with);
        report.add(Row::new(format!("SQLite alone, {what}: median"), median, "ms"));
    }
}

fn documents(connection: &Connection, sql: &str, with: &dyn ToSql) -> Vec<Value> {
    let mut statement = connection.prepare_cached(sql).or_stop("a statement");
    let rows = statement.query_map([with], |row| row.get::<_, String>(0));
    let rows = rows.or_stop("a query").map(|text| text.or_stop("a row"));
    rows.map(|text| serde_json::from_str(&text).or_stop("a document"))
        .collect()
}
