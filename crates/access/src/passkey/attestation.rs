//! Which model an authenticator is, proved by its maker (WebAuthn, section 8.2: packed attestation).
//!
//! An authenticator says its AAGUID itself; only the certificate that its maker put in says so with weight. A passkey
//! counts as one of a listed model only where that certificate leads to an authority of the city's list and signed this
//! very registration. Of the other formats nothing is proved, and nothing refused: the passkey is a plain one.

use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::ring::{ECDSA_P256_SHA256, RSA_PKCS1_2048_8192_SHA256};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert};
use x509_parser::oid_registry::{Oid, asn1_rs::oid};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::authenticator_data::Attested;
use super::cbor::Value;
use super::{Refused, Site};

/// id-fido-gen-ce-aaguid (WebAuthn, section 8.2.1).
const AAGUID: Oid<'static> = oid!(1.3.6.1.4.1.45724.1.1.4);

/// The usage that is asked of a certificate that names usages at all; those of makers name none.
const USAGE: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0xe5, 0x1c, 1, 1, 4];

/// Whether the maker vouches for the model. `signed` is the authenticator data followed by the hash of the client data.
pub(super) fn is_proved(
    object: &Value<'_>,
    attested: &Attested<'_>,
    signed: &[u8],
    site: &Site,
    now: Timestamp,
) -> Result<bool, Refused> {
    if object.named("fmt").and_then(Value::text) != Some("packed") {
        return Ok(false);
    }
    let statement = object.named("attStmt").ok_or(Refused::Malformed)?;
    let signature = statement
        .named("sig")
        .and_then(Value::bytes)
        .ok_or(Refused::Malformed)?;
    match statement.named("x5c") {
        None => attested
            .key
            .verifies(signed, signature)
            .then_some(false)
            .ok_or(Refused::Signature),
        Some(chain) => {
            let chain = certificates(chain).ok_or(Refused::Malformed)?;
            let (leaf, rest) = chain.split_first().ok_or(Refused::Malformed)?;
            let maker = EndEntityCert::try_from(leaf).map_err(|_| Refused::Malformed)?;
            let Some(algorithm) = algorithm(statement) else {
                return Ok(false);
            };
            maker
                .verify_signature(algorithm, signed, signature)
                .map_err(|_| Refused::Signature)?;
            Ok(is_trusted(&maker, rest, &site.authorities, now) && names(leaf, attested.aaguid))
        }
    }
}

fn certificates<'b>(chain: &Value<'b>) -> Option<Vec<CertificateDer<'b>>> {
    let Value::Array(chain) = chain else { return None };
    chain.iter().map(|der| der.bytes().map(CertificateDer::from)).collect()
}

fn algorithm(statement: &Value<'_>) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    match statement.named("alg").and_then(Value::integer)? {
        -7 => Some(ECDSA_P256_SHA256),
        -257 => Some(RSA_PKCS1_2048_8192_SHA256),
        _ => None,
    }
}

fn is_trusted(
    maker: &EndEntityCert<'_>,
    rest: &[CertificateDer<'_>],
    authorities: &[TrustAnchor<'static>],
    now: Timestamp,
) -> bool {
    let now = u64::try_from(now.as_second()).unwrap_or_default();
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now));
    let usage = webpki::KeyUsage::required_if_present(USAGE);
    let path = maker.verify_for_usage(ALL_VERIFICATION_ALGS, authorities, rest, now, usage, None, None);
    path.is_ok()
}

/// Whether the certificate is for this model; one that names none is for all of its maker's.
fn names(leaf: &CertificateDer<'_>, aaguid: &[u8; 16]) -> bool {
    let Ok((_, leaf)) = X509Certificate::from_der(leaf) else {
        return false;
    };
    match leaf.get_extension_unique(&AAGUID) {
        Ok(None) => true,
        // An OCTET STRING of 16 bytes inside the one that every extension is.
        Ok(Some(extension)) => extension.value.strip_prefix(&[0x04, 0x10]) == Some(aaguid.as_slice()),
        Err(_) => false,
    }
}
