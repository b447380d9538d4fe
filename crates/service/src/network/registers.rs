//! The rows of registers that a network is joined with.

use std::collections::BTreeMap;

use model::lang::Text;
use policy::judge::Place;
use register::Entry;
use registers::{PermittedPath, Segment, Zone};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Gap, GapPlace};

/// The registers of which rows are read.
pub(crate) const READ: [&str; 3] = [ZONE, SEGMENT, PERMITTED_PATH];
pub(super) const ZONE: &str = "zone";
pub(super) const SEGMENT: &str = "segment";
pub(super) const PERMITTED_PATH: &str = "permitted_path";

/// The rows of the registers of zones, segments and permitted paths; a register that the city does not keep is `None`.
#[derive(Debug, Default)]
pub struct Registers {
    pub(super) zones: Option<Vec<Row<Zone>>>,
    pub(super) segments: Option<Vec<Row<Segment>>>,
    pub(super) permitted: Option<Vec<Row<PermittedPath>>>,
    /// Rows that cannot be read.
    pub(super) unreadable: Vec<Gap>,
}

/// A row, and where it stands.
#[derive(Debug)]
pub(super) struct Row<T> {
    pub(super) key: String,
    /// The row of its sheet; 0 for none.
    number: u32,
    register: &'static str,
    pub(super) read: T,
}

impl<T> Row<T> {
    /// A field of it.
    pub(super) fn at(&self, field: &str) -> GapPlace {
        GapPlace::Row(self.place(Some(field)))
    }

    fn place(&self, field: Option<&str>) -> Place {
        Place {
            register: self.register.to_owned(),
            key: Some(self.key.clone()),
            row: self.number,
            field: field.map(str::to_owned),
        }
    }
}

/// A row as it is found: its key, the row of its sheet (0 for none), its document.
type Found = (String, u32, Value);

impl Registers {
    /// The rows of a folder's registers, by slug.
    #[must_use]
    pub fn of_entries(entries: &BTreeMap<String, Vec<Entry>>) -> Self {
        let found = |slug: &str| {
            let rows = entries.get(slug)?.iter();
            let rows = rows.map(|entry| (entry.key.clone(), entry.row, entry.document.clone()));
            Some(rows.collect())
        };
        Self::of([found(ZONE), found(SEGMENT), found(PERMITTED_PATH)])
    }

    /// The rows of registers that `find` gives by their slugs, key and document each; `None` for a register that is not kept.
    ///
    /// # Errors
    /// The first that `find` returns.
    pub(crate) fn of_documents<E>(find: impl Fn(&str) -> Result<Option<Vec<(String, Value)>>, E>) -> Result<Self, E> {
        let found = |slug: &str| {
            let rows = find(slug)?;
            let unplaced = |(key, document)| (key, 0, document);
            Ok(rows.map(|rows| rows.into_iter().map(unplaced).collect()))
        };
        Ok(Self::of([found(ZONE)?, found(SEGMENT)?, found(PERMITTED_PATH)?]))
    }

    fn of([zones, segments, permitted]: [Option<Vec<Found>>; 3]) -> Self {
        let mut unreadable = Vec::new();
        Self {
            zones: read(ZONE, zones, &mut unreadable),
            segments: read(SEGMENT, segments, &mut unreadable),
            permitted: read(PERMITTED_PATH, permitted, &mut unreadable),
            unreadable,
        }
    }

    /// The rows of the permitted paths, by their numbers.
    pub(super) fn paths(&self) -> BTreeMap<String, Place> {
        let rows = self.permitted.iter().flatten();
        rows.map(|row| (row.key.clone(), row.place(None))).collect()
    }
}

/// A row that cannot be read may be of any zone.
fn read<T: DeserializeOwned>(
    register: &'static str,
    found: Option<Vec<Found>>,
    unreadable: &mut Vec<Gap>,
) -> Option<Vec<Row<T>>> {
    let mut rows = Vec::new();
    for (key, number, mut document) in found? {
        // What the city added to the register has no part in this.
        if let Some(fields) = document.as_object_mut() {
            fields.remove("local");
        }
        match serde_json::from_value(document) {
            Ok(read) => rows.push(Row {
                key,
                number,
                register,
                read,
            }),
            Err(error) => unreadable.push(Gap {
                between: None,
                message: Text::new(
                    format!("台帳の行「{key}」を読めない: {error}"),
                    format!("row `{key}` cannot be read: {error}"),
                ),
                help: Text::fixed("台帳の値を直す", "correct the row of the register"),
                at: GapPlace::Row(Place {
                    register: register.to_owned(),
                    key: Some(key),
                    row: number,
                    field: None,
                }),
            }),
        }
    }
    Some(rows)
}
