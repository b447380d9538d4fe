//! Ten codes on paper for the day the telephone is lost; each opens once.

use std::fmt;

use hmac::digest::Digest as _;
use model::random::{self, Random};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::opaque::hex;

/// How many codes are handed out.
const HANDED_OUT: usize = 10;

/// Letters and digits that nobody mistakes for each other when reading from paper (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a code, 5 bits each: 80 bits cannot be guessed, so their plain hash is enough to keep.
const LENGTH: usize = 16;

/// The hashes of the codes that were not used yet.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecoveryCodes(Vec<String>);

impl RecoveryCodes {
    /// Ten new codes as the person is shown them once, `XXXX-XXXX-XXXX-XXXX`, and what is kept of them.
    #[must_use]
    pub fn draw(random: &dyn Random) -> (Vec<String>, Self) {
        let codes: Vec<String> = (0..HANDED_OUT).map(|_| code(random)).collect();
        let hashes = codes.iter().map(|code| hash(code)).collect();
        let shown = codes.iter().map(|code| grouped(code)).collect();
        (shown, Self(hashes))
    }

    /// How many are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.0.len()
    }

    /// Uses a code up; whether it was one. Small letters, missing hyphens and I, L, O in the place of 1, 1, 0 are read
    /// as meant.
    pub fn take(&mut self, typed: &str) -> bool {
        if typed.len() > 64 {
            return false;
        }
        let code: String = typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(meant).collect();
        let hash = hash(&code);
        let before = self.0.len();
        self.0
            .retain(|kept| !bool::from(kept.as_bytes().ct_eq(hash.as_bytes())));
        self.0.len() < before
    }
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryCodes({} left)", self.0.len())
    }
}

fn code(random: &dyn Random) -> String {
    let bytes: [u8; LENGTH] = random::bytes(random);
    let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    letters.copied().map(char::from).collect()
}

fn grouped(code: &str) -> String {
    let groups = code.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join("-")
}

const fn meant(c: char) -> char {
    match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        upper => upper,
    }
}

fn hash(code: &str) -> String {
    hex(&Sha256::new()
        .chain_update(b"recovery code ")
        .chain_update(code)
        .finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    #[test]
    fn each_code_opens_once() {
        let (shown, mut kept) = RecoveryCodes::draw(&SeededRandom::new(9));
        assert_eq!((shown.len(), kept.left()), (10, 10));
        assert!(
            shown
                .iter()
                .all(|code| code.len() == 19 && code.matches('-').count() == 3)
        );
        assert!(kept.take(&shown[3]));
        assert!(!kept.take(&shown[3]));
        assert!(kept.take(&shown[4].replace('-', " ").to_lowercase()));
        assert_eq!(kept.left(), 8);
    }

    #[test]
    fn what_is_no_code_takes_none() {
        let (shown, mut kept) = RecoveryCodes::draw(&SeededRandom::new(9));
        for wrong in [
            "",
            "0000-0000-0000-0000",
            shown[0].get(1..).unwrap(),
            &shown.join(""),
            "あ",
        ] {
            assert!(!kept.take(wrong), "{wrong}");
        }
        assert_eq!(kept.left(), 10);
        assert!(!format!("{kept:?}").contains(&shown[0]));
    }
}
