//! Outsiders verify what we wrote, witness our checkpoints and are witnessed by us: programs that we did not write.
//!
//! `./test` installs them with `crates/ledger/tests/outsiders/install`; a test whose outsider is missing fails and says so.
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod http;
#[cfg(test)]
mod log;
#[cfg(test)]
mod programs;
#[cfg(test)]
mod verifiers;
#[cfg(test)]
mod witnesses;
