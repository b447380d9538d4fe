//! How deep, how many, how large. Limits are counted across everything that is nested, on decoded bytes.

use model::lang::Text;
use serde::{Deserialize, Serialize};

use crate::refusal::Reason;

/// The limits of one file, with all that is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of the file that comes in.
    pub bytes: u64,
    /// Bytes that come out of all decoders together.
    pub decoded_bytes: u64,
    /// Decoded bytes for one packed byte, of an entry that decodes to more than 1 MiB.
    pub ratio: u64,
    /// Entries of archives and packages together.
    pub entries: u64,
    /// Files inside files inside files.
    pub depth: u32,
    /// Pixels of one picture.
    pub pixels: u64,
    /// Pixels of a side.
    pub side: u32,
    /// Elements inside elements.
    pub elements_deep: u32,
    /// Elements of all parts together.
    pub elements: u64,
    /// Memory of a worker in MiB.
    pub memory: u64,
    /// Processor seconds of a worker.
    pub seconds: u64,
    /// Seconds that anybody waits for a worker.
    pub waiting: u64,
    /// Bytes of the file that goes out.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 100 << 20,
            decoded_bytes: 2 << 30,
            ratio: 200,
            entries: 10_000,
            depth: 3,
            pixels: 100_000_000,
            side: 20_000,
            elements_deep: 256,
            elements: 50_000_000,
            memory: 1_024,
            seconds: 60,
            waiting: 120,
            output_bytes: 200 << 20,
        }
    }
}

/// What is left of the limits.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: Limits,
    decoded: u64,
    entries: u64,
    elements: u64,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            decoded: 0,
            entries: 0,
            elements: 0,
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many bytes may still be decoded.
    pub(crate) fn decoded_left(&self) -> u64 {
        self.limits.decoded_bytes.saturating_sub(self.decoded)
    }

    /// Counts decoded bytes.
    pub(crate) fn decode(&mut self, bytes: usize) -> Result<(), Reason> {
        self.decoded = self.decoded.saturating_add(bytes as u64);
        within(
            self.decoded,
            self.limits.decoded_bytes,
            "展開後の大きさ",
            "bytes after decoding",
        )
    }

    /// Counts entries of a package.
    pub(crate) fn enter(&mut self, entries: usize) -> Result<(), Reason> {
        self.entries = self.entries.saturating_add(entries as u64);
        within(self.entries, self.limits.entries, "中のファイルの数", "entries")
    }

    /// Counts elements of a part.
    pub(crate) fn element(&mut self, depth: usize) -> Result<(), Reason> {
        self.elements += 1;
        within(self.elements, self.limits.elements, "要素の数", "elements")?;
        within(
            depth as u64,
            u64::from(self.limits.elements_deep),
            "要素の入れ子の深さ",
            "elements inside elements",
        )
    }

    /// May a packed entry decode to so many bytes?
    pub(crate) fn ratio(&self, packed: u64, decoded: u64) -> Result<(), Reason> {
        if decoded <= 1 << 20 {
            return Ok(());
        }
        let ratio = decoded / packed.max(1);
        within(ratio, self.limits.ratio, "圧縮の倍率", "ratio of compression")
    }

    /// May a picture have this size?
    pub(crate) fn picture(&self, width: u32, height: u32) -> Result<(), Reason> {
        let side = u64::from(self.limits.side);
        within(
            u64::from(width.max(height)),
            side,
            "画像の一辺の画素数",
            "pixels of a side",
        )?;
        within(
            u64::from(width) * u64::from(height),
            self.limits.pixels,
            "画像の画素数",
            "pixels of a picture",
        )
    }
}

/// Is a figure within its limit?
pub(crate) fn within(figure: u64, limit: u64, ja: &str, en: &str) -> Result<(), Reason> {
    if figure <= limit {
        return Ok(());
    }
    Err(Reason::TooMuch {
        what: Text::new(format!("{ja} 上限{limit}"), format!("{en}, at most {limit}")),
    })
}
