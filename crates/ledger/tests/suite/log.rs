//! A small log with everything that belongs to it.

use jiff::{SignedDuration, Timestamp};
use ledger::Hash;
use ledger::body::Body;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::key::{Algorithm, SigningKey};
use ledger::note::Note;
use ledger::proof_file::ProofFile;
use ledger::tree::{Memory, prove};
use serde_json::json;

pub(crate) const ORIGIN: &str = "ledger.mihon.example";

/// A log in memory.
pub(crate) struct Log {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) tree: Memory,
}

impl Log {
    pub(crate) fn of(size: u64) -> Self {
        let entries: Vec<Vec<u8>> = (0..size).map(entry).collect();
        let tree = entries.iter().map(|entry| Hash::leaf(entry)).collect();
        Self { entries, tree }
    }

    /// The checkpoint of the first `size` entries.
    pub(crate) fn checkpoint(&self, size: u64) -> Checkpoint {
        let root = prove::root(self.tree.clone(), size).unwrap();
        Checkpoint::new(ORIGIN, size, root).unwrap()
    }

    /// The signed checkpoint of the first `size` entries.
    pub(crate) fn signed(&self, size: u64) -> Note {
        self.checkpoint(size)
            .sign([&key(Algorithm::Ed25519), &key(Algorithm::MlDsa44)], at())
    }

    /// The proof of an entry under a checkpoint.
    pub(crate) fn proof(&self, index: u64, note: &Note) -> ProofFile {
        let size = Checkpoint::parse(note.text()).unwrap().size();
        let path = prove::inclusion(self.tree.clone(), index, size).unwrap();
        ProofFile {
            extra: None,
            index,
            path,
            checkpoint: note.to_string(),
        }
    }
}

/// A key of the log.
pub(crate) fn key(algorithm: Algorithm) -> SigningKey {
    SigningKey::from_seed(ORIGIN, algorithm, &[1; 32]).unwrap()
}

/// A key of a witness.
pub(crate) fn witness(name: &str, algorithm: Algorithm) -> SigningKey {
    let mut seed = [2; 32];
    for (to, from) in seed.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    SigningKey::from_seed(name, algorithm, &seed).unwrap()
}

pub(crate) fn at() -> Timestamp {
    "2026-11-25T07:00:00Z".parse().unwrap()
}

pub(crate) fn body(number: u64) -> Body {
    let fields = [
        ("register", json!("asset")),
        ("key", json!(format!("A-{number}"))),
        ("reason", json!("年度更新")),
        ("document.name", json!("庁内ファイルサーバー")),
        ("document.count", json!(number)),
    ];
    Body {
        secret: [9; 32],
        fields: fields.map(|(name, value)| (name.to_owned(), value)).to_vec(),
    }
}

fn entry(number: u64) -> Vec<u8> {
    let entry = Entry {
        seq: number,
        at: at() + SignedDuration::from_secs(number as i64),
        kind: "entry.put".to_owned(),
        actor: Some(format!("p{}", number % 7)),
        subjects: vec![format!("s{number}")],
        clauses: vec!["6.3.1".to_owned()],
        commit: if number.is_multiple_of(100) {
            body(number).root().unwrap()
        } else {
            Hash::EMPTY
        },
        policy: Some("2026-04-01".to_owned()),
    };
    entry.to_bytes().unwrap()
}
