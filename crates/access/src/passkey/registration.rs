//! A new passkey (WebAuthn, section 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use model::random::Random;
use serde::Deserialize;
use serde_json::{Value, json};

use super::authenticator_data::AuthenticatorData;
use super::key::ALGORITHMS;
use super::{Ceremony, Kind, LASTS, Passkey, Refused, Site, attestation, cbor, client_data, decoded, parsed};

/// For whom a passkey is made.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'o> {
    /// [`Account::handle`](crate::account::Account::handle).
    pub handle: &'o str,
    /// What the authenticator lists it under: the login.
    pub login: &'o str,
    /// The name that the authenticator shows.
    pub name: &'o str,
}

/// `RegistrationResponseJSON` (WebAuthn, section 5.1); members that we do not need are left aside.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'j> {
    id: &'j str,
    raw_id: &'j str,
    #[serde(rename = "type")]
    kind: &'j str,
    response: Response<'j>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response<'j> {
    #[serde(rename = "clientDataJSON")]
    client_data: &'j str,
    attestation_object: &'j str,
    #[serde(default)]
    transports: Vec<String>,
}

/// Begins: what to keep, and `PublicKeyCredentialCreationOptionsJSON` for the browser. `existing` are the passkeys that
/// the person has: an authenticator makes no second one beside them.
#[must_use]
pub fn begin(
    site: &Site,
    owner: Owner<'_>,
    existing: &[Passkey],
    random: &dyn Random,
    now: Timestamp,
) -> (Ceremony, Value) {
    let ceremony = Ceremony::begin(Kind::Registration, random, now);
    let algorithms: Vec<Value> = ALGORITHMS
        .iter()
        .map(|alg| json!({ "type": "public-key", "alg": alg }))
        .collect();
    let known: Vec<Value> = existing.iter().map(Passkey::descriptor).collect();
    let options = json!({
        "rp": { "id": site.id, "name": site.name },
        "user": { "id": owner.handle, "name": owner.login, "displayName": owner.name },
        "challenge": ceremony.challenge,
        "pubKeyCredParams": algorithms,
        "timeout": LASTS.as_millis(),
        "excludeCredentials": known,
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": if site.authorities.is_empty() { "none" } else { "direct" },
        "extensions": { "credProps": true },
    });
    (ceremony, options)
}

/// Finishes: the passkey to keep. `json` is what the browser sent, `label` what its owner calls it.
///
/// The caller makes sure that no other person has a passkey with this id.
///
/// # Errors
/// Everything in [`Refused`] but a counter that went back.
pub fn finish(
    site: &Site,
    ceremony: &Ceremony,
    json: &str,
    existing: &[Passkey],
    label: &str,
    now: Timestamp,
) -> Result<Passkey, Refused> {
    ceremony.check(Kind::Registration, now)?;
    let answer: Answer<'_> = parsed(json)?;
    let client_data = client_data::verify(answer.response.client_data, site, ceremony)?;
    let object = decoded(answer.response.attestation_object)?;
    let (object, []) = cbor::read(&object).ok_or(Refused::Malformed)? else {
        return Err(Refused::Malformed);
    };
    let bytes = object
        .named("authData")
        .and_then(cbor::Value::bytes)
        .ok_or(Refused::Malformed)?;
    let said = AuthenticatorData::read(bytes)?;
    said.verify(site)?;
    let synced = said.is_synced();
    let attested = said.attested.ok_or(Refused::Malformed)?;
    let id = URL_SAFE_NO_PAD.encode(attested.id);
    if answer.kind != "public-key" || answer.id != id || answer.raw_id != id {
        return Err(Refused::Malformed);
    }
    if existing.iter().any(|passkey| passkey.id == id) {
        return Err(Refused::Duplicate);
    }
    let proved = attestation::is_proved(&object, &attested, &[bytes, &client_data].concat(), site, now)?;
    let mut passkey = Passkey {
        id,
        key: attested.key,
        sign_count: said.sign_count,
        model: written(attested.aaguid),
        proved,
        synced,
        transports: plain(answer.response.transports),
        label: String::new(),
        added_at: now,
        used_at: None,
    };
    passkey.rename(label);
    Ok(passkey)
}

/// An AAGUID as it is written: `00112233-4455-6677-8899-aabbccddeeff`.
fn written(aaguid: &[u8; 16]) -> String {
    let digits = crate::opaque::hex(aaguid);
    let ends = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    let groups = ends.iter().filter_map(|(start, end)| digits.get(*start..*end));
    groups.collect::<Vec<_>>().join("-")
}

/// The transports that are words, a few of them: they are told back to browsers later.
fn plain(transports: Vec<String>) -> Vec<String> {
    let is_word = |word: &String| word.len() <= 20 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    transports.into_iter().filter(is_word).take(8).collect()
}
