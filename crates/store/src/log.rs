//! What one asks about the ledger.

use jiff::Timestamp;
use ledger::Hash;
use ledger::body::Body;
use ledger::entry::Entry;
use ledger::tree::{Edge, HashSource};

use crate::driver::Store;
use crate::failure::{Failure, Result};
use crate::read::json;
use crate::sequence::head::Head as Stored;
use crate::sequence::leaf::{CLASS, Contents, read_fields};
use crate::session::{Row, Snapshot, Value};

/// Where the ledger ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The tree's right edge: its size and its root.
    pub edge: Edge,
    /// When its newest entry was written; the epoch where there is none.
    pub at: Timestamp,
    /// The policy in force.
    pub policy: Option<String>,
}

/// A ledger entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its index in the log.
    pub index: u64,
    /// Its bytes: what the tree is made of.
    pub bytes: Vec<u8>,
    /// How long it is kept: a class of the city's retention rules.
    pub class: String,
    /// The index of the ledger entry that erased its body.
    pub erased_by: Option<u64>,
}

/// A change of a record that another node may not have seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The index of its ledger entry.
    pub leaf: u64,
    /// The register.
    pub register: String,
    /// The key.
    pub key: String,
    /// The version.
    pub version: u64,
    /// Whether that version is a retired record.
    pub retired: bool,
}

impl dyn Store + '_ {
    /// Where the ledger ends.
    ///
    /// # Errors
    /// What the database says.
    pub fn head(&self) -> Result<Head> {
        self.reading(|snapshot| {
            let head = Stored::read(snapshot)?;
            Ok(Head {
                edge: head.edge,
                at: head.at,
                policy: head.policy,
            })
        })
    }

    /// The ledger entries from index `from` on, at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub fn leaves(&self, from: u64, limit: usize) -> Result<Vec<Leaf>> {
        let sql = "SELECT idx, entry, class, erased_by FROM ledger_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.reading(|snapshot| {
            snapshot.rows(sql, &[from.into(), limit.into()], |row| {
                Ok(Leaf {
                    index: row.number(0)?,
                    bytes: row.blob(1)?.to_owned(),
                    class: row.text(2)?.to_owned(),
                    erased_by: row.optional_number(3)?,
                })
            })
        })
    }

    /// One ledger entry.
    ///
    /// # Errors
    /// What the database says.
    pub fn leaf(&self, index: u64) -> Result<Option<Leaf>> {
        let found = self.leaves(index, 1)?;
        Ok(found.into_iter().find(|leaf| leaf.index == index))
    }

    /// The hash of one leaf.
    ///
    /// # Errors
    /// What the database says.
    pub fn leaf_hash(&self, index: u64) -> Result<Option<Hash>> {
        let sql = "SELECT hash FROM ledger_leaf WHERE idx = $1";
        self.reading(|snapshot| snapshot.first(sql, &[index.into()], |row| row.array(0).map(Hash)))
    }

    /// The body behind a ledger entry, to disclose some of its fields; `None` where it was erased or there is no such entry.
    ///
    /// # Errors
    /// What the database says.
    pub fn body(&self, index: u64) -> Result<Option<Body>> {
        let sql = format!("{BODY} WHERE l.idx = $1");
        let found = self.reading(|snapshot| snapshot.first(&sql, &[index.into()], |row| stored_body(row, 0)))?;
        Ok(found.flatten())
    }

    /// The changes of records whose ledger entries stand at index `from` or behind it, oldest first, at most `limit`: how a
    /// node follows what others write.
    ///
    /// # Errors
    /// What the database says.
    pub fn changes_since(&self, from: u64, limit: usize) -> Result<Vec<Changed>> {
        let sql = "SELECT v.leaf, e.register, e.key, v.version, v.retired FROM entry_version v JOIN entry e ON e.id = v.entry \
                   WHERE v.leaf >= $1 ORDER BY v.leaf LIMIT $2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.reading(|snapshot| {
            snapshot.rows(sql, &[from.into(), limit.into()], |row| {
                Ok(Changed {
                    leaf: row.number(0)?,
                    register: row.text(1)?.to_owned(),
                    key: row.text(2)?.to_owned(),
                    version: row.number(3)?,
                    retired: row.int(4)? != 0,
                })
            })
        })
    }

    /// The ledger entry's own record: which version of what it committed to, if any.
    ///
    /// # Errors
    /// What the database says.
    pub fn record_of(&self, index: u64) -> Result<Option<Changed>> {
        let found = self.changes_since(index, 1)?;
        Ok(found.into_iter().find(|changed| changed.leaf == index))
    }
}

