//! A log as one file that needs none of our programs: `ledger-FY2026.tar`, for the archive, the auditor, the council.
//!
//! ```text
//! ledger-FY2026/README.ja.md, README.en.md    what this is and how to verify it
//! ledger-FY2026/log/checkpoint                the signed checkpoint
//! ledger-FY2026/log/tile/…                    tiles and entry bundles, as tlog-tiles names them
//! ledger-FY2026/keys/*.vkey, *.pem            the public keys of the log; compare them with those known from elsewhere
//! ledger-FY2026/policy.txt                    the trust policy (tlog-policy)
//! ledger-FY2026/verify.go, verify.py          short programs over implementations that are not ours
//! ledger-FY2026/attachments/…                 what the caller adds: time-stamp tokens
//! ```
//!
//! The keys stand beside the log and not in it: a key that comes with what it verifies proves nothing.

mod readme;
mod tar;

use std::io::{self, Write};

use jiff::Timestamp;

use crate::checkpoint::Checkpoint;
use crate::key::VerifierKey;
use crate::note::Note;
use crate::tile::{Cutter, Kind, Piece};
use crate::verify::Difference;
use tar::Tar;

/// What goes into the file beside the entries.
#[derive(Debug, Clone)]
pub struct Export<'a> {
    /// The name of the folder within the file: letters, digits, `-` and `.` (`ledger-FY2026`).
    pub folder: &'a str,
    /// The signed checkpoint up to which the log is exported.
    pub note: &'a Note,
    /// The public keys of the log.
    pub keys: &'a [VerifierKey],
    /// The trust policy.
    pub policy: &'a str,
    /// Bundles that lie wholly before this index are left out: earlier exports have them. Tiles are never left out.
    pub from: u64,
    /// Further files: name and bytes.
    pub attachments: &'a [(String, Vec<u8>)],
    /// The time that the files bear.
    pub at: Timestamp,
}

/// Why there is no export. What was written until then is worthless.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault<E> {
    /// A name or a checkpoint that cannot stand in the file.
    #[error("the folder, an attachment or the checkpoint cannot be exported")]
    Form,
    /// The entries are not those of the checkpoint.
    #[error(transparent)]
    Differs(#[from] Difference),
    /// An entry could not be read.
    #[error("{0}")]
    Entries(E),
    /// The file could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

impl Export<'_> {
    /// Writes the file. `entries` are the bytes of all entries, from the first to the last of the checkpoint; they are
    /// verified against it on the way, so that an export that is complete is also right.
    ///
    /// # Errors
    /// An entry cannot be read, the entries are not those of the checkpoint, or the file cannot be written.
    pub fn write<W: Write, E>(
        &self,
        out: W,
        entries: impl IntoIterator<Item = Result<Vec<u8>, E>>,
    ) -> Result<(), ExportFault<E>> {
        let checkpoint = Checkpoint::parse(self.note.text()).map_err(|_| ExportFault::Form)?;
        let names = self.attachments.iter().map(|(name, _)| name.as_str());
        if !names.chain([self.folder]).all(is_file_name) {
            return Err(ExportFault::Form);
        }
        let mut tar = Tar::new(out, self.folder, self.at);
        self.describe(&mut tar)?;
        let mut cutter = Cutter::default();
        for entry in entries {
            let mut pieces = Vec::new();
            cutter.push(&entry.map_err(ExportFault::Entries)?, |piece| pieces.push(piece));
            pieces.iter().try_for_each(|piece| self.add(&mut tar, piece))?;
        }
        cutter.partial().try_for_each(|piece| self.add(&mut tar, &piece))?;
        let (size, found) = (checkpoint.size(), cutter.edge().size());
        if found != size {
            return Err(Difference::Short { size, found }.into());
        }
        if cutter.edge().root() != checkpoint.root() {
            return Err(Difference::Root { size }.into());
        }
        Ok(tar.finish()?)
    }

    fn describe<W: Write>(&self, tar: &mut Tar<'_, W>) -> io::Result<()> {
        tar.file("README.ja.md", readme::JA.as_bytes())?;
        tar.file("README.en.md", readme::EN.as_bytes())?;
        tar.file("verify.go", readme::GO.as_bytes())?;
        tar.file("verify.py", readme::PYTHON.as_bytes())?;
        tar.file("policy.txt", self.policy.as_bytes())?;
        for (number, key) in self.keys.iter().enumerate() {
            let name = if number == 0 {
                "log".to_owned()
            } else {
                format!("log-{}", number.saturating_add(1))
            };
            tar.file(&format!("keys/{name}.vkey"), format!("{key}\n").as_bytes())?;
            tar.file(&format!("keys/{name}.pem"), key.pem().as_bytes())?;
        }
        for (name, bytes) in self.attachments {
            tar.file(&format!("attachments/{name}"), bytes)?;
        }
        tar.file("log/checkpoint", self.note.to_string().as_bytes())
    }

    fn add<W: Write>(&self, tar: &mut Tar<'_, W>, piece: &Piece) -> io::Result<()> {
        let earlier = piece.resource.kind == Kind::Entries && piece.resource.end() <= self.from;
        if earlier {
            Ok(())
        } else {
            tar.file(&format!("log/{}", piece.resource), &piece.bytes)
        }
    }
}

/// Whether a text can name a file on every system: it is short, plain, and does not begin with a dot.
fn is_file_name(name: &str) -> bool {
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    (1..=40).contains(&name.len()) && plain && !name.starts_with('.')
}
