//! Public keys of authenticators: COSE (RFC 9052, RFC 9053) to what verifies a signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::cbor::Value;

/// The algorithms in the order in which we like them (COSE: EdDSA, ES256, RS256).
pub(super) const ALGORITHMS: [i64; 3] = [-8, -7, -257];

/// A public key, its numbers in base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "algorithm", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum PublicKey {
    /// ECDSA with P-256 and SHA-256: the point, uncompressed.
    Es256 { point: String },
    /// Ed25519.
    EdDsa { key: String },
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2048 bits or more.
    Rs256 { modulus: String, exponent: String },
}

impl PublicKey {
    /// Reads a COSE key; `None` for another kind or algorithm.
    pub(super) fn read(cose: &Value<'_>) -> Option<Self> {
        let integer = |label| cose.numbered(label).and_then(Value::integer);
        let bytes = |label| cose.numbered(label).and_then(Value::bytes);
        // Labels: 1 kty, 3 alg, -1 crv or n, -2 x or e, -3 y.
        match (integer(1)?, integer(3)?) {
            (2, -7) if integer(-1)? == 1 => {
                let (x, y) = (coordinate(bytes(-2)?)?, coordinate(bytes(-3)?)?);
                let point = URL_SAFE_NO_PAD.encode([&[4][..], x, y].concat());
                Some(Self::Es256 { point })
            }
            (1, -8) if integer(-1)? == 6 => {
                let key = URL_SAFE_NO_PAD.encode(coordinate(bytes(-2)?)?);
                Some(Self::EdDsa { key })
            }
            (3, -257) => {
                let (modulus, exponent) = (bytes(-1)?, bytes(-2)?);
                let sound = (256..=1024).contains(&modulus.len()) && (1..=4).contains(&exponent.len());
                sound.then(|| Self::Rs256 {
                    modulus: URL_SAFE_NO_PAD.encode(modulus),
                    exponent: URL_SAFE_NO_PAD.encode(exponent),
                })
            }
            _ => None,
        }
    }

    /// Whether the key signed the message.
    pub(super) fn verifies(&self, message: &[u8], signed: &[u8]) -> bool {
        self.try_verify(message, signed).is_some()
    }

    fn try_verify(&self, message: &[u8], signed: &[u8]) -> Option<()> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        match self {
            Self::Es256 { point } => {
                let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, bytes(point)?);
                key.verify(message, signed).ok()
            }
            Self::EdDsa { key } => UnparsedPublicKey::new(&signature::ED25519, bytes(key)?)
                .verify(message, signed)
                .ok(),
            Self::Rs256 { modulus, exponent } => {
                let (n, e) = (bytes(modulus)?, bytes(exponent)?);
                let key = RsaPublicKeyComponents { n: &n, e: &e };
                key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signed).ok()
            }
        }
    }
}

fn coordinate(bytes: &[u8]) -> Option<&[u8]> {
    (bytes.len() == 32).then_some(bytes)
}
