//! The machine from outside: a small register of every kind of field, read, written, broken and extended.

mod facts;
mod gadget;
mod hostile;
mod importing;
mod local;
mod reading;
mod round_trip;
mod rules;
mod tables;
