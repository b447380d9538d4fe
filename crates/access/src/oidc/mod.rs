//! Sign-in with an identity provider: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636, S256).
//!
//! 1. [`Client::discover`] reads what the provider publishes. A client is good for an hour, since a provider changes its
//!    keys: [`Provider`] keeps one and asks again.
//! 2. [`Client::begin`] gives the address to send the browser to, and what to keep meanwhile ([`Pending`]), bound to
//!    the sign-in cookie.
//! 3. The browser comes back; [`Client::finish`] checks state, issuer, code, signature, audience, nonce and times, and
//!    tells who it is.
//!
//! The functions that speak the network are asynchronous and need tokio; time and randomness come from the caller.
//! Signing out there is not done: a session here ends here.

mod claims;
mod http;
mod provider;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use model::lang::Text;
use model::random::Random;
use openidconnect::core::{CoreAuthenticationFlow, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::elsewhere::{self, Failure, Groups, Identity, MatchBy};
use crate::opaque::Opaque;

use self::claims::{Claims, More};
use self::http::Http;
pub use self::provider::Provider;

/// How an identity provider is used; secrets aside.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// A short word for it, as accounts note it: `prefecture`.
    pub name: String,
    /// What the button says.
    pub label: Text,
    /// The issuer, exactly as the provider writes it.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// Scopes beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The claim that tells who a person is here, such as `email` or `employee_number`.
    pub claim: String,
    /// What that claim is.
    #[serde(default)]
    pub known_by: MatchBy,
    /// The provider does not say `email_verified`, since it gives out the addresses itself.
    #[serde(default)]
    pub trusts_mail: bool,
    /// Values of `amr` (RFC 8176) or `acr` that stand for two factors, such as `mfa`.
    #[serde(default)]
    pub two_factors: Vec<String>,
    /// Asked for as `acr_values`.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// The claim that lists groups.
    pub groups_claim: Option<String>,
    /// Groups and the roles that their members are proposed for.
    #[serde(default)]
    pub groups: Groups,
    /// Whose members alone may come in this way; everybody where it names none.
    #[serde(default)]
    pub only_groups: Vec<String>,
}

/// A provider that was found.
pub struct Client {
    settings: Settings,
    oidc: claims::Oidc,
    http: Http,
}

/// What the caller keeps while the browser is away, sealed or in the store of ephemeral state, and uses once.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    provider: String,
    state: String,
    nonce: String,
    verifier: String,
    again: bool,
    /// When the answer comes too late.
    pub expires_at: Timestamp,
}

/// The query with which the browser comes back.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Callback {
    /// The code to exchange.
    pub code: Option<String>,
    /// What we sent.
    pub state: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl Pending {
    /// Whether an answer carries the state that was sent along.
    #[must_use]
    pub fn is_answered_by(&self, callback: &Callback) -> bool {
        let sent = callback.state.as_deref().unwrap_or_default();
        sent.as_bytes().ct_eq(self.state.as_bytes()).into()
    }
}

impl Client {
    /// How long a person may take at the provider.
    pub const LASTS: SignedDuration = SignedDuration::from_mins(10);

