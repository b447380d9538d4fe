//! What the ledger promises, asked through its public face.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod disclosure;
#[cfg(test)]
mod log;
#[cfg(test)]
mod note;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod tile;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod witness;
