//! Everything that the acts of a batch can touch.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ledger::Hash;

use super::head::Head;
use super::leaf::{ERASED, LeafRow, VersionRow, read_fields};
use crate::act::{Act, Change};
use crate::failure::{Failure, Result};
use crate::insert::Among;
use crate::session::{Row, Snapshot, Value};
use crate::terms::{Partition, Terms};

/// A tile spans eight levels of the tree (tlog-tiles).
const TILE_HEIGHT: u32 = 8;

/// Register and key.
pub(crate) type Name = (String, String);

/// An entry as it is after the acts decided so far.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) id: u64,
    pub(super) subject: [u8; 16],
    pub(super) version: u64,
    pub(super) title: String,
    pub(super) reading: String,
    pub(super) retired_at: Option<String>,
    pub(super) leaf: u64,
    pub(super) terms: Terms,
    pub(super) search: String,
    /// The current document as JSON; only where an act asks for it.
    pub(super) document: Option<String>,
}

impl Held {
    pub(super) const fn retired(&self) -> bool {
        self.retired_at.is_some()
    }
}

/// How many entries a register has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) number: u64,
    pub(super) live: u64,
    pub(super) retired: u64,
}

/// A ledger entry whose body an act wants erased.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Whether it stays: it was erased already, or is an erasure itself.
    pub(super) fixed: bool,
    pub(super) class: String,
    /// Whether that version is a retired record.
    pub(super) retired: bool,
    /// The record whose version it holds.
    pub(super) record: Option<Name>,
}

/// Everything known, and everything to be written.
#[derive(Debug)]
pub(super) struct State {
    pub(super) head: Head,
    /// As the database has them, for the difference.
    pub(super) stored: BTreeMap<Name, Held>,
    /// As they are now.
    pub(super) entries: BTreeMap<Name, Held>,
    /// Entries whose row has to be written.
    pub(super) touched: BTreeSet<Name>,
    /// Register, field and value, with the key of the entry that has it.
    pub(super) unique: BTreeMap<(String, String, String), String>,
    pub(super) registers: BTreeMap<String, Counted>,
    pub(super) pseudonyms: BTreeMap<String, String>,
    pub(super) new_pseudonyms: Vec<String>,
    pub(super) targets: BTreeMap<u64, Target>,
    pub(super) leaves: Vec<LeafRow>,
    pub(super) tiles: Vec<(u64, u64, Hash)>,
    pub(super) versions: Vec<VersionRow>,
    /// Changes beside records, in order.
    pub(super) others: Vec<Other>,
}

/// What changes beside records.
#[derive(Debug, Clone)]
pub(super) enum Other {
    Secret {
        scope: String,
        key: String,
        value: Option<Vec<u8>>,
    },
    Erased {
        leaf: u64,
        by: u64,
        class: String,
        retired: bool,
    },
    Forgotten {
        person: String,
    },
    Blob {
        hash: [u8; 32],
        size: u64,
        media: String,
    },
}

const ENTRIES: Among<'static> = Among {
    head: "SELECT register, key, id, version, title, reading, retired_at, leaf, subject, terms, search FROM entry \
           WHERE (register, key) IN (VALUES",
    row: "(?, ?)",
    tail: ")",
};

const DOCUMENTS: Among<'static> = Among {
    head: "SELECT leaf, document FROM entry_version WHERE leaf IN (",
    row: "?",
    tail: ")",
};

const UNIQUE: Among<'static> = Among {
    head: "SELECT u.register, u.name, u.value, e.key FROM entry_unique u JOIN entry e ON e.id = u.entry \
           WHERE (u.register, u.name, u.value) IN (VALUES",
    row: "(?, ?, ?)",
    tail: ")",
};

const PSEUDONYMS: Among<'static> = Among {
    head: "SELECT person, actor FROM pseudonym WHERE person IN (",
    row: "?",
    tail: ")",
};

