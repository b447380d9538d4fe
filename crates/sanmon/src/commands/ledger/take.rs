//! What is taken out of the ledger: proofs, disclosures, the whole of it.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use ledger::export::{Export, ExportFault};
use ledger::key::VerifierKey;
use ledger::note::Note;
use ledger::policy::Policy;
use model::clock::{Clock as _, SystemClock, date_in_japan};
use model::date::fiscal_year;
use model::lang::Text;
use model::random::SystemRandom;
use service::hall::Refusal;
use service::hall::notary::Notary;
use store::{Act, Failure, Sequencer, Store};

use crate::cli::Place;
use crate::commands::{Desk, Outcome, place};
use crate::configuration::Witness;
use crate::installation::Installation;
use crate::output;
use crate::serve::Stopped;

/// Entries that are read at once.
const BATCH: usize = 1_000;

/// What a proof is about, and where it goes.
pub(super) struct Proof<'a> {
    pub(super) index: u64,
    pub(super) output: Option<&'a Path>,
    pub(super) entry: Option<&'a Path>,
}

pub(super) fn prove(proof: &Proof<'_>, place: &Place, desk: Desk) -> Result<Outcome, Stopped> {
    let installation = Installation::look(place::configuration(place)?)?;
    let made = installation.notary()?.proof(&*installation.store, proof.index)?;
    if let Some(path) = proof.entry {
        let leaf = installation.store.leaf(proof.index)?.ok_or(Refusal::NotFound)?;
        keep(path, &leaf.bytes)?;
    }
    deliver(&made.to_string(), proof.output, desk)
}

pub(super) fn disclose(
    index: u64,
    fields: &[String],
    output: Option<&Path>,
    place: &Place,
    desk: Desk,
) -> Result<Outcome, Stopped> {
    let installation = Installation::look(place::configuration(place)?)?;
    let store = &*installation.store;
    if let Some(body) = store.body(index)? {
        let names: Vec<&str> = body.fields.iter().map(|(name, _)| name.as_str()).collect();
        if let Some(unknown) = fields.iter().find(|field| !names.contains(&field.as_str())) {
            let known = names.join(", ");
            return Err(Stopped::Told(Text::new(
                format!("この記録に「{unknown}」という項目はない。あるのは {known}"),
                format!("this entry has no field `{unknown}`; it has {known}"),
            )));
        }
    }
    let is_shown = |name: &str| fields.iter().any(|field| field == name);
    let notary = installation.notary()?;
    let disclosure = notary.disclose(store, index, is_shown)?;
    // First the record of it, then the file: nothing leaves the ledger without a trace in it.
    record_disclosure(&installation, &notary, index, fields.len())?;
    deliver(&format!("{}\n", disclosure.to_json()), output, desk)
}

/// Writes into the ledger that fields of an entry were disclosed: which entry and how many fields, nothing of them.
fn record_disclosure(installation: &Installation, notary: &Notary, index: u64, fields: usize) -> Result<(), Stopped> {
    if let Some(why) = installation.store.start_check(notary.signed())? {
        return Err(Stopped::Told(why));
    }
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let sequencer = Sequencer::start(Arc::clone(&installation.store), clock, random)?;
    let act = Act::new("ledger.disclose").note("entry", index).note("fields", fields);
    let written = sequencer.submit(act);
    sequencer.stop();
    written.map_err(Refusal::from)?;
    Ok(())
}

pub(super) fn export(output: Option<&Path>, place: &Place, desk: Desk) -> Result<Outcome, Stopped> {
    let installation = Installation::look(place::configuration(place)?)?;
    let notary = installation.notary()?;
    let now = SystemClock.now();
    let folder = format!("ledger-FY{}", fiscal_year(date_in_japan(now)));
    let path = output.map_or_else(|| PathBuf::from(format!("{folder}.tar")), Path::to_path_buf);
    let size = write_export(&installation, &notary, &folder, &path, now)?;
    desk.say(&Text::new(
        format!(
            "証跡{size}件を {} に書き出した。開けば、三門がなくても検証できる",
            path.display()
        ),
        format!(
            "{size} ledger entries are in {}; unpacked, they can be verified without Sanmon",
            path.display()
        ),
    ))?;
    Ok(Outcome::Fine)
}

