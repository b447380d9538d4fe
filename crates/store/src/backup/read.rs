//! A city comes out of a file.

use std::io::Read;

use model::lang::Text;
use thiserror::Error;

use super::Header;
use super::frame::Reader;
use super::tables::{TABLES, Table, read_values};
use crate::blob::Blobs;
use crate::driver::{Pen, Store};
use crate::failure::Failure;
use crate::insert::Into;
use crate::sequence::head::Head;
use crate::sequence::reindex;
use crate::session::{Snapshot, Transaction};
use crate::terms::hex;

/// A file within a backup has at most so many bytes.
const LARGEST_FILE: usize = 1 << 30;

/// What came out of a backup beside the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the backup says about itself.
    pub header: Header,
    /// Its files by name, without those of documents, which are in the object store again.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Why nothing was restored.
#[derive(Debug, Error)]
pub enum NotRestored {
    /// The file is none of ours.
    #[error("the file is no backup")]
    NotABackup,
    /// The file is cut short, or a byte has flipped.
    #[error("the backup is damaged")]
    Damaged,
    /// The backup was made by another version.
    #[error("the backup has schema {found}, this program knows {known}")]
    OtherSchema {
        /// The schema of the backup.
        found: i64,
        /// The schema of this program.
        known: i64,
    },
    /// There is a city in the database already.
    #[error("the database is not empty")]
    NotEmpty,
    /// The backup has files of documents, and no place was given for them.
    #[error("the backup has files, and there is no place for them")]
    NoPlace,
    /// The database or the object store failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl NotRestored {
    /// What a user is told.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NotABackup => Text::fixed("三門のバックアップではない", "this is no backup of Sanmon"),
            Self::Damaged => Text::fixed(
                "バックアップが途中で切れているか、壊れている。別のバックアップを使ってください",
                "the backup is cut short or damaged; use another one",
            ),
            Self::OtherSchema { found, known } => Text::new(
                format!(
                    "バックアップの形式({found})がこの版({known})と違う。作ったときの版で復元してから更新してください"
                ),
                format!(
                    "the backup has schema {found}, this version {known}: restore it with the version that made it, then update"
                ),
            ),
            Self::NotEmpty => Text::fixed(
                "復元先のデータベースが空でない。新しいデータベースを指定してください",
                "the database is not empty; name a new one",
            ),
            Self::NoPlace => Text::fixed(
                "バックアップに文書のファイルがある。その置き場所を指定してください",
                "the backup holds files of documents; name a place for them",
            ),
            Self::Failed(failure) => failure.text(),
        }
    }
}

impl dyn Store + '_ {
    /// Fills an empty, [migrated](dyn Store::migrate) database from a backup: all of it, or nothing. Whether what came out
    /// is sound [`verify`](dyn Store::verify) tells.
    ///
    /// # Errors
    /// See [`NotRestored`]; files of documents may be in the object store even so.
    pub fn restore(&self, from: &mut dyn Read, blobs: Option<&Blobs>) -> Result<Restored, NotRestored> {
        let known = self.layout()?.found;
        let reader = Reader::new(from).map_err(|error| told(&error))?;
        let mut reader = reader.ok_or(NotRestored::NotABackup)?;
        let mut outcome = None;
        let written = self.write(&Pen::LAYOUT, &mut |transaction| {
            let restored = restore(transaction, &mut reader, known, blobs).and_then(|restored| {
                reindex::fill(transaction, self.dialect())?;
                Ok(restored)
            });
            let done = restored.is_ok();
            outcome = Some(restored);
            // Any failure will do: it rolls back, and the outcome tells.
            if done {
                Ok(())
            } else {
                Err(Failure::File("nothing is restored".to_owned()))
            }
        });
        match (written, outcome) {
            (Err(failure), None | Some(Ok(_))) => Err(failure.into()),
            (_, Some(outcome)) => outcome,
            (Ok(()), None) => Err(Failure::Unavailable("the driver did not call".to_owned()).into()),
        }
    }
}

