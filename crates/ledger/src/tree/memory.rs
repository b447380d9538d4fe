//! A tree held in memory: small trees, tests.

use std::convert::Infallible;

use super::{Edge, HashSource, LEVEL_HEIGHT};
use crate::Hash;

/// A tree with the hashes of every level of tiles.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    edge: Edge,
    levels: Vec<Vec<Hash>>,
}

impl Memory {
    /// Adds a leaf, given its hash.
    pub fn push(&mut self, leaf: Hash) {
        let levels = &mut self.levels;
        self.edge.push_telling(leaf, |height, _, hash| {
            if !height.is_multiple_of(LEVEL_HEIGHT) {
                return;
            }
            let level = usize::try_from(height / LEVEL_HEIGHT).unwrap_or(usize::MAX);
            if levels.len() <= level {
                levels.push(Vec::new());
            }
            if let Some(hashes) = levels.get_mut(level) {
                hashes.push(hash);
            }
        });
    }

    /// The right edge.
    #[must_use]
    pub const fn edge(&self) -> &Edge {
        &self.edge
    }

    /// How many leaves it has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge.root()
    }
}

impl Extend<Hash> for Memory {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for Memory {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::default();
        tree.extend(leaves);
        tree
    }
}

impl HashSource for Memory {
    type Error = Infallible;

    fn hashes(&mut self, level: u8, index: u64, count: usize) -> Result<Vec<Hash>, Infallible> {
        let start = usize::try_from(index).unwrap_or(usize::MAX);
        let hashes = self
            .levels
            .get(usize::from(level))
            .and_then(|hashes| hashes.get(start..));
        let hashes = hashes.unwrap_or_default();
        Ok(hashes.iter().take(count).copied().collect())
    }
}
