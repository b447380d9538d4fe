//! The body of an `add-checkpoint` request.

use std::fmt;

use crate::Hash;
use crate::checkpoint::decimal;
use crate::note;

/// The lines that a proof may have.
const MOST_HASHES: usize = crate::proof_file::MOST_HASHES;

/// A checkpoint is offered to a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The size that the witness cosigned last, as far as the log knows.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: String,
}

/// A body that is no such request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an add-checkpoint request")]
pub struct NotARequest;

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// It is not written as one, or has more than 63 proof lines.
    pub fn parse(body: &[u8]) -> Result<Self, NotARequest> {
        if body.len() > 2 * note::LONGEST {
            return Err(NotARequest);
        }
        let body = str::from_utf8(body).map_err(|_| NotARequest)?;
        let (head, checkpoint) = body.split_once("\n\n").ok_or(NotARequest)?;
        let mut lines = head.split('\n');
        let old = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(decimal);
        let proof: Vec<Hash> = lines
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| NotARequest)?;
        if proof.len() > MOST_HASHES {
            return Err(NotARequest);
        }
        Ok(Self {
            old: old.ok_or(NotARequest)?,
            proof,
            checkpoint: checkpoint.to_owned(),
        })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
