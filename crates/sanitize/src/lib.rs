//! Nothing crosses unclean: a file is not filtered but built anew.
//!
//! ```text
//! bytes + declared name + profile ──► format (by structure) ──► rebuild from an allow-list ──► new bytes + name ─┐
//!                                          │                        │                                            ├──► receipt
//!                                          └── refusal, with what the sender can do ────────────────────────────┘
//! ```
//!
//! * [`treat`]: the one way in. It never returns the bytes that came in, and never part of a file that it could not read whole.
//! * [`format`]: the house list of formats, one file each. A format recognises its files by structure and rebuilds them.
//! * [`class`]: kinds of things found in files (a macro, an external link …).
//! * [`profile`]: what a city wants done with each kind, and the limits. Data.
//! * [`receipt`]: what came in, what was found and done, what the reader loses.
//! * [`refusal`]: why a file does not cross, and what to send in its place.
//! * [`limits`]: how deep, how many, how large; counted across everything that is nested.
//!
//! * [`isolation`]: the walls around the process that does it, and which a profile demands.
//! * `worker` (feature `worker`, Linux): such processes, and the pool of them.
//!
//! Everything but `worker` is pure: bytes in, bytes and findings out. It opens no file, knows no time and starts nothing.
//!
//! # A life of a file
//! 1. [`format::identify`] asks every format whether the bytes are its own. None, two, or another one than the name says: refused.
//! 2. The format reads the bytes into what it knows. Whatever it does not know is not carried over; the [`job::Job`] counts it.
//! 3. It writes the file anew. Pictures are decoded to pixels and encoded again, names and numbers are the writer's own.
//! 4. What is nested (a file in an archive, an attachment) goes through 1 to 3 by itself, under the same [`limits`].
//!
//! # Adding a format
//! One file below `format/` with a `pub(crate) static` of type [`format::Format`], and one line in [`format::FORMATS`]. The tests in
//! `tests/` ask every member of the list the same questions.

pub mod class;
pub mod format;
pub mod isolation;
pub mod job;
pub mod limits;
mod link;
mod name;
mod ooxml;
mod picture;
pub mod profile;
pub mod receipt;
pub mod refusal;
mod text;
#[cfg(all(feature = "worker", target_os = "linux"))]
pub mod worker;
mod xml;
mod zip;

use crate::format::Source;
use crate::job::Job;
use crate::profile::Profile;
use crate::receipt::Item;
use crate::refusal::Refusal;

/// What is changed whenever the same file may come out otherwise.
pub const ENGINE: &str = concat!("sanitize ", env!("CARGO_PKG_VERSION"));

/// A file that came out, built anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// The name to give it: the declared one, with the extension of what was written.
    pub name: String,
    /// The identifier of the format that was written (`docx` for a `docm` that came in).
    pub format: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// What became of a file, and what was found in it on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treated {
    /// The identifier of the format that came in, where it was recognised.
    pub format: Option<&'static str>,
    /// The new file, or why there is none.
    pub outcome: Result<Rebuilt, Refusal>,
    /// What was found, by class and place, in the order of the first of each; also of a file that was refused.
    pub items: Vec<Item>,
}

/// Treats one file: `bytes`, of which somebody says that they are called `name`.
///
/// `passwords` open what is encrypted; each is tried. The same input gives the same bytes.
#[must_use]
pub fn treat(name: &str, bytes: &[u8], profile: &Profile, passwords: &[String]) -> Treated {
    let mut job = Job::new(profile, passwords);
    let source = Source::new(name, bytes);
    let format = format::identify(&source).ok().map(|format| format.id);
    let outcome = job.treat(&source);
    Treated {
        format,
        outcome,
        items: job.into_items(),
    }
}
