//! What one asks the sequencer to do, and what comes back.

use jiff::Timestamp;
use serde_json::Value as Json;

/// The class of records that are kept for as long as the ledger is.
pub const PERMANENT: &str = "permanent";

/// One thing that somebody did: everything in it happens, or nothing.
///
/// An act makes one ledger entry for each record it changes, or a single one where it changes none, so that every version
/// of every record is proved on its own. The entries hold kind, clauses and random references; what is personal is in
/// their bodies, which the entries only commit to.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// A stable word, the same for every city: `entry.put`, `sign-in.refused`. It stands in the ledger for ever.
    pub kind: String,
    /// The person who acts, by key; the ledger knows a pseudonym. `None` where the program itself acts.
    pub actor: Option<String>,
    /// The clauses of the policy that the act serves.
    pub clauses: Vec<String>,
    /// What changes, in order.
    pub changes: Vec<Change>,
    /// What else is committed to, by name: the reason, the request. Disclosed and erased with the first ledger entry.
    pub notes: Vec<(String, Json)>,
    /// How long its ledger entries are kept: a class of the city's retention rules.
    pub class: String,
    /// The policy that is in force from this act on (a hash or another name); `None` leaves it.
    pub policy: Option<String>,
}

impl Act {
    /// An act that changes nothing yet.
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            actor: None,
            clauses: Vec::new(),
            changes: Vec::new(),
            notes: Vec::new(),
            class: PERMANENT.to_owned(),
            policy: None,
        }
    }

    /// By this person.
    #[must_use]
    pub fn by(mut self, person: impl Into<String>) -> Self {
        self.actor = Some(person.into());
        self
    }

    /// With this change after those it has.
    #[must_use]
    pub fn with(mut self, change: impl Into<Change>) -> Self {
        self.changes.push(change.into());
        self
    }

    /// With this note.
    #[must_use]
    pub fn note(mut self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.notes.push((name.into(), value.into()));
        self
    }
}

/// One change within an act.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "almost every change is a put")]
pub enum Change {
    /// A new version of a record, the first one included.
    Put(Put),
    /// A record is no longer in use (廃止): its last version stays, nothing is deleted.
    Retire(Mark),
    /// A retired record is in use again.
    Restore(Mark),
    /// A secret is kept under a name; the value is sealed by the caller, is in no version and in no body.
    SetSecret {
        /// What kind of secret: `password`.
        scope: String,
        /// Whose.
        key: String,
        /// The sealed bytes.
        value: Vec<u8>,
    },
    /// A secret is forgotten; it is no fault if there is none.
    DropSecret {
        /// What kind of secret.
        scope: String,
        /// Whose.
        key: String,
    },
    /// The body of a ledger entry is erased (消去): its fields, its salts and the version row's contents. The entry itself,
    /// its hash and all proofs stay. The current version of a record in use cannot be erased: put another one first.
    Erase {
        /// The index of the ledger entry.
        leaf: u64,
    },
    /// The tie between a person and their pseudonym is erased: from then on nobody can tell who acted.
    Forget {
        /// The person's key.
        person: String,
    },
    /// A file that the object store holds is made known.
    Blob {
        /// SHA-256 of its bytes.
        hash: [u8; 32],
        /// Bytes.
        size: u64,
        /// Its media type.
        media: String,
    },
}

impl From<Put> for Change {
    fn from(put: Put) -> Self {
        Self::Put(put)
    }
}

/// A document to be stored, with what it is found by.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Put {
    /// The register or collection.
    pub register: String,
    /// Unique in the register.
    pub key: String,
    /// The version that the caller has seen.
    pub expected: Expected,
    /// An object; each of its properties is committed to on its own, so that it can be disclosed on its own.
    pub document: Json,
    /// What people call it.
    pub title: String,
    /// How the title is read (よみ); the title stands in where it is empty.
    pub reading: String,
    /// Which entries it refers to.
    pub references: Vec<Reference>,
    /// Values that no other entry of the register may have, by the name of the field: `("email", "a@example.jp")`.
    pub unique: Vec<(String, String)>,
    /// What lists sort and filter by: field and a key whose bytes sort as people expect. Give every field of the register,
    /// empty where the document has no value: an entry without the field is not in a list that is sorted by it.
    pub fields: Vec<(String, Vec<u8>)>,
    /// What the search looks in, as written; the store folds it.
    pub text: String,
}

/// What the caller believes to be stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expected {
    /// Nothing has this key.
    #[default]
    New,
    /// This version.
    Version(u64),
    /// Whatever is there, nothing included: for what only the program itself writes.
    Any,
}

/// A reference from a field to an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The field that refers.
    pub field: String,
    /// The register referred to.
    pub register: String,
    /// The key referred to.
    pub key: String,
}

/// A record as the caller has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The register or collection.
    pub register: String,
    /// The record's key.
    pub key: String,
    /// The version that the caller has seen.
    pub expected: Expected,
}

/// An act that is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The index of its first ledger entry.
    pub index: u64,
    /// How many ledger entries it made.
    pub count: u64,
    /// The version of each changed record, in the order of the changes that concern records.
    pub versions: Vec<u64>,
    /// When, as the ledger has it.
    pub at: Timestamp,
}
