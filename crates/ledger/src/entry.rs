//! The ledger entry: what stays for ever, and therefore says as little as it can.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Hash;
use crate::json::LARGEST_WHOLE;

/// The version of the format that is written and read.
const VERSION: u8 = 1;

/// The bytes that a bundle has room for (tlog-tiles, log entries).
pub const LONGEST: usize = 65_535;

/// The characters of one word.
const LONGEST_WORD: usize = 200;

/// One entry of the ledger.
///
/// All words are codes in printable ASCII without blanks: there is no room for a name or a sentence. Whatever could tell
/// something about a person is in the [`body`](crate::body), which can be erased.
///
/// ```
/// use ledger::{Hash, entry::Entry};
///
/// let entry = Entry {
///     seq: 0,
///     at: "2026-04-01T00:00:00Z".parse()?,
///     kind: "entry.put".to_owned(),
///     actor: None,
///     subjects: vec!["9f2c".to_owned()],
///     clauses: vec!["6.3.1".to_owned()],
///     commit: Hash::EMPTY,
///     policy: None,
/// };
/// let bytes = entry.to_bytes()?;
/// assert!(bytes.starts_with(br#"{"at":"2026-04-01T00:00:00Z","clauses":["6.3.1"],"commit":{"alg":"sha256","root":""#));
/// assert_eq!(Entry::parse(&bytes)?, entry);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its index in the log.
    pub seq: u64,
    /// When it was written, by the sequencer's clock, which never goes back.
    pub at: Timestamp,
    /// What kind of act: `entry.put`. A stable word, the same for every city.
    pub kind: String,
    /// The pseudonym of the person who acted; `None` where the program acted by itself.
    pub actor: Option<String>,
    /// What it is about, as random references.
    pub subjects: Vec<String>,
    /// The clauses of the policy that it serves.
    pub clauses: Vec<String>,
    /// [`Body::root`](crate::body::Body::root).
    pub commit: Hash,
    /// The version of the policy in force.
    pub policy: Option<String>,
}

/// Why there is no such ledger entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// More bytes than a bundle has room for.
    #[error("a ledger entry has at most 65535 bytes")]
    TooLong,
    /// A word that is no code.
    #[error("a word of a ledger entry has 1 to 200 characters of printable ASCII without blanks")]
    Word,
    /// A sequence number that JSON cannot hold exactly.
    #[error("the sequence number of a ledger entry is at most 9007199254740991")]
    Number,
    /// The bytes are not what an entry of version 1 is written as, to the byte.
    #[error("not a ledger entry in canonical form")]
    Form,
}

impl Entry {
    /// The bytes of the leaf: canonical JSON (RFC 8785).
    ///
    /// # Errors
    /// A word is no code, the number is too large, or the whole is longer than [`LONGEST`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryFault> {
        if !self.words().all(is_word) {
            return Err(EntryFault::Word);
        }
        if self.seq > LARGEST_WHOLE {
            return Err(EntryFault::Number);
        }
        let bytes = serde_json::to_vec(&self.written()).map_err(|_| EntryFault::Form)?;
        if bytes.len() > LONGEST {
            Err(EntryFault::TooLong)
        } else {
            Ok(bytes)
        }
    }

    /// Reads what [`Entry::to_bytes`] wrote, and nothing else: an entry has exactly one text.
    ///
    /// # Errors
    /// The bytes are too many, or not those of an entry.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryFault> {
        if bytes.len() > LONGEST {
            return Err(EntryFault::TooLong);
        }
        let written: Written<'_, String> = serde_json::from_slice(bytes).map_err(|_| EntryFault::Form)?;
        if written.v != VERSION || written.commit.alg != ALGORITHM {
            return Err(EntryFault::Form);
        }
        let entry = Self {
            seq: written.seq,
            at: written.at,
            kind: written.kind,
            actor: written.actor,
            subjects: written.subjects,
            clauses: written.clauses,
            commit: written.commit.root,
            policy: written.policy,
        };
        if entry.to_bytes()? == bytes {
            Ok(entry)
        } else {
            Err(EntryFault::Form)
        }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        let lists = self.subjects.iter().chain(&self.clauses);
        let one = std::iter::once(&self.kind).chain(&self.actor).chain(&self.policy);
        one.chain(lists).map(String::as_str)
    }

    fn written(&self) -> Written<'_, &str> {
        Written {
            actor: self.actor.as_deref(),
            at: self.at,
            clauses: self.clauses.iter().map(String::as_str).collect(),
            commit: Commit {
                alg: ALGORITHM,
                root: self.commit,
            },
            policy: self.policy.as_deref(),
            seq: self.seq,
            subjects: self.subjects.iter().map(String::as_str).collect(),
            kind: &self.kind,
            v: VERSION,
        }
    }
}

