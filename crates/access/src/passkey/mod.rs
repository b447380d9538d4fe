//! Passkeys: the server's side of WebAuthn Level 3 (<https://www.w3.org/TR/webauthn-3/>), sections 7.1 and 7.2.
//!
//! A ceremony has two halves. [`registration::begin`] and [`assertion::begin`] give a [`Ceremony`], which the caller
//! keeps for its few minutes, and options in the JSON form that `PublicKeyCredential.parseCreationOptionsFromJSON()`
//! and `parseRequestOptionsFromJSON()` read; what `toJSON()` of the answer gives goes to the second half.
//!
//! The user is always verified by the authenticator (PIN, finger, face), so a passkey is two factors, and it is
//! discoverable, so nobody types who they are. Signatures of ES256, EdDSA and RS256 are accepted: the last is what the
//! TPMs of many office computers make.
//!
//! Everything that a browser sends is hostile until it is verified: sizes are bounded, CBOR is read by a reader that
//! takes the plain subset only, and a refusal says no more than [`Refused`].

pub mod assertion;
mod attestation;
mod authenticator_data;
mod cbor;
mod client_data;
mod key;
pub mod registration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use model::random::{self, Random};
use rustls::pki_types::TrustAnchor;
use serde::{Deserialize, Serialize};

use crate::account::PasskeyLabel;
use crate::tls;

use self::key::PublicKey;

/// The longest answer of a browser that is read, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// The AAGUID of no model (WebAuthn, section 6.5.1).
pub const NO_MODEL: &str = "00000000-0000-0000-0000-000000000000";

/// How long a person may take.
pub const LASTS: SignedDuration = SignedDuration::from_mins(5);

/// The place for which passkeys are made: one origin, and its host as the relying party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// `https://sanmon.example.lg.jp`, as browsers write an origin.
    origin: String,
    /// `sanmon.example.lg.jp`
    id: String,
    /// What the browser shows.
    name: String,
    /// The authorities of makers of authenticators that are trusted.
    authorities: Vec<TrustAnchor<'static>>,
}

/// A half ceremony, kept by the caller until [`Ceremony::expires_at`] and used once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceremony {
    challenge: String,
    kind: Kind,
    /// When the answer comes too late.
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Registration,
    Assertion,
}

/// A passkey that was enrolled. Secret only in that it tells who is who: the private key never left its authenticator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passkey {
    id: String,
    key: PublicKey,
    sign_count: u32,
    model: String,
    /// The maker vouched for the model.
    #[serde(default)]
    proved: bool,
    synced: bool,
    transports: Vec<String>,
    label: String,
    added_at: Timestamp,
    used_at: Option<Timestamp>,
}

/// Why an answer was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not the JSON or CBOR that the standard describes.
    #[error("not an answer of an authenticator")]
    Malformed,
    /// It answers another challenge, or comes from another site.
    #[error("an answer to another question or from another site")]
    Foreign,
    /// It came too late.
    #[error("the answer came too late")]
    Late,
    /// The authenticator did not verify its user.
    #[error("the user was not verified by the authenticator")]
    Unverified,
    /// The signature does not fit the key, or the key's algorithm is none of ours.
    #[error("the signature does not fit")]
    Signature,
    /// The credential is registered already.
    #[error("the passkey is registered already")]
    Duplicate,
    /// Its counter went back: there may be a copy of the authenticator (WebAuthn, section 6.1.1).
    #[error("the counter of the passkey went back")]
    Counter,
}

/// An origin that cannot have passkeys, or a file that holds no authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("passkeys need `https://` and a host name, or `http://localhost`; authorities of makers are PEM certificates")]
pub struct Unsuitable;

