//! The whole database against itself: what `sanmon ledger verify` does.
//!
//! 1. [`leaves`]: every ledger entry is read, hashed and put into a tree of its own; every body is put together and compared
//!    with the commitment of its entry; every version must follow the one before.
//! 2. [`records`]: every entry must be its last version, and be found by the terms that it was committed with.
//! 3. The driver looks at the database's own structures.
//!
//! What it takes for true is the ledger's root alone: compare it with the signed checkpoint.

mod leaves;
mod records;

use ledger::Hash;
use model::lang::Text;

use crate::driver::{Dialect, Store};
use crate::failure::{Failure, Result};
use crate::session::Snapshot;

/// What was looked at, where all of it is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Ledger entries.
    pub leaves: u64,
    /// The root over them: to be compared with the signed checkpoint.
    pub root: Hash,
    /// Bodies that were erased, each of them named by the act that erased it.
    pub erased: u64,
    /// Versions of records.
    pub versions: u64,
    /// Records.
    pub records: u64,
}

/// The first thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is, for people.
    pub what: Text,
    /// The ledger entry that it is about.
    pub leaf: Option<u64>,
}

/// Why a verification ends early.
pub(crate) enum End {
    Differs(Difference),
    Failed(Failure),
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Damaged(words) => differs(
                None,
                Text::new(
                    format!("データベースの内容が読めない({words})"),
                    format!("the database cannot be read ({words})"),
                ),
            ),
            failure => Self::Failed(failure),
        }
    }
}

pub(crate) fn differs(leaf: Option<u64>, what: Text) -> End {
    End::Differs(Difference { what, leaf })
}

impl dyn Store + '_ {
    /// Looks at everything; returns the first thing that is not as it should be. Six seconds for
    /// 170,000 ledger entries and 110,000 records.
    ///
    /// # Errors
    /// The database cannot be reached. What it says about damage is a difference, not an error.
    pub fn verify(&self) -> Result<Result<Verified, Difference>> {
        let dialect = self.dialect();
        let mut outcome = None;
        let read = self.read(&mut |snapshot| {
            outcome = Some(verify(snapshot, dialect));
            Ok(())
        });
        let checked = match (read, outcome) {
            (Err(failure), _) => Err(End::from(failure)),
            (Ok(()), None) => Err(End::Failed(Failure::Unavailable("the driver did not call".to_owned()))),
            (Ok(()), Some(checked)) => checked,
        };
        let checked = checked.and_then(|verified| match self.examine()? {
            None => Ok(verified),
            Some(words) => Err(End::from(Failure::Damaged(words))),
        });
        match checked {
            Ok(verified) => Ok(Ok(verified)),
            Err(End::Differs(difference)) => Ok(Err(difference)),
            Err(End::Failed(failure)) => Err(failure),
        }
    }
}

fn verify(snapshot: &mut dyn Snapshot, dialect: Dialect) -> Result<Verified, End> {
    let walked = leaves::walk(snapshot)?;
    let records = records::compare(snapshot, dialect, &walked)?;
    Ok(Verified {
        leaves: walked.edge.size(),
        root: walked.edge.root(),
        erased: walked.erased,
        versions: walked.versions,
        records,
    })
}
