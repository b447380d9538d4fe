//! Selective disclosure: some fields of an act are shown with their proof, the others stay closed.
//!
//! A disclosure is one JSON file, which its reader checks with nothing but the trust policy: the fields and the hashes
//! beside them lead to the commitment of the ledger entry, and the entry is in the log.
//!
//! What is proved is that the shown fields stand in the body at their places. The number of fields that stay closed is
//! what the writer says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::Hash;
use crate::body::{Body, NotCanonical, field_hash};
use crate::entry::{Entry, EntryFault};
use crate::policy::{Accepted, Policy};
use crate::proof_file::{ProofFile, ProofFileFault};

/// The fields that a body can have.
pub const MOST_FIELDS: usize = 1 << 20;

/// A disclosure file, of which nothing is checked yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    format: Format,
    /// The ledger entry, as its leaf has it.
    pub entry: String,
    /// What is shown of its body.
    #[serde(rename = "body")]
    pub opening: Opening,
    /// A `.tlog-proof` of the entry.
    pub proof: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "sanmon-disclosure@v1")]
    V1,
}

/// Some fields of a body, and the hashes of what stays closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// How many fields the body has, those that stay closed included.
    pub count: usize,
    /// The fields that are shown, in the order of their places.
    pub fields: Vec<Opened>,
    /// The roots of the parts of the body without a shown field, from left to right.
    pub siblings: Vec<Hash>,
}

/// A field that is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its place in the body.
    pub index: usize,
    /// The salt of its hash.
    #[serde(serialize_with = "write_salt", deserialize_with = "read_salt")]
    pub salt: [u8; 16],
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
}

/// Why a disclosure proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureFault {
    /// Not a disclosure file.
    #[error("not a disclosure file (`sanmon-disclosure@v1`)")]
    Form,
    /// The entry is none.
    #[error(transparent)]
    Entry(#[from] EntryFault),
    /// Places that do not exist, stand twice or are out of order, or too many or too few hashes.
    #[error("the fields and hashes do not form a body")]
    Shape,
    /// A value that nothing can commit to.
    #[error(transparent)]
    Value(#[from] NotCanonical),
    /// The fields are not those that the entry commits to.
    #[error("the fields are not those that the ledger entry commits to")]
    Commitment,
    /// The proof is about another entry.
    #[error("the proof is about another ledger entry")]
    Other,
    /// The entry is not proved to be in the log.
    #[error(transparent)]
    Proof(#[from] ProofFileFault),
}

impl DisclosureFault {
    /// The message in Japanese.
    #[must_use]
    pub fn ja(&self) -> String {
        match self {
            Self::Form => "開示ファイルの形式(sanmon-disclosure@v1)でない".to_owned(),
            Self::Entry(_) => "証跡の記録が正規の形式でない".to_owned(),
            Self::Shape => "開示された項目とハッシュの組合せが正しくない".to_owned(),
            Self::Value(_) => "正規の形式で書き表せない値が含まれている".to_owned(),
            Self::Commitment => "開示された項目が証跡の記録と一致しない".to_owned(),
            Self::Other => "証明が別の記録に関するものである".to_owned(),
            Self::Proof(fault) => fault.ja(),
        }
    }
}

/// What a disclosure has shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The ledger entry.
    pub entry: Entry,
    /// Names and values of the fields.
    pub fields: Vec<(String, Value)>,
    /// The checkpoint that vouches for the entry.
    pub accepted: Accepted,
}

impl Body {
    /// Opens the fields at these places; the order does not matter.
    ///
    /// # Errors
    /// A place does not exist, or a value has no canonical form.
    pub fn open(&self, places: &[usize]) -> Result<Opening, DisclosureFault> {
        let mut places = places.to_vec();
        places.sort_unstable();
        places.dedup();
        let fields = places.iter().map(|index| {
            let (name, value) = self.fields.get(*index).ok_or(DisclosureFault::Shape)?;
            Ok(Opened {
                index: *index,
                salt: self.salt(*index),
                name: name.clone(),
                value: value.clone(),
            })
        });
        let fields = fields.collect::<Result<_, DisclosureFault>>()?;
        let leaves = self.leaves()?;
        let mut siblings = Vec::new();
        close(&leaves, 0, &places, &mut siblings);
        Ok(Opening {
            count: leaves.len(),
            fields,
            siblings,
        })
    }
}

/// Collects the roots of the parts of `leaves`, the first of which has the place `start`, that hold none of `places`.
fn close(leaves: &[Hash], start: usize, places: &[usize], siblings: &mut Vec<Hash>) {
    if leaves.is_empty() || (leaves.len() == 1 && !places.is_empty()) {
        return;
    }
    if places.is_empty() {
        siblings.push(leaves.iter().copied().collect::<crate::tree::Edge>().root());
        return;
    }
    let half = leaves.len().next_power_of_two() / 2;
    let middle = start.saturating_add(half);
    let (left, right) = places.split_at(places.partition_point(|place| *place < middle));
    let (first, second) = leaves.split_at(half);
    close(first, start, left, siblings);
    close(second, middle, right, siblings);
}

impl Opening {
    /// The commitment that the fields and hashes lead to.
    ///
    /// # Errors
    /// They are not those of a body.
    pub fn root(&self) -> Result<Hash, DisclosureFault> {
        let ascending = self
            .fields
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.index < b.index));
        let last = self.fields.last().map_or(0, |field| field.index.saturating_add(1));
        if !ascending || last > self.count || self.count > MOST_FIELDS {
            return Err(DisclosureFault::Shape);
        }
        let mut siblings = self.siblings.iter().copied();
        let root = match self.count {
            0 => Hash::EMPTY,
            count => climb(&self.fields, 0, count, &mut siblings)?,
        };
        if siblings.next().is_some() {
            Err(DisclosureFault::Shape)
        } else {
            Ok(root)
        }
    }
}