/// The tree as one snapshot has it: proofs and tiles are made from it.
pub struct Hashes<'s>(pub &'s mut dyn Snapshot);

impl HashSource for Hashes<'_> {
    type Error = Failure;

    fn hashes(&mut self, level: u8, index: u64, count: usize) -> Result<Vec<Hash>> {
        hashes(self.0, u64::from(level), index, count)
    }
}

/// The tree as the database has it now; it only grows, so that proofs for a size that it has reached stay right.
pub struct Tree<'s>(pub &'s dyn Store);

impl HashSource for Tree<'_> {
    type Error = Failure;

    fn hashes(&mut self, level: u8, index: u64, count: usize) -> Result<Vec<Hash>> {
        self.0
            .reading(|snapshot| hashes(snapshot, u64::from(level), index, count))
    }
}

fn hashes(snapshot: &mut dyn Snapshot, level: u64, from: u64, count: usize) -> Result<Vec<Hash>> {
    let limit = Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    match level {
        0 => {
            let sql = "SELECT hash FROM ledger_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2";
            snapshot.rows(sql, &[from.into(), limit], |row| row.array(0).map(Hash))
        }
        _ => {
            let sql = "SELECT hash FROM ledger_tile WHERE level = $1 AND idx >= $2 ORDER BY idx LIMIT $3";
            snapshot.rows(sql, &[level.into(), from.into(), limit], |row| row.array(0).map(Hash))
        }
    }
}

/// The columns that [`stored_body`] reads.
pub(crate) const BODY: &str = "SELECT l.secret, l.fields, e.register, e.key, v.version, v.title, v.reading, v.retired, \
    v.index_hash, v.document, l.class FROM ledger_leaf l LEFT JOIN entry_version v ON v.leaf = l.idx LEFT JOIN entry e ON e.id = v.entry";

/// Puts a body together from where its parts are kept; `None` where it was erased.
pub(crate) fn stored_body(row: &dyn Row, first: usize) -> Result<Option<Body>> {
    if row.is_null(first)? {
        return Ok(None);
    }
    let mut fields = Vec::new();
    if !row.is_null(first + 4)? {
        let document = match json(row.text(first + 9)?)? {
            serde_json::Value::Object(document) => document,
            _ => return Err(Failure::Damaged("a document is no object".to_owned())),
        };
        let contents = Contents {
            register: row.text(first + 2)?.to_owned(),
            key: row.text(first + 3)?.to_owned(),
            version: row.number(first + 4)?,
            title: row.text(first + 5)?.to_owned(),
            reading: row.text(first + 6)?.to_owned(),
            retired: row.int(first + 7)? != 0,
            index_hash: row.array(first + 8)?,
            document,
        };
        fields = contents.fields();
    }
    fields.push((CLASS.to_owned(), serde_json::Value::from(row.text(first + 10)?)));
    if let Some(stored) = row.optional_text(first + 1)? {
        fields.extend(read_fields(stored)?);
    }
    Ok(Some(Body {
        secret: row.array(first)?,
        fields,
    }))
}

/// Reads a stored ledger entry.
///
/// # Errors
/// [`Failure::Damaged`] where it is none.
pub fn parsed(bytes: &[u8]) -> Result<Entry> {
    Entry::parse(bytes).map_err(|_| Failure::Damaged("a ledger entry cannot be read".to_owned()))
}
