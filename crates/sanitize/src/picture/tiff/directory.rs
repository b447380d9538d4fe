//! The directories of a TIFF, read by an allow-list of tags.

use super::super::pixels::Density;
use super::order;
use crate::job::Job;
use crate::refusal::Reason;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const PHOTOMETRIC: u16 = 262;
const STRIP_OFFSETS: u16 = 273;
const ORIENTATION: u16 = 274;
const STRIP_LENGTHS: u16 = 279;
const X_RESOLUTION: u16 = 282;
const Y_RESOLUTION: u16 = 283;
const RESOLUTION_UNIT: u16 = 296;
const COLOUR_MAP: u16 = 320;
const TILE_OFFSETS: u16 = 324;
const TILE_LENGTHS: u16 = 325;
const SUBFILE: u16 = 254;

/// Tags without which pixels cannot be read.
const NEEDED: &[u16] = &[
    WIDTH,
    HEIGHT,
    258,
    259,
    PHOTOMETRIC,
    266,
    STRIP_OFFSETS,
    277,
    278,
    STRIP_LENGTHS,
    284,
    292,
    293,
    317,
    322,
    323,
    TILE_OFFSETS,
    TILE_LENGTHS,
    338,
    339,
    347,
    529,
    530,
    531,
    532,
];

/// Tags that are read here, or that only repeat what pixels say.
const UNDERSTOOD: &[u16] = &[
    SUBFILE,
    255,
    263,
    264,
    265,
    ORIENTATION,
    280,
    281,
    X_RESOLUTION,
    Y_RESOLUTION,
    290,
    291,
    RESOLUTION_UNIT,
    297,
    COLOUR_MAP,
    326,
    327,
    328,
];

/// Bytes of the values of one directory, without those of its strips.
const MOST_VALUES: usize = 16 << 20;

/// A file, and which byte of its numbers comes first.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    big: bool,
}

/// A directory: what is said of one page.
pub(super) struct Directory<'a> {
    entries: Vec<Entry<'a>>,
    big: bool,
}

struct Entry<'a> {
    tag: u16,
    kind: u16,
    count: u32,
    value: &'a [u8],
}

