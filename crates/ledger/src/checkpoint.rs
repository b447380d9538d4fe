//! Checkpoints: what a log says of itself, in three lines (C2SP tlog-checkpoint).

use std::fmt;

use jiff::Timestamp;

use crate::Hash;
use crate::key::SigningKey;
use crate::note::Note;

/// The bytes of the longest origin: a cosignature has room for no more.
const LONGEST_ORIGIN: usize = 255;

/// Which log, how many entries, and the root over them.
///
/// ```
/// use ledger::checkpoint::Checkpoint;
/// use ledger::key::{Algorithm, SigningKey};
///
/// let key = SigningKey::from_seed("ledger.mihon.example", Algorithm::Ed25519, &[7; 32])?;
/// let checkpoint = Checkpoint::new("ledger.mihon.example", 0, ledger::Hash::EMPTY)?;
/// let note = checkpoint.sign([&key], "2026-04-01T00:00:00Z".parse()?);
/// assert_eq!(note.seals([key.verifier()])?.len(), 1);
/// assert_eq!(Checkpoint::parse(note.text())?, checkpoint);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// A text that is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a checkpoint: origin, size and root on a line each")]
pub struct NotACheckpoint;

impl NotACheckpoint {
    /// The message in Japanese.
    #[must_use]
    pub const fn ja(self) -> &'static str {
        "チェックポイントの形式(発行元、件数及び根を1行ずつ)でない"
    }
}

impl Checkpoint {
    /// A checkpoint of the log `origin`.
    ///
    /// # Errors
    /// The origin is empty, longer than 255 bytes or holds control characters.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, NotACheckpoint> {
        let fits = (1..=LONGEST_ORIGIN).contains(&origin.len()) && !origin.contains(|c: char| c.is_control());
        if !fits {
            return Err(NotACheckpoint);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// Reads the text of a note.
    ///
    /// # Errors
    /// It is not that of a checkpoint.
    pub fn parse(text: &str) -> Result<Self, NotACheckpoint> {
        let mut lines = text.strip_suffix('\n').ok_or(NotACheckpoint)?.split('\n');
        let mut line = || lines.next().ok_or(NotACheckpoint);
        let (origin, size, root) = (line()?, line()?, line()?);
        let size = decimal(size).ok_or(NotACheckpoint)?;
        let root = root.parse().map_err(|_| NotACheckpoint)?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions
            .iter()
            .any(|line| line.is_empty() || line.contains(|c: char| c.is_control()))
        {
            return Err(NotACheckpoint);
        }
        Ok(Self {
            extensions,
            ..Self::new(origin, size, root)?
        })
    }

    /// Which log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many entries.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over them.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Further lines; ours have none, since not every signature covers them.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The checkpoint as a note with the signatures of these keys.
    #[must_use]
    pub fn sign<'k>(&self, keys: impl IntoIterator<Item = &'k SigningKey>, at: Timestamp) -> Note {
        let signatures = keys.into_iter().map(|key| key.sign(self, seconds(at))).collect();
        Note::of_checkpoint(self, signatures)
    }
}

/// As the text of a note.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A number as C2SP formats write it: ASCII digits without leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A moment in POSIX seconds; 0 before 1970.
pub(crate) fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_second()).unwrap_or(0)
}
