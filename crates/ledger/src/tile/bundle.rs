//! The bytes of an entry bundle: each entry behind its length in two bytes, big-endian.

use crate::entry::LONGEST;

/// Appends an entry to a bundle.
///
/// `false`, with nothing appended, if the entry is longer than 65,535 bytes.
#[must_use]
pub fn append(bundle: &mut Vec<u8>, entry: &[u8]) -> bool {
    let Ok(length) = u16::try_from(entry.len()) else {
        return false;
    };
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    true
}

/// The most bytes that a bundle of this many entries can have.
#[must_use]
pub const fn longest(entries: usize) -> usize {
    entries.saturating_mul(LONGEST + 2)
}

/// The entries of a bundle, in order; ends with an error where the bytes end within an entry.
pub fn entries(bundle: &[u8]) -> impl Iterator<Item = Result<&[u8], CutOff>> {
    let mut rest = bundle;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let entry = first(rest);
        rest = entry.map_or(&[], |(_, after)| after);
        Some(entry.map(|(entry, _)| entry).ok_or(CutOff))
    })
}

/// A bundle ends within an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bundle ends within an entry")]
pub struct CutOff;

fn first(bundle: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bundle.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
