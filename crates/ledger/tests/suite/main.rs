//! What the ledger promises, asked through its public face.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod tile;
#[cfg(test)]
mod tree;
