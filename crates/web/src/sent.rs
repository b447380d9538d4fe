//! What a form sent, once it is sure that it was a form of ours.

use std::sync::Arc;

use access::opaque::Opaque;
use access::session::cookie::Name;
use access::session::csrf;
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use model::lang::Text;
use service::hall::entrance::sessions::{Seen, Visitor};

use crate::failure::Failure;
use crate::hall::cookie;
use crate::site::Site;

/// The visitor, where somebody is signed in.
#[derive(Debug, Clone)]
pub struct Who(pub Arc<Visitor>);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        match parts.extensions.get::<Arc<Seen>>().map(AsRef::as_ref) {
            Some(Seen::Visitor(visitor)) => Ok(Self(Arc::new((**visitor).clone()))),
            _ => Err(Failure::SignIn),
        }
    }
}

/// The visitor, or whoever was let in only to enrol what they lack.
#[derive(Debug, Clone)]
pub struct Enrolling(pub Arc<Visitor>);

impl<S: Send + Sync> FromRequestParts<S> for Enrolling {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        match parts.extensions.get::<Arc<Seen>>().map(AsRef::as_ref) {
            Some(Seen::Visitor(visitor) | Seen::Enrolling(visitor)) => Ok(Self(Arc::new((**visitor).clone()))),
            _ => Err(Failure::SignIn),
        }
    }
}

/// The pairs of a form, in the order sent, without its token.
///
/// The token must be that of the visitor's session; before there is one, that of the sign-in which is under way.
#[derive(Debug, Clone, Default)]
pub struct Sent(pub Vec<(String, String)>);

impl Sent {
    /// The first value under a name; empty where there is none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// All values under a name.
    pub fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl FromRequest<Site> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Failure> {
        let token = token(&request, site)?;
        let form = Form::<Vec<(String, String)>>::from_request(request, site).await;
        let Form(mut pairs) = form.map_err(|_| {
            Failure::Invalid(Text::fixed(
                "送られた内容を読めません。画面を開き直して、もう一度送ってください。",
                "What was sent cannot be read. Open the page again and send it once more.",
            ))
        })?;
        let sent = pairs
            .iter()
            .position(|(name, _)| name == "csrf")
            .map(|at| pairs.remove(at).1);
        if sent.is_some_and(|sent| token.matches(&sent)) {
            Ok(Self(pairs))
        } else {
            Err(stale())
        }
    }
}

/// The token that a form of this visitor carries.
pub(crate) fn token(request: &Request, site: &Site) -> Result<csrf::Token, Failure> {
    match request.extensions().get::<Arc<Seen>>().map(AsRef::as_ref) {
        Some(Seen::Visitor(visitor) | Seen::Enrolling(visitor) | Seen::TooWeak(visitor)) => Ok(visitor.csrf()),
        _ => {
            let sign_in = cookie(site.hall()?, request.headers(), Name::SignIn);
            let sign_in = sign_in.as_deref().and_then(Opaque::parse).ok_or_else(stale)?;
            Ok(csrf::Token::of(&sign_in))
        }
    }
}

/// The page that a form stood on is out of date.
pub(crate) fn stale() -> Failure {
    Failure::Forbidden(Some(Text::fixed(
        "画面が古くなっています。開き直して、もう一度行ってください。",
        "The page is out of date. Open it again and try once more.",
    )))
}
