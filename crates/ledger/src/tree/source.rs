//! Where the hashes of a tree are read from.

use crate::Hash;

/// How many heights of the tree one level of tiles spans.
pub const LEVEL_HEIGHT: u32 = 8;

/// How many hashes a full tile has.
pub const TILE_WIDTH: u64 = 1 << LEVEL_HEIGHT;

/// The hashes of a tree at the levels that tiles hold: leaves at level 0, and every 8 heights above them.
///
/// Implement it over whatever keeps the hashes; proofs and tiles are made from it. A proof in a tree of a thousand million
/// leaves asks for at most a handful of tiles.
pub trait HashSource {
    /// Why hashes cannot be read.
    type Error;

    /// `count` (1 to 256) consecutive hashes of `level` from `index` on, all within one tile. The hash at `index` is the
    /// root of the leaves from `index · 256^level` to `(index + 1) · 256^level`; only complete ones are asked for.
    ///
    /// # Errors
    /// The hashes cannot be read. A source that has fewer of them than were asked for returns what it has.
    fn hashes(&mut self, level: u8, index: u64, count: usize) -> Result<Vec<Hash>, Self::Error>;
}

impl<S: HashSource + ?Sized> HashSource for &mut S {
    type Error = S::Error;

    fn hashes(&mut self, level: u8, index: u64, count: usize) -> Result<Vec<Hash>, Self::Error> {
        (**self).hashes(level, index, count)
    }
}
