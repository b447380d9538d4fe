//! Languages that routers and firewalls are configured in. One file (or folder) each.
//!
//! To add one: write `dialect/NAME.rs` with a type that implements [`Dialect`], and add it to [`DIALECTS`]. The conformance suite
//! (`tests/suite/dialect.rs`) then asks it what it asks every dialect.
//!
//! What holds for all:
//! * Three outcomes for a line: understood; known not to matter to what passes (a list of the dialect's own); else a
//!   [`crate::device::Unread`], which names the line and what it may change.
//! * A misspelt keyword is not skipped: it is unread.
//! * A word is shown only if the dialect takes it ([`crate::source::Words::take`]).

mod asa;
mod braced;
mod draft;
mod fortios;
mod ios;
mod iptables;
mod ix;
mod junos;
mod linux;
pub mod names;
mod nftables;
mod panos;
mod routing;
mod secret;
mod statement;
mod yamaha;

use model::lang::Text;

use crate::device::Device;
use crate::source::{Redacted, Source};

/// One language.
pub trait Dialect: Sync {
    /// A stable word: `yamaha`, `fortios`.
    fn name(&self) -> &'static str;

    /// What people call the devices.
    fn label(&self) -> Text;

    /// How much a text looks like this language, from 0 (not at all) to 100 (beyond doubt). Cheap: a few hundred lines are looked at.
    fn likeness(&self, text: &str) -> u8;

    /// Reads the files of one device, in order. Never fails: what it does not understand is in [`Device::unread`].
    ///
    /// It takes ([`crate::source::Words::take`]) the words that may be shown. Reading what [`Self::redact`] left gives the same
    /// device.
    fn read(&self, files: &[Source]) -> Device;

    /// The file without its secrets. Of languages that are not made of lines and words, their own.
    fn redact(&self, file: Source) -> Redacted {
        let files = [file];
        self.read(&files);
        files.first().map(Source::redacted).unwrap_or_default()
    }

    /// A whole configuration of our own that uses most of what the dialect understands. It holds secrets in every place where the
    /// language has them; each contains the word `himitsu`.
    fn sample(&self) -> &'static str;
}

/// All of them.
pub static DIALECTS: &[&dyn Dialect] = &[
    &iptables::Iptables,
    &nftables::Nftables,
    &yamaha::Yamaha,
    &fortios::Fortios,
    &ios::Ios,
    &asa::Asa,
    &ix::Ix,
    &junos::Junos,
    &panos::Panos,
];

/// The dialect of a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static dyn Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.name() == name)
}

/// The dialect that a text looks like most; `None` if it looks like none, or like two equally.
#[must_use]
pub fn detect(text: &str) -> Option<&'static dyn Dialect> {
    let mut likenesses: Vec<_> = DIALECTS
        .iter()
        .map(|dialect| (dialect.likeness(text), *dialect))
        .collect();
    likenesses.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
    match likenesses.as_slice() {
        [(best, _), (second, _), ..] if best == second => None,
        [(best, dialect), ..] if *best >= 20 => Some(*dialect),
        _ => None,
    }
}
