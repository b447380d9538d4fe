//! Zip containers, read so that no two readers could see different files in them.
//!
//! Source: PKWARE APPNOTE 6.3.10. Read by the central directory, held against every local header. Refused: entries that overlap,
//! local headers that differ, names that come twice, other methods than stored and deflated, parts of many disks.

mod directory;
mod read;
mod write;

use model::lang::Text;

pub(crate) use directory::{Archive, Entry, field};
pub(crate) use write::Writer;

use crate::refusal::Reason;

/// Does a zip container begin here?
pub(crate) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Would a reader that looks for a zip container from the end find one?
pub(crate) fn ends(bytes: &[u8]) -> bool {
    directory::end(bytes).is_ok_and(|end| end.entries > 0 && end.signature_fits(bytes))
}

/// A container that breaks the rules.
fn broken(ja: &'static str, en: &'static str) -> Reason {
    Reason::Malformed {
        what: Text::new(format!("zip: {ja}"), format!("zip: {en}")),
    }
}