fn restore(
    transaction: &mut dyn Transaction,
    reader: &mut Reader<'_>,
    known: i64,
    blobs: Option<&Blobs>,
) -> Result<Restored, NotRestored> {
    let header = match reader.next().map_err(|error| told(&error))? {
        Some((b'H', json)) => serde_json::from_slice::<Header>(&json).map_err(|_| NotRestored::Damaged)?,
        _ => return Err(NotRestored::Damaged),
    };
    if header.schema != known {
        return Err(NotRestored::OtherSchema {
            found: header.schema,
            known,
        });
    }
    empty(transaction)?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut table: Option<&Table> = None;
    let mut open = false;
    while let Some((kind, payload)) = reader.next().map_err(|error| told(&error))? {
        match (kind, table) {
            (b'F', _) => {
                stow(&mut files, blobs)?;
                let name = String::from_utf8(payload).map_err(|_| NotRestored::Damaged)?;
                files.push((name, Vec::new()));
                open = true;
            }
            (b'C', _) if open => {
                let (_, bytes) = files.last_mut().ok_or(NotRestored::Damaged)?;
                bytes.extend(payload);
                if bytes.len() > LARGEST_FILE {
                    return Err(NotRestored::Damaged);
                }
            }
            (b'T', _) => {
                let found = TABLES.iter().find(|table| table.name.as_bytes() == payload);
                table = Some(found.ok_or(NotRestored::Damaged)?);
                open = false;
            }
            (b'R', Some(table)) => rows(transaction, table, &payload)?,
            _ => return Err(NotRestored::Damaged),
        }
    }
    stow(&mut files, blobs)?;
    let edge = Head::read(transaction)?.edge;
    if !reader.complete || (edge.size(), edge.root()) != (header.size, header.root) {
        return Err(NotRestored::Damaged);
    }
    Ok(Restored { header, files })
}

/// Only a database in which nothing ever happened is filled.
fn empty(transaction: &mut dyn Transaction) -> Result<(), NotRestored> {
    if Head::read(transaction)?.edge.size() > 0 {
        return Err(NotRestored::NotEmpty);
    }
    let snapshot: &mut dyn Snapshot = transaction;
    for table in TABLES.iter().filter(|table| table.name != "ledger_head") {
        let count = snapshot.first(&format!("SELECT count(*) FROM {}", table.name), &[], |row| {
            row.number(0)
        })?;
        if count != Some(0) {
            return Err(NotRestored::NotEmpty);
        }
    }
    transaction.run("DELETE FROM ledger_head", &[])?;
    Ok(())
}

fn rows(transaction: &mut dyn Transaction, table: &Table, payload: &[u8]) -> Result<(), NotRestored> {
    let values = read_values(payload).ok_or(NotRestored::Damaged)?;
    if !values.len().is_multiple_of(table.columns.len()) {
        return Err(NotRestored::Damaged);
    }
    let head = format!("INSERT INTO {} ({}) VALUES", table.name, table.columns.join(", "));
    let row = format!("({})", vec!["?"; table.columns.len()].join(", "));
    Into {
        head: &head,
        row: &row,
        tail: "",
    }
    .write(transaction, &values)
    .map_err(|failure| match failure {
        Failure::Damaged(_) => NotRestored::Damaged,
        failure => NotRestored::Failed(failure),
    })
}

/// Puts the last file where it belongs, if it is one of a document.
fn stow(files: &mut Vec<(String, Vec<u8>)>, blobs: Option<&Blobs>) -> Result<(), NotRestored> {
    let Some((name, bytes)) = files.pop_if(|(name, _)| name.starts_with(BLOB)) else {
        return Ok(());
    };
    let stored = blobs.ok_or(NotRestored::NoPlace)?.put(bytes)?;
    if blob_name(&stored) == name {
        Ok(())
    } else {
        Err(NotRestored::Damaged)
    }
}

const BLOB: &str = "blob/";

/// The name of a document's file within a backup.
pub(super) fn blob_name(hash: &[u8; 32]) -> String {
    let mut name = BLOB.to_owned();
    hex(&mut name, hash);
    name
}

fn told(error: &std::io::Error) -> NotRestored {
    match error.kind() {
        std::io::ErrorKind::InvalidData => NotRestored::Damaged,
        kind => NotRestored::Failed(Failure::File(kind.to_string())),
    }
}
