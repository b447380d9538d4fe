//! Seals the secrets that the database holds, with keys that the database does not hold.
//!
//! Whoever copies the database without the key file learns no second factor and can try no password. A sealed value is
//! bound to its place, so that nobody moves one person's secret to another person's row.
//!
//! The key file holds one key or more, 32 bytes each, newest first: the first seals, all of them open. To rotate, write
//! the file of [`KeyRing::rotated`], then seal anew whatever [`KeyRing::is_current`] denies.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use model::random::{self, Random};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const FORMAT: u8 = 1;
const KEY: usize = 32;
const KEY_ID: usize = 4;
const NONCE: usize = 24;

/// The keys of this installation, newest first.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct KeyRing(Vec<[u8; KEY]>);

/// Where a secret stands: the columns `scope` and `key` of its row.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    /// Whose it is: `user:P0104`.
    pub scope: &'p str,
    /// What it is: `credentials`.
    pub key: &'p str,
}

/// Why a sealed value or a key file was refused; says nothing of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsealable {
    /// The key file is no row of 32-byte keys.
    #[error("a key file holds one or more keys of 32 bytes each")]
    KeyFile,
    /// Not a sealed value of a known format.
    #[error("not a sealed value")]
    Format,
    /// The key that sealed it is not in the ring.
    #[error("sealed with a key that the key file does not hold")]
    UnknownKey,
    /// Changed, or moved from another place.
    #[error("the sealed value was changed or belongs to another place")]
    Tampered,
}

impl KeyRing {
    /// A ring with one new key.
    #[must_use]
    pub fn draw(random: &dyn Random) -> Self {
        Self(vec![random::bytes(random)])
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`Unsealable::KeyFile`] where the length is no positive multiple of 32.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unsealable> {
        let (keys, rest) = bytes.as_chunks::<KEY>();
        if keys.is_empty() || !rest.is_empty() {
            return Err(Unsealable::KeyFile);
        }
        Ok(Self(keys.to_vec()))
    }

    /// The content of the key file.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.concat())
    }

    /// The ring with a new key before the others.
    #[must_use]
    pub fn rotated(&self, random: &dyn Random) -> Self {
        let mut keys = vec![random::bytes(random)];
        keys.extend_from_slice(&self.0);
        Self(keys)
    }

    /// Seals: format (1 byte), key id (4), nonce (24), XChaCha20-Poly1305 ciphertext with its tag (16).
    ///
    /// # Errors
    /// None for a secret that fits into memory.
    pub fn seal(&self, place: Place<'_>, secret: &[u8], random: &dyn Random) -> Result<Vec<u8>, Unsealable> {
        let key = self.0.first().ok_or(Unsealable::KeyFile)?;
        let nonce: [u8; NONCE] = random::bytes(random);
        let aad = place.bytes();
        let payload = Payload { msg: secret, aad: &aad };
        let sealed = cipher(key)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Unsealable::Format)?;
        Ok([&[FORMAT][..], &key_id(key), &nonce, &sealed].concat())
    }

    /// Opens what [`KeyRing::seal`] sealed for the same place.
    ///
    /// # Errors
    /// Another format, a key that is gone, a changed value or place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let envelope = Envelope::read(sealed)?;
        let key = self.key(envelope.key_id).ok_or(Unsealable::UnknownKey)?;
        let aad = place.bytes();
        let payload = Payload {
            msg: envelope.ciphertext,
            aad: &aad,
        };
        let opened = cipher(key).decrypt(&XNonce::from(*envelope.nonce), payload);
        opened.map(Zeroizing::new).map_err(|_| Unsealable::Tampered)
    }

    /// Whether the newest key sealed it; otherwise it waits to be sealed anew.
    #[must_use]
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        let newest = self.0.first().map(key_id);
        Envelope::read(sealed).is_ok_and(|envelope| newest == Some(*envelope.key_id))
    }

    /// A key for another purpose, one a purpose and key, newest first. What is signed with it outlives a rotation as
    /// long as the old key stays in the file.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> Vec<Zeroizing<[u8; 32]>> {
        let derive = |key: &[u8; KEY]| Zeroizing::new(hmac(key, &[b"sanmon ", purpose.as_bytes()]));
        self.0.iter().map(derive).collect()
    }

    fn key(&self, id: &[u8; KEY_ID]) -> Option<&[u8; KEY]> {
        self.0.iter().find(|key| key_id(key) == *id)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} keys)", self.0.len())
    }
}

