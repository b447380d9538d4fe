//! Short sums that tell whether stored values are still the ones that were written.

use sha2::{Digest as _, Sha256};

use crate::pack;

/// SHA-256 over values, each with its length.
pub(crate) fn of(values: &[&[u8]]) -> [u8; 32] {
    let mut framed = Vec::with_capacity(256);
    for value in values {
        pack::push(&mut framed, value);
    }
    Sha256::digest(framed).into()
}

/// A sum over rows that does not depend on their order: two tables with the same sum have the same rows, unless somebody
/// worked hard for it. Finds what broke by itself, not what was forged; nothing that matters rests on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RowSum {
    rows: u64,
    sum: u64,
}

impl RowSum {
    /// Counts a row, of which `values` are the columns.
    pub(crate) fn add(&mut self, values: &[&[u8]]) {
        // FNV-1a with a separator, then the finish of SplitMix64.
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        for value in values {
            for byte in value.iter().copied().chain([0xFF]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
            }
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        self.sum = self.sum.wrapping_add(hash ^ (hash >> 31));
        self.rows = self.rows.wrapping_add(1);
    }
}
