//! What a camera says about its picture: only how it was held is of use here.
//!
//! Source: Exif 3.0 (CIPA DC-008-2023), TIFF 6.0.

use crate::class::Class;
use crate::job::Job;
use crate::refusal::Reason;

const ORIENTATION: u16 = 0x0112;

/// What is read of a block of EXIF.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Exif {
    /// 1 to 8 where it is told.
    pub(super) orientation: Option<u8>,
    /// A small picture lies in it.
    pub(super) thumbnail: bool,
}

impl Exif {
    /// Reads a block that begins with the header of TIFF. What cannot be read is as if it were not there: none of it is carried over.
    pub(super) fn read(block: &[u8]) -> Self {
        read(block).unwrap_or_default()
    }

    /// Counts the block as dropped.
    pub(super) fn count(self, job: &mut Job<'_>) -> Result<(), Reason> {
        job.found_at(Class::Metadata, "EXIF")?;
        if self.thumbnail {
            job.found_at(Class::Thumbnail, "EXIF")?;
        }
        Ok(())
    }
}

fn read(block: &[u8]) -> Option<Exif> {
    let big = match block.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let bytes = *block.get(at..)?.first_chunk()?;
        Some(if big {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    };
    let u32_at = |at: usize| {
        let bytes = *block.get(at..)?.first_chunk()?;
        Some(if big {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    };
    let first = usize::try_from(u32_at(4)?).ok()?;
    let entries = usize::from(u16_at(first)?);
    let orientation = (0..entries)
        .map_while(|entry| {
            let at = first.checked_add(2 + entry * 12)?;
            Some((u16_at(at)?, u16_at(at + 8)?))
        })
        .find(|(tag, _)| *tag == ORIENTATION)
        .and_then(|(_, value)| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value));
    let next = first.checked_add(2 + entries * 12).and_then(u32_at);
    Some(Exif {
        orientation,
        thumbnail: next.is_some_and(|next| next != 0),
    })
}
