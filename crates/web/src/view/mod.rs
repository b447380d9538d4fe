//! What pages show, made once for a snapshot of the city's standing and then only read.
//!
//! The source is a [`Snapshot`](service::standing::Snapshot), whose rows may come from a folder or from the database, with what the judge
//! does not know: the [`History`] of the standings and the [`Records`] behind the evidence.

pub mod act;
pub mod clause;
mod criterion;
pub mod duty;
pub mod history;
pub mod name;
pub mod network;
pub mod policy;
pub mod run;
pub mod trend;

pub use clause::ClauseView;
pub use duty::{DutyView, FindingView};
pub use history::{Change, History, Point};
pub use network::NetworkView;
pub use policy::PolicyView;
pub use run::Run;

use jiff::civil::Date;

/// What the rows of the registers say beyond the judgement.
pub trait Records: Send + Sync {
    /// The newest row of a register, if it has any.
    fn newest(&self, register: &str) -> Option<Newest>;
}

/// The newest row of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Newest {
    /// The date that it bears as evidence.
    pub on: Option<Date>,
    /// Its entry in the ledger.
    pub leaf: Option<u64>,
}

/// No rows are known: the policy alone is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRecords;

impl Records for NoRecords {
    fn newest(&self, _: &str) -> Option<Newest> {
        None
    }
}
