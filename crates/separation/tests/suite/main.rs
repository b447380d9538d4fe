//! Asked of every dialect: does it read what it says it reads, name what it does not, and keep secrets out of sight?
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod dialect;
#[cfg(test)]
mod document;
#[cfg(test)]
mod evaluate;
#[cfg(test)]
mod exact;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod misspelt;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod unread;
