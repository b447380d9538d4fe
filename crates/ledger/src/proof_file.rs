//! `.tlog-proof` files: one entry is in the log, checked without the log (C2SP tlog-proof).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Hash;
use crate::checkpoint::decimal;
use crate::note;
use crate::policy::{Accepted, Policy, Refusal};
use crate::tree::check::{self, ProofFault};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// The hashes of the longest proof there can be.
pub(crate) const MOST_HASHES: usize = 63;

/// A proof file, of which nothing is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Whatever the writer put beside the proof; nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// The index of the entry.
    pub index: u64,
    /// From the sibling of the leaf upwards.
    pub path: Vec<Hash>,
    /// The cosigned checkpoint, as the log published it.
    pub checkpoint: String,
}

/// Why a proof file proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFileFault {
    /// Not a proof file.
    #[error("not a proof file (`c2sp.org/tlog-proof@v1`)")]
    Form,
    /// The checkpoint is not acceptable.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The entry is not where the file says.
    #[error(transparent)]
    Proof(#[from] ProofFault),
}

impl ProofFileFault {
    /// The message in Japanese.
    #[must_use]
    pub fn ja(&self) -> String {
        match self {
            Self::Form => "証明ファイルの形式(c2sp.org/tlog-proof@v1)でない".to_owned(),
            Self::Refused(refusal) => refusal.ja(),
            Self::Proof(fault) => fault.ja().to_owned(),
        }
    }
}

impl ProofFile {
    /// Reads a proof file.
    ///
    /// # Errors
    /// The bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofFileFault> {
        Self::read(bytes).ok_or(ProofFileFault::Form)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > 2 * note::LONGEST {
            return None;
        }
        let (head, checkpoint) = str::from_utf8(bytes).ok()?.split_once("\n\n")?;
        let mut lines = head.split('\n').peekable();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let extra = match extra {
            Some(line) => Some(STANDARD.decode(line.strip_prefix("extra ")?).ok()?),
            None => None,
        };
        let index = decimal(lines.next()?.strip_prefix("index ")?)?;
        let path: Vec<Hash> = lines.map(str::parse).collect::<Result<_, _>>().ok()?;
        let fits = path.len() <= MOST_HASHES;
        fits.then(|| Self {
            extra,
            index,
            path,
            checkpoint: checkpoint.to_owned(),
        })
    }

    /// Checks that the entry whose leaf has this hash is in a log that the policy accepts, at the index that the file names.
    ///
    /// # Errors
    /// It is not proved.
    pub fn verify(&self, leaf: Hash, policy: &Policy) -> Result<Accepted, ProofFileFault> {
        let accepted = policy.open(self.checkpoint.as_bytes())?;
        let checkpoint = &accepted.checkpoint;
        check::inclusion(leaf, self.index, checkpoint.size(), &self.path, checkpoint.root())?;
        Ok(accepted)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
