//! What a file does not say: a table without the column of a field leaves the field of rows that exist as it is.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::definition::{Kind, LOCAL};
use crate::fault::Fault;
use crate::import::Entry;
use crate::table::Table;

/// Gives entries the values that `old` has for the fields of which their table has no column. Entries that are new keep what
/// [`import`](crate::import()) made of a missing column.
///
/// Returns the rules that entries break with what they kept; `tables` are those that the entries were imported from.
pub fn keep_absent(kind: &Kind, tables: &[Table], old: &[Entry], new: &mut [Entry]) -> Vec<Fault> {
    let before: HashMap<&str, &Value> = old.iter().map(|entry| (entry.key.as_str(), &entry.document)).collect();
    let mut faults = Vec::new();
    for entry in new {
        let Some(table) = tables.get(entry.table).filter(|table| !table.absent().is_empty()) else {
            continue;
        };
        let Some(before) = before.get(entry.key.as_str()) else {
            continue;
        };
        for path in table.absent() {
            if let Some(value) = kind.field(path).and_then(|field| field.of(before)) {
                set(&mut entry.document, path, value);
            }
        }
        kind.title_of(&entry.document).clone_into(&mut entry.title);
        faults.extend(kind.check(&entry.document).into_iter().map(|fault| {
            let place = table.place(entry.row, fault.field.as_deref().unwrap_or_default());
            table.signed(fault.at(place))
        }));
    }
    faults
}

/// Puts a value into a document, at the [path](crate::Field::path) of its field.
pub fn set(document: &mut Value, path: &str, value: &Value) {
    let (part, name) = match path.strip_prefix(LOCAL).and_then(|rest| rest.strip_prefix('.')) {
        Some(name) => {
            if let Value::Object(map) = document {
                map.entry(LOCAL).or_insert_with(|| Value::Object(Map::new()));
            }
            (document.get_mut(LOCAL), name)
        }
        None => (Some(document), path),
    };
    if let Some(Value::Object(map)) = part {
        map.insert(name.to_owned(), value.clone());
    }
}
