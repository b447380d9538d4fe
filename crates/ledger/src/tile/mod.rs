//! Tiles and entry bundles: the files that a log is served as (C2SP tlog-tiles).
//!
//! * [`Resource`]: a tile or a bundle, its path and its extent.
//! * [`bundle`]: the bytes of a bundle.
//! * [`Cutter`]: cuts a stream of leaves into tiles and bundles.

pub mod bundle;
mod cutter;
mod path;

pub use cutter::{Cutter, Piece};

use crate::Hash;
use crate::tree::{HashSource, LEVEL_HEIGHT, TILE_WIDTH};

/// The highest level that a path can name.
const HIGHEST_LEVEL: u8 = 63;

/// A tile of hashes, or a bundle of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// What it holds.
    pub kind: Kind,
    /// Its place within its level.
    pub index: u64,
    /// How many hashes or entries it has: 1 to 256; fewer than 256 in a partial one.
    pub width: u16,
}

/// What a resource holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Hashes of a level of tiles; leaf hashes at level 0.
    Hashes(u8),
    /// Entries.
    Entries,
}

impl Kind {
    /// The level, as far as extents are concerned.
    const fn level(self) -> u8 {
        match self {
            Self::Hashes(level) => level,
            Self::Entries => 0,
        }
    }
}

impl Resource {
    /// Whether it has all its 256 hashes or entries, and therefore never changes.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.width as u64 == TILE_WIDTH
    }

    /// The full resource of which this one is the beginning.
    #[must_use]
    pub const fn full(self) -> Self {
        Self {
            width: TILE_WIDTH as u16,
            ..self
        }
    }

    /// The index after the last entry that a full resource at this place is about (its *end index*).
    #[must_use]
    pub fn end(self) -> u64 {
        let height = u32::from(self.kind.level())
            .saturating_add(1)
            .saturating_mul(LEVEL_HEIGHT);
        let end = u128::from(self.index)
            .saturating_add(1)
            .checked_shl(height)
            .unwrap_or(u128::MAX);
        u64::try_from(end).unwrap_or(u64::MAX)
    }

    /// Whether a log of `size` entries has it: partial ones only at their exact width.
    #[must_use]
    pub fn belongs_to(self, size: u64) -> bool {
        let width = width(self.kind, self.index, size);
        width == self.width || (width > self.width && self.is_full())
    }

    /// Whether a log that publishes entries from `minimum` on may refuse it (tlog-tiles, pruning): a full one whose end
    /// lies at or below `minimum`, or the beginning of such a one.
    #[must_use]
    pub fn may_be_refused(self, minimum: u64) -> bool {
        self.end() <= minimum
    }

    /// The bytes of a tile of hashes, read from `source`.
    ///
    /// # Errors
    /// The source cannot be read. `None` if this is a bundle or the source has fewer hashes.
    pub fn hashes<S: HashSource>(self, mut source: S) -> Result<Option<Vec<u8>>, S::Error> {
        let Kind::Hashes(level) = self.kind else {
            return Ok(None);
        };
        let hashes = source.hashes(level, self.index.saturating_mul(TILE_WIDTH), usize::from(self.width))?;
        let complete = hashes.len() == usize::from(self.width);
        Ok(complete.then(|| hashes.iter().flat_map(|hash| hash.0).collect()))
    }
}

/// Every tile and bundle of a log of `size` entries, partial ones included, in the order of levels; bundles last.
pub fn all(size: u64) -> impl Iterator<Item = Resource> {
    let levels = (0..=HIGHEST_LEVEL).take_while(move |level| count(Kind::Hashes(*level), size) > 0);
    let kinds = levels.map(Kind::Hashes).chain([Kind::Entries]);
    kinds.flat_map(move |kind| {
        let tiles = count(kind, size).div_ceil(TILE_WIDTH);
        (0..tiles).map(move |index| Resource {
            kind,
            index,
            width: width(kind, index, size),
        })
    })
}

/// The hashes of a tile.
///
/// `None` if the bytes are not 1 to 256 hashes.
#[must_use]
pub fn read_hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks();
    let whole = rest.is_empty() && (1..=TILE_WIDTH).contains(&u64::try_from(hashes.len()).ok()?);
    whole.then(|| hashes.iter().copied().map(Hash).collect())
}

/// How many hashes or entries of a kind a log of `size` entries has.
fn count(kind: Kind, size: u64) -> u64 {
    size.checked_shr(u32::from(kind.level()).saturating_mul(LEVEL_HEIGHT))
        .unwrap_or(0)
}

/// How wide the resource at `index` is in a log of `size` entries: 0 where there is none.
fn width(kind: Kind, index: u64, size: u64) -> u16 {
    let before = index.saturating_mul(TILE_WIDTH);
    let width = count(kind, size).saturating_sub(before).min(TILE_WIDTH);
    u16::try_from(width).unwrap_or(0)
}
