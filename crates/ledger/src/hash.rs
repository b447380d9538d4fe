//! SHA-256 as RFC 6962 uses it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A hash of the tree: of a leaf, of a node, or the root. Shown in base64, as checkpoints and proofs write it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The root of the tree without leaves: SHA-256 of nothing (RFC 6962, section 2.1).
    pub const EMPTY: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae,
        0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ]);

    /// The hash of a leaf: SHA-256(0x00 ‖ bytes).
    #[must_use]
    pub fn leaf(bytes: &[u8]) -> Self {
        let mut digest = Sha256::new_with_prefix([0]);
        digest.update(bytes);
        Self(digest.finalize().into())
    }

    /// The hash of a node: SHA-256(0x01 ‖ left ‖ right).
    #[must_use]
    pub fn node(left: Self, right: Self) -> Self {
        let mut digest = Sha256::new_with_prefix([1]);
        digest.update(left.0);
        digest.update(right.0);
        Self(digest.finalize().into())
    }

    /// The hash that these 32 bytes are.
    ///
    /// # Errors
    /// There are fewer or more than 32.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, NotAHash> {
        bytes.try_into().map(Self).map_err(|_| NotAHash)
    }
}

/// Something that should be a hash in base64 and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the base64 of 32 bytes")]
pub struct NotAHash;

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = NotAHash;

    /// Reads the one base64 text that a hash is shown as: padded, and without stray bits at its end.
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let bytes = STANDARD.decode(text).map_err(|_| NotAHash)?;
        Self::from_slice(&bytes)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_nothing_is_the_hash_of_nothing() {
        assert_eq!(Hash::EMPTY, Hash(Sha256::digest([]).into()));
    }

    #[test]
    fn only_one_text_means_a_hash() {
        let text = Hash::EMPTY.to_string();
        assert_eq!(text.parse(), Ok(Hash::EMPTY));
        for other in [
            text.trim_end_matches('=').to_owned(),
            text.replace("FU=", "FV="),
            format!("{text}\n"),
            String::new(),
        ] {
            assert_eq!(other.parse::<Hash>(), Err(NotAHash), "{other}");
        }
    }
}
