//! Composition: a city folder, or later a database, judged as a whole.
//!
//! * [`settings`]: what `city.toml` says.
//! * [`sources`]: the files of a city, from a folder or from the database.
//! * [`city`]: settings, registers, standard and policy, read and checked as a whole.
//! * [`hall`]: a city as a living service, over a database.
//! * [`network`]: the city's network, what its devices let through and what its registers permit.
//! * [`folder`]: everything in a city folder read, or every problem told at once.
//! * [`archive`]: a city folder in one file.
//! * [`intake`]: what taking a file in would change.
//! * [`standard`]: the standard checked as a whole, test pairs included.
//! * [`standing`]: how a city stands, kept for pages to read.
//! * [`report`]: the answer of the judge in the shape that `sanmon check --format json`, the API and the pages give it.

pub mod archive;
pub mod city;
pub mod folder;
pub mod hall;
pub mod intake;
pub mod network;
pub mod problem;
pub mod report;
pub mod settings;
pub mod sources;
pub mod standard;
pub mod standing;
