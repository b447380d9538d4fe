//! The central directory, and the local headers that it must agree with.

use rustc_hash::FxHashSet;

use super::broken;
use crate::refusal::Reason;

const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;
const END_SIZE: usize = 22;
const LOCATOR_SIZE: usize = 20;

/// Encrypted entry.
const ENCRYPTED: u16 = 1;
/// Sizes follow the data.
const DESCRIPTOR: u16 = 1 << 3;
/// The central directory is encrypted.
const MASKED: u16 = 1 << 13;
/// What says how a deflater was set, and nothing about the file.
const LEVEL: u16 = 0b110;

/// A container whose structure holds together.
#[derive(Debug)]
pub(crate) struct Archive<'a> {
    pub(crate) bytes: &'a [u8],
    /// The entries in the order of the directory.
    pub(crate) entries: Vec<Entry<'a>>,
    /// Bytes that belong to no entry, between the first and the directory.
    pub(crate) stray: u64,
}

/// An entry of a container.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    /// Its name as it stands there.
    pub(crate) name: &'a [u8],
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) crc: u32,
    pub(crate) packed: u64,
    pub(crate) size: u64,
    /// Attributes of the system that it was made on, and which.
    pub(crate) made_by: u8,
    pub(crate) attributes: u32,
    pub(crate) extra: &'a [u8],
    header: u64,
    pub(super) data: usize,
}

impl Entry<'_> {
    pub(crate) fn encrypted(&self) -> bool {
        self.flags & ENCRYPTED != 0
    }

    /// Its name is UTF-8, so it says.
    pub(crate) fn says_utf8(&self) -> bool {
        self.flags & (1 << 11) != 0
    }

    /// Is it a folder?
    pub(crate) fn folder(&self) -> bool {
        self.name.ends_with(b"/") || self.name.ends_with(b"\\")
    }
}

/// The record at the end.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// Where it, or what belongs to it, begins.
    begin: usize,
    pub(super) entries: u64,
    size: u64,
    offset: u64,
}

impl End {
    /// Is there a directory where the record says?
    pub(super) fn signature_fits(&self, bytes: &[u8]) -> bool {
        usize::try_from(self.offset).is_ok_and(|at| u32_at(bytes, at).is_ok_and(|signature| signature == CENTRAL))
    }
}

impl<'a> Archive<'a> {
    /// Reads the structure; nothing is decoded yet.
    ///
    /// # Errors
    /// It does not hold together.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Reason> {
        let end = end(bytes)?;
        if end.offset.checked_add(end.size) != Some(end.begin as u64) {
            return Err(broken(
                "目次の位置が合わない",
                "the directory is not where it should be",
            ));
        }
        let mut at = position(end.offset)?;
        let mut entries = Vec::with_capacity(usize::try_from(end.entries).unwrap_or_default().min(4_096));
        while at < end.begin {
            let (entry, next) = central(bytes, at)?;
            entries.push(entry);
            at = next;
        }
        if at != end.begin || entries.len() as u64 != end.entries {
            return Err(broken(
                "目次の件数が合わない",
                "the directory has another number of entries than it says",
            ));
        }
        let mut names = FxHashSet::default();
        if !entries.iter().all(|entry| names.insert(entry.name)) {
            return Err(broken("同じ名前が二つある", "a name comes twice"));
        }
        let stray = local(bytes, &mut entries, position(end.offset)?)?;
        Ok(Self { bytes, entries, stray })
    }
}

/// The record at the end of a container: the one whose comment reaches exactly to the last byte.
pub(super) fn end(bytes: &[u8]) -> Result<End, Reason> {
    let missing = || broken("末尾の記録がない", "the record at the end is missing");
    let last = bytes.len().checked_sub(END_SIZE).ok_or_else(missing)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let fits = |at: &usize| {
        u32_at(bytes, *at).is_ok_and(|signature| signature == END)
            && u16_at(bytes, at + 20).is_ok_and(|comment| at + END_SIZE + usize::from(comment) == bytes.len())
    };
    let mut found = (first..=last).rev().filter(fits);
    let at = found.next().ok_or_else(missing)?;
    if found.next().is_some() {
        return Err(broken("末尾の記録が二つある", "there are two records at the end"));
    }
    let (disk, of_directory) = (u16_at(bytes, at + 4)?, u16_at(bytes, at + 6)?);
    let (here, all) = (u16_at(bytes, at + 8)?, u16_at(bytes, at + 10)?);
    if (disk, of_directory) != (0, 0) || here != all {
        return Err(broken("複数のディスクに分かれている", "it is a part of several disks"));
    }
    let end = End {
        begin: at,
        entries: u64::from(all),
        size: u64::from(u32_at(bytes, at + 12)?),
        offset: u64::from(u32_at(bytes, at + 16)?),
    };
    large_end(bytes, end)
}