impl Site {
    /// The site at an origin, such as `https://sanmon.example.lg.jp:8443`.
    ///
    /// # Errors
    /// No TLS outside localhost, an address in the place of a name: browsers refuse both.
    pub fn at(origin: &str, name: &str) -> Result<Self, Unsuitable> {
        let (scheme, authority) = origin.split_once("://").ok_or(Unsuitable)?;
        let host = authority.split_once(':').map_or(authority, |(host, _)| host);
        let is_name = host.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        });
        let is_address = host
            .rsplit('.')
            .next()
            .is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
        let local = host == "localhost" || host.ends_with(".localhost");
        let secure = scheme == "https" || (scheme == "http" && local);
        if !secure || !is_name || is_address {
            return Err(Unsuitable);
        }
        Ok(Self {
            origin: origin.to_owned(),
            id: host.to_owned(),
            name: name.to_owned(),
            authorities: Vec::new(),
        })
    }

    /// The site with the authorities (PEM) of the makers whose authenticators may prove their model. Browsers then ask
    /// people whether the model may be told.
    ///
    /// # Errors
    /// Not PEM, or no certificate in it.
    pub fn trusting(self, authorities: &[u8]) -> Result<Self, Unsuitable> {
        let store = tls::store(authorities).ok_or(Unsuitable)?;
        Ok(Self {
            authorities: store.roots,
            ..self
        })
    }
}

impl Ceremony {
    fn begin(kind: Kind, random: &dyn Random, now: Timestamp) -> Self {
        Self {
            challenge: URL_SAFE_NO_PAD.encode(random::bytes::<32>(random)),
            kind,
            expires_at: now.saturating_add(LASTS).unwrap_or(Timestamp::MAX),
        }
    }

    fn check(&self, kind: Kind, now: Timestamp) -> Result<(), Refused> {
        if self.kind != kind {
            Err(Refused::Foreign)
        } else if now >= self.expires_at {
            Err(Refused::Late)
        } else {
            Ok(())
        }
    }
}

impl Passkey {
    /// The id of the credential, base64url.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The AAGUID of its model, where the authenticator's maker vouched for it; all zero, the standard's word for no
    /// model, where nobody did. What the authenticator says itself stands in [`Passkey::label`].
    #[must_use]
    pub fn model(&self) -> &str {
        if self.proved { &self.model } else { NO_MODEL }
    }

    /// Whether copies of it live in a cloud (the backup flag).
    #[must_use]
    pub const fn is_synced(&self) -> bool {
        self.synced
    }

    /// When it was last used.
    #[must_use]
    pub const fn used_at(&self) -> Option<Timestamp> {
        self.used_at
    }

    /// What its owner calls it.
    pub fn rename(&mut self, label: &str) {
        self.label = label.chars().take(100).collect();
    }

    /// The passkey as its owner sees it.
    #[must_use]
    pub fn label(&self) -> PasskeyLabel {
        PasskeyLabel {
            id: self.id.clone(),
            label: self.label.clone(),
            model: self.model.clone(),
            added_at: self.added_at,
        }
    }

    /// `PublicKeyCredentialDescriptorJSON`.
    fn descriptor(&self) -> serde_json::Value {
        serde_json::json!({ "type": "public-key", "id": self.id, "transports": self.transports })
    }
}

fn decoded(text: &str) -> Result<Vec<u8>, Refused> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refused::Malformed)
}

/// The JSON of a browser, unknown members left aside.
fn parsed<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, Refused> {
    if json.len() > LONGEST {
        return Err(Refused::Malformed);
    }
    serde_json::from_str(json).map_err(|_| Refused::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_name_with_tls_or_localhost() {
        for (origin, id) in [
            ("https://sanmon.example.lg.jp", Some("sanmon.example.lg.jp")),
            ("https://sanmon.example.lg.jp:8443", Some("sanmon.example.lg.jp")),
            ("http://localhost:8080", Some("localhost")),
            ("http://sanmon.example.lg.jp", None),
            ("http://127.0.0.1:8080", None),
            ("https://192.0.2.1", None),
            ("https://[::1]:8080", None),
            ("https://", None),
            ("https://a..b", None),
            ("https://sanmon.example.lg.jp/x", None),
            ("localhost", None),
        ] {
            assert_eq!(
                Site::at(origin, "三門").ok().map(|site| site.id).as_deref(),
                id,
                "{origin}"
            );
        }
    }
}
