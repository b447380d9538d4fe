//! The headers of every answer.
//!
//! Pages load nothing but our own stylesheet, script and images, stand in no frame, send forms only to ourselves, and are kept by
//! no cache. A page that must widen the policy for itself sets the header; what is set already stays.
//!
//! Where people reach the service over TLS, here or at a proxy in front, browsers are told never to come without it.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::site::Site;

/// For a year (RFC 6797). Of other services on hosts below nothing is known.
const ONLY_TLS: &str = "max-age=31536000";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

static HEADERS: [(HeaderName, &str); 8] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), \
         publickey-credentials-create=(self)",
    ),
];

/// Adds the headers that an answer does not have yet.
pub async fn headers(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    fill(response.headers_mut());
    let over_tls = site
        .hall()
        .is_ok_and(|hall| hall.entrance().origin.starts_with("https://"));
    if over_tls {
        let only = HeaderValue::from_static(ONLY_TLS);
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, only);
    }
    response
}

fn fill(headers: &mut HeaderMap) {
    for (name, value) in &HEADERS {
        if !headers.contains_key(name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
