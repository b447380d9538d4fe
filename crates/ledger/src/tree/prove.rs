//! Proofs are made: that a leaf is in a tree, that a tree only grew (RFC 6962, sections 2.1.1 and 2.1.2).

use std::collections::BTreeMap;

use super::{HashSource, LEVEL_HEIGHT, TILE_WIDTH};
use crate::Hash;

/// Why there is no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProveFault<E> {
    /// The tree does not reach that far.
    #[error("the tree of the ledger does not reach that far")]
    Range,
    /// The source has fewer hashes than a tree of this size.
    #[error("hashes of the tree are missing at level {level} from {index} on")]
    Missing {
        /// The level of tiles.
        level: u8,
        /// The first hash that was asked for.
        index: u64,
    },
    /// The source could not be read.
    #[error("{0}")]
    Source(E),
}

/// The hashes that lead from the leaf at `index` to the root of the tree of `size` leaves, from the leaf upwards.
///
/// # Errors
/// `index` lies outside the tree, or hashes cannot be read.
pub fn inclusion<S: HashSource>(source: S, index: u64, size: u64) -> Result<Vec<Hash>, ProveFault<S::Error>> {
    if index >= size {
        return Err(ProveFault::Range);
    }
    let mut tiles = Tiles::new(source, size);
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    // From the root downwards: at each fork the half without the leaf goes into the proof.
    while end.saturating_sub(start) > 1 {
        let middle = fork(start, end);
        if index < middle {
            path.push(tiles.root(middle, end)?);
            end = middle;
        } else {
            path.push(tiles.root(start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show that the tree of `old` leaves is the beginning of the tree of `new` leaves.
///
/// # Errors
/// `old` is larger than `new`, or hashes cannot be read.
pub fn consistency<S: HashSource>(source: S, old: u64, new: u64) -> Result<Vec<Hash>, ProveFault<S::Error>> {
    if old > new {
        return Err(ProveFault::Range);
    }
    // The empty tree is the beginning of every tree, and every tree of itself.
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut tiles = Tiles::new(source, new);
    let (mut start, mut end) = (0, new);
    let mut proof = Vec::new();
    while end != old {
        let middle = fork(start, end);
        if old <= middle {
            proof.push(tiles.root(middle, end)?);
            end = middle;
        } else {
            proof.push(tiles.root(start, middle)?);
            start = middle;
        }
    }
    // The verifier knows the old root; any other subtree that ends where the old tree did has to be told.
    if start != 0 {
        proof.push(tiles.root(start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// Hashes cannot be read.
pub fn root<S: HashSource>(source: S, size: u64) -> Result<Hash, ProveFault<S::Error>> {
    if size == 0 {
        return Ok(Hash::EMPTY);
    }
    Tiles::new(source, size).root(0, size)
}

/// Where RFC 6962 divides the leaves from `start` to `end`: after the largest power of two that leaves some.
const fn fork(start: u64, end: u64) -> u64 {
    let count = end.saturating_sub(start);
    let last = count.saturating_sub(1);
    start.saturating_add(if last == 0 { 0 } else { 1 << last.ilog2() })
}

/// The tiles of a tree of a fixed size, each read once.
struct Tiles<S> {
    source: S,
    size: u64,
    read: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl<S: HashSource> Tiles<S> {
    const fn new(source: S, size: u64) -> Self {
        Self {
            source,
            size,
            read: BTreeMap::new(),
        }
    }

    /// The root over the leaves from `start` to `end`, where `start` is a multiple of the largest power of two below the
    /// number of leaves, as it is for every part of a tree that proofs name.
    fn root(&mut self, start: u64, end: u64) -> Result<Hash, ProveFault<S::Error>> {
        let (mut start, mut parts) = (start, Vec::new());
        while start < end {
            let height = end.saturating_sub(start).ilog2();
            parts.push(self.subtree(height, start >> height)?);
            start = start.saturating_add(1 << height);
        }
        let whole = parts.into_iter().rev().reduce(|right, left| Hash::node(left, right));
        Ok(whole.unwrap_or(Hash::EMPTY))
    }

    /// The root of a complete subtree.
    fn subtree(&mut self, height: u32, index: u64) -> Result<Hash, ProveFault<S::Error>> {
        let level = u8::try_from(height / LEVEL_HEIGHT).unwrap_or(u8::MAX);
        let within = height % LEVEL_HEIGHT;
        let first = index << within;
        let tile = first / TILE_WIDTH;
        let offset = usize::try_from(first % TILE_WIDTH).unwrap_or(usize::MAX);
        let hashes = self.tile(level, tile)?;
        let part = hashes.get(offset..).and_then(|rest| rest.get(..1 << within));
        let part = part.ok_or(ProveFault::Missing { level, index: first })?;
        Ok(fold(part.to_vec()))
    }

    fn tile(&mut self, level: u8, tile: u64) -> Result<&[Hash], ProveFault<S::Error>> {
        let first = tile.saturating_mul(TILE_WIDTH);
        let there = self.size >> (u32::from(level) * LEVEL_HEIGHT);
        let width = usize::try_from(there.saturating_sub(first).min(TILE_WIDTH)).unwrap_or(0);
        match self.read.entry((level, tile)) {
            std::collections::btree_map::Entry::Occupied(read) => Ok(read.into_mut()),
            std::collections::btree_map::Entry::Vacant(place) => {
                let hashes = self.source.hashes(level, first, width).map_err(ProveFault::Source)?;
                Ok(place.insert(hashes))
            }
        }
    }
}

/// The root over a power of two of hashes.
pub(crate) fn fold(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        let pairs = hashes.as_chunks::<2>().0;
        hashes = pairs.iter().map(|[left, right]| Hash::node(*left, *right)).collect();
    }
    hashes.first().copied().unwrap_or(Hash::EMPTY)
}
