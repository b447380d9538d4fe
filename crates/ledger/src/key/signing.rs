//! Private keys.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use ml_dsa::{KeyExport as _, MlDsa44};

use super::{Algorithm, KeyFault, VerifierKey, parts};
use crate::checkpoint::Checkpoint;
use crate::cosignature;
use crate::note::Signature;

/// A private key with its name. Its secret is wiped from memory when it is dropped, and never shown by `Debug`.
#[derive(Clone)]
pub struct SigningKey {
    public: VerifierKey,
    secret: Secret,
}

#[derive(Clone)]
enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    MlDsa44(Box<ml_dsa::SigningKey<MlDsa44>>),
}

impl SigningKey {
    /// The key that follows from 32 random bytes, which must be used for no other key.
    ///
    /// # Errors
    /// The name is not fit.
    pub fn from_seed(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, KeyFault> {
        let (secret, public) = match algorithm {
            Algorithm::Ed25519 | Algorithm::Cosignature => {
                let key = ed25519_dalek::SigningKey::from_bytes(seed);
                let public = key.verifying_key().as_bytes().to_vec();
                (Secret::Ed25519(Box::new(key)), public)
            }
            Algorithm::MlDsa44 => {
                let key = ml_dsa::SigningKey::<MlDsa44>::from_seed(&(*seed).into());
                let public = ml_dsa::Keypair::verifying_key(&key).to_bytes().to_vec();
                (Secret::MlDsa44(Box::new(key)), public)
            }
        };
        Ok(Self {
            public: VerifierKey::new(name, algorithm, &public)?,
            secret,
        })
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.public
    }

    /// The key as text, to be kept where nobody else reads it.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        let seed = match &self.secret {
            Secret::Ed25519(key) => key.to_bytes(),
            Secret::MlDsa44(key) => (*key.as_seed()).into(),
        };
        let bytes = [&[self.public.algorithm().byte()], seed.as_slice()].concat();
        let id = u32::from_be_bytes(self.public.id);
        format!("{PREFIX}{}+{id:08x}+{}", self.public.name, STANDARD.encode(bytes))
    }

    /// Signs a checkpoint. Cosignatures state `time`, in POSIX seconds; the signature of a log states none.
    ///
    /// Whoever calls this answers for it: a log signs no two checkpoints of which one is not the beginning of the other, a
    /// witness signs what it has verified.
    #[must_use]
    pub fn sign(&self, checkpoint: &Checkpoint, time: u64) -> Signature {
        let time = time.min(cosignature::LATEST);
        let text = checkpoint.to_string();
        let bytes = match (&self.secret, self.public.algorithm()) {
            (Secret::Ed25519(key), Algorithm::Ed25519) => key.sign(text.as_bytes()).to_bytes().to_vec(),
            (Secret::Ed25519(key), _) => {
                let signature = key.sign(&cosignature::note_message(time, &text));
                [&time.to_be_bytes(), signature.to_bytes().as_slice()].concat()
            }
            (Secret::MlDsa44(key), _) => {
                let message = cosignature::tree_message(&self.public.name, time, checkpoint);
                let signature: ml_dsa::Signature<MlDsa44> = ml_dsa::Signer::sign(&**key, &message);
                [&time.to_be_bytes(), signature.encode().as_slice()].concat()
            }
        };
        Signature {
            name: self.public.name.clone(),
            id: self.public.id,
            bytes,
        }
    }
}

const PREFIX: &str = "PRIVATE+KEY+";

impl FromStr for SigningKey {
    type Err = KeyFault;

    fn from_str(text: &str) -> Result<Self, KeyFault> {
        let (name, id, algorithm, seed) = parts(text.strip_prefix(PREFIX).ok_or(KeyFault::Form)?)?;
        let seed = seed.as_slice().try_into().map_err(|_| KeyFault::Form)?;
        let key = Self::from_seed(name, algorithm, seed)?;
        let own = format!("{:08x}", u32::from_be_bytes(key.public.id));
        if id == own { Ok(key) } else { Err(KeyFault::Id) }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public).finish()
    }
}
