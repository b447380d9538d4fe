//! Proofs are checked, with nothing but what the proof says (RFC 9162, sections 2.1.3.2 and 2.1.4.2, for the trees of
//! RFC 6962). This is not how they are made, so that one mistake does not hide the other.

use crate::Hash;

/// A proof that does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// The leaf or the older tree lies outside the tree.
    #[error("the tree is smaller than what the proof is about")]
    Range,
    /// Too many or too few hashes for trees of these sizes.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The hashes lead to another root.
    #[error("the proof does not lead to the root of the tree")]
    Root,
}

impl ProofFault {
    /// The message in Japanese.
    #[must_use]
    pub const fn ja(self) -> &'static str {
        match self {
            Self::Range => "証明の対象がツリーの範囲を超えている",
            Self::Length => "証明に含まれるハッシュの数が合わない",
            Self::Root => "証明がツリーの根に一致しない",
        }
    }
}

/// Checks that the leaf with this hash stands at `index` in the tree of `size` leaves with this root.
///
/// # Errors
/// It is not proved.
pub fn inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> Result<(), ProofFault> {
    if index >= size {
        return Err(ProofFault::Range);
    }
    let mut climb = Climb::new(index, size);
    let mut hash = leaf;
    for sibling in proof {
        hash = match climb.step().ok_or(ProofFault::Length)? {
            Side::Left => Hash::node(*sibling, hash),
            Side::Right => Hash::node(hash, *sibling),
        };
    }
    climb.arrived(hash == root)
}

/// Checks that the tree of `old` leaves with the one root is the beginning of the tree of `new` leaves with the other.
///
/// # Errors
/// It is not proved.
pub fn consistency(old: u64, old_root: Hash, new: u64, new_root: Hash, proof: &[Hash]) -> Result<(), ProofFault> {
    if old > new {
        return Err(ProofFault::Range);
    }
    if old == 0 || old == new {
        let roots = if old == new {
            old_root == new_root
        } else {
            old_root == Hash::EMPTY
        };
        return match (proof, roots) {
            ([], true) => Ok(()),
            ([], false) => Err(ProofFault::Root),
            _ => Err(ProofFault::Length),
        };
    }
    let mut climb = Climb::new(old.saturating_sub(1), new);
    climb.skip_right_edges();
    // The old tree is itself a complete subtree of the new one, or the proof begins with the largest one at its end.
    let (start, rest) = match proof.split_first() {
        _ if old.is_power_of_two() => (old_root, proof),
        Some((first, rest)) => (*first, rest),
        None => return Err(ProofFault::Length),
    };
    let (mut older, mut newer) = (start, start);
    for hash in rest {
        match climb.step().ok_or(ProofFault::Length)? {
            Side::Left => {
                older = Hash::node(*hash, older);
                newer = Hash::node(*hash, newer);
            }
            Side::Right => newer = Hash::node(newer, *hash),
        }
    }
    climb.arrived(older == old_root && newer == new_root)
}

/// On which side of the way up the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

/// The way from a leaf to the root: its index and that of the last leaf, at the height reached.
struct Climb {
    index: u64,
    last: u64,
}

impl Climb {
    const fn new(index: u64, size: u64) -> Self {
        Self {
            index,
            last: size.saturating_sub(1),
        }
    }

    /// Up while we are a right child: nothing is told about what is complete.
    const fn skip_right_edges(&mut self) {
        while self.index & 1 == 1 {
            self.up();
        }
    }

    /// One hash upwards; `None` at the root.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.index & 1 == 1 || self.index == self.last {
            // At the right edge a subtree without a sibling passes upwards unchanged.
            while self.index & 1 == 0 && self.index != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Some(side)
    }

    const fn up(&mut self) {
        self.index >>= 1;
        self.last >>= 1;
    }

    const fn arrived(&self, roots: bool) -> Result<(), ProofFault> {
        match (self.last, roots) {
            (0, true) => Ok(()),
            (0, false) => Err(ProofFault::Root),
            _ => Err(ProofFault::Length),
        }
    }
}
