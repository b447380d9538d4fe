//! Witnesses: others who remember how large our log was, so that we cannot go back (C2SP tlog-witness).
//!
//! The hash tree alone shows that a log is consistent with itself; whoever holds the key could still write a second one.
//! Cities that cosign each other's checkpoints close that door. Both sides are here, without HTTP: [`Witness`] answers,
//! [`submit`] asks.

mod request;
pub mod submit;

use std::collections::BTreeMap;

use jiff::Timestamp;
pub use request::{NotARequest, Request};
use sha2::{Digest as _, Sha256};

use crate::Hash;
use crate::checkpoint::{Checkpoint, seconds};
use crate::key::{Algorithm, SigningKey, VerifierKey};
use crate::note::{Note, Seal};
use crate::tree::check;

/// A witness: its keys, and the logs that it watches.
#[derive(Debug)]
pub struct Witness {
    keys: Vec<SigningKey>,
    logs: BTreeMap<String, Vec<VerifierKey>>,
}

/// What a witness remembers of a log: the latest checkpoint that it cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The size of the tree.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// The note with the log's signatures and the witness's own.
    pub note: String,
}

/// The memory of a witness. A witness that forgets is worse than none: keep it safe, and never restore an older copy.
pub trait Memory {
    /// Why it cannot be read or written.
    type Error;

    /// What was last cosigned for the log of this origin.
    ///
    /// # Errors
    /// It cannot be read: then nothing is cosigned.
    fn latest(&mut self, origin: &str) -> Result<Option<Seen>, Self::Error>;

    /// Puts `new` in the place of `old`, durably, if `old` still stands there; else changes nothing and returns `false`.
    ///
    /// # Errors
    /// It cannot be written: then nothing is cosigned.
    fn replace(&mut self, origin: &str, old: Option<&Seen>, new: &Seen) -> Result<bool, Self::Error>;
}

/// What to answer over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// The media type of a 409, which tells the size that the witness remembers.
pub const SIZE_TYPE: &str = "text/x.tlog.size";

impl Answer {
    const fn text(status: u16, body: String) -> Self {
        Self {
            status,
            content_type: "text/plain; charset=utf-8",
            body,
        }
    }

    fn refused(status: u16, why: &str) -> Self {
        Self::text(status, format!("{why}\n"))
    }

    fn conflict(size: u64) -> Self {
        Self {
            status: 409,
            content_type: SIZE_TYPE,
            body: format!("{size}\n"),
        }
    }
}

