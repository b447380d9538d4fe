//! A city folder as a whole: the sample city, copies of it that were spoilt, and the shipped standard.

mod bad_input;
mod check;
mod city;
mod hall;
mod intake;
mod network;
mod standard;
