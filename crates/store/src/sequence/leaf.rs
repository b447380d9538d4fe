//! What an act commits to: ledger entries and the bodies behind them.

use jiff::Timestamp;
use ledger::Hash;
use ledger::body::Body;
use ledger::entry::Entry;
use model::random::{self, Random};
use serde_json::{Map, Value as Json, json};

use super::state::{Held, Name, Other, State};
use crate::act::{Act, Receipt};
use crate::failure::Failure;
use crate::refused::Refused;
use crate::terms::{digest, hex};

/// The field that names a ledger entry whose body was erased, and repeats of it what its own body can no longer prove.
pub(crate) const ERASED: &str = "erased";

/// The field that says how long a ledger entry is kept.
pub(crate) const CLASS: &str = "class";

/// A row of `ledger_leaf`.
#[derive(Debug)]
pub(super) struct LeafRow {
    pub(super) index: u64,
    pub(super) entry: Vec<u8>,
    pub(super) hash: Hash,
    pub(super) class: String,
    pub(super) secret: [u8; 32],
    /// The fields of the body that are not those of a version, as JSON: `[["note.reason","…"]]`.
    pub(super) fields: Option<String>,
}

/// A row of `entry_version`.
#[derive(Debug)]
pub(super) struct VersionRow {
    pub(super) leaf: u64,
    pub(super) entry: u64,
    pub(super) version: u64,
    pub(super) title: String,
    pub(super) reading: String,
    pub(super) retired: bool,
    /// The act's first ledger entry, whose body holds its notes.
    pub(super) act: u64,
    pub(super) index_hash: [u8; 32],
    pub(super) document: String,
}

/// A new version of a record.
#[derive(Debug)]
pub(super) struct Version {
    entry: u64,
    subject: [u8; 16],
    /// The document, as it is stored.
    text: String,
    contents: Contents,
}

/// What a version commits to; the same whether it is about to be written or was read back.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) register: String,
    pub(crate) key: String,
    pub(crate) version: u64,
    pub(crate) title: String,
    pub(crate) reading: String,
    pub(crate) retired: bool,
    pub(crate) index_hash: [u8; 32],
    pub(crate) document: Map<String, Json>,
}

impl Contents {
    /// The fields of the body, each of which can be disclosed on its own.
    pub(crate) fn fields(self) -> Vec<(String, Json)> {
        let mut index = String::with_capacity(64);
        hex(&mut index, &self.index_hash);
        let mut fields = Vec::with_capacity(self.document.len() + 8);
        fields.push(("register".to_owned(), Json::from(self.register)));
        fields.push(("key".to_owned(), Json::from(self.key)));
        fields.push(("version".to_owned(), Json::from(self.version)));
        fields.push(("title".to_owned(), Json::from(self.title)));
        fields.push(("reading".to_owned(), Json::from(self.reading)));
        fields.push(("retired".to_owned(), Json::from(self.retired)));
        fields.push(("index".to_owned(), Json::from(index)));
        let properties = self.document.into_iter();
        fields.extend(properties.map(|(name, value)| (format!("document.{name}"), value)));
        fields
    }
}

impl Version {
    pub(super) fn new(name: &Name, held: &Held, document: Map<String, Json>, text: String) -> Self {
        let contents = Contents {
            register: name.0.clone(),
            key: name.1.clone(),
            version: held.version,
            title: held.title.clone(),
            reading: held.reading.clone(),
            retired: held.retired(),
            index_hash: digest(&held.terms.pack(), &held.search),
            document,
        };
        Self {
            entry: held.id,
            subject: held.subject,
            text,
            contents,
        }
    }

    fn row(&self, leaf: u64, act: u64) -> VersionRow {
        VersionRow {
            leaf,
            entry: self.entry,
            version: self.contents.version,
            title: self.contents.title.clone(),
            reading: self.contents.reading.clone(),
            retired: self.contents.retired,
            act,
            index_hash: self.contents.index_hash,
            document: self.text.clone(),
        }
    }
}