/// The larger record of ZIP64, where there is one; both must say the same.
fn large_end(bytes: &[u8], end: End) -> Result<End, Reason> {
    let locator = end.begin.checked_sub(LOCATOR_SIZE);
    let Some(locator) = locator.filter(|at| u32_at(bytes, *at).is_ok_and(|signature| signature == LOCATOR_64)) else {
        return Ok(end);
    };
    let at = position(u64_at(bytes, locator + 8)?)?;
    let contradicts = || {
        broken(
            "ZIP64の記録が矛盾している",
            "the records of ZIP64 contradict each other",
        )
    };
    if u32_at(bytes, at)? != END_64 || u64_at(bytes, at + 4)?.checked_add(at as u64 + 12) != Some(locator as u64) {
        return Err(contradicts());
    }
    let large = End {
        begin: at,
        entries: u64_at(bytes, at + 32)?,
        size: u64_at(bytes, at + 40)?,
        offset: u64_at(bytes, at + 48)?,
    };
    let agrees = |small: u64, full: u64, large: u64| small == full || small == large;
    let same = agrees(end.entries, u64::from(u16::MAX), large.entries)
        && agrees(end.size, u64::from(u32::MAX), large.size)
        && agrees(end.offset, u64::from(u32::MAX), large.offset);
    if same { Ok(large) } else { Err(contradicts()) }
}

fn central(bytes: &[u8], at: usize) -> Result<(Entry<'_>, usize), Reason> {
    if u32_at(bytes, at)? != CENTRAL {
        return Err(broken("目次が壊れている", "the directory is damaged"));
    }
    let [name, extra, comment] = [
        u16_at(bytes, at + 28)?,
        u16_at(bytes, at + 30)?,
        u16_at(bytes, at + 32)?,
    ]
    .map(usize::from);
    let flags = u16_at(bytes, at + 8)?;
    if flags & MASKED != 0 {
        return Err(Reason::Encrypted);
    }
    let extra_at = at + 46 + name;
    let mut entry = Entry {
        name: slice(bytes, at + 46, name)?,
        flags,
        method: u16_at(bytes, at + 10)?,
        crc: u32_at(bytes, at + 16)?,
        packed: u64::from(u32_at(bytes, at + 20)?),
        size: u64::from(u32_at(bytes, at + 24)?),
        made_by: u16_at(bytes, at + 4)?.to_be_bytes()[0],
        attributes: u32_at(bytes, at + 38)?,
        extra: slice(bytes, extra_at, extra)?,
        header: u64::from(u32_at(bytes, at + 42)?),
        data: 0,
    };
    let mut large = Large::of(entry.extra)?;
    for figure in [&mut entry.size, &mut entry.packed, &mut entry.header] {
        if *figure == u64::from(u32::MAX) {
            *figure = large.next()?;
        }
    }
    Ok((entry, extra_at + extra + comment))
}

/// Figures of ZIP64 in an extra field: those that do not fit into the header, in its order.
struct Large<'a>(&'a [u8]);

impl<'a> Large<'a> {
    fn of(extra: &'a [u8]) -> Result<Self, Reason> {
        Ok(Self(field(extra, 1)?.unwrap_or_default()))
    }

    fn next(&mut self) -> Result<u64, Reason> {
        let figure = u64_at(self.0, 0)?;
        self.0 = self.0.get(8..).unwrap_or_default();
        Ok(figure)
    }
}

/// An extra field by its number.
pub(crate) fn field(mut extra: &[u8], number: u16) -> Result<Option<&[u8]>, Reason> {
    while extra.len() >= 4 {
        let (id, size) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
        let Some(value) = extra.get(4..4 + size) else {
            // Some programs pad with what is no field.
            return Ok(None);
        };
        if id == number {
            return Ok(Some(value));
        }
        extra = extra.get(4 + size..).unwrap_or_default();
    }
    Ok(None)
}

