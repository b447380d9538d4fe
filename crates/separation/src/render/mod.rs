//! Configurations made from what the city says of its network: what a gateway must hold so that only what is permitted passes.
//!
//! The [`Plan`] of a device says which packets it is to let through; each language writes the same plan in its own words. Reading what
//! was written gives the plan's packets again, no more and no fewer: the tests ask that of every language.

pub mod nftables;
mod plan;
#[cfg(test)]
mod tests;

pub use self::plan::{Allowed, Behind, LeftOut, Plan, plan};
