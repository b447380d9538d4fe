//! A register as its CSV file: byte order mark, Japanese labels, CRLF, quotes only where needed, the city's own words.

use register::{Field, FieldKind, Kind};

use super::scheme;
use super::table::{Row, Value};

/// Registers that the city keeps in the Japanese era.
const ERA: [&str; 7] = [
    "adoption",
    "committee",
    "contract",
    "disposal",
    "document",
    "medium",
    "role_assignment",
];

/// The file of one register; a line a row, in the order of the rows, after the heading.
pub(crate) fn file(kind: &Kind, rows: &[Row]) -> Vec<u8> {
    let heading = line(kind.fields.iter().map(|field| field.label.ja.to_string()));
    let rows = rows
        .iter()
        .map(|row| line(kind.fields.iter().map(|field| cell(&kind.slug, field, row))));
    let text: String = ["\u{feff}".to_owned(), heading].into_iter().chain(rows).collect();
    text.into_bytes()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(quoted).collect();
    format!("{}\r\n", cells.join(","))
}

fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

fn cell(slug: &str, field: &Field, row: &Row) -> String {
    let Some(value) = row.value(&field.name) else {
        return String::new();
    };
    match (value, &field.kind) {
        (Value::Text(text), kind) => label(kind, text).unwrap_or_else(|| text.clone()),
        (Value::Int(number), _) => number.to_string(),
        (Value::Bool(yes), _) => if *yes { "○" } else { "×" }.to_owned(),
        (Value::Date(day), _) if ERA.contains(&slug) => model::date::era(*day),
        (Value::Date(day), _) => day.to_string(),
        (Value::List(codes), _) => codes.join(";"),
    }
}

/// What the city writes for a choice or a national code.
fn label(kind: &FieldKind, text: &str) -> Option<String> {
    match kind {
        FieldKind::Choice(choices) => {
            let choice = choices.iter().find(|choice| choice.value == text)?;
            Some(choice.label.ja.to_string())
        }
        FieldKind::Scheme(kind) => scheme::word(*kind, text).map(str::to_owned),
        _ => None,
    }
}
