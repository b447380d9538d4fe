//! Whom a verifier trusts: logs, witnesses, and how many of them it takes (C2SP tlog-policy).
//!
//! A policy file comes to a verifier by another way than the log itself: printed, on the city's page, from the prefecture.

mod read;

use std::collections::BTreeSet;

pub use read::{PolicyFault, Reason};

use crate::checkpoint::{Checkpoint, NotACheckpoint};
use crate::key::VerifierKey;
use crate::note::{Note, NoteFault};

/// A trust policy.
///
/// ```
/// use ledger::policy::Policy;
///
/// let policy: Policy = "\
/// log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
/// quorum none
/// ".parse()?;
/// assert_eq!(policy.logs().len(), 1);
/// # Ok::<(), ledger::policy::PolicyFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Peer>,
    witnesses: Vec<Witness>,
    quorum: Option<Quorum>,
}

/// A key, and where its holder is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The key.
    pub key: VerifierKey,
    /// An address, for those who have to speak to it.
    pub url: Option<String>,
}

/// A witness by the name that the policy gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The name within the policy, where it is UTF-8 as it stands.
    pub name: String,
    /// Key and address.
    pub peer: Peer,
}

/// Who has to have cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Quorum {
    /// The witness at this place in the list.
    Witness(usize),
    /// At least `needed` of the members.
    Group { needed: usize, members: Vec<Quorum> },
}

/// A checkpoint that a policy accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What the log says.
    pub checkpoint: Checkpoint,
    /// The note that it came in.
    pub note: Note,
    /// The witnesses that cosigned it: their names within the policy, and the POSIX times that they state.
    pub cosigned: Vec<(String, u64)>,
}

/// Why a policy does not accept a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a note, or not signed by a known log.
    #[error(transparent)]
    Note(#[from] NoteFault),
    /// A note about something else.
    #[error(transparent)]
    Checkpoint(#[from] NotACheckpoint),
    /// A log that the policy does not know.
    #[error("the log `{0}` is not in the policy")]
    Origin(String),
    /// Fewer witnesses than the policy asks for.
    #[error("too few witnesses have cosigned the checkpoint")]
    Quorum,
}

impl Refusal {
    /// The message in Japanese.
    #[must_use]
    pub fn ja(&self) -> String {
        match self {
            Self::Note(fault) => fault.ja(),
            Self::Checkpoint(fault) => fault.ja().to_owned(),
            Self::Origin(origin) => format!("発行元「{origin}」が検証方針に登録されていない"),
            Self::Quorum => "立会人の副署が検証方針の定める数に達していない".to_owned(),
        }
    }
}

impl Policy {
    /// The policy that trusts one log, and asks for no witness.
    #[must_use]
    pub fn of_log(key: VerifierKey) -> Self {
        Self {
            logs: vec![Peer { key, url: None }],
            witnesses: Vec::new(),
            quorum: None,
        }
    }

    /// The logs that are accepted.
    #[must_use]
    pub fn logs(&self) -> &[Peer] {
        &self.logs
    }

    /// The witnesses that are known, whether or not the quorum needs them.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Opens a signed checkpoint: the log that it names has signed it, and enough witnesses have cosigned it.
    ///
    /// # Errors
    /// The policy does not accept it.
    pub fn open(&self, note: &[u8]) -> Result<Accepted, Refusal> {
        let note = Note::parse(note)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        let logs = self
            .logs
            .iter()
            .map(|log| &log.key)
            .filter(|key| key.name() == checkpoint.origin());
        if logs.clone().next().is_none() {
            return Err(Refusal::Origin(checkpoint.origin().to_owned()));
        }
        note.seals(logs)?;
        let seals = match note.seals(self.witnesses.iter().map(|witness| &witness.peer.key)) {
            Ok(seals) => seals,
            Err(NoteFault::Unsigned) => Vec::new(),
            Err(fault) => return Err(fault.into()),
        };
        let seals: Vec<(usize, u64)> = seals
            .iter()
            .filter_map(|seal| {
                let place = self
                    .witnesses
                    .iter()
                    .position(|witness| witness.peer.key == *seal.key)?;
                Some((place, seal.time?))
            })
            .collect();
        let present = seals.iter().map(|(place, _)| *place).collect();
        if self.quorum.as_ref().is_some_and(|quorum| !quorum.is_met(&present)) {
            return Err(Refusal::Quorum);
        }
        let names = seals
            .iter()
            .filter_map(|(place, time)| Some((self.witnesses.get(*place)?.name.clone(), *time)));
        let cosigned = names.collect();
        Ok(Accepted {
            checkpoint,
            note,
            cosigned,
        })
    }
}

impl Quorum {
    fn is_met(&self, present: &BTreeSet<usize>) -> bool {
        match self {
            Self::Witness(place) => present.contains(place),
            Self::Group { needed, members } => {
                members.iter().filter(|member| member.is_met(present)).count() >= *needed
            }
        }
    }
}