impl<'a> File<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Reason> {
        match bytes.get(..2) {
            Some(b"MM") => Ok(Self { bytes, big: true }),
            Some(b"II") => Ok(Self { bytes, big: false }),
            _ => Err(order()),
        }
    }

    /// The directories, in their order. One that comes twice would never end.
    pub(super) fn directories(&self, job: &mut Job<'_>) -> Result<Vec<Directory<'a>>, Reason> {
        let (mut directories, mut seen) = (Vec::new(), Vec::new());
        let mut next = self.u32(self.bytes, 4)?;
        while next != 0 {
            if seen.contains(&next) {
                return Err(order());
            }
            job.budget.enter(1)?;
            seen.push(next);
            let at = usize::try_from(next).map_err(|_| order())?;
            let count = usize::from(self.u16(self.bytes, at)?);
            let entries = (0..count)
                .map(|index| self.entry(at + 2 + index * 12))
                .collect::<Result<Vec<_>, _>>()?;
            directories.push(Directory { entries, big: self.big });
            next = self.u32(self.bytes, at + 2 + count * 12)?;
        }
        Ok(directories)
    }

    fn entry(&self, at: usize) -> Result<Entry<'a>, Reason> {
        let (tag, kind, count) = (
            self.u16(self.bytes, at)?,
            self.u16(self.bytes, at + 2)?,
            self.u32(self.bytes, at + 4)?,
        );
        let length = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            // Nobody can know its length (TIFF 6.0, section 2: readers skip it).
            _ => 0,
        };
        let length = usize::try_from(count).map_err(|_| order())?.saturating_mul(length);
        let at = if length <= 4 {
            at + 8
        } else {
            self.u32(self.bytes, at + 8)? as usize
        };
        let value = self
            .bytes
            .get(at..at.saturating_add(length))
            .ok_or_else(super::super::read::cut);
        let told = !NEEDED.contains(&tag) && !UNDERSTOOD.contains(&tag);
        Ok(Entry {
            tag,
            kind,
            count,
            value: if told { value.unwrap_or_default() } else { value? },
        })
    }

    fn u16(&self, bytes: &[u8], at: usize) -> Result<u16, Reason> {
        let bytes = *bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .ok_or_else(super::super::read::cut)?;
        Ok(if self.big {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    }

    fn u32(&self, bytes: &[u8], at: usize) -> Result<u32, Reason> {
        let bytes = *bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .ok_or_else(super::super::read::cut)?;
        Ok(if self.big {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    }

    fn numbers(&self, entry: &Entry<'_>) -> Result<Vec<u32>, Reason> {
        let size = match entry.kind {
            3 => 2,
            4 | 13 => 4,
            _ => return Err(order()),
        };
        let numbers = entry.value.chunks_exact(size);
        numbers
            .map(|number| {
                if size == 2 {
                    self.u16(number, 0).map(u32::from)
                } else {
                    self.u32(number, 0)
                }
            })
            .collect()
    }

    fn put_u16(&self, bytes: &mut Vec<u8>, number: u16) {
        bytes.extend_from_slice(&if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
    }

    fn put_u32(&self, bytes: &mut Vec<u8>, number: usize) -> Result<(), Reason> {
        let number = u32::try_from(number).map_err(|_| order())?;
        bytes.extend_from_slice(&if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
        Ok(())
    }
}

impl<'a> Directory<'a> {
    /// Tags that are not carried over.
    pub(super) fn told(&self) -> impl Iterator<Item = u16> {
        let tags = self.entries.iter().map(|entry| entry.tag);
        tags.filter(|tag| !NEEDED.contains(tag) && !UNDERSTOOD.contains(tag))
    }

    /// Is it a smaller copy of another page?
    pub(super) fn small(&self) -> bool {
        self.only(SUBFILE).is_ok_and(|kind| kind & 1 == 1)
    }

    pub(super) fn size(&self) -> Result<(u32, u32), Reason> {
        Ok((self.only(WIDTH)?, self.only(HEIGHT)?))
    }

    pub(super) fn orientation(&self) -> Option<u8> {
        let orientation = self.only(ORIENTATION).ok()?;
        u8::try_from(orientation).ok()
    }

    pub(super) fn density(&self, file: &File<'_>) -> Option<Density> {
        let value = |tag| {
            let entry = self.entry(tag).filter(|entry| entry.kind == 5)?;
            let (above, below) = (file.u32(entry.value, 0).ok()?, file.u32(entry.value, 4).ok()?);
            above.checked_div(below)
        };
        let (across, down) = (value(X_RESOLUTION)?, value(Y_RESOLUTION)?);
        match self.only(RESOLUTION_UNIT).unwrap_or(2) {
            2 => Density::of_inches(across, down).plausible(),
            3 => Density {
                across: across.saturating_mul(100),
                down: down.saturating_mul(100),
            }
            .plausible(),
            _ => None,
        }
    }

    /// The colours of a page that holds indices: the higher bytes of red, green and blue.
    pub(super) fn palette(&self, file: &File<'_>) -> Result<Option<Vec<[u8; 3]>>, Reason> {
        if !self.indexed() {
            return Ok(None);
        }
        let entry = self
            .entry(COLOUR_MAP)
            .filter(|entry| entry.kind == 3)
            .ok_or_else(order)?;
        let high = |number: u32| u8::try_from(number >> 8).unwrap_or(u8::MAX);
        let numbers: Vec<u8> = file.numbers(entry)?.into_iter().map(high).collect();
        let count = numbers.len() / 3;
        let mut palette = Vec::with_capacity(count);
        for index in 0..count {
            let colour =
                [index, count + index, 2 * count + index].map(|at| numbers.get(at).copied().unwrap_or_default());
            palette.push(colour);
        }
        Ok(Some(palette))
    }

    /// A file of this page alone, with the needed tags and its strips or tiles, and nothing else.
    pub(super) fn clean(&self, job: &mut Job<'_>, file: &File<'_>) -> Result<Vec<u8>, Reason> {
        let mut needed: Vec<&Entry<'_>> = self
            .entries
            .iter()
            .filter(|entry| NEEDED.contains(&entry.tag))
            .collect();
        needed.sort_by_key(|entry| entry.tag);
        let values: usize = needed.iter().map(|entry| entry.value.len()).sum();
        if needed.is_sorted_by(|one, other| one.tag < other.tag) && values <= MOST_VALUES {
            let parts = self.parts(job, file)?;
            self.laid_out(file, &needed, &parts)
        } else {
            Err(order())
        }
    }

    fn laid_out(&self, file: &File<'_>, needed: &[&Entry<'_>], parts: &[&[u8]]) -> Result<Vec<u8>, Reason> {
        // Header, number of entries, entries, no next directory; then long values; then strips.
        let values_at = 8 + 2 + needed.len() * 12 + 4;
        let strips_at: usize = values_at
            + needed
                .iter()
                .map(|entry| {
                    if places(entry.tag) {
                        parts.len() * 4
                    } else {
                        entry.value.len()
                    }
                })
                .sum::<usize>();
        let mut clean = if file.big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        file.put_u32(&mut clean, 8)?;
        file.put_u16(&mut clean, u16::try_from(needed.len()).map_err(|_| order())?);
        let mut values = Vec::new();
        for entry in needed {
            let (mut kind, mut count, mut value) = (entry.kind, entry.count as usize, entry.value.to_vec());
            if places(entry.tag) {
                (kind, count) = (4, parts.len());
                value.clear();
                let mut at = strips_at;
                for part in parts {
                    file.put_u32(&mut value, at)?;
                    at += part.len();
                }
            }
            if entry.tag == PHOTOMETRIC && self.indexed() {
                // Indices are read as if they were grey; the palette is put to them afterwards.
                (kind, count) = (3, 1);
                value.clear();
                file.put_u16(&mut value, 1);
            }
            file.put_u16(&mut clean, entry.tag);
            file.put_u16(&mut clean, kind);
            file.put_u32(&mut clean, count)?;
            if value.len() <= 4 {
                value.resize(4, 0);
                clean.append(&mut value);
            } else {
                file.put_u32(&mut clean, values_at + values.len())?;
                values.append(&mut value);
            }
        }
        file.put_u32(&mut clean, 0)?;
        values.resize(strips_at - values_at, 0);
        clean.append(&mut values);
        for part in parts {
            clean.extend_from_slice(part);
        }
        Ok(clean)
    }

    /// The bytes of every strip or tile.
    fn parts<'f>(&self, job: &mut Job<'_>, file: &File<'f>) -> Result<Vec<&'f [u8]>, Reason> {
        let (offsets, lengths) = match (self.entry(STRIP_OFFSETS), self.entry(TILE_OFFSETS)) {
            (Some(offsets), None) => (offsets, self.entry(STRIP_LENGTHS)),
            (None, Some(offsets)) => (offsets, self.entry(TILE_LENGTHS)),
            _ => return Err(order()),
        };
        let offsets = file.numbers(offsets)?;
        let lengths = file.numbers(lengths.ok_or_else(order)?)?;
        if offsets.len() != lengths.len() {
            return Err(order());
        }
        let mut parts = Vec::with_capacity(offsets.len());
        for (offset, length) in offsets.into_iter().zip(lengths) {
            let (offset, length) = (offset as usize, length as usize);
            let part = file
                .bytes
                .get(offset..offset.saturating_add(length))
                .ok_or_else(super::super::read::cut)?;
            // Strips may lie over each other: counted, or few bytes would become many.
            job.budget.decode(length)?;
            parts.push(part);
        }
        Ok(parts)
    }

    fn indexed(&self) -> bool {
        self.only(PHOTOMETRIC) == Ok(3)
    }

    /// The number of a tag that has one.
    fn only(&self, tag: u16) -> Result<u32, Reason> {
        let entry = self.entry(tag).ok_or_else(order)?;
        let file = File {
            bytes: entry.value,
            big: self.big,
        };
        match file.numbers(entry)?.as_slice() {
            [number] => Ok(*number),
            _ => Err(order()),
        }
    }

    fn entry(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }
}

fn places(tag: u16) -> bool {
    tag == STRIP_OFFSETS || tag == TILE_OFFSETS
}
