//! Transfers of personnel (人事異動) in bulk: a sheet is read and planned, looked at, confirmed; what is due is done at once, the rest
//! waits for its day. The planning is [`access::transfer`]'s.
//!
//! * `sheet`: the sheet as rows, and what stands against them.
//! * `draft`: the plan that waits for its confirmation.
//! * `announcement`: what was confirmed, step by step.
//! * `carry`: a step becomes changes of the registers and accounts, once; or is taken back.

mod announcement;
mod carry;
mod draft;
mod sheet;

pub use announcement::{Announcement, KeptAnnouncement, Outcome, Standing, Step};
pub use draft::Drafted;

/// The register of personnel.
const PERSON: &str = "person";
/// The register of roles.
const ASSIGNMENT: &str = "role_assignment";
/// The register of sections.
const SECTION: &str = "section";