/// Appends the ledger entries of an act: one for each version, or a single one.
pub(super) fn append(
    state: &mut State,
    act: &Act,
    actor: Option<String>,
    at: Timestamp,
    versions: Vec<Version>,
    others: &[Other],
    random: &dyn Random,
) -> Result<Receipt, Refused> {
    let first = state.head.edge.size();
    let numbers: Vec<u64> = versions.iter().map(|version| version.contents.version).collect();
    let count = u64::try_from(versions.len()).unwrap_or(u64::MAX).max(1);
    let policy = act.policy.clone().or_else(|| state.head.policy.clone());
    let mut made = Vec::with_capacity(versions.len().max(1));
    let mut rows = Vec::with_capacity(versions.len());
    let mut versions = versions.into_iter();
    for index in first..first + count {
        let version = versions.next();
        let subject = version.as_ref().map(|version| subject_ref(version.subject));
        rows.extend(version.as_ref().map(|version| version.row(index, first)));
        let extra = extra_fields(act, others, index, (first, count));
        let stored = stored(&extra)?;
        let mut fields = version.map(|version| version.contents.fields()).unwrap_or_default();
        fields.push((CLASS.to_owned(), Json::from(act.class.as_str())));
        fields.extend(extra);
        let body = Body {
            secret: random::bytes(random),
            fields,
        };
        let entry = Entry {
            seq: index,
            at,
            kind: act.kind.clone(),
            actor: actor.clone(),
            subjects: subject.into_iter().collect(),
            clauses: act.clauses.clone(),
            commit: body
                .root()
                .map_err(|_| Refused::Malformed("a value has no canonical form"))?,
            policy: policy.clone(),
        };
        let entry = entry
            .to_bytes()
            .map_err(|_| Refused::Malformed("the ledger entry is too long"))?;
        made.push((index, entry, body.secret, stored));
    }
    // From here on nothing is refused.
    state.head.policy = policy;
    state.versions.extend(rows);
    for (index, entry, secret, fields) in made {
        let hash = Hash::leaf(&entry);
        state.push(hash);
        state.leaves.push(LeafRow {
            index,
            entry,
            hash,
            class: act.class.clone(),
            secret,
            fields,
        });
    }
    Ok(Receipt {
        index: first,
        count,
        versions: numbers,
        at,
    })
}

/// The random reference of an entry, as ledger entries name it.
pub(crate) fn subject_ref(subject: [u8; 16]) -> String {
    let mut text = String::with_capacity(32);
    hex(&mut text, &subject);
    text
}

/// The fields that a body has besides those of a version; notes and what changes besides records stand with the first.
fn extra_fields(act: &Act, others: &[Other], index: u64, (first, count): (u64, u64)) -> Vec<(String, Json)> {
    let mut fields = Vec::new();
    if count > 1 {
        fields.push(("act".to_owned(), json!({ "first": first, "count": count })));
    }
    if index != first {
        return fields;
    }
    fields.extend(others.iter().map(Other::field));
    fields.extend(
        act.notes
            .iter()
            .map(|(name, value)| (format!("note.{name}"), value.clone())),
    );
    fields
}

impl Other {
    /// What the ledger commits to: never a secret.
    fn field(&self) -> (String, Json) {
        match self {
            Self::Secret { scope, key, value } => (
                "secret".to_owned(),
                json!({ "scope": scope, "key": key, "set": value.is_some() }),
            ),
            Self::Erased {
                leaf, class, retired, ..
            } => (
                ERASED.to_owned(),
                json!({ "leaf": leaf, "class": class, "retired": retired }),
            ),
            Self::Forgotten { .. } => ("forgotten".to_owned(), json!(true)),
            Self::Blob { hash, size, media } => {
                let mut text = String::with_capacity(64);
                hex(&mut text, hash);
                (
                    "blob".to_owned(),
                    json!({ "sha256": text, "size": size, "media": media }),
                )
            }
        }
    }
}

fn stored(fields: &[(String, Json)]) -> Result<Option<String>, Refused> {
    if fields.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(fields)
        .map(Some)
        .map_err(|_| Refused::Malformed("a note is no JSON"))
}

/// The fields of a body as `ledger_leaf.fields` keeps them.
pub(crate) fn read_fields(stored: &str) -> Result<Vec<(String, Json)>, Failure> {
    serde_json::from_str(stored).map_err(|_| Failure::Damaged("the fields of a body".to_owned()))
}
