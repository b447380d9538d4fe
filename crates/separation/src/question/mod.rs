//! What is asked of a network: fixed questions whose answers are findings, each with its packets, its rule and what to do.
//!
//! * [`check`]: is every separation that the municipality's model demands kept?
//! * [`diff`]: what does a change let pass, what does it stop?
//! * [`matrix`]: which services go from which zone to which?
//! * [`unreachable`]: which rules never decide anything? [`redundant`]: without which would nothing be otherwise?
//! * [`weaknesses`]: what is weak in itself?
//! * [`policy_test`]: does what the city asserts hold?
//! * Why one packet passes or does not: [`crate::trace::walk`].
//!
//! Nobody is asked to write queries: the questions follow from the zones and the permitted paths.

mod affected;
mod arrival;
mod check;
mod cover;
mod diff;
mod finding;
#[cfg(test)]
mod learnt;
mod matrix;
#[cfg(test)]
mod mutation;
mod policy_test;
mod redundant;
mod service;
mod slices;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod undecided;
mod unreachable;
mod unread;
#[cfg(test)]
mod weak;
mod weakness;

pub use self::check::{Checked, check};
pub use self::diff::{Change, Diff, diff};
pub use self::finding::{Finding, Kind, RuleAt, Unproven};
pub use self::matrix::{Cell, matrix};
pub use self::policy_test::{Assertion, Expected, Outcome, policy_test};
pub use self::redundant::{Redundant, redundant};
pub use self::slices::Options;
pub use self::unreachable::{Unreachable, unreachable};
pub use self::weakness::{Weakness, WeaknessKind, weaknesses};
