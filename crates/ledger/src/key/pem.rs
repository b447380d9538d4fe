//! Public keys as PEM (SubjectPublicKeyInfo, RFC 5280; RFC 8410 for Ed25519, RFC 9881 for ML-DSA-44).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Algorithm;

/// SEQUENCE { SEQUENCE { 1.3.101.112 }, BIT STRING of 32 bytes }.
const ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// SEQUENCE { SEQUENCE { 2.16.840.1.101.3.4.3.17 }, BIT STRING of 1,312 bytes }.
const ML_DSA_44: &[u8] = &[
    0x30, 0x82, 0x05, 0x32, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11, 0x03, 0x82,
    0x05, 0x21, 0x00,
];

/// A public key between its PEM lines.
pub(super) fn public(algorithm: Algorithm, key: &[u8]) -> String {
    let head = match algorithm {
        Algorithm::Ed25519 | Algorithm::Cosignature => ED25519,
        Algorithm::MlDsa44 => ML_DSA_44,
    };
    let base64 = STANDARD.encode([head, key].concat());
    let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    for (index, c) in base64.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(c);
    }
    pem.push_str("\n-----END PUBLIC KEY-----\n");
    pem
}
