//! A stream of leaves is cut into tiles and bundles.

use super::{Kind, Resource, bundle};
use crate::Hash;
use crate::tree::{Edge, LEVEL_HEIGHT, TILE_WIDTH};

/// A tile or bundle with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Which one.
    pub resource: Resource,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Cuts leaves into tiles and bundles, holding no more than one unfinished one of each level.
///
/// ```
/// use ledger::tile::Cutter;
///
/// let mut cutter = Cutter::default();
/// let mut paths = Vec::new();
/// for number in 0..300u32 {
///     cutter.push(&number.to_be_bytes(), |piece| paths.push(piece.resource.to_string()));
/// }
/// paths.extend(cutter.partial().map(|piece| piece.resource.to_string()));
/// assert_eq!(paths, ["tile/entries/000", "tile/0/000", "tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1"]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cutter {
    edge: Edge,
    bundle: Vec<u8>,
    levels: Vec<Vec<u8>>,
}

impl Cutter {
    /// Adds an entry and tells what that fills. Returns the hash of the leaf.
    ///
    /// An entry that is too long for a bundle becomes an empty one there: [`Entry`](crate::entry::Entry) makes none, and
    /// whoever reads foreign entries has checked their length.
    pub fn push(&mut self, entry: &[u8], mut tell: impl FnMut(Piece)) -> Hash {
        let leaf = Hash::leaf(entry);
        if !bundle::append(&mut self.bundle, entry) {
            self.bundle.extend([0, 0]);
        }
        let index = self.edge.size();
        if index % TILE_WIDTH == TILE_WIDTH - 1 {
            let bytes = std::mem::take(&mut self.bundle);
            tell(Piece {
                resource: full(Kind::Entries, index),
                bytes,
            });
        }
        self.push_hash(leaf, tell);
        leaf
    }

    /// Adds a leaf by its hash alone and tells what tiles that fills; bundles are left to the caller.
    pub fn push_hash(&mut self, leaf: Hash, mut tell: impl FnMut(Piece)) {
        let levels = &mut self.levels;
        self.edge.push_telling(leaf, |height, index, hash| {
            if !height.is_multiple_of(LEVEL_HEIGHT) {
                return;
            }
            let level = usize::try_from(height / LEVEL_HEIGHT).unwrap_or(usize::MAX);
            if levels.len() <= level {
                levels.push(Vec::new());
            }
            let Some(tile) = levels.get_mut(level) else { return };
            tile.extend(hash.0);
            if index % TILE_WIDTH == TILE_WIDTH - 1 {
                let kind = Kind::Hashes(u8::try_from(level).unwrap_or(u8::MAX));
                tell(Piece {
                    resource: full(kind, index),
                    bytes: std::mem::take(tile),
                });
            }
        });
    }

    /// The right edge of the tree so far.
    #[must_use]
    pub const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// What has begun and is not full: the partial tiles and the partial bundle of a log of this size.
    pub fn partial(&self) -> impl Iterator<Item = Piece> {
        let kinds = (0..=u8::MAX).map(Kind::Hashes);
        let tiles = kinds.zip(&self.levels);
        let begun = std::iter::once((Kind::Entries, &self.bundle))
            .chain(tiles)
            .filter(|(_, bytes)| !bytes.is_empty());
        begun.map(|(kind, bytes)| {
            let count = super::count(kind, self.edge.size());
            let index = count / TILE_WIDTH;
            Piece {
                resource: Resource {
                    kind,
                    index,
                    width: super::width(kind, index, self.edge.size()),
                },
                bytes: bytes.clone(),
            }
        })
    }
}

/// The full resource whose last hash or entry has this index.
const fn full(kind: Kind, last: u64) -> Resource {
    Resource {
        kind,
        index: last / TILE_WIDTH,
        width: TILE_WIDTH as u16,
    }
}
