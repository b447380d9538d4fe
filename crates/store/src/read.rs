//! What one asks about records.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::document::Properties;
use crate::driver::Store;
use crate::failure::{Failure, Result};
use crate::session::{Row, Snapshot, Value};

/// A record in its latest version.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The register or collection.
    pub register: String,
    /// Unique in the register.
    pub key: String,
    /// Counts from 1.
    pub version: u64,
    /// What people call it.
    pub title: String,
    /// How the title is read.
    pub reading: String,
    /// The document.
    pub document: Json,
    /// Since when it is no longer in use.
    pub retired_at: Option<Timestamp>,
    /// The index of the ledger entry that committed to this version.
    pub leaf: u64,
}

/// One version of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Counts from 1.
    pub version: u64,
    /// What people called it then.
    pub title: String,
    /// The document then; `None` where its contents were erased (消去).
    pub document: Option<Json>,
    /// Whether this version is a retired record.
    pub retired: bool,
    /// When it was written.
    pub at: Timestamp,
    /// What was done: the kind of the act.
    pub kind: String,
    /// Who did it, by key; `None` where the program did it or nobody can tell any more.
    pub actor: Option<String>,
    /// The note `reason` of the act.
    pub reason: Option<Json>,
    /// The index of the ledger entry that committed to it.
    pub leaf: u64,
}

/// A record in use, as far as one who reads all of them wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'r> {
    /// The register or collection.
    pub register: &'r str,
    /// Unique in the register.
    pub key: &'r str,
    /// What people call it.
    pub title: &'r str,
    /// The document, as JSON.
    pub document: &'r str,
}

/// An entry that refers to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referrer {
    /// Its register.
    pub register: String,
    /// Its key.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// The field that refers.
    pub field: String,
    /// Whether it is retired.
    pub retired: bool,
}

/// The columns that [`entry_of`] reads.
pub(crate) const COLUMNS: &str = "e.register, e.key, e.version, e.title, e.reading, v.document, e.retired_at, e.leaf";

impl dyn Store + '_ {
    /// A record; retired ones too.
    ///
    /// # Errors
    /// What the database says.
    pub fn entry(&self, register: &str, key: &str) -> Result<Option<Entry>> {
        self.reading(|snapshot| entry(snapshot, register, key))
    }

    /// All versions of a record, the newest first; empty where there is no such record.
    ///
    /// # Errors
    /// What the database says.
    pub fn versions(&self, register: &str, key: &str) -> Result<Vec<Version>> {
        let (least, most) = (0, i64::MAX);
        self.reading(|snapshot| versions(snapshot, register, key, least, most))
    }

    /// One version of a record.
    ///
    /// # Errors
    /// What the database says.
    pub fn version(&self, register: &str, key: &str, version: u64) -> Result<Option<Version>> {
        let number = i64::try_from(version).unwrap_or(i64::MAX);
        let found = self.reading(|snapshot| versions(snapshot, register, key, number, number))?;
        Ok(found.into_iter().next())
    }

    /// The entries that refer to a record, by register and key; at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub fn referring(&self, register: &str, key: &str, limit: usize) -> Result<Vec<Referrer>> {
        let sql = "SELECT e.register, e.key, e.title, r.field, e.retired_at FROM entry_ref r JOIN entry e ON e.id = r.source \
                   WHERE r.register = $1 AND r.key = $2 ORDER BY e.register, e.key, r.field LIMIT $3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.reading(|snapshot| {
            snapshot.rows(sql, &[register.into(), key.into(), limit.into()], |row| {
                Ok(Referrer {
                    register: row.text(0)?.to_owned(),
                    key: row.text(1)?.to_owned(),
                    title: row.text(2)?.to_owned(),
                    field: row.text(3)?.to_owned(),
                    retired: !row.is_null(4)?,
                })
            })
        })
    }

    /// Calls `each` with every record of a register in the order of their making, retired ones too: what a server loads
    /// when it starts. All of them are of one snapshot.
    ///
    /// # Errors
    /// What the database says, and what `each` returns.
    pub fn scan(&self, register: &str, each: &mut dyn FnMut(Entry) -> Result<()>) -> Result<()> {
        let sql = format!(
            "SELECT {COLUMNS} FROM entry e JOIN entry_version v ON v.leaf = e.leaf WHERE e.register = $1 ORDER BY e.id"
        );
        self.read(&mut |snapshot| snapshot.query(&sql, &[register.into()], &mut |row| each(entry_of(row)?)))
    }

    /// Calls `each` with every record in use of every register and collection, in the order of their making: one walk
    /// through the database, in which nothing is sorted or kept. All of them are of one snapshot.
    ///
    /// # Errors
    /// What the database says, and what `each` returns.
    pub fn scan_all(&self, each: &mut dyn FnMut(Line<'_>) -> Result<()>) -> Result<()> {
        let sql = "SELECT e.register, e.key, e.title, v.document FROM entry e JOIN entry_version v ON v.leaf = e.leaf \
                   WHERE e.retired_at IS NULL ORDER BY e.id";
        self.read(&mut |snapshot| {
            snapshot.query(sql, &[], &mut |row| {
                each(Line {
                    register: row.text(0)?,
                    key: row.text(1)?,
                    title: row.text(2)?,
                    document: row.text(3)?,
                })
            })
        })
    }

    /// The registers and collections that have entries, with how many are in use and how many are retired.
    ///
    /// # Errors
    /// What the database says.
    pub fn registers(&self) -> Result<Vec<(String, u64, u64)>> {
        self.reading(|snapshot| {
            snapshot.rows("SELECT name, live, retired FROM register ORDER BY name", &[], |row| {
                Ok((row.text(0)?.to_owned(), row.number(1)?, row.number(2)?))
            })
        })
    }

    /// A secret as the caller sealed it.
    ///
    /// # Errors
    /// What the database says.
    pub fn secret(&self, scope: &str, key: &str) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT value FROM secret WHERE scope = $1 AND key = $2";
        self.reading(|snapshot| snapshot.first(sql, &[scope.into(), key.into()], |row| Ok(row.blob(0)?.to_owned())))
    }

    /// All secrets of a scope, by key.
    ///
    /// # Errors
    /// What the database says.
    pub fn secrets(&self, scope: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let sql = "SELECT key, value FROM secret WHERE scope = $1 ORDER BY key";
        self.reading(|snapshot| {
            snapshot.rows(sql, &[scope.into()], |row| {
                Ok((row.text(0)?.to_owned(), row.blob(1)?.to_owned()))
            })
        })
    }

    /// A person's pseudonym in the ledger; `None` where they never acted, or were forgotten.
    ///
    /// # Errors
    /// What the database says.
    pub fn pseudonym(&self, person: &str) -> Result<Option<String>> {
        let sql = "SELECT actor FROM pseudonym WHERE person = $1";
        self.reading(|snapshot| snapshot.first(sql, &[person.into()], |row| Ok(row.text(0)?.to_owned())))
    }

    /// Size and media type of a file that an act made known.
    ///
    /// # Errors
    /// What the database says.
    pub fn blob(&self, hash: &[u8; 32]) -> Result<Option<(u64, String)>> {
        let sql = "SELECT size, media FROM blob WHERE hash = $1";
        self.reading(|snapshot| {
            snapshot.first(sql, &[hash.into()], |row| Ok((row.number(0)?, row.text(1)?.to_owned())))
        })
    }

    /// The person behind a pseudonym of the ledger; `None` where nobody can tell any more.
    ///
    /// # Errors
    /// What the database says.
    pub fn person(&self, actor: &str) -> Result<Option<String>> {
        let sql = "SELECT person FROM pseudonym WHERE actor = $1";
        self.reading(|snapshot| snapshot.first(sql, &[actor.into()], |row| Ok(row.text(0)?.to_owned())))
    }
}

