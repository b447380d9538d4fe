//! The machine from outside: a small register of every kind of field, read, written, broken and extended.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod facts;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod gadget;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod importing;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod local;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod tables;