const TARGETS: Among<'static> = Among {
    head: "SELECT l.idx, l.erased_by, e.register, e.key, l.fields, l.class, v.retired FROM ledger_leaf l \
           LEFT JOIN entry_version v ON v.leaf = l.idx LEFT JOIN entry e ON e.id = v.entry WHERE l.idx IN (",
    row: "?",
    tail: ")",
};

impl State {
    pub(super) fn load(snapshot: &mut dyn Snapshot, head: Head, acts: &[Act]) -> Result<Self> {
        let mut state = Self {
            head,
            stored: BTreeMap::new(),
            entries: BTreeMap::new(),
            touched: BTreeSet::new(),
            unique: BTreeMap::new(),
            registers: BTreeMap::new(),
            pseudonyms: BTreeMap::new(),
            new_pseudonyms: Vec::new(),
            targets: BTreeMap::new(),
            leaves: Vec::new(),
            tiles: Vec::new(),
            versions: Vec::new(),
            others: Vec::new(),
        };
        let changes = || acts.iter().flat_map(|act| &act.changes);
        state.load_pseudonyms(snapshot, acts)?;
        if changes().next().is_some() {
            state.load_targets(snapshot, changes())?;
            state.load_entries(snapshot, changes())?;
            state.load_documents(snapshot, changes())?;
            state.load_unique(snapshot, changes())?;
            state.load_registers(snapshot)?;
        }
        Ok(state)
    }

    fn load_pseudonyms(&mut self, snapshot: &mut dyn Snapshot, acts: &[Act]) -> Result<()> {
        let people: BTreeSet<&str> = acts.iter().filter_map(|act| act.actor.as_deref()).collect();
        let people: Vec<Value<'_>> = people.into_iter().map(Value::from).collect();
        PSEUDONYMS.read(snapshot, &people, &mut |row| {
            self.pseudonyms.insert(row.text(0)?.to_owned(), row.text(1)?.to_owned());
            Ok(())
        })
    }

