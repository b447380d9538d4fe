//! Who may come as far as a page at all. Whatever is not named here needs a sign-in.

use std::sync::Arc;

use access::session::csrf::{Provenance, came_from_here};
use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::lang::Text;
use service::hall::entrance::sessions::Seen;

use crate::failure::Failure;
use crate::hall::address;
use crate::href;
use crate::rate::Wait;
use crate::site::Site;

/// Beginnings of addresses that need no sign-in.
const OPEN: &[&str] = &[
    href::PUBLIC,
    href::HELP,
    href::SIGN_IN,
    href::START,
    "/first/",
    "/invitation/",
    "/assets/",
];

/// Beginnings of addresses for whoever was let in only to enrol what they lack.
const ENROLLING: &[&str] = &[href::ACCOUNT, "/sign-out"];

/// Lets a request through to its page, or says why not.
pub async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    // Pages over a folder have nobody to sign in.
    let Ok(hall) = site.hall() else {
        return next.run(request).await;
    };
    let path = request.uri().path();
    let own = &hall.entrance().origin;
    if !path.starts_with("/api/") && !came_from_here(request.method().as_str(), provenance(request.headers()), own) {
        let why = Text::fixed(
            "別のサイトから送られたため、受け付けませんでした。",
            "This was sent from another site and was not accepted.",
        );
        return Failure::Forbidden(Some(why)).into_response();
    }
    let lies_below = |beginnings: &[&str]| beginnings.iter().any(|known| begins(path, known));
    if path.starts_with("/api/") {
        return next.run(request).await;
    }
    if lies_below(OPEN) {
        let from = address(hall, request.extensions(), request.headers());
        return match site.rates().open(from, hall.clock().now()) {
            Ok(()) => next.run(request).await,
            Err(Wait(seconds)) => ([(RETRY_AFTER, HeaderValue::from(seconds))], Failure::TooMany).into_response(),
        };
    }
    match request.extensions().get::<Arc<Seen>>().map(AsRef::as_ref) {
        Some(Seen::Visitor(_)) => next.run(request).await,
        Some(Seen::Enrolling(_)) if lies_below(ENROLLING) => next.run(request).await,
        Some(Seen::Enrolling(_)) => Failure::Enrol.into_response(),
        Some(Seen::TooWeak(_)) => Failure::Reauthenticate.into_response(),
        Some(Seen::Nobody) if hall.city().is_none() => Failure::NoCity.into_response(),
        _ => Failure::SignIn.into_response(),
    }
}

/// `/help` and what lies below it, not `/helpless`.
fn begins(path: &str, known: &str) -> bool {
    path.strip_prefix(known)
        .is_some_and(|rest| known.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
}

fn provenance(headers: &HeaderMap) -> Provenance<'_> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Provenance {
        site: header("sec-fetch-site"),
        origin: header("origin"),
    }
}

#[cfg(test)]
mod tests {
    use super::begins;

    #[test]
    fn an_open_address_opens_nothing_that_only_looks_like_it() {
        assert!(begins("/help", "/help") && begins("/help/sign-in", "/help") && begins("/assets/x.css", "/assets/"));
        assert!(!begins("/helpless", "/help") && !begins("/", "/help") && !begins("/publications", "/public"));
    }
}