const ALGORITHM: &str = "sha256";

/// An entry as JSON.
// INVARIANT: the members stand in the order of their names, and hold words, times and whole numbers only: what serde_json
// writes for them is what JCS writes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a, S> {
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<S>,
    at: Timestamp,
    clauses: Vec<S>,
    #[serde(borrow)]
    commit: Commit<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<S>,
    seq: u64,
    subjects: Vec<S>,
    #[serde(rename = "type")]
    kind: S,
    v: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Commit<'a> {
    alg: &'a str,
    root: Hash,
}

/// Whether a word is a code.
fn is_word(word: &str) -> bool {
    (1..=LONGEST_WORD).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries() -> impl Strategy<Value = Entry> {
        let word = || "[!-~]{1,200}";
        let words = || prop::collection::vec("[!-~]{1,30}", 0..4);
        let numbers = (0..=LARGEST_WHOLE, 0i64..4_000_000_000_000_000);
        (
            numbers,
            word(),
            prop::option::of(word()),
            words(),
            words(),
            any::<[u8; 32]>(),
            prop::option::of(word()),
        )
            .prop_map(|((seq, at), kind, actor, subjects, clauses, commit, policy)| Entry {
                seq,
                at: Timestamp::from_microsecond(at).unwrap(),
                kind,
                actor,
                subjects,
                clauses,
                commit: Hash(commit),
                policy,
            })
    }

    proptest! {
        #[test]
        fn an_entry_is_canonical_json_and_reads_back(entry in entries()) {
            let bytes = entry.to_bytes().unwrap();
            let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(&serde_json_canonicalizer::to_vec(&value).unwrap(), &bytes);
            prop_assert_eq!(Entry::parse(&bytes), Ok(entry));
        }

        #[test]
        fn bytes_that_somebody_else_wrote_are_refused_or_read_back_to_the_byte(bytes in any::<Vec<u8>>()) {
            if let Ok(entry) = Entry::parse(&bytes) {
                prop_assert_eq!(entry.to_bytes().unwrap(), bytes);
            }
        }
    }

    fn entry() -> Entry {
        Entry {
            seq: 4,
            at: "2026-11-25T07:00:00.123456Z".parse().unwrap(),
            kind: "entry.put".to_owned(),
            actor: Some("a-1".to_owned()),
            subjects: vec!["s".to_owned()],
            clauses: vec!["6.3.1".to_owned()],
            commit: Hash::EMPTY,
            policy: Some("2026-04-01".to_owned()),
        }
    }

    #[test]
    fn another_way_to_write_the_same_is_refused() {
        let text = String::from_utf8(entry().to_bytes().unwrap()).unwrap();
        assert_eq!(Entry::parse(text.as_bytes()), Ok(entry()));
        for (from, to) in [
            ("\"seq\":4", "\"seq\": 4"),
            ("\"seq\":4", "\"seq\":4.0"),
            ("\"seq\":4", "\"seq\":04"),
            ("07:00:00.123456Z", "16:00:00.123456+09:00"),
            ("07:00:00.123456Z", "07:00:00.123456000Z"),
            ("a-1", "\\u0061-1"),
            ("\"v\":1", "\"v\":2"),
            ("\"v\":1", "\"v\":1,\"w\":1"),
            ("\"v\":1", "\"v\":1,\"v\":1"),
            ("sha256", "sha512"),
            ("\"a-1\"", "null"),
            ("}", "}\n"),
        ] {
            let other = text.replacen(from, to, 1);
            assert_ne!(other, text, "{from}");
            assert_eq!(Entry::parse(other.as_bytes()), Err(EntryFault::Form), "{other}");
        }
    }

    #[test]
    fn there_is_no_room_for_a_name_or_a_sentence() {
        for word in ["", "山田", "two words", "line\n", &"x".repeat(201)] {
            let mut entry = entry();
            entry.subjects.push(word.to_owned());
            assert_eq!(entry.to_bytes(), Err(EntryFault::Word), "{word}");
        }
    }

    #[test]
    fn an_entry_that_no_bundle_could_hold_is_refused() {
        let mut entry = entry();
        entry.subjects = vec!["x".repeat(200); 400];
        assert_eq!(entry.to_bytes(), Err(EntryFault::TooLong));
        assert_eq!(Entry::parse(&[b' '; LONGEST + 1]), Err(EntryFault::TooLong));
    }
}
