//! Every page with the sample city, and what holds for all of them.
//!
//! The modules say `cfg(test)` so that lints know all of it as tests.

#[cfg(test)]
mod api;
#[cfg(test)]
mod house;
#[cfg(test)]
mod html;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod people;
#[cfg(test)]
mod registers;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod search;
#[cfg(test)]
mod words;