impl Place<'_> {
    /// The place in one unmistakable way: the length of the scope first.
    fn bytes(self) -> Vec<u8> {
        let length = (self.scope.len() as u64).to_be_bytes();
        [&length[..], self.scope.as_bytes(), self.key.as_bytes()].concat()
    }
}

struct Envelope<'s> {
    key_id: &'s [u8; KEY_ID],
    nonce: &'s [u8; NONCE],
    ciphertext: &'s [u8],
}

impl<'s> Envelope<'s> {
    fn read(sealed: &'s [u8]) -> Result<Self, Unsealable> {
        let parts = || {
            let rest = sealed.strip_prefix(&[FORMAT])?;
            let (key_id, rest) = rest.split_first_chunk()?;
            let (nonce, ciphertext) = rest.split_first_chunk()?;
            Some(Self {
                key_id,
                nonce,
                ciphertext,
            })
        };
        parts().ok_or(Unsealable::Format)
    }
}

fn cipher(key: &[u8; KEY]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*key).into())
}

/// Tells keys apart without telling them.
fn key_id(key: &[u8; KEY]) -> [u8; KEY_ID] {
    let digest = Sha256::new()
        .chain_update(b"sanmon key id")
        .chain_update(key)
        .finalize();
    std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default())
}

/// HMAC-SHA256 over the parts as they follow each other.
pub(crate) fn hmac(key: &[u8; KEY], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&(*key_block(key)).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The key padded to the block of SHA-256, as RFC 2104 wants it.
fn key_block(key: &[u8; KEY]) -> Zeroizing<[u8; 64]> {
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    const HERE: Place<'static> = Place {
        scope: "user:P0104",
        key: "credentials",
    };

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let random = SeededRandom::new(7);
        let ring = KeyRing::draw(&random);
        let sealed = ring.seal(HERE, b"secret", &random).unwrap();
        assert_eq!(ring.open(HERE, &sealed).unwrap().as_slice(), b"secret");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        for (scope, key) in [("user:P0105", "credentials"), ("user:P0104c", "redentials")] {
            assert_eq!(ring.open(Place { scope, key }, &sealed), Err(Unsealable::Tampered));
        }
    }

    #[test]
    fn one_flipped_bit_anywhere_is_noticed() {
        let random = SeededRandom::new(7);
        let ring = KeyRing::draw(&random);
        let sealed = ring.seal(HERE, b"secret", &random).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(ring.open(HERE, &changed).is_err(), "byte {at}");
            assert!(ring.open(HERE, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_rotated_ring_opens_the_old_and_seals_with_the_new() {
        let random = SeededRandom::new(7);
        let old = KeyRing::draw(&random);
        let sealed = old.seal(HERE, b"secret", &random).unwrap();
        let new = KeyRing::from_bytes(&old.rotated(&random).to_bytes()).unwrap();
        assert_eq!(new.open(HERE, &sealed).unwrap().as_slice(), b"secret");
        assert!(old.is_current(&sealed) && !new.is_current(&sealed));
        let anew = new.seal(HERE, b"secret", &random).unwrap();
        assert!(new.is_current(&anew));
        assert_eq!(old.open(HERE, &anew), Err(Unsealable::UnknownKey));
        assert_eq!(new.derived("device").last(), old.derived("device").first());
    }

    #[test]
    fn a_key_file_of_another_length_is_refused() {
        for length in [0, 31, 33] {
            assert_eq!(KeyRing::from_bytes(&vec![1; length]).err(), Some(Unsealable::KeyFile));
        }
    }

    #[test]
    fn the_mac_is_that_of_rfc_4231() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let mac = super::super::opaque::hex(&hmac(&key, &[b"Hi ", b"There"]));
        assert_eq!(mac, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }
}