    fn load_entries<'c>(
        &mut self,
        snapshot: &mut dyn Snapshot,
        changes: impl Iterator<Item = &'c Change>,
    ) -> Result<()> {
        let mut names: BTreeSet<(&str, &str)> = changes.filter_map(name).collect();
        let records: Vec<Name> = self
            .targets
            .values()
            .filter_map(|target| target.record.clone())
            .collect();
        names.extend(records.iter().map(|(register, key)| (register.as_str(), key.as_str())));
        let names: Vec<Value<'_>> = names
            .into_iter()
            .flat_map(|(register, key)| [Value::from(register), Value::from(key)])
            .collect();
        ENTRIES.read(snapshot, &names, &mut |row| {
            let name = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
            let held = held(row)?;
            self.entries.insert(name.clone(), held.clone());
            self.stored.insert(name, held);
            Ok(())
        })
    }

    /// Only marks and erasures need the current document.
    fn load_documents<'c>(
        &mut self,
        snapshot: &mut dyn Snapshot,
        changes: impl Iterator<Item = &'c Change>,
    ) -> Result<()> {
        let marks = changes
            .filter(|change| !matches!(change, Change::Put(_)))
            .filter_map(name);
        let wanted: BTreeMap<u64, Name> = marks
            .map(|(register, key)| (register.to_owned(), key.to_owned()))
            .filter_map(|name| Some((self.entries.get(&name)?.leaf, name)))
            .collect();
        let leaves: Vec<Value<'_>> = wanted.keys().map(|leaf| Value::from(*leaf)).collect();
        DOCUMENTS.read(snapshot, &leaves, &mut |row| {
            if let Some(held) = wanted.get(&row.number(0)?).and_then(|name| self.entries.get_mut(name)) {
                held.document = Some(row.text(1)?.to_owned());
            }
            Ok(())
        })
    }

    fn load_unique<'c>(
        &mut self,
        snapshot: &mut dyn Snapshot,
        changes: impl Iterator<Item = &'c Change>,
    ) -> Result<()> {
        let mut wanted = BTreeSet::new();
        for change in changes {
            if let Change::Put(put) = change {
                wanted.extend(
                    put.unique
                        .iter()
                        .map(|(name, value)| (put.register.as_str(), name.as_str(), value.as_str())),
                );
            }
        }
        let wanted: Vec<Value<'_>> = wanted
            .into_iter()
            .flat_map(|(register, name, value)| [Value::from(register), Value::from(name), Value::from(value)])
            .collect();
        UNIQUE.read(snapshot, &wanted, &mut |row| {
            let value = (
                row.text(0)?.to_owned(),
                row.text(1)?.to_owned(),
                row.text(2)?.to_owned(),
            );
            self.unique.insert(value, row.text(3)?.to_owned());
            Ok(())
        })
    }

    fn load_registers(&mut self, snapshot: &mut dyn Snapshot) -> Result<()> {
        snapshot.query("SELECT name, number, live, retired FROM register", &[], &mut |row| {
            let counted = Counted {
                number: row.number(1)?,
                live: row.number(2)?,
                retired: row.number(3)?,
            };
            self.registers.insert(row.text(0)?.to_owned(), counted);
            Ok(())
        })
    }

    fn load_targets<'c>(
        &mut self,
        snapshot: &mut dyn Snapshot,
        changes: impl Iterator<Item = &'c Change>,
    ) -> Result<()> {
        let leaves: Vec<Value<'_>> = changes
            .filter_map(|change| match change {
                Change::Erase { leaf } => Some(Value::from(*leaf)),
                _ => None,
            })
            .collect();
        TARGETS.read(snapshot, &leaves, &mut |row| {
            let record = match (row.optional_text(2)?, row.optional_text(3)?) {
                (Some(register), Some(key)) => Some((register.to_owned(), key.to_owned())),
                _ => None,
            };
            // What an erasure says about itself must stay, or nobody could tell an erased body from a lost one.
            let erasure = row.optional_text(4)?.map(read_fields).transpose()?;
            let erasure = erasure.is_some_and(|fields| fields.iter().any(|(name, _)| name == ERASED));
            let target = Target {
                fixed: erasure || !row.is_null(1)?,
                class: row.text(5)?.to_owned(),
                retired: row.optional_number(6)?.unwrap_or(0) != 0,
                record,
            };
            self.targets.insert(row.number(0)?, target);
            Ok(())
        })
    }

    /// Adds a leaf to the tree; a subtree that it completes is a hash of a tile.
    pub(super) fn push(&mut self, leaf: Hash) {
        let tiles = &mut self.tiles;
        self.head.edge.push_telling(leaf, |height, index, hash| {
            if height > 0 && height % TILE_HEIGHT == 0 {
                tiles.push((u64::from(height / TILE_HEIGHT), index, hash));
            }
        });
    }

    /// The moment of the next act, in whole microseconds: the ledger's time never goes back.
    pub(super) fn moment(&mut self, now: Timestamp) -> Timestamp {
        let now = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        let at = now.max(self.head.at);
        self.head.at = at;
        at
    }

    /// The posting lists of an entry.
    pub(super) fn partition(&self, register: &str, retired: bool) -> Result<Partition> {
        let counted = self.registers.get(register);
        let register = counted
            .ok_or_else(|| Failure::Damaged("an entry of an unknown register".to_owned()))?
            .number;
        Ok(Partition { register, retired })
    }
}

/// The record that a change is about.
fn name(change: &Change) -> Option<(&str, &str)> {
    match change {
        Change::Put(put) => Some((&put.register, &put.key)),
        Change::Retire(mark) | Change::Restore(mark) => Some((&mark.register, &mark.key)),
        _ => None,
    }
}

fn held(row: &dyn Row) -> Result<Held> {
    Ok(Held {
        id: row.number(2)?,
        version: row.number(3)?,
        title: row.text(4)?.to_owned(),
        reading: row.text(5)?.to_owned(),
        retired_at: row.optional_text(6)?.map(str::to_owned),
        leaf: row.number(7)?,
        subject: row.array(8)?,
        terms: Terms::unpack(row.blob(9)?)?,
        search: row.text(10)?.to_owned(),
        document: None,
    })
}
