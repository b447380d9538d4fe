//! What is asked of the crate as a whole.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod picture;
#[cfg(test)]
mod text;