fn write_export(
    installation: &Installation,
    notary: &Notary,
    folder: &str,
    path: &Path,
    at: Timestamp,
) -> Result<u64, Stopped> {
    let unsigned = || Text::fixed("まだ署名された証跡がない", "nothing of the ledger is signed yet");
    let (Some(signed), Some(note)) = (notary.signed(), notary.checkpoint()) else {
        return Err(unsigned().into());
    };
    let keys: Vec<VerifierKey> = notary.keys().cloned().collect();
    let policy = trust(&keys, &installation.configuration.ledger.witnesses, &note)?;
    let note = Note::parse(note.as_bytes()).map_err(|fault| Text::new(fault.ja(), fault.to_string()))?;
    let export = Export {
        folder,
        note: &note,
        keys: &keys,
        policy: &policy,
        from: 0,
        attachments: &[],
        at,
    };
    let store = &*installation.store;
    output::stream(path, |out| {
        export
            .write(out, entries(store, signed.size))
            .map_err(|fault| match fault {
                ExportFault::Entries(failure) => Stopped::Store(failure),
                ExportFault::Differs(difference) => Text::new(difference.ja(), difference.to_string()).into(),
                ExportFault::Form => Text::fixed(
                    "証跡を書き出せない: チェックポイントの形が正しくない",
                    "the ledger cannot be exported: its checkpoint is malformed",
                )
                .into(),
                ExportFault::Write(error) => written(path, &error),
            })
    })?;
    Ok(signed.size)
}

/// The bytes of the first `size` entries.
fn entries(store: &dyn Store, size: u64) -> impl Iterator<Item = Result<Vec<u8>, Failure>> {
    let mut from = 0;
    let mut batch = Vec::new().into_iter();
    std::iter::from_fn(move || {
        if from >= size {
            return None;
        }
        let next = batch.next().map_or_else(
            || {
                batch = store.leaves(from, BATCH)?.into_iter();
                Ok(batch.next())
            },
            |leaf| Ok(Some(leaf)),
        );
        from += 1;
        next.map(|leaf: Option<store::Leaf>| leaf.map(|leaf| leaf.bytes))
            .transpose()
    })
}

/// The trust policy that goes with an export: the log, the witnesses that are known, and one of them as the quorum where
/// one has cosigned this checkpoint.
fn trust(keys: &[VerifierKey], witnesses: &[Witness], checkpoint: &str) -> Result<String, Stopped> {
    let mut policy = String::new();
    if let Some(log) = keys.first() {
        let _ = writeln!(policy, "log {log}");
    }
    let mut names = String::new();
    for (number, witness) in (1..).zip(witnesses) {
        let _ = writeln!(policy, "witness w{number} {} {}", witness.vkey, witness.url);
        let _ = write!(names, " w{number}");
    }
    let lax = format!("{policy}quorum none\n");
    let read = Policy::parse(lax.as_bytes()).map_err(|fault| {
        let why = Text::new(
            format!("立会人の検証鍵(ledger.witnesses)が使えない: {}", fault.reason.ja()),
            format!("a verifier key in ledger.witnesses cannot be used: {}", fault.reason),
        );
        Stopped::Told(why)
    })?;
    let cosigned = read
        .open(checkpoint.as_bytes())
        .is_ok_and(|accepted| !accepted.cosigned.is_empty());
    Ok(if cosigned {
        format!("{policy}group witnesses any{names}\nquorum witnesses\n")
    } else {
        lax
    })
}

/// To a file, or to the screen.
fn deliver(text: &str, output: Option<&Path>, desk: Desk) -> Result<Outcome, Stopped> {
    match output {
        Some(path) => keep(path, text.as_bytes())?,
        None => desk.print(text)?,
    }
    Ok(Outcome::Fine)
}

fn keep(path: &Path, bytes: &[u8]) -> Result<(), Stopped> {
    output::replace(path, bytes).map_err(|error| written(path, &error))
}

/// A file could not be written.
pub(crate) fn written(path: &Path, error: &io::Error) -> Stopped {
    let path = path.display();
    Stopped::Told(Text::new(
        format!("{path} に書けない: {error}"),
        format!("{path} cannot be written: {error}"),
    ))
}
