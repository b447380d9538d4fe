//! The side of the log: a checkpoint is offered to a witness, and its answer read.

use crate::checkpoint::{Checkpoint, decimal};
use crate::key::VerifierKey;
use crate::note::{self, Note, NoteFault, Signature};
use crate::tree::HashSource;
use crate::tree::prove::{self, ProveFault};
use crate::witness::Request;

/// What a witness answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It cosigned: its signatures, to be added to the checkpoint.
    Cosigned(Vec<Signature>),
    /// It remembers another size: ask again with a proof from there.
    Remembers(u64),
    /// It remembers a larger tree than this checkpoint. Either the checkpoint is old, or this log was rolled back or its
    /// key signed elsewhere: somebody has to look.
    Ahead(u64),
    /// It does not want this checkpoint: the status code.
    Refused(u16),
    /// It says that it cosigned, and its signature is missing or wrong.
    Worthless(NoteFault),
}

/// The request that offers a signed checkpoint to a witness that remembers the size `old`; 0 to ask a new one.
///
/// # Errors
/// The proof cannot be made.
pub fn request<S: HashSource>(
    source: S,
    old: u64,
    checkpoint: &Checkpoint,
    note: &Note,
) -> Result<Request, ProveFault<S::Error>> {
    let proof = prove::consistency(source, old, checkpoint.size())?;
    Ok(Request {
        old,
        proof,
        checkpoint: note.to_string(),
    })
}

/// Reads the answer of a witness with these keys to the offer of `note`, whose checkpoint has `size` entries.
#[must_use]
pub fn outcome(status: u16, body: &[u8], size: u64, note: &Note, keys: &[VerifierKey]) -> Outcome {
    match status {
        200 => match cosignatures(body, note, keys) {
            Ok(signatures) => Outcome::Cosigned(signatures),
            Err(fault) => Outcome::Worthless(fault),
        },
        409 => match remembered(body) {
            Some(other) if other > size => Outcome::Ahead(other),
            Some(other) => Outcome::Remembers(other),
            None => Outcome::Refused(status),
        },
        _ => Outcome::Refused(status),
    }
}

/// The lines of an answer that are this witness's, each checked against the checkpoint.
fn cosignatures(body: &[u8], note: &Note, keys: &[VerifierKey]) -> Result<Vec<Signature>, NoteFault> {
    let lines = str::from_utf8(body).map_err(|_| NoteFault::Text)?;
    let mut answered = note.bare();
    answered.add(note::signatures(lines)?);
    answered.seals(keys)?;
    let own = answered
        .signatures()
        .iter()
        .filter(|signature| keys.iter().any(|key| key.is_named(signature)));
    Ok(own.cloned().collect())
}

fn remembered(body: &[u8]) -> Option<u64> {
    decimal(str::from_utf8(body).ok()?.strip_suffix('\n')?)
}