/// The root over `count` fields from the place `start` on, of which `shown` are known.
fn climb(
    shown: &[Opened],
    start: usize,
    count: usize,
    siblings: &mut impl Iterator<Item = Hash>,
) -> Result<Hash, DisclosureFault> {
    match shown {
        [] => siblings.next().ok_or(DisclosureFault::Shape),
        [field] if count == 1 => Ok(field_hash(&field.salt, &field.name, &field.value)?),
        _ => {
            let half = count.next_power_of_two() / 2;
            let middle = start.saturating_add(half);
            let (left, right) = shown.split_at(shown.partition_point(|field| field.index < middle));
            let left = climb(left, start, half, siblings)?;
            let right = climb(right, middle, count.saturating_sub(half), siblings)?;
            Ok(Hash::node(left, right))
        }
    }
}

impl Disclosure {
    /// A disclosure of an entry, given as the bytes of its leaf.
    ///
    /// # Errors
    /// The bytes are no entry.
    pub fn new(entry: &[u8], opening: Opening, proof: &ProofFile) -> Result<Self, EntryFault> {
        Entry::parse(entry)?;
        let entry = String::from_utf8(entry.to_vec()).map_err(|_| EntryFault::Form)?;
        Ok(Self {
            format: Format::V1,
            entry,
            opening,
            proof: proof.to_string(),
        })
    }

    /// Reads a disclosure file.
    ///
    /// # Errors
    /// The bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, DisclosureFault> {
        serde_json::from_slice(bytes).map_err(|_| DisclosureFault::Form)
    }

    /// The file.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, whole numbers and values that were JSON before: nothing here can fail to be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Checks everything: the fields against the entry, the entry against the log, the log against the policy.
    ///
    /// # Errors
    /// The first thing that is not as it must be.
    pub fn verify(&self, policy: &Policy) -> Result<Shown, DisclosureFault> {
        let entry = Entry::parse(self.entry.as_bytes())?;
        if self.opening.root()? != entry.commit {
            return Err(DisclosureFault::Commitment);
        }
        let proof = ProofFile::parse(self.proof.as_bytes())?;
        if proof.index != entry.seq {
            return Err(DisclosureFault::Other);
        }
        let accepted = proof.verify(Hash::leaf(self.entry.as_bytes()), policy)?;
        let fields = self
            .opening
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.value.clone()))
            .collect();
        Ok(Shown {
            entry,
            fields,
            accepted,
        })
    }
}

fn write_salt<S: Serializer>(salt: &[u8; 16], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(salt))
}

fn read_salt<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 16], D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD.decode(text).map_err(serde::de::Error::custom)?;
    bytes
        .as_slice()
        .try_into()
        .map_err(|_| serde::de::Error::custom("a salt has 16 bytes"))
}
