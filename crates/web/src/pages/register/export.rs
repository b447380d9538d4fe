//! `/registers/{slug}/export`: the rows of a list as a file. `/registers/{slug}/template`: an empty file to fill in.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use register::table::{Format, template};
use register::{Words, list};
use service::hall::Refusal;
use service::hall::rights::Verb;

use super::address::Address;
use super::{narrow, with_kind};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::href;
use crate::outgoing::Table;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn export(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(slug): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let address = Address::new(&slug, pairs);
    let format = match address.value("_format") {
        "csv" => Format::Csv,
        _ => Format::Xlsx,
    };
    let register = slug.clone();
    let (name, query) = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let asked = hall.with_words(|words| list::ask(kind, address.pairs(), words))?;
            let asked = asked.map_err(Refusal::Faults)?;
            let query = narrow::query(kind, &asked, &address).map_err(Refusal::Faults)?;
            Ok((format!("{}-{}", kind.label.get(visit.lang), hall.today()), query))
        })
    })
    .await?;
    let table = Table {
        visitor: (*visitor).clone(),
        register,
        query,
        format,
        lang: visit.lang,
    };
    let body = table.send(site.hall()?).await?;
    Ok(match format {
        Format::Csv => file(&format!("{name}.csv"), "text/csv; charset=utf-8", body),
        Format::Xlsx => file(&format!("{name}.xlsx"), XLSX, body),
    })
}

async fn empty(State(site): State<Site>, Who(visitor): Who, Path(slug): Path<String>) -> Result<Response, Failure> {
    let (name, bytes) = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            if !hall.may_somewhere(&visitor, Verb::Import, kind) {
                return Err(Refusal::NotFound);
            }
            let words = hall.with_words(Words::clone)?;
            let bytes = template(kind, &words).map_err(|fault| Refusal::Faults(vec![*fault]))?;
            Ok((kind.label.ja.to_string(), bytes))
        })
    })
    .await?;
    Ok(file(&format!("{name}.xlsx"), XLSX, bytes.into()))
}

/// A file to be kept; its name as RFC 6266 writes one that is not ASCII.
fn file(name: &str, kind: &'static str, body: Body) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", href::segment(name));
    let disposition = HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, body).into_response()
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}/export", get(export))
        .route("/registers/{slug}/template", get(empty))
}
