//! `/registers/{slug}/{key}/retire` and `restore`: a row goes out of use, or comes into use again.

use access::token::Scope;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};

use super::bearer::Caller;
use super::part::{Named, ask, lost_race, row, seen, tag, version, with_kind};
use super::refused::Refused;
use super::write::stored;
use crate::site::Site;

async fn retire(
    State(site): State<Site>,
    caller: Caller,
    Named(named): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    mark(&site, caller, named, &headers, true).await
}

async fn restore(
    State(site): State<Site>,
    caller: Caller,
    Named(named): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    mark(&site, caller, named, &headers, false).await
}

async fn mark(
    site: &Site,
    caller: Caller,
    (slug, key): (String, String),
    headers: &HeaderMap,
    retires: bool,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersWrite)?;
    let version = version(headers)?;
    let entry = ask(site, move |hall| {
        with_kind(hall, &slug, |kind| {
            seen(hall, &visitor, kind, (&key, version))?;
            let done = if retires {
                hall.retire(&visitor, &slug, (&key, version), None)
            } else {
                hall.restore(&visitor, &slug, (&key, version), None)
            };
            // Rows that refer to it are the state of the register, nothing in what was sent.
            let receipt = done.map_err(|refusal| {
                lost_race(refusal).instead_of(StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT)
            })?;
            stored(hall, &receipt)
        })
    })
    .await?;
    Ok((tag(&entry), Json(row(&entry))).into_response())
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}/{key}/retire", post(retire))
        .route("/registers/{slug}/{key}/restore", post(restore))
}
