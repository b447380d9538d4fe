//! How the installation itself fares: backups, witnesses, letters. Known to all nodes, kept beside the acts.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Hall, Refusal};

const BACKUP: (&str, &str) = ("operation", "backup");
const WITNESS: &str = "witness";
/// What nobody renews is forgotten after this.
const LIFE: std::time::Duration = std::time::Duration::from_secs(400 * 24 * 60 * 60);

/// The last backup that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// Of which day.
    pub day: Date,
    /// When it ended.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was restored and verified.
    Sound {
        /// Ledger entries in it.
        size: u64,
    },
    /// There is none.
    Failed,
}

/// What a witness signed last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witnessed {
    /// Its name.
    pub name: String,
    /// Up to which size of the ledger.
    pub size: u64,
    /// When we heard of it.
    pub at: Timestamp,
}

/// How the installation fares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operation {
    /// The last backup, where any was made by this program.
    pub backup: Option<Backup>,
    /// What each witness signed last, the newest first.
    pub witnessed: Vec<Witnessed>,
    /// Letters that wait for the mail server.
    pub letters: usize,
}

impl Hall {
    /// How the installation fares.
    ///
    /// # Errors
    /// What the database says.
    pub fn operation(&self) -> Result<Operation, Refusal> {
        Ok(Operation {
            backup: self.last_backup()?,
            witnessed: self.witnessed()?,
            letters: self.waiting_letters()?,
        })
    }

    /// The last backup that was tried.
    ///
    /// # Errors
    /// What the database says.
    pub fn last_backup(&self) -> Result<Option<Backup>, Refusal> {
        let held = self.store.held(BACKUP.0, BACKUP.1, self.clock.now())?;
        Ok(held.and_then(|held| serde_json::from_slice(&held.value).ok()))
    }

    /// Remembers what came of a backup.
    ///
    /// # Errors
    /// What the database says.
    pub fn note_backup(&self, backup: &Backup) -> Result<(), Refusal> {
        let value = serde_json::to_vec(backup).unwrap_or_default();
        Ok(self.store.hold(BACKUP.0, BACKUP.1, &value, self.clock.now(), LIFE)?)
    }

    /// What each witness signed last, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn witnessed(&self) -> Result<Vec<Witnessed>, Refusal> {
        let held = self.store.held_of_kind(WITNESS, self.clock.now())?;
        let read = held
            .iter()
            .filter_map(|(_, held)| serde_json::from_slice(&held.value).ok());
        let mut witnessed: Vec<Witnessed> = read.collect();
        witnessed.sort_by_key(|witnessed| std::cmp::Reverse(witnessed.at));
        Ok(witnessed)
    }

    /// Remembers that a witness signed.
    ///
    /// # Errors
    /// What the database says.
    pub fn note_witness(&self, name: &str, size: u64) -> Result<(), Refusal> {
        let now = self.clock.now();
        let witnessed = Witnessed {
            name: name.to_owned(),
            size,
            at: now,
        };
        let value = serde_json::to_vec(&witnessed).unwrap_or_default();
        Ok(self.store.hold(WITNESS, name, &value, now, LIFE)?)
    }
}
