//! Sign-in with others' systems, through the program itself: a real identity provider, a real directory, a proxy in front.
//!
//! The peers are those of crate `access`; `crates/access/tests/peers/install` installs them.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod city;
#[cfg(test)]
mod directory;
#[cfg(test)]
#[path = "../../../access/tests/suite/peer.rs"]
mod peer;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod proxy;
#[cfg(test)]
#[path = "../../../access/tests/suite/slapd.rs"]
mod slapd;
