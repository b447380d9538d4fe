//! `sanmon backup`, `restore` and `migrate`: a city as one file, and the layout of its database.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use ledger::Hash;
use model::lang::Text;
use service::hall::notary::Anchor as _;
use store::backup::{Contents, Header, NotRestored, Restored};
use store::{Blobs, Signed};

use super::ledger::verify::{Verdict, verify};
use super::place::{configuration, unreadable};
use super::{Desk, Outcome};
use crate::cli::{Backup, Place, Restore};
use crate::data_folder::DataFolder;
use crate::installation::{Installation, database, machine, read_checkpoint};
use crate::output;
use crate::serve::Stopped;

/// The keys of a data folder, as [`DataFolder`] names them.
const KEYS: &[&str] = &["ledger", "seal"];

const CHECKPOINT: &str = "checkpoint";

pub(super) fn back_up(arguments: &Backup, desk: Desk) -> Result<Outcome, Stopped> {
    let installation = Installation::look(configuration(&arguments.place)?)?;
    let folder = &installation.folder;
    // The checkpoint is read before the database, so that it never speaks of more than the copy has.
    let mut files = Vec::new();
    if let Some(note) = folder.anchor().load().map_err(machine("checkpoint"))? {
        files.push((CHECKPOINT.to_owned(), note.into_bytes()));
    }
    if arguments.with_keys {
        for name in KEYS {
            let key = folder.kept_key(name).map_err(machine("keys"))?;
            files.push((format!("keys/{name}"), key.to_vec()));
        }
    }
    let blobs = Blobs::in_folder(&folder.path("blobs"))?;
    let contents = Contents {
        files: &files,
        blobs: Some(&blobs),
    };
    let header = output::stream(&arguments.output, |out| -> Result<Header, Stopped> {
        Ok(installation.store.back_up(&contents, out)?)
    })?;
    desk.say(&kept(&header, &arguments.output))?;
    if !arguments.with_keys {
        desk.note(&Text::fixed(
            "鍵(keys フォルダ)は入っていない。別に写しを取り、このファイルとは違う場所に保管してください",
            "the keys (folder keys) are not in it; copy them separately, and keep them elsewhere than this file",
        ))?;
    }
    Ok(Outcome::Fine)
}

pub(super) fn restore(arguments: &Restore, desk: Desk) -> Result<Outcome, Stopped> {
    let file = File::open(&arguments.file).map_err(|error| unreadable(&arguments.file, &error))?;
    let configuration = configuration(&arguments.place)?;
    let folder = DataFolder::open(&configuration.store.folder).map_err(machine("the data folder"))?;
    if folder.anchor().load().map_err(machine(CHECKPOINT))?.is_some() {
        return Err(NotRestored::NotEmpty.into());
    }
    let store = database(&configuration, &folder)?;
    store.migrate()?;
    let blobs = Blobs::in_folder(&folder.path("blobs"))?;
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let restored = store.restore(&mut reader, Some(&blobs))?;
    put_files(&folder, &restored)?;
    let verdict = verify(&*store, signed(&restored))?;
    desk.print(&verdict.text(desk))?;
    if let Verdict::Differs { .. } = verdict {
        return Ok(Outcome::Broken);
    }
    for name in KEYS {
        if folder.kept_key(name).is_err() {
            let path = folder.path("keys").join(name);
            desk.note(&Text::new(
                format!(
                    "鍵がない。動かす前に、写しておいた鍵を {} に置いてください",
                    path.display()
                ),
                format!(
                    "a key is missing: put your copy of it at {} before the service starts",
                    path.display()
                ),
            ))?;
        }
    }
    Ok(Outcome::Fine)
}

/// Puts the checkpoint and the keys back; a key that is there stays, and must be the same.
fn put_files(folder: &DataFolder, restored: &Restored) -> Result<(), Stopped> {
    for (name, bytes) in &restored.files {
        if name == CHECKPOINT {
            let note = str::from_utf8(bytes).map_err(|_| NotRestored::Damaged)?;
            folder.anchor().save(note).map_err(machine(CHECKPOINT))?;
            continue;
        }
        let known = KEYS.iter().find(|key| name.strip_prefix("keys/") == Some(**key));
        let (Some(key), Ok(bytes)) = (known, <[u8; 32]>::try_from(bytes.as_slice())) else {
            return Err(NotRestored::Damaged.into());
        };
        match folder.kept_key(key) {
            Ok(kept) if kept == bytes => {}
            Ok(_) => {
                return Err(Stopped::Told(Text::fixed(
                    "フォルダにある鍵が、バックアップの鍵と違う。空のフォルダに復元してください",
                    "the folder holds another key than the backup; restore into an empty folder",
                )));
            }
            Err(_) => folder.put_key(key, &bytes).map_err(machine("keys"))?,
        }
    }
    Ok(())
}

/// What the checkpoint of the backup says. Its signature is checked when the service starts, with the key.
fn signed(restored: &Restored) -> Option<Signed> {
    let (_, note) = restored.files.iter().find(|(name, _)| name == CHECKPOINT)?;
    let checkpoint = read_checkpoint(str::from_utf8(note).ok()?)?;
    let (size, root): (u64, Hash) = (checkpoint.size(), checkpoint.root());
    Some(Signed { size, root })
}

pub(super) fn migrate(place: &Place, desk: Desk) -> Result<Outcome, Stopped> {
    let configuration = configuration(place)?;
    let folder = DataFolder::open(&configuration.store.folder).map_err(machine("the data folder"))?;
    let before = database(&configuration, &folder)?.migrate()?;
    desk.say(&if before.found == before.known {
        Text::fixed(
            "データベースは、すでにこの版の形である",
            "the database is laid out for this version already",
        )
    } else {
        Text::new(
            format!("データベースの形を{}から{}にした", before.found, before.known),
            format!(
                "the layout of the database went from {} to {}",
                before.found, before.known
            ),
        )
    })?;
    Ok(Outcome::Fine)
}

fn kept(header: &Header, path: &Path) -> Text {
    let (size, path) = (header.size, path.display());
    Text::new(
        format!("市を {path} に写した(証跡{size}件)"),
        format!("the city is in {path} ({size} ledger entries)"),
    )
}

impl From<NotRestored> for Stopped {
    fn from(fault: NotRestored) -> Self {
        match fault {
            NotRestored::Failed(failure) => Self::Store(failure),
            fault => Self::Told(fault.text()),
        }
    }
}
