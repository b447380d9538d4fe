//! Foreign peers: an authenticator, a directory, an identity provider.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod passkey;