/// Holds every local header against the directory, and finds where the data lie. Returns how many bytes belong to no entry.
fn local(bytes: &[u8], entries: &mut [Entry<'_>], directory: usize) -> Result<u64, Reason> {
    let mut order: Vec<_> = (0..entries.len()).collect();
    order.sort_by_key(|index| entries.get(*index).map(|entry| entry.header));
    let (mut reached, mut stray) = (0, 0);
    for index in order {
        let Some(entry) = entries.get_mut(index) else { continue };
        let at = position(entry.header)?;
        let gap = at
            .checked_sub(reached)
            .ok_or_else(|| broken("中のファイルが重なっている", "entries overlap"))?;
        stray += gap as u64;
        entry.data = agree(bytes, at, entry)?;
        let end = position(entry.data as u64 + entry.packed)?;
        if end > directory {
            return Err(broken(
                "中のファイルが目次に重なっている",
                "an entry reaches into the directory",
            ));
        }
        reached = end + descriptor(bytes, end, entry);
    }
    stray += directory.saturating_sub(reached) as u64;
    Ok(stray)
}

/// Where the data of an entry begin, if its local header says what the directory says.
fn agree(bytes: &[u8], at: usize, entry: &Entry<'_>) -> Result<usize, Reason> {
    let differs = || {
        broken(
            "目次と中身の見出しが食い違う",
            "a local header differs from the directory",
        )
    };
    if u32_at(bytes, at)? != LOCAL {
        return Err(differs());
    }
    let (name, extra) = (
        usize::from(u16_at(bytes, at + 26)?),
        usize::from(u16_at(bytes, at + 28)?),
    );
    let flags = u16_at(bytes, at + 6)?;
    let same = slice(bytes, at + 30, name)? == entry.name
        && (flags ^ entry.flags) & !LEVEL == 0
        && u16_at(bytes, at + 8)? == entry.method;
    if !same {
        return Err(differs());
    }
    let mut large = Large::of(slice(bytes, at + 30 + name, extra)?)?;
    let mut figure = |at| -> Result<u64, Reason> {
        let figure = u64::from(u32_at(bytes, at)?);
        if figure == u64::from(u32::MAX) {
            large.next()
        } else {
            Ok(figure)
        }
    };
    let (size, packed) = (figure(at + 22)?, figure(at + 18)?);
    let later = flags & DESCRIPTOR != 0;
    let told = |local: u64, central: u64| local == central || (later && local == 0);
    if !told(u64::from(u32_at(bytes, at + 14)?), u64::from(entry.crc))
        || !told(size, entry.size)
        || !told(packed, entry.packed)
    {
        return Err(differs());
    }
    Ok(at + 30 + name + extra)
}

/// How many bytes the figures take that follow the data of an entry: with or without a signature, in 32 or 64 bits.
fn descriptor(bytes: &[u8], at: usize, entry: &Entry<'_>) -> usize {
    if entry.flags & DESCRIPTOR == 0 {
        return 0;
    }
    let signed = bytes.get(at..at + 4) == Some(b"PK\x07\x08");
    let at = if signed { at + 4 } else { at };
    let crc = u32_at(bytes, at).is_ok_and(|crc| crc == entry.crc);
    let small = u32_at(bytes, at + 4).is_ok_and(|packed| u64::from(packed) == entry.packed)
        && u32_at(bytes, at + 8).is_ok_and(|size| u64::from(size) == entry.size);
    let large = u64_at(bytes, at + 4).is_ok_and(|packed| packed == entry.packed)
        && u64_at(bytes, at + 12).is_ok_and(|size| size == entry.size);
    let figures = match (crc, small, large) {
        (true, true, _) => 12,
        (true, false, true) => 20,
        _ => return 0,
    };
    figures + if signed { 4 } else { 0 }
}

fn position(figure: u64) -> Result<usize, Reason> {
    usize::try_from(figure).map_err(|_| cut())
}

fn cut() -> Reason {
    broken("途中で切れている", "it is cut short")
}

fn slice(bytes: &[u8], at: usize, size: usize) -> Result<&[u8], Reason> {
    at.checked_add(size).and_then(|end| bytes.get(at..end)).ok_or_else(cut)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Reason> {
    slice(bytes, at, N)?.try_into().map_err(|_| cut())
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Reason> {
    array(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Reason> {
    array(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64, Reason> {
    array(bytes, at).map(u64::from_le_bytes)
}
