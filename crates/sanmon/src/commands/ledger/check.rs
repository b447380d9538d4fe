//! `sanmon ledger check`: what somebody was handed is checked with a key and nothing else.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ledger::Hash;
use ledger::disclosure::{Disclosure, DisclosureFault, Shown};
use ledger::policy::{Accepted, Policy};
use ledger::proof_file::ProofFile;
use ledger::verify::{self, Files};
use model::lang::Text;

use crate::cli::CheckEvidence;
use crate::commands::place::unreadable;
use crate::commands::{Desk, Outcome};
use crate::serve::Stopped;

/// The longest file of evidence that is read.
const LONGEST: u64 = 64 << 20;

const PROOF: &[u8] = b"c2sp.org/tlog-proof@";

pub(super) fn run(arguments: &CheckEvidence, desk: Desk) -> Result<Outcome, Stopped> {
    let policy = policy(arguments)?;
    let checked = if arguments.file.is_dir() {
        folder(&arguments.file, &policy)?
    } else {
        let bytes = read(&arguments.file)?;
        if bytes.starts_with(PROOF) {
            proof(&bytes, arguments.entry.as_deref(), &policy)?
        } else {
            disclosure(&bytes, &policy)?
        }
    };
    match checked {
        Ok(proved) => {
            desk.say(&proved)?;
            Ok(Outcome::Fine)
        }
        Err(why) => {
            desk.note(&Text::new(
                format!("証明されない: {}", why.ja),
                format!("not proved: {}", why.en),
            ))?;
            Ok(Outcome::Broken)
        }
    }
}

/// What was proved, or why it was not.
type Checked = Result<Text, Text>;

/// Whom to trust: the keys of the command line, or a policy file.
fn policy(arguments: &CheckEvidence) -> Result<Policy, Stopped> {
    let bytes = match &arguments.policy {
        Some(path) => read(path)?,
        None => {
            let mut lines = String::new();
            for key in &arguments.vkey {
                let _ = writeln!(lines, "log {key}");
            }
            lines.push_str("quorum none\n");
            lines.into_bytes()
        }
    };
    Policy::parse(&bytes).map_err(|fault| {
        Stopped::Told(Text::new(
            format!(
                "検証鍵又は検証方針を読めない({}行目): {}",
                fault.line,
                fault.reason.ja()
            ),
            format!("the verifier key or the policy cannot be read: {fault}"),
        ))
    })
}

fn proof(bytes: &[u8], entry: Option<&Path>, policy: &Policy) -> Result<Checked, Stopped> {
    let entry = entry.ok_or_else(|| {
        Text::fixed(
            "証明の対象となる記録を --entry で指定してください",
            "name the entry that the proof is about with --entry",
        )
    })?;
    let leaf = Hash::leaf(&read(entry)?);
    let checked = ProofFile::parse(bytes).and_then(|proof| Ok((proof.verify(leaf, policy)?, proof.index)));
    Ok(match checked {
        Ok((accepted, index)) => Ok(stands(index, &accepted)),
        Err(fault) => Err(Text::new(fault.ja(), fault.to_string())),
    })
}

fn disclosure(bytes: &[u8], policy: &Policy) -> Result<Checked, Stopped> {
    let told = |fault: &DisclosureFault| Text::new(fault.ja(), fault.to_string());
    let disclosure = Disclosure::parse(bytes).map_err(|fault| told(&fault))?;
    Ok(match disclosure.verify(policy) {
        Ok(shown) => Ok(said(&shown)),
        Err(fault) => Err(told(&fault)),
    })
}

fn said(shown: &Shown) -> Text {
    let mut fields = String::new();
    for (name, value) in &shown.fields {
        let _ = write!(fields, "\n  {name}  {value}");
    }
    let stands = stands(shown.entry.seq, &shown.accepted);
    let entry = &shown.entry;
    Text::new(
        format!("{}\n  {} {}{fields}", stands.ja, entry.at, entry.kind),
        format!("{}\n  {} {}{fields}", stands.en, entry.at, entry.kind),
    )
}

fn stands(index: u64, accepted: &Accepted) -> Text {
    let (origin, size) = (accepted.checkpoint.origin(), accepted.checkpoint.size());
    let names: Vec<&str> = accepted.cosigned.iter().map(|(name, _)| name.as_str()).collect();
    let (ja, en) = match names.as_slice() {
        [] => (String::new(), String::new()),
        names => {
            let names = names.join(", ");
            (format!("。立会人: {names}"), format!("; cosigned by {names}"))
        }
    };
    Text::new(
        format!("証明された: 記録{index}番は証跡「{origin}」({size}件)にある{ja}"),
        format!("proved: entry {index} is in the ledger `{origin}` of {size} entries{en}"),
    )
}

/// An unpacked export: every entry is hashed again.
fn folder(path: &Path, policy: &Policy) -> Result<Checked, Stopped> {
    let note = read(&path.join("checkpoint"))?;
    let accepted = match policy.open(&note) {
        Ok(accepted) => accepted,
        Err(refusal) => return Ok(Err(Text::new(refusal.ja(), refusal.to_string()))),
    };
    let mut files = Folder(path.to_path_buf());
    Ok(match verify::files(&mut files, &accepted.checkpoint, 0) {
        Ok(()) => {
            let (origin, size) = (accepted.checkpoint.origin(), accepted.checkpoint.size());
            Ok(Text::new(
                format!("証明された: 証跡「{origin}」の{size}件は、署名されたチェックポイントのとおりである"),
                format!("proved: the {size} entries of the ledger `{origin}` are those of its signed checkpoint"),
            ))
        }
        Err(difference) => Err(Text::new(difference.ja(), difference.to_string())),
    })
}

struct Folder(PathBuf);

impl Files for Folder {
    type Error = io::Error;

    fn read(&mut self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match load(&self.0.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Stopped> {
    load(path).map_err(|error| Stopped::Told(unreadable(path, &error)))
}

fn load(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LONGEST) {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::FileTooLarge.into())
    }
}