    /// Reads what the provider publishes about itself. `redirect` is our address to which the browser comes back,
    /// `authorities` the PEM of the authorities to trust in the place of the operating system's.
    ///
    /// # Errors
    /// [`Failure::Settings`] for settings that cannot be used, [`Failure::Unavailable`] for a provider that does not
    /// answer.
    pub async fn discover(
        settings: Settings,
        secret: Option<Zeroizing<String>>,
        redirect: &str,
        authorities: Option<&[u8]>,
    ) -> Result<Self, Failure> {
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| Failure::Settings)?;
        let local = matches!(issuer.url().host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if issuer.url().scheme() != "https" && !local {
            return Err(Failure::Settings);
        }
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| Failure::Settings)?;
        let http = Http::new(authorities)?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &http.caller()).await;
        let metadata = metadata.map_err(|_| Failure::Unavailable)?;
        let secret = secret.map(|secret| ClientSecret::new(secret.to_string()));
        let client_id = ClientId::new(settings.client_id.clone());
        let oidc = claims::Oidc::from_provider_metadata(metadata, client_id, secret).set_redirect_uri(redirect);
        Ok(Self { settings, oidc, http })
    }

    /// How it is used.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Begins: where to send the browser, and what to keep. `again` where somebody who is signed in has to prove anew
    /// who they are.
    #[must_use]
    pub fn begin(&self, again: bool, random: &dyn Random, now: Timestamp) -> (String, Pending) {
        let draw = || Opaque::draw(random).text();
        let pending = Pending {
            provider: self.settings.name.clone(),
            state: draw(),
            nonce: draw(),
            verifier: draw(),
            again,
            expires_at: now.saturating_add(Self::LASTS).unwrap_or(Timestamp::MAX),
        };
        let verifier = PkceCodeVerifier::new(pending.verifier.clone());
        let (state, nonce) = (pending.state.clone(), pending.nonce.clone());
        let mut request = self.oidc.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(state),
            || Nonce::new(nonce),
        );
        for scope in &self.settings.scopes {
            request = request.add_scope(openidconnect::Scope::new(scope.clone()));
        }
        for value in &self.settings.acr_values {
            request = request.add_auth_context_value(openidconnect::AuthenticationContextClass::new(value.clone()));
        }
        if again {
            request = request
                .add_extra_param("prompt", "login")
                .add_extra_param("max_age", "0");
        }
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let (url, ..) = request.set_pkce_challenge(challenge).url();
        (url.into(), pending)
    }

    /// Finishes: who it is.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn finish(&self, pending: &Pending, callback: &Callback, now: Timestamp) -> Result<Identity, Failure> {
        let code = self.code(pending, callback, now)?;
        let request = self.oidc.exchange_code(code).map_err(|_| Failure::Settings)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()));
        let answer = request.request_async(&self.http.caller()).await;
        let answer = answer.map_err(|error| match error {
            openidconnect::RequestTokenError::ServerResponse(_) => Failure::NotRecognised,
            _ => Failure::Unavailable,
        })?;
        let token = answer.id_token().ok_or(Failure::Unavailable)?;
        let claims = claims::verified(
            &self.oidc,
            token,
            answer.access_token(),
            &Nonce::new(pending.nonce.clone()),
            now,
        )?;
        let mut claims = Claims::of(claims, pending.again, now)?;
        if self.lacks(&claims) {
            let more = self.user_info(answer.access_token(), claims.subject()).await?;
            claims.add(more);
        }
        self.identity(&claims)
    }

    /// The code, once everything around it is ours.
    fn code(&self, pending: &Pending, callback: &Callback, now: Timestamp) -> Result<AuthorizationCode, Failure> {
        let ours = pending.is_answered_by(callback);
        let issuer = callback.iss.as_ref().is_none_or(|iss| *iss == self.settings.issuer);
        if !ours || !issuer || pending.provider != self.settings.name {
            return Err(Failure::Foreign);
        }
        if now >= pending.expires_at {
            return Err(Failure::Late);
        }
        match (&callback.code, &callback.error) {
            (Some(code), None) => Ok(AuthorizationCode::new(code.clone())),
            _ => Err(Failure::NotRecognised),
        }
    }

    fn lacks(&self, claims: &Claims) -> bool {
        let groups = self.settings.groups_claim.as_deref();
        !claims.has(&self.settings.claim) || groups.is_some_and(|groups| !claims.has(groups))
    }

    async fn user_info(
        &self,
        token: &openidconnect::AccessToken,
        subject: &str,
    ) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
        let subject = openidconnect::SubjectIdentifier::new(subject.to_owned());
        let Ok(request) = self.oidc.user_info(token.clone(), Some(subject)) else {
            return Ok(serde_json::Map::new());
        };
        let claims: openidconnect::UserInfoClaims<More, openidconnect::core::CoreGenderClaim> = request
            .request_async(&self.http.caller())
            .await
            .map_err(|_| Failure::Unavailable)?;
        claims::as_map(&claims)
    }

    fn identity(&self, claims: &Claims) -> Result<Identity, Failure> {
        let settings = &self.settings;
        let mail_counts = settings.claim != "email" || settings.trusts_mail || claims.is_true("email_verified");
        let value = claims
            .text(&settings.claim)
            .filter(|_| mail_counts)
            .ok_or(Failure::Unknown)?;
        let groups: Vec<String> = settings.groups_claim.as_ref().map_or_else(Vec::new, |claim| {
            claims.texts(claim).into_iter().map(str::to_owned).collect()
        });
        elsewhere::admitted(&settings.only_groups, &groups)?;
        let vouched = claims.texts("amr").into_iter().chain(claims.texts("acr"));
        Ok(Identity {
            provider: settings.name.clone(),
            subject: claims.subject().to_owned(),
            known_by: settings.known_by.value(value).ok_or(Failure::Unknown)?,
            two_factors: vouched
                .into_iter()
                .any(|value| settings.two_factors.iter().any(|two| two == value)),
            roles: settings.groups.roles(&groups).into_iter().map(str::to_owned).collect(),
            groups,
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.settings.name)
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pending({})", self.provider)
    }
}
