//! The policy's definitions as types that every other part shares.
//!
//! * [`lang`]: every message exists in Japanese and English.
//! * [`date`]: Japanese eras, fiscal years, and the one place where a word becomes a date.
//! * [`clock`]: the only way to learn the time.
//! * [`random`]: the one home of randomness.
//! * [`scheme`]: a city's own words for roles, grades and tiers, mapped to the national codes.
//! * [`diagnostic`]: what a reader or a check has to say, with its place in the source.

pub mod clock;
pub mod date;
pub mod diagnostic;
pub mod lang;
pub mod random;
pub mod scheme;
