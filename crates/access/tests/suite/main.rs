//! Foreign peers: an authenticator, a directory, an identity provider. `tests/peers/install` installs them.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod directory;
#[cfg(test)]
mod passkey;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod slapd;