impl Witness {
    /// A witness that cosigns with these keys. Keys for logs' own signatures are left out: they state no time.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = SigningKey>) -> Self {
        let cosigns = |key: &SigningKey| key.verifier().algorithm() != Algorithm::Ed25519;
        Self {
            keys: keys.into_iter().filter(cosigns).collect(),
            logs: BTreeMap::new(),
        }
    }

    /// Watches the log whose origin is the name of this key; further keys of one name are accepted beside the first.
    pub fn watch(&mut self, log: VerifierKey) {
        self.logs.entry(log.name().to_owned()).or_default().push(log);
    }

    /// Answers `POST <prefix>/add-checkpoint`.
    ///
    /// The memory is written before the answer is made, and only if nobody was faster: of two requests that race, one sees
    /// what the other left.
    ///
    /// # Errors
    /// The memory fails. Answer 500: nothing was cosigned.
    pub fn add_checkpoint<M: Memory>(&self, body: &[u8], memory: &mut M, at: Timestamp) -> Result<Answer, M::Error> {
        let offer = match self.offer(body) {
            Ok(offer) => offer,
            Err(answer) => return Ok(answer),
        };
        let origin = offer.checkpoint.origin();
        loop {
            let seen = memory.latest(origin)?;
            if let Err(answer) = offer.follows(seen.as_ref()) {
                return Ok(answer);
            }
            let (new, lines) = self.cosign(&offer, at);
            if memory.replace(origin, seen.as_ref(), &new)? {
                return Ok(Answer::text(200, lines));
            }
        }
    }

    /// Answers `GET <prefix>/<hex of SHA-256(origin)>/checkpoint`: the latest checkpoint that was cosigned.
    ///
    /// # Errors
    /// The memory fails.
    pub fn latest<M: Memory>(&self, origin_hash: &str, memory: &mut M) -> Result<Answer, M::Error> {
        let origin = self.logs.keys().find(|origin| self::origin_hash(origin) == origin_hash);
        let seen = match origin {
            Some(origin) => memory.latest(origin)?,
            None => None,
        };
        Ok(seen.map_or_else(
            || Answer::refused(404, "nothing cosigned"),
            |seen| Answer::text(200, seen.note),
        ))
    }

    /// Reads a request as far as it can be judged without the memory.
    fn offer(&self, body: &[u8]) -> Result<Offer, Answer> {
        let request = Request::parse(body).map_err(|fault| Answer::refused(400, &fault.to_string()))?;
        let bad = |_| Answer::refused(400, "not a signed checkpoint");
        let note =
            Note::parse(request.checkpoint.as_bytes()).map_err(|fault| Answer::refused(400, &fault.to_string()))?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(bad)?;
        let keys = self
            .logs
            .get(checkpoint.origin())
            .ok_or_else(|| Answer::refused(404, "unknown log"))?;
        let seals = note
            .seals(keys)
            .map_err(|fault| Answer::refused(403, &fault.to_string()))?;
        if request.old > checkpoint.size() {
            return Err(Answer::refused(400, "the old size is larger than the checkpoint"));
        }
        let signed = kept(&note, &seals);
        Ok(Offer {
            old: request.old,
            proof: request.proof,
            checkpoint,
            signed,
        })
    }

    /// The memory to be kept and the lines to be answered.
    fn cosign(&self, offer: &Offer, at: Timestamp) -> (Seen, String) {
        let signatures: Vec<_> = self
            .keys
            .iter()
            .map(|key| key.sign(&offer.checkpoint, seconds(at)))
            .collect();
        let lines = signatures.iter().map(|signature| format!("{signature}\n")).collect();
        let mut note = offer.signed.clone();
        note.add(signatures);
        let checkpoint = &offer.checkpoint;
        (
            Seen {
                size: checkpoint.size(),
                root: checkpoint.root(),
                note: note.to_string(),
            },
            lines,
        )
    }
}

/// A checkpoint that its log signed, with the proof that it follows the one of size `old`.
struct Offer {
    old: u64,
    proof: Vec<Hash>,
    checkpoint: Checkpoint,
    /// The checkpoint with the log's signatures alone.
    signed: Note,
}

impl Offer {
    /// Whether it follows what was seen.
    fn follows(&self, seen: Option<&Seen>) -> Result<(), Answer> {
        let (size, root) = seen.map_or((0, Hash::EMPTY), |seen| (seen.size, seen.root));
        if self.old != size {
            return Err(Answer::conflict(size));
        }
        if self.checkpoint.size() == 0 && self.checkpoint.root() != Hash::EMPTY {
            return Err(Answer::refused(422, "the root is not that of the empty tree"));
        }
        check::consistency(
            self.old,
            root,
            self.checkpoint.size(),
            self.checkpoint.root(),
            &self.proof,
        )
        .map_err(|fault| Answer::refused(422, &fault.to_string()))
    }
}

/// The note with the signatures that were checked: what strangers added is not passed on.
fn kept(note: &Note, seals: &[Seal<'_>]) -> Note {
    let known = note
        .signatures()
        .iter()
        .filter(|signature| seals.iter().any(|seal| seal.key.is_named(signature)));
    let mut kept = note.bare();
    kept.add(known.cloned());
    kept
}

/// How the origin of a log is written in addresses: SHA-256 in lower-case hex.
#[must_use]
pub fn origin_hash(origin: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(origin).into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
