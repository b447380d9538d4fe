//! What the browser says about the ceremony (`CollectedClientData`, WebAuthn, section 5.8.1).

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{Ceremony, Kind, Refused, Site, decoded};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// Verifies what the browser says (base64url of JSON); the SHA-256 of it, which the authenticator signed.
pub(super) fn verify(encoded: &str, site: &Site, ceremony: &Ceremony) -> Result<[u8; 32], Refused> {
    let bytes = decoded(encoded)?;
    let said: ClientData = serde_json::from_slice(&bytes).map_err(|_| Refused::Malformed)?;
    let kind = match ceremony.kind {
        Kind::Registration => "webauthn.create",
        Kind::Assertion => "webauthn.get",
    };
    let ours: bool = said.challenge.as_bytes().ct_eq(ceremony.challenge.as_bytes()).into();
    if !ours || said.kind != kind || said.origin != site.origin || said.cross_origin {
        return Err(Refused::Foreign);
    }
    Ok(Sha256::digest(&bytes).into())
}
