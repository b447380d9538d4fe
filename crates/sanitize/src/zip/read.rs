//! The bytes of an entry.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::broken;
use super::directory::{Archive, Entry};
use crate::limits::Budget;
use crate::refusal::Reason;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

impl Archive<'_> {
    /// The decoded bytes of an entry, which has exactly the size and the checksum that the directory says.
    ///
    /// # Errors
    /// It is encrypted, packed by another method, not what the directory says, or more than the budget allows.
    pub(crate) fn decode(&self, entry: &Entry<'_>, budget: &mut Budget) -> Result<Vec<u8>, Reason> {
        if entry.encrypted() {
            return Err(Reason::Encrypted);
        }
        budget.ratio(entry.packed, entry.size)?;
        let size = usize::try_from(entry.size).map_err(|_| differs())?;
        budget.decode(size)?;
        let packed = usize::try_from(entry.packed).map_err(|_| differs())?;
        let packed = self.bytes.get(entry.data..entry.data + packed).ok_or_else(differs)?;
        let decoded = match entry.method {
            STORED if packed.len() == size => packed.to_vec(),
            STORED => return Err(differs()),
            DEFLATED => inflated(packed, size)?,
            _ => return Err(broken("未対応の圧縮方式", "a method of packing that is not known")),
        };
        let mut crc = Crc::new();
        crc.update(&decoded);
        if crc.sum() == entry.crc {
            Ok(decoded)
        } else {
            Err(differs())
        }
    }
}

fn inflated(packed: &[u8], size: usize) -> Result<Vec<u8>, Reason> {
    let mut decoded = Vec::with_capacity(size);
    let mut inflater = Decompress::new(false);
    loop {
        let (read, written) = (inflater.total_in(), inflater.total_out());
        let rest = usize::try_from(read)
            .ok()
            .and_then(|read| packed.get(read..))
            .unwrap_or_default();
        let status = inflater
            .decompress_vec(rest, &mut decoded, FlushDecompress::Finish)
            .map_err(|_| differs())?;
        if status == Status::StreamEnd {
            break;
        }
        // A full buffer or an empty input, and no end in sight.
        if inflater.total_in() == read && inflater.total_out() == written {
            return Err(differs());
        }
    }
    let whole = decoded.len() == size && inflater.total_in() == packed.len() as u64;
    if whole { Ok(decoded) } else { Err(differs()) }
}

fn differs() -> Reason {
    broken("中身が目次と合わない", "an entry is not what the directory says")
}
