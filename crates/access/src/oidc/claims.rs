//! What a provider says about a person, verified.

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IdToken, IdTokenClaims, IdTokenFields, Nonce, StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::elsewhere::Failure;

/// Claims that no standard names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct More(Map<String, Value>);

impl AdditionalClaims for More {}

type Fields = IdTokenFields<
    More,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type Token = IdToken<More, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// A client of which authorization is known, and the endpoints of tokens and of user information may be.
pub(super) type Oidc = openidconnect::Client<
    More,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How far the clocks may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(2);

/// How old an ID token may be that was just given out.
const YOUNG: SignedDuration = SignedDuration::from_mins(10);

/// The claims of an ID token: signed by a key of the provider, for us, in answer to our request, not expired, and the
/// access token is the one that it was given with (OpenID Connect Core 1.0, section 3.1.3.7).
pub(super) fn verified<'t>(
    oidc: &Oidc,
    token: &'t Token,
    access: &AccessToken,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<&'t IdTokenClaims<More, CoreGenderClaim>, Failure> {
    let moment = chrono::DateTime::from_timestamp(now.as_second(), 0).ok_or(Failure::Late)?;
    let verifier = oidc.id_token_verifier().set_time_fn(move || moment);
    let verifier = verifier.set_issue_time_verifier_fn(move |issued| {
        let age = moment.signed_duration_since(issued).num_seconds();
        if (-SKEW.as_secs()..=YOUNG.as_secs()).contains(&age) {
            Ok(())
        } else {
            Err("issued at another time".to_owned())
        }
    });
    let claims = token.claims(&verifier, nonce).map_err(|_| Failure::Foreign)?;
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|_| Failure::Foreign)?;
        let key = token.signing_key(&verifier).map_err(|_| Failure::Foreign)?;
        let actual = AccessTokenHash::from_token(access, algorithm, key).map_err(|_| Failure::Foreign)?;
        if actual != *expected {
            return Err(Failure::Foreign);
        }
    }
    Ok(claims)
}

/// Claims as JSON.
pub(super) fn as_map(claims: &impl Serialize) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(map)) => Ok(map),
        _ => Err(Failure::Unavailable),
    }
}

/// Verified claims by name.
pub(super) struct Claims {
    subject: String,
    map: Map<String, Value>,
}

impl Claims {
    /// `again`: the person had to prove who they are just now, and the provider has to say when they did.
    pub(super) fn of(
        claims: &IdTokenClaims<More, CoreGenderClaim>,
        again: bool,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        if again {
            let proved = claims.auth_time().ok_or(Failure::Unavailable)?.timestamp();
            if now.as_second() - proved > YOUNG.as_secs() {
                return Err(Failure::Late);
            }
        }
        Ok(Self {
            subject: claims.subject().to_string(),
            map: as_map(claims)?,
        })
    }

    /// What the ID token says counts before what is asked for besides.
    pub(super) fn add(&mut self, more: Map<String, Value>) {
        for (name, value) in more {
            self.map.entry(name).or_insert(value);
        }
    }

    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|value| !value.is_null())
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.map.get(name).and_then(Value::as_bool) == Some(true)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.map.get(name).and_then(Value::as_str)
    }

    /// The values of a claim that may be one text or a list.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        match self.map.get(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}
