//! The right edge: all that is needed to add leaves and to know the root.

use crate::Hash;

/// The complete subtrees along the right edge of a tree, largest first: one for each bit of the size.
///
/// A tree of a thousand million leaves has an edge of at most 30 hashes, so that adding a leaf never reads the tree.
///
/// ```
/// use ledger::{Hash, tree::Edge};
///
/// let mut edge = Edge::default();
/// let (a, b) = (Hash::leaf(b"a"), Hash::leaf(b"b"));
/// edge.push(a);
/// edge.push(b);
/// assert_eq!(edge.root(), Hash::node(a, b));
/// assert_eq!(Edge::from_bytes(&edge.to_bytes()), Ok(edge));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    hashes: Vec<Hash>,
}

/// Bytes that are no edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the edge of the tree has the wrong number of hashes for its size")]
pub struct NotAnEdge;

impl Edge {
    /// The edge of a tree of `size` leaves.
    ///
    /// # Errors
    /// There is not exactly one hash for each bit of `size`.
    pub fn new(size: u64, hashes: Vec<Hash>) -> Result<Self, NotAnEdge> {
        let fits = usize::try_from(size.count_ones()) == Ok(hashes.len());
        if fits {
            Ok(Self { size, hashes })
        } else {
            Err(NotAnEdge)
        }
    }

    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, largest first.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Adds a leaf, given its hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_telling(leaf, |_, _, _| {});
    }

    /// Adds a leaf and tells every subtree that this completes as (height, index at this height, hash): the leaf itself
    /// at height 0 first. What is told at heights 8, 16, … are the hashes of the tiles at level 1, 2, ….
    pub fn push_telling(&mut self, leaf: Hash, mut tell: impl FnMut(u32, u64, Hash)) {
        let (mut hash, mut index, mut height) = (leaf, self.size, 0);
        tell(height, index, hash);
        while index & 1 == 1
            && let Some(left) = self.hashes.pop()
        {
            hash = Hash::node(left, hash);
            index >>= 1;
            height = height.saturating_add(1);
            tell(height, index, hash);
        }
        self.hashes.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut hashes = self.hashes.iter().rev().copied();
        let Some(smallest) = hashes.next() else {
            return Hash::EMPTY;
        };
        hashes.fold(smallest, |right, left| Hash::node(left, right))
    }

    /// The size in 8 bytes, big-endian, and the hashes of 32 bytes each.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.hashes.len().saturating_mul(32).saturating_add(8));
        bytes.extend(self.size.to_be_bytes());
        bytes.extend(self.hashes.iter().flat_map(|hash| hash.0));
        bytes
    }

    /// Reads what [`Edge::to_bytes`] wrote.
    ///
    /// # Errors
    /// The bytes are no edge; that the hashes are those of the tree only the tree can tell.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAnEdge> {
        let (size, hashes) = bytes.split_first_chunk().ok_or(NotAnEdge)?;
        let (hashes, rest) = hashes.as_chunks();
        if !rest.is_empty() {
            return Err(NotAnEdge);
        }
        Self::new(u64::from_be_bytes(*size), hashes.iter().copied().map(Hash).collect())
    }
}

impl Extend<Hash> for Edge {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for Edge {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut edge = Self::default();
        edge.extend(leaves);
        edge
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 6962, section 2.1, word for word: the oracle.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::EMPTY,
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                Hash::node(root(left), root(right))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition_at_every_size() {
        let leaves: Vec<Hash> = (0..300u32).map(|number| Hash::leaf(&number.to_be_bytes())).collect();
        let mut edge = Edge::default();
        for size in 0..leaves.len() {
            assert_eq!(edge.root(), root(&leaves[..size]), "{size}");
            assert_eq!(Edge::from_bytes(&edge.to_bytes()), Ok(edge.clone()));
            edge.push(leaves[size]);
        }
    }

    #[test]
    fn every_complete_subtree_is_told_once() {
        let leaves: Vec<Hash> = (0..100u32).map(|number| Hash::leaf(&number.to_be_bytes())).collect();
        let mut told = Vec::new();
        let mut edge = Edge::default();
        for leaf in &leaves {
            edge.push_telling(*leaf, |height, index, hash| told.push((height, index, hash)));
        }
        let complete: u64 = (0..7).map(|height| 100 >> height).sum();
        assert_eq!(told.len() as u64, complete);
        for (height, index, hash) in told {
            let start = (index << height) as usize;
            assert_eq!(hash, root(&leaves[start..start + (1 << height)]));
        }
    }

    #[test]
    fn bytes_that_are_no_edge_are_refused() {
        let edge: Edge = (0..3u8).map(|number| Hash::leaf(&[number])).collect();
        let bytes = edge.to_bytes();
        for length in 0..bytes.len() {
            assert_eq!(Edge::from_bytes(&bytes[..length]), Err(NotAnEdge));
        }
        assert_eq!(Edge::new(4, edge.hashes().to_vec()), Err(NotAnEdge));
    }
}
