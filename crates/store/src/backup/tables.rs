//! Which tables a backup holds, and how a row is written.

use crate::session::{Row, Value};

/// A table with its columns; sorted by the first ones.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
}

/// Everything that does not follow from other rows.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "register",
        columns: &["number", "name", "live", "retired"],
    },
    Table {
        name: "entry",
        columns: &[
            "id",
            "register",
            "key",
            "version",
            "title",
            "reading",
            "retired_at",
            "leaf",
            "subject",
            "terms",
            "search",
        ],
    },
    Table {
        name: "entry_version",
        columns: &[
            "leaf",
            "entry",
            "version",
            "title",
            "reading",
            "retired",
            "act",
            "index_hash",
            "document",
        ],
    },
    Table {
        name: "ledger_leaf",
        columns: &["idx", "entry", "hash", "class", "secret", "fields", "erased_by"],
    },
    Table {
        name: "ledger_tile",
        columns: &["level", "idx", "hash"],
    },
    Table {
        name: "ledger_head",
        columns: &["id", "size", "edge", "at", "policy", "next_entry"],
    },
    Table {
        name: "pseudonym",
        columns: &["person", "actor", "digest"],
    },
    Table {
        name: "secret",
        columns: &["scope", "key", "value", "digest"],
    },
    Table {
        name: "blob",
        columns: &["hash", "size", "media"],
    },
];

impl Table {
    pub(super) fn select(&self) -> String {
        let columns = self.columns.join(", ");
        let order = self.columns.get(..2).unwrap_or(self.columns).join(", ");
        format!("SELECT {columns} FROM {} ORDER BY {order}", self.name)
    }
}

/// Appends a row.
pub(super) fn write_row(into: &mut Vec<u8>, row: &dyn Row, columns: usize) -> crate::failure::Result<()> {
    for column in 0..columns {
        match row.value(column)? {
            Value::Null => into.push(b'n'),
            Value::Int(number) => {
                into.push(b'i');
                into.extend(number.to_be_bytes());
            }
            Value::Text(text) => sized(into, b't', text.as_bytes()),
            Value::Blob(bytes) => sized(into, b'b', bytes),
        }
    }
    Ok(())
}

fn sized(into: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    into.push(kind);
    into.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    into.extend(bytes);
}

/// Reads all values of a frame; `None` where they are none.
pub(super) fn read_values(mut bytes: &[u8]) -> Option<Vec<Value<'_>>> {
    let mut values = Vec::new();
    while let Some((kind, rest)) = bytes.split_first() {
        bytes = rest;
        values.push(match kind {
            b'n' => Value::Null,
            b'i' => {
                let (number, rest) = bytes.split_first_chunk()?;
                bytes = rest;
                Value::Int(i64::from_be_bytes(*number))
            }
            b't' => Value::Text(
                std::str::from_utf8(taken(&mut bytes)?)
                    .ok()
                    .filter(|text| !text.contains('\0'))?,
            ),
            b'b' => Value::Blob(taken(&mut bytes)?),
            _ => return None,
        });
    }
    Some(values)
}

fn taken<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (taken, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    *bytes = rest;
    Some(taken)
}
