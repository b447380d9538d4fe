//! What engines report: answers that no register holds, such as what the configurations of firewalls let through.
//!
//! The judge believes a report as it believes a row, and lays exceptions over its findings like over any other. A fact that nobody
//! reported, or that its engine did not prove, is unproven.

use std::sync::Arc;

use jiff::civil::Date;
use model::lang::Text;
use serde::Serialize;

use super::Place;

/// An engine's answer to what a duty asks by the name of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineFact {
    /// Whether everything that the fact is about was looked at and found right. Without findings and unproven, it says nothing.
    pub is_proved: bool,
    /// What was found not to be right, or could not be decided.
    pub observed: Vec<Observed>,
    /// What the answer was made of.
    pub evidence: Arc<Evidence>,
}

/// One thing that an engine found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Who or what.
    pub subject: Text,
    /// Whether the fact is broken by it; else it cannot be decided because of it.
    pub is_broken: bool,
    /// Why.
    pub reason: Text,
    /// What to do, where it is more than the duty's own remedy.
    pub fix: Option<Text>,
    /// The row of a register that it is about, if it is about one: an exception for that row covers it.
    pub row: Option<Place>,
    /// The line of a file that shows it.
    pub line: Option<FileLine>,
}

/// A line of a file that is no register: of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileLine {
    /// The file, relative to the city folder.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// In characters from 1.
    pub column: u32,
    /// The line as it may be shown.
    pub text: String,
}

/// What an engine's answer was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The engine.
    pub engine: &'static str,
    /// Its version.
    pub version: &'static str,
    /// For which day it was asked.
    pub at: Date,
    /// The files that it looked at.
    pub inputs: Vec<Input>,
}

/// A file that an engine looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// The file, relative to the city folder.
    pub file: String,
    /// SHA-256 of the text that was looked at, in hexadecimal digits.
    pub sha256: String,
    /// Whether secrets were taken out before the hash was made.
    pub redacted: bool,
}
