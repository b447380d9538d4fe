//! Signed notes: a text, a blank line, and one line a signature (C2SP signed-note).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::Checkpoint;
use crate::key::VerifierKey;

/// The bytes of the longest note that is read. Sixteen post-quantum signatures need less than 80 kB.
pub const LONGEST: usize = 1_000_000;

/// The signatures of a note that are read; the specification asks for at least 16.
pub const MOST_SIGNATURES: usize = 100;

const DASH: &str = "\u{2014} ";

/// A text with the signatures below it, none of which is checked yet.
///
/// INVARIANT: the text ends in a newline and holds no control character but newlines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// A signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The first bytes of a hash over the key, to tell keys of one name apart.
    pub id: [u8; 4],
    /// The signature itself.
    pub bytes: Vec<u8>,
}

/// Why bytes are no note, or a note is not signed as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    /// Longer than anything that is read.
    #[error("the note is longer than 1000000 bytes or has more than 100 signatures")]
    TooLong,
    /// Bytes that a note cannot have.
    #[error("the note is not UTF-8 or holds control characters")]
    Text,
    /// The signatures are missing or are not written as signatures are.
    #[error("the note has no signatures, or a line below the text is not a signature")]
    Signatures,
    /// A key that we trust did not make the signature in its name.
    #[error("the signature of `{0}` is wrong")]
    Wrong(String),
    /// Nobody whom we trust has signed.
    #[error("no known key has signed the note")]
    Unsigned,
}

impl NoteFault {
    /// The message in Japanese.
    #[must_use]
    pub fn ja(&self) -> String {
        match self {
            Self::TooLong => "署名付き文書が長すぎるか、署名が多すぎる(1,000,000バイト、100署名まで)".to_owned(),
            Self::Text => "署名付き文書がUTF-8でないか、制御文字を含んでいる".to_owned(),
            Self::Signatures => "署名がないか、署名の行の書き方が正しくない".to_owned(),
            Self::Wrong(name) => format!("「{name}」の署名が正しくない"),
            Self::Unsigned => "登録されている鍵による署名がない".to_owned(),
        }
    }
}

/// A signature that a known key made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal<'k> {
    /// Whose.
    pub key: &'k VerifierKey,
    /// The POSIX time that a cosignature states, in seconds.
    pub time: Option<u64>,
}

impl Note {
    /// A checkpoint with signatures; the text of a checkpoint is always that of a note.
    pub(crate) fn of_checkpoint(checkpoint: &Checkpoint, signatures: Vec<Signature>) -> Self {
        Self {
            text: checkpoint.to_string(),
            signatures,
        }
    }

    /// Reads a note. No signature is checked.
    ///
    /// # Errors
    /// The bytes are no note.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteFault> {
        if bytes.len() > LONGEST {
            return Err(NoteFault::TooLong);
        }
        let whole = str::from_utf8(bytes).map_err(|_| NoteFault::Text)?;
        if has_control(whole) {
            return Err(NoteFault::Text);
        }
        let at = whole.rfind("\n\n").ok_or(NoteFault::Signatures)?;
        let (text, below) = whole
            .split_at_checked(at.saturating_add(1))
            .ok_or(NoteFault::Signatures)?;
        let below = below.strip_prefix('\n').ok_or(NoteFault::Signatures)?;
        Ok(Self {
            text: text.to_owned(),
            signatures: signatures(below)?,
        })
    }

    /// What is signed, the newline at its end included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, whoever made them.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The text without signatures.
    pub(crate) fn bare(&self) -> Self {
        Self {
            text: self.text.clone(),
            signatures: Vec::new(),
        }
    }

    /// Adds signatures, each once.
    pub fn add(&mut self, signatures: impl IntoIterator<Item = Signature>) {
        for signature in signatures {
            if !self.signatures.contains(&signature) {
                self.signatures.push(signature);
            }
        }
    }

    /// The signatures of known keys, each key at most once. Those of unknown keys are passed over; a wrong one in the name
    /// of a known key makes the note worthless.
    ///
    /// # Errors
    /// A known key did not make its signature, or no known key has signed.
    pub fn seals<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey> + Clone,
    ) -> Result<Vec<Seal<'k>>, NoteFault> {
        let mut seals: Vec<Seal<'k>> = Vec::new();
        for signature in &self.signatures {
            let mut known = keys
                .clone()
                .into_iter()
                .filter(|key| key.is_named(signature))
                .peekable();
            if known.peek().is_none() {
                continue;
            }
            let seal = known.find_map(|key| key.verify(&self.text, &signature.bytes).map(|time| Seal { key, time }));
            let seal = seal.ok_or_else(|| NoteFault::Wrong(signature.name.clone()))?;
            if !seals.iter().any(|other| other.key == seal.key) {
                seals.push(seal);
            }
        }
        if seals.is_empty() {
            Err(NoteFault::Unsigned)
        } else {
            Ok(seals)
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id, self.bytes.as_slice()].concat();
        write!(f, "{DASH}{} {}", self.name, STANDARD.encode(bytes))
    }
}

/// Reads signature lines, each with the newline at its end, as witnesses answer with them.
///
/// # Errors
/// There is none, there are too many, or a line is no signature.
pub fn signatures(lines: &str) -> Result<Vec<Signature>, NoteFault> {
    let lines = lines.strip_suffix('\n').ok_or(NoteFault::Signatures)?;
    if lines.split('\n').count() > MOST_SIGNATURES {
        return Err(NoteFault::TooLong);
    }
    lines
        .split('\n')
        .map(|line| signature(line).ok_or(NoteFault::Signatures))
        .collect()
}

fn signature(line: &str) -> Option<Signature> {
    let (name, base64) = line.strip_prefix(DASH)?.split_once(' ')?;
    let bytes = STANDARD.decode(base64).ok()?;
    let (id, bytes) = bytes.split_first_chunk()?;
    let fits = is_name(name) && !bytes.is_empty();
    fits.then(|| Signature {
        name: name.to_owned(),
        id: *id,
        bytes: bytes.to_vec(),
    })
}

/// Whether a text can name a key: 1 to 255 bytes without spaces, plus signs and control characters.
pub(crate) fn is_name(name: &str) -> bool {
    let unfit = |c: char| c.is_whitespace() || c == '+' || c.is_control();
    (1..=255).contains(&name.len()) && !name.contains(unfit)
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}
