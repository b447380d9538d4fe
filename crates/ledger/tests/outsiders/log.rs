//! A log that was exported, and unpacked where outsiders find it.

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use ledger::Hash;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::export::Export;
use ledger::key::{Algorithm, SigningKey};
use ledger::note::Note;
use ledger::tree::{Memory, prove};
use tempfile::TempDir;

use crate::programs;

pub(crate) const ORIGIN: &str = "ledger.mihon.example";

/// A log and the folder of its export.
pub(crate) struct Log {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) tree: Memory,
    folder: TempDir,
}

impl Log {
    /// Writes a log of this size to an archive and unpacks it with the system's `tar`.
    pub(crate) fn exported(size: u64) -> Self {
        let entries: Vec<Vec<u8>> = (0..size).map(entry).collect();
        let tree = entries.iter().map(|entry| Hash::leaf(entry)).collect();
        let log = Self {
            entries,
            tree,
            folder: tempfile::tempdir().unwrap(),
        };
        let keys = keys().map(|key| key.verifier().clone());
        let export = Export {
            folder: "ledger-FY2026",
            note: &log.signed(size),
            keys: &keys,
            policy: &format!("log {}\nquorum none\n", keys[0]),
            from: 0,
            attachments: &[],
            at: at(),
        };
        let mut archive = Vec::new();
        export
            .write(&mut archive, log.entries.iter().cloned().map(Ok::<_, Infallible>))
            .unwrap();
        let file = log.write("ledger.tar", &archive);
        programs::run(
            programs::command("tar")
                .arg("-C")
                .arg(log.folder.path())
                .arg("-xf")
                .arg(file),
        )
        .unwrap();
        log
    }

    /// A file of the export.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join("ledger-FY2026").join(path)
    }

    /// The signed checkpoint of the first `size` entries.
    pub(crate) fn signed(&self, size: u64) -> Note {
        let root = prove::root(self.tree.clone(), size).unwrap();
        Checkpoint::new(ORIGIN, size, root).unwrap().sign(&keys(), at())
    }

    /// Writes a file beside the export.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        write(&path, bytes);
        path
    }

    /// Flips a bit of a file of the export, asks, and puts the bit back.
    pub(crate) fn flipped<T>(&self, path: &str, place: usize, ask: impl FnOnce() -> T) -> T {
        let path = self.file(path);
        let intact = fs::read(&path).unwrap();
        let mut bytes = intact.clone();
        bytes[place] ^= 1;
        write(&path, &bytes);
        let answer = ask();
        write(&path, &intact);
        answer
    }
}

#[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}

/// The log's keys: Ed25519 for everybody, ML-DSA-44 beside it.
pub(crate) fn keys() -> [SigningKey; 2] {
    [Algorithm::Ed25519, Algorithm::MlDsa44]
        .map(|algorithm| SigningKey::from_seed(ORIGIN, algorithm, &[1; 32]).unwrap())
}

pub(crate) fn at() -> Timestamp {
    "2026-11-25T07:00:00Z".parse().unwrap()
}

fn entry(number: u64) -> Vec<u8> {
    let entry = Entry {
        seq: number,
        at: at() + SignedDuration::from_secs(number as i64),
        kind: "entry.put".to_owned(),
        actor: Some(format!("p{}", number % 7)),
        subjects: vec![format!("s{number}")],
        clauses: vec!["6.3.1".to_owned()],
        commit: Hash::EMPTY,
        policy: None,
    };
    entry.to_bytes().unwrap()
}
