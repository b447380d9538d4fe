//! `POST /registers/{slug}`, `PUT /registers/{slug}/{key}`: rows are made and changed.

use access::token::Scope;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{post, put};
use axum::{Json, Router};
use register::openapi::BASE;
use serde_json::Value;
use service::hall::acts::Entered;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};
use store::{Entry, Receipt};

use super::bearer::Caller;
use super::part::{Named, ask, lost_race, row, seen, tag, version, with_kind};
use super::refused::Refused;
use crate::href;
use crate::site::Site;

async fn create(
    State(site): State<Site>,
    caller: Caller,
    Named(slug): Named<String>,
    Sent(document): Sent,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersWrite)?;
    let entry = ask(&site, move |hall| {
        let entered = entered(&slug, None, document);
        let receipt = hall.enter(&visitor, &entered)?;
        stored(hall, &receipt)
    })
    .await?;
    let place = format!("{BASE}{}", href::entry(&entry.register, &entry.key));
    let place = HeaderValue::from_str(&place).unwrap_or(HeaderValue::from_static(BASE));
    let headers: [(HeaderName, HeaderValue); 1] = [(LOCATION, place)];
    Ok((StatusCode::CREATED, headers, tag(&entry), Json(row(&entry))).into_response())
}

async fn update(
    State(site): State<Site>,
    caller: Caller,
    Named((slug, key)): Named<(String, String)>,
    headers: HeaderMap,
    Sent(document): Sent,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersWrite)?;
    let version = version(&headers)?;
    let entry = ask(&site, move |hall| {
        change(hall, &visitor, (slug, key), version, document)
    })
    .await?;
    Ok((tag(&entry), Json(row(&entry))).into_response())
}

fn change(
    hall: &Hall,
    visitor: &Visitor,
    (slug, key): (String, String),
    version: u64,
    document: Value,
) -> Result<Entry, Refused> {
    with_kind(hall, &slug, |kind| {
        let before = seen(hall, visitor, kind, (&key, version))?;
        // Whoever may not change it learns that before what would be wrong with the change.
        hall.allow(visitor, Verb::Update, &hall.entry_resource(kind, &before.document))?;
        if before.retired_at.is_some() {
            return Err(Refused::new(
                StatusCode::CONFLICT,
                "廃止された行は変えられません。先に使用中に戻してください",
                "the row is retired; take it into use again first",
            ));
        }
        let entered = entered(&slug, Some((key.clone(), version)), document);
        let receipt = hall.enter(visitor, &entered).map_err(lost_race)?;
        stored(hall, &receipt)
    })
}

fn entered(register: &str, seen: Option<(String, u64)>, document: Value) -> Entered {
    Entered {
        register: register.to_owned(),
        seen,
        document,
        reason: None,
    }
}

/// The row that an act on one row wrote.
pub(super) fn stored(hall: &Hall, receipt: &Receipt) -> Result<Entry, Refused> {
    let written = hall.store().record_of(receipt.index)?.ok_or(Refusal::NotFound)?;
    Ok(hall
        .store()
        .entry(&written.register, &written.key)?
        .ok_or(Refusal::NotFound)?)
}

/// A document that was sent as JSON.
struct Sent(Value);

impl FromRequest<Site> for Sent {
    type Rejection = Refused;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Refused> {
        if !is_json(request.headers()) {
            return Err(Refused::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "JSONで送ってください(Content-Type: application/json)",
                "send JSON (`Content-Type: application/json`)",
            ));
        }
        let bytes = bytes(request, site).await?;
        let document = serde_json::from_slice(&bytes).map_err(|error| {
            let message = model::lang::Text::new(
                format!("JSONとして読めません({}行{}字目)", error.line(), error.column()),
                format!("this is no JSON (line {}, column {})", error.line(), error.column()),
            );
            Refused::saying(StatusCode::BAD_REQUEST, message)
        })?;
        Ok(Self(document))
    }
}

/// The body, up to the limit of its route.
pub(super) async fn bytes(request: Request, site: &Site) -> Result<Bytes, Refused> {
    Bytes::from_request(request, site).await.map_err(|rejection| {
        let status = rejection.into_response().status();
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Refused::new(status, "送られた内容が大きすぎます", "the body is too large")
            }
            _ => Refused::new(
                StatusCode::BAD_REQUEST,
                "送られた内容を読み取れません",
                "what was sent cannot be read",
            ),
        }
    })
}

/// `application/json`, with parameters or without.
fn is_json(headers: &HeaderMap) -> bool {
    media(headers).is_some_and(|media| media.eq_ignore_ascii_case("application/json"))
}

/// The media type of a body without its parameters.
pub(super) fn media(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    sent.split(';').next().map(str::trim)
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}", post(create))
        .route("/registers/{slug}/{key}", put(update))
}
