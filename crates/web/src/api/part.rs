//! What the handlers share.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use register::Kind;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};
use store::Entry;

use super::refused::Refused;
use crate::site::Site;

/// What `work` makes of the hall, away from the threads that serve connections.
pub(super) async fn ask<T, W>(site: &Site, work: W) -> Result<T, Refused>
where
    T: Send + 'static,
    W: FnOnce(&Hall) -> Result<T, Refused> + Send + 'static,
{
    let hall = Arc::clone(site.hall()?);
    let done = tokio::task::spawn_blocking(move || work(&hall)).await;
    done.map_err(|error| {
        tracing::error!(%error, "an act panicked");
        Refused::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "内部で問題が起きました。管理者に知らせてください",
            "something broke here; tell the administrator",
        )
    })?
}

/// The parts of an address; what cannot be read names nothing.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Site> for Named<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refused> {
        let Path(named) = Path::from_request_parts(parts, site).await?;
        Ok(Self(named))
    }
}

/// A register of the living city.
pub(super) fn with_kind<T>(
    hall: &Hall,
    slug: &str,
    work: impl FnOnce(&Kind) -> Result<T, Refused>,
) -> Result<T, Refused> {
    let city = hall.city().ok_or(Refusal::NoCity)?;
    work(city.kind(slug).ok_or(Refusal::NotFound)?)
}

/// The row that a change is made to, at the version that whoever changes it has seen.
pub(super) fn seen(hall: &Hall, visitor: &Visitor, kind: &Kind, (key, version): (&str, u64)) -> Result<Entry, Refused> {
    let entry = hall.readable(visitor, kind, key)?;
    if entry.version == version {
        return Ok(entry);
    }
    let conflict = store::Refused::Conflict {
        change: 0,
        register: entry.register,
        key: entry.key,
        current: Some(entry.version),
    };
    Err(lost_race(Refusal::Store(conflict)))
}

/// A refusal of a change of a known version: a conflict is a precondition that fails.
pub(super) fn lost_race(refusal: Refusal) -> Refused {
    let is_race = matches!(refusal, Refusal::Store(store::Refused::Conflict { .. }));
    let refused = Refused::from(refusal);
    if is_race {
        refused.instead_of(StatusCode::CONFLICT, StatusCode::PRECONDITION_FAILED)
    } else {
        refused
    }
}

/// The version that `If-Match` names.
pub(super) fn version(headers: &HeaderMap) -> Result<u64, Refused> {
    let sent = headers.get(IF_MATCH).ok_or_else(|| {
        Refused::new(
            StatusCode::PRECONDITION_REQUIRED,
            "If-Matchに、読んだときの版を付けてください",
            "send the version that you have read as `If-Match`",
        )
    })?;
    let digits = sent
        .to_str()
        .ok()
        .and_then(|sent| sent.strip_prefix('"')?.strip_suffix('"'));
    let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    // A number that is too large is the version of no row.
    let version = digits.filter(|digits| !digits.is_empty());
    let version = version.map(|digits| digits.parse().unwrap_or(u64::MAX));
    version.ok_or_else(|| {
        Refused::new(
            StatusCode::BAD_REQUEST,
            "If-Matchは「\"3\"」の形にしてください",
            "`If-Match` looks like `\"3\"`",
        )
    })
}

/// A row as the API shows it.
pub(super) fn row(entry: &Entry) -> Value {
    json!({
        "key": entry.key,
        "title": entry.title,
        "version": entry.version,
        "retired_at": entry.retired_at.map(|at| at.to_string()),
        "document": entry.document,
    })
}

/// Its version as a header.
pub(super) fn tag(entry: &Entry) -> [(HeaderName, HeaderValue); 1] {
    let tag = HeaderValue::from_str(&format!("\"{}\"", entry.version));
    [(ETAG, tag.unwrap_or(HeaderValue::from_static("\"0\"")))]
}
