//! Containers as they go out: plain, in order, with nothing that a reader could take in two ways.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use super::broken;
use crate::refusal::Reason;

/// 1980-01-01, the first date that the format knows: when a file was packed is nobody's business.
const DATE: u16 = 0x21;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
const VERSION: u16 = 20;
/// The level at which what is stored costs little room for its time.
const LEVEL: u32 = 6;

/// Writes a container.
pub(crate) struct Writer {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    entries: u16,
    deflater: Compress,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self {
            bytes: Vec::new(),
            directory: Vec::new(),
            entries: 0,
            deflater: Compress::new(Compression::new(LEVEL), false),
        }
    }

    /// Adds an entry, packed where that saves room.
    ///
    /// # Errors
    /// The container would outgrow the format (65,535 entries, 4 GiB).
    pub(crate) fn deflate(&mut self, name: &str, content: &[u8]) -> Result<(), Reason> {
        let header = self.bytes.len();
        let crc = checksum(content);
        self.local(name, 8, [crc, 0, small(content.len())?])?;
        let begin = self.bytes.len();
        self.deflater.reset();
        self.bytes.reserve(content.len() / 3 + 64);
        loop {
            let read = usize::try_from(self.deflater.total_in()).unwrap_or(usize::MAX);
            let rest = content.get(read..).unwrap_or_default();
            let status = self.deflater.compress_vec(rest, &mut self.bytes, FlushCompress::Finish);
            if matches!(status, Ok(Status::StreamEnd)) {
                break;
            }
            let grow = self.bytes.capacity().max(64) / 2;
            self.bytes.reserve(grow);
        }
        let packed = self.bytes.len() - begin;
        if packed >= content.len() {
            self.bytes.truncate(header);
            return self.store(name, content);
        }
        let packed = small(packed)?;
        if let Some(field) = self.bytes.get_mut(header + 18..header + 22) {
            field.copy_from_slice(&packed.to_le_bytes());
        }
        self.central(name, 8, [crc, packed, small(content.len())?], header)
    }

    /// Adds an entry as it is: what is packed already.
    ///
    /// # Errors
    /// As [`Self::deflate`].
    pub(crate) fn store(&mut self, name: &str, content: &[u8]) -> Result<(), Reason> {
        let header = self.bytes.len();
        let size = small(content.len())?;
        let figures = [checksum(content), size, size];
        self.local(name, 0, figures)?;
        self.bytes.extend_from_slice(content);
        self.central(name, 0, figures, header)
    }

    /// The container.
    ///
    /// # Errors
    /// As [`Self::deflate`].
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Reason> {
        let (offset, size) = (small(self.bytes.len())?, small(self.directory.len())?);
        self.bytes.append(&mut self.directory);
        let out = &mut self.bytes;
        out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        out.extend_from_slice(&self.entries.to_le_bytes());
        out.extend_from_slice(&self.entries.to_le_bytes());
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(&offset.to_le_bytes());
        out.extend_from_slice(&[0, 0]);
        Ok(self.bytes)
    }

    fn local(&mut self, name: &str, method: u16, figures: [u32; 3]) -> Result<(), Reason> {
        let fields = fields(name, method, figures)?;
        self.bytes.extend_from_slice(b"PK\x03\x04");
        self.bytes.extend_from_slice(&fields);
        self.bytes.extend_from_slice(name.as_bytes());
        Ok(())
    }

    fn central(&mut self, name: &str, method: u16, figures: [u32; 3], header: usize) -> Result<(), Reason> {
        let fields = fields(name, method, figures)?;
        let out = &mut self.directory;
        out.extend_from_slice(b"PK\x01\x02");
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&fields);
        // No comment, first disk, no attributes: ordinary files.
        out.extend_from_slice(&[0; 10]);
        out.extend_from_slice(&small(header)?.to_le_bytes());
        out.extend_from_slice(name.as_bytes());
        self.entries = self.entries.checked_add(1).ok_or_else(outgrown)?;
        Ok(())
    }
}

/// The fields that both headers share: version, flags, method, time, date, then `figures` (checksum, packed size, size), then the
/// lengths of name and extra field.
fn fields(name: &str, method: u16, figures: [u32; 3]) -> Result<Vec<u8>, Reason> {
    let flags = if name.is_ascii() { 0 } else { UTF8 };
    let length = u16::try_from(name.len()).map_err(|_| outgrown())?;
    let mut fields = Vec::with_capacity(26);
    for field in [VERSION, flags, method, 0, DATE] {
        fields.extend_from_slice(&field.to_le_bytes());
    }
    for figure in figures {
        fields.extend_from_slice(&figure.to_le_bytes());
    }
    for field in [length, 0] {
        fields.extend_from_slice(&field.to_le_bytes());
    }
    Ok(fields)
}

fn checksum(content: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(content);
    crc.sum()
}

fn small(figure: usize) -> Result<u32, Reason> {
    u32::try_from(figure).map_err(|_| outgrown())
}

fn outgrown() -> Reason {
    broken("大きすぎて書き出せない", "it is too large to be written")
}
