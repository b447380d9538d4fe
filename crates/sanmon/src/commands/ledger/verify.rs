//! `sanmon ledger verify`: the whole database against its ledger, and the ledger against what was signed.

use model::lang::Text;
use serde::Serialize;
use service::hall::Refusal;
use store::{Difference, Failure, Signed, Store, Verified};

use crate::cli::{Format, Place};
use crate::commands::{Desk, Outcome, place};
use crate::installation::Installation;
use crate::serve::Stopped;

/// What came of looking at everything.
#[derive(Debug, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// Everything is as it should be.
    Sound(Sound),
    /// The first thing that is not.
    Differs {
        /// The ledger entry that it is about, where one is known.
        entry: Option<u64>,
        /// What it is and what to do.
        what: Text,
    },
}

/// What was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct Sound {
    /// Ledger entries.
    entries: u64,
    /// The root over them.
    root: String,
    /// How many of them the last checkpoint vouches for.
    signed: u64,
    /// Bodies that were erased as the rules of keeping say.
    erased: u64,
    /// Versions of records.
    versions: u64,
    /// Records.
    records: u64,
}

pub(super) fn run(place: &Place, format: Format, desk: Desk) -> Result<Outcome, Stopped> {
    let verdict = match look(place) {
        Err(
            Stopped::Store(Failure::Damaged(words))
            | Stopped::Refused(Refusal::Store(store::Refused::Failed(Failure::Damaged(words)))),
        ) => damaged(&words),
        looked => looked?,
    };
    match format {
        Format::Json => desk.json(&verdict)?,
        Format::Text => desk.print(&verdict.text(desk))?,
    }
    Ok(match verdict {
        Verdict::Sound(_) => Outcome::Fine,
        Verdict::Differs { .. } => Outcome::Broken,
    })
}

fn look(place: &Place) -> Result<Verdict, Stopped> {
    let installation = Installation::look(place::configuration(place)?)?;
    // What was signed is read first: the ledger may grow meanwhile, and never shrinks.
    match installation.notary() {
        Ok(notary) => verify(&*installation.store, notary.signed()),
        Err(Stopped::Told(what)) => Ok(Verdict::Differs { entry: None, what }),
        Err(stopped) => Err(stopped),
    }
}

/// Holds a database against its ledger, and the ledger against the checkpoint that was signed.
///
/// # Errors
/// The database cannot be reached.
pub(crate) fn verify(store: &dyn Store, signed: Option<Signed>) -> Result<Verdict, Stopped> {
    let verified = match store.verify()? {
        Ok(verified) => verified,
        Err(Difference { what, leaf }) => return Ok(Verdict::Differs { entry: leaf, what }),
    };
    Ok(match store.start_check(signed)? {
        Some(what) => Verdict::Differs { entry: None, what },
        None => Verdict::Sound(Sound::new(verified, signed)),
    })
}

fn damaged(words: &str) -> Verdict {
    Verdict::Differs {
        entry: None,
        what: Text::new(
            format!("データベースが壊れている({words})"),
            format!("the database is damaged ({words})"),
        ),
    }
}

impl Sound {
    fn new(verified: Verified, signed: Option<Signed>) -> Self {
        Self {
            entries: verified.leaves,
            root: verified.root.to_string(),
            signed: signed.map_or(0, |signed| signed.size),
            erased: verified.erased,
            versions: verified.versions,
            records: verified.records,
        }
    }

    fn text(&self) -> Text {
        let Self {
            entries,
            root,
            signed,
            erased,
            versions,
            records,
        } = self;
        Text::new(
            format!(
                "証跡は正しく、データベースと一致している\n  証跡の記録  {entries}件(署名済み {signed}件、内容を消去したもの {erased}件)\n  台帳の行  {records}件、{versions}版\n  根  {root}"
            ),
            format!(
                "the ledger is sound, and the database agrees with it\n  ledger entries  {entries} ({signed} signed, the contents of {erased} erased)\n  records  {records} in {versions} versions\n  root  {root}"
            ),
        )
    }
}

impl Verdict {
    /// What people read.
    pub(crate) fn text(&self, desk: Desk) -> String {
        let told = match self {
            Self::Sound(sound) => sound.text(),
            Self::Differs { entry, what } => {
                let at = |word: &str| entry.map_or_else(String::new, |entry| format!("({word} {entry})"));
                Text::new(
                    format!(
                        "違いがある{}: {}\nサービスを止め、データのフォルダを写して残し、最新のバックアップを「sanmon restore」で別の場所に復元してください",
                        at("証跡の記録"),
                        what.ja
                    ),
                    format!(
                        "something differs {}: {}\nstop the service, keep a copy of the data folder, and restore the newest backup elsewhere with `sanmon restore`",
                        at("ledger entry"),
                        what.en
                    ),
                )
            }
        };
        format!("{}\n", told.get(desk.lang))
    }
}
