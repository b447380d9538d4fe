//! Requests asked as their callers ask them.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod effects;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod town;
#[cfg(test)]
mod way;
