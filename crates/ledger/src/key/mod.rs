//! Keys: who signs for a log, and who cosigns.
//!
//! A public key is written as a *vkey*, `name+id+base64`; a private one as `PRIVATE+KEY+name+id+base64`, the form that
//! Go's tools read and write.

mod pem;
mod signing;

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ml_dsa::{EncodedVerifyingKey, MlDsa44};
use sha2::{Digest as _, Sha256};
pub use signing::SigningKey;

use crate::checkpoint::Checkpoint;
use crate::cosignature;
use crate::note::{Signature, is_name};

/// What a key signs, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Type 0x01: a log signs its checkpoint, Ed25519 over the text.
    Ed25519,
    /// Type 0x04: a cosigner states a time and signs the checkpoint, Ed25519.
    Cosignature,
    /// Type 0x06: a cosigner states a time and signs origin, size and root, ML-DSA-44 (FIPS 204).
    MlDsa44,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ed25519, Self::Cosignature, Self::MlDsa44];

    const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
            Self::MlDsa44 => 0x06,
        }
    }

    fn of_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.byte() == byte)
    }
}

/// A public key with its name.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    public: Public,
}

#[derive(Clone, PartialEq, Eq)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    Cosignature(ed25519_dalek::VerifyingKey),
    MlDsa44(Box<EncodedVerifyingKey<MlDsa44>>),
}

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not `name+id+base64`.
    #[error("not a key of the form `name+id+base64`")]
    Form,
    /// A name that no key can have.
    #[error("the name of a key has 1 to 255 bytes without spaces and plus signs")]
    Name,
    /// The id is that of another key: a slip of the pen.
    #[error("the id does not belong to this key")]
    Id,
    /// Neither Ed25519 nor ML-DSA-44.
    #[error("a kind of key that is not known here (known are 01, 04 and 06)")]
    Algorithm,
    /// Bytes that are no public key, or one under which anybody can sign.
    #[error("not a public key that can be relied on")]
    Weak,
}

impl KeyFault {
    /// The message in Japanese.
    #[must_use]
    pub const fn ja(self) -> &'static str {
        match self {
            Self::Form => "鍵の書き方が「名前+ID+base64」でない",
            Self::Name => "鍵の名前は、空白と「+」を含まない1から255バイトの文字とする",
            Self::Id => "鍵のIDがこの鍵のものでない",
            Self::Algorithm => "対応していない種類の鍵である(対応する種類は01、04及び06)",
            Self::Weak => "公開鍵として使用できない",
        }
    }
}

impl VerifierKey {
    /// A key from its name and its public bytes.
    ///
    /// # Errors
    /// The name or the bytes are not fit.
    pub fn new(name: &str, algorithm: Algorithm, public: &[u8]) -> Result<Self, KeyFault> {
        if !is_name(name) {
            return Err(KeyFault::Name);
        }
        let id = id(name, algorithm, public);
        let public = match algorithm {
            Algorithm::Ed25519 => Public::Ed25519(ed25519(public)?),
            Algorithm::Cosignature => Public::Cosignature(ed25519(public)?),
            Algorithm::MlDsa44 => Public::MlDsa44(Box::new(public.try_into().map_err(|_| KeyFault::Weak)?)),
        };
        Ok(Self {
            name: name.to_owned(),
            id,
            public,
        })
    }

    /// Its name: the origin of a log, the address of a witness.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.public {
            Public::Ed25519(_) => Algorithm::Ed25519,
            Public::Cosignature(_) => Algorithm::Cosignature,
            Public::MlDsa44(_) => Algorithm::MlDsa44,
        }
    }

    /// The public bytes: 32, or 1,312 of ML-DSA-44.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        match &self.public {
            Public::Ed25519(key) | Public::Cosignature(key) => key.as_bytes(),
            Public::MlDsa44(key) => key,
        }
    }

    /// The key as PEM, for tools that know nothing of notes.
    #[must_use]
    pub fn pem(&self) -> String {
        pem::public(self.algorithm(), self.public())
    }

    /// Whether a signature claims to be this key's.
    pub(crate) fn is_named(&self, signature: &Signature) -> bool {
        signature.name == self.name && signature.id == self.id
    }

    /// Whether this key made a signature of a note with this text; with the time where the signature states one.
    pub(crate) fn verify(&self, text: &str, signature: &[u8]) -> Option<Option<u64>> {
        match &self.public {
            Public::Ed25519(key) => strict(key, text.as_bytes(), signature).map(|()| None),
            Public::Cosignature(key) => {
                let (time, signature) = cosignature::timed(signature)?;
                strict(key, &cosignature::note_message(time, text), signature)?;
                Some(Some(time))
            }
            Public::MlDsa44(key) => {
                let (time, signature) = cosignature::timed(signature)?;
                let checkpoint = Checkpoint::parse(text).ok()?;
                let message = cosignature::tree_message(&self.name, time, &checkpoint);
                let signature = ml_dsa::Signature::<MlDsa44>::try_from(signature).ok()?;
                let key = ml_dsa::VerifyingKey::<MlDsa44>::decode(key);
                ml_dsa::Verifier::verify(&key, &message, &signature).ok()?;
                Some(Some(time))
            }
        }
    }
}

/// As a vkey.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[self.algorithm().byte()], self.public()].concat();
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            u32::from_be_bytes(self.id),
            STANDARD.encode(bytes)
        )
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({}+{:08x})", self.name, u32::from_be_bytes(self.id))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyFault;

    fn from_str(vkey: &str) -> Result<Self, KeyFault> {
        let (name, id, algorithm, public) = parts(vkey)?;
        let key = Self::new(name, algorithm, &public)?;
        if id == format!("{:08x}", u32::from_be_bytes(key.id)) {
            Ok(key)
        } else {
            Err(KeyFault::Id)
        }
    }
}

/// Name, id, algorithm and key of `name+id+base64`.
fn parts(text: &str) -> Result<(&str, &str, Algorithm, Vec<u8>), KeyFault> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(base64)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyFault::Form);
    };
    let bytes = STANDARD.decode(base64).map_err(|_| KeyFault::Form)?;
    let (byte, key) = bytes.split_first().ok_or(KeyFault::Form)?;
    let algorithm = Algorithm::of_byte(*byte).ok_or(KeyFault::Algorithm)?;
    Ok((name, id, algorithm, key.to_vec()))
}

/// SHA-256(name ‖ newline ‖ type ‖ public key), the first four bytes.
fn id(name: &str, algorithm: Algorithm, public: &[u8]) -> [u8; 4] {
    let mut digest = Sha256::new();
    digest.update(name);
    digest.update([b'\n', algorithm.byte()]);
    digest.update(public);
    let [a, b, c, d, ..]: [u8; 32] = digest.finalize().into();
    [a, b, c, d]
}

fn ed25519(public: &[u8]) -> Result<ed25519_dalek::VerifyingKey, KeyFault> {
    let bytes = public.try_into().map_err(|_| KeyFault::Weak)?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyFault::Weak)?;
    if key.is_weak() { Err(KeyFault::Weak) } else { Ok(key) }
}

fn strict(key: &ed25519_dalek::VerifyingKey, message: &[u8], signature: &[u8]) -> Option<()> {
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    key.verify_strict(message, &signature).ok()
}
