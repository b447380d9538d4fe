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

#[cfg(test)]
mod tests {
    use super::*;

    // Made with OpenSSL over the message `sanmon`.
    const RSA_MODULUS: &str = "jK3aMRuuIU9_vUqE2iy0eWZNPzbevZvjRcbQK-A9fIAR5PFIpqcQkpLfSSQYMGTBD6SrZKem1dzYnat5Qs8QzfYPKlrIQPHA-VdL\
        atrPSXybsXopaOzQsaMhlHcyJ_a5mypzaEd6cPsTGTY13ov57d5jpVpuQddlclNMyTcek1TgequlciURonZa0-\
        DUKNZC_WaYdbkQA55Oi6hZgKp8qKlSSIMfu2yNc62azECxciVQDy-8Z65-\
        iQcQpJMm6wXvOIv9xW_p78YxqwSGUZIoF9o75HBrDDiTE5Mc0_rEmXgLkVGOeVT6DC7iXWnslcaq0AB5eu8AHVnqdTa9Fw4piQ";
    const RSA_SIGNATURE: &str = "KKGJdZoAQey8J4sx6D-_BAv_KphRC8T-\
        jFrl0vEuAQ2yVIJwSitdo04cT82jgkDkaqzsVu8jxrRkq1WMVEB61STRk8SPdkGujO_pxRm1mT3k1yhitQaMnyZtKIr3cexYkbN-\
        Mt3mjZzlDjtQyXum2NWYUEQ-ZneoIz3HcKmzi_uA8O1VGG34O2BCD0hzUDKWTGakw-\
        SrjuiEzFLyCihp-71seBVvBm_wyW2K3GhWz8LjSgeYMfjgomW2rVxpRnz8uxAdlMxlUY18WvU2rhKI-\
        nJQ13JY875WUQ_m38GjP6BM3Kc4PTFrtCC8P7mbxJ-sgamLsPjSd41DX35WnVhRyA";
    const ED25519_KEY: &str = "lvNLEEth8_MWAvn5UnyZfIhEBMUXnAiOE9CPZCwVG0U";
    const ED25519_SIGNATURE: &str =
        "RB1dkr_QdZd9LLVH083pxu6Pof6-3Y3lS_lqqWyqqgggAAc6IKQrMnRwp6Zwp-L4bsgzSGx0aPfJt1VE4rLKCg";

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn cose<'v>(numbers: &[(i64, i64)], strings: &[(i64, &'v [u8])]) -> Value<'v> {
        let numbers = numbers
            .iter()
            .map(|(label, number)| (Value::Integer(*label), Value::Integer(*number)));
        let strings = strings
            .iter()
            .map(|(label, bytes)| (Value::Integer(*label), Value::Bytes(bytes)));
        Value::Map(numbers.chain(strings).collect())
    }

    #[test]
    fn signatures_of_a_tpm_and_of_ed25519_are_verified() {
        let (modulus, point) = (bytes(RSA_MODULUS), bytes(ED25519_KEY));
        let rsa = cose(&[(1, 3), (3, -257)], &[(-1, &modulus), (-2, &[1, 0, 1])]);
        let ed25519 = cose(&[(1, 1), (3, -8), (-1, 6)], &[(-2, &point)]);
        for (cose, signature) in [(rsa, RSA_SIGNATURE), (ed25519, ED25519_SIGNATURE)] {
            let key = PublicKey::read(&cose).unwrap();
            let kept: PublicKey = serde_json::from_str(&serde_json::to_string(&key).unwrap()).unwrap();
            assert!(kept.verifies(b"sanmon", &bytes(signature)));
            assert!(!kept.verifies(b"sanmon!", &bytes(signature)));
            assert!(!kept.verifies(b"sanmon", &[]));
        }
    }

    #[test]
    fn a_weak_or_unknown_key_is_no_key() {
        let (short, long) = ([0xff; 128], [0xff; 256]);
        for wrong in [
            cose(&[(1, 3), (3, -257)], &[(-1, &short), (-2, &[1, 0, 1])]),
            cose(&[(1, 3), (3, -257)], &[(-1, &long), (-2, &[1; 9])]),
            cose(&[(1, 3), (3, -65535)], &[(-1, &long), (-2, &[1, 0, 1])]),
            cose(&[(1, 2), (3, -7), (-1, 2)], &[(-2, &[1; 32]), (-3, &[1; 32])]),
            cose(&[(1, 2), (3, -7), (-1, 1)], &[(-2, &[1; 31]), (-3, &[1; 32])]),
            cose(&[(1, 1), (3, -7), (-1, 6)], &[(-2, &[1; 32])]),
            cose(&[], &[]),
            Value::Integer(1),
        ] {
            assert_eq!(PublicKey::read(&wrong), None, "{wrong:?}");
        }
    }
}