/// A record as one snapshot has it; see [`Store::entry`].
///
/// # Errors
/// What the database says.
pub fn entry(snapshot: &mut dyn Snapshot, register: &str, key: &str) -> Result<Option<Entry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e JOIN entry_version v ON v.leaf = e.leaf WHERE e.register = $1 AND e.key = $2"
    );
    snapshot.first(&sql, &[register.into(), key.into()], entry_of)
}

/// Reads the [`COLUMNS`].
pub(crate) fn entry_of(row: &dyn Row) -> Result<Entry> {
    entry_with(row, None)
}

/// Reads the [`COLUMNS`], of the document only these properties.
pub(crate) fn entry_with(row: &dyn Row, only: Option<&Properties>) -> Result<Entry> {
    Ok(Entry {
        register: row.text(0)?.to_owned(),
        key: row.text(1)?.to_owned(),
        version: row.number(2)?,
        title: row.text(3)?.to_owned(),
        reading: row.text(4)?.to_owned(),
        document: match only {
            Some(properties) => properties.of(row.text(5)?)?,
            None => json(row.text(5)?)?,
        },
        retired_at: row.optional_text(6)?.map(moment).transpose()?,
        leaf: row.number(7)?,
    })
}

fn versions(snapshot: &mut dyn Snapshot, register: &str, key: &str, least: i64, most: i64) -> Result<Vec<Version>> {
    let sql = "SELECT v.version, v.title, v.document, v.retired, v.leaf, l.entry, l.erased_by, a.fields \
               FROM entry e JOIN entry_version v ON v.entry = e.id JOIN ledger_leaf l ON l.idx = v.leaf \
               JOIN ledger_leaf a ON a.idx = v.act \
               WHERE e.register = $1 AND e.key = $2 AND v.version >= $3 AND v.version <= $4 ORDER BY v.version DESC";
    let with: [Value<'_>; 4] = [register.into(), key.into(), least.into(), most.into()];
    let mut versions = snapshot.rows(sql, &with, |row| {
        let entry = ledger::entry::Entry::parse(row.blob(5)?)
            .map_err(|_| Failure::Damaged("a ledger entry cannot be read".to_owned()))?;
        let document = if row.is_null(6)? {
            Some(json(row.text(2)?)?)
        } else {
            None
        };
        Ok(Version {
            version: row.number(0)?,
            title: row.text(1)?.to_owned(),
            document,
            retired: row.int(3)? != 0,
            at: entry.at,
            kind: entry.kind,
            actor: entry.actor,
            reason: row.optional_text(7)?.map(reason).transpose()?.flatten(),
            leaf: row.number(4)?,
        })
    })?;
    for version in &mut versions {
        if let Some(actor) = version.actor.take() {
            let sql = "SELECT person FROM pseudonym WHERE actor = $1";
            version.actor = snapshot.first(sql, &[Value::from(&actor)], |row| Ok(row.text(0)?.to_owned()))?;
        }
    }
    Ok(versions)
}

/// The note `reason` among the fields of an act.
fn reason(fields: &str) -> Result<Option<Json>> {
    let fields = crate::sequence::leaf::read_fields(fields)?;
    Ok(fields
        .into_iter()
        .find(|(name, _)| name == "note.reason")
        .map(|(_, value)| value))
}

pub(crate) fn json(text: &str) -> Result<Json> {
    serde_json::from_str(text).map_err(|_| Failure::Damaged("a document is no JSON".to_owned()))
}

fn moment(text: &str) -> Result<Timestamp> {
    text.parse()
        .map_err(|_| Failure::Damaged("a moment cannot be read".to_owned()))
}
