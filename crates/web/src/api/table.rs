//! `GET /tables/{slug}`: rows are taken out as a table.

use access::token::Scope;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use register::list;
use register::table::Format;
use service::hall::rows::query;

use super::bearer::Caller;
use super::part::{Named, ask, with_kind};
use super::refused::{Refused, language};
use crate::outgoing::Table;
use crate::site::Site;

/// The media types of tables.
pub(super) const CSV: &str = "text/csv";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

type Pairs = Vec<(String, String)>;

async fn export(
    State(site): State<Site>,
    caller: Caller,
    Named(slug): Named<String>,
    headers: HeaderMap,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersExport)?;
    let (formats, pairs): (Pairs, Pairs) = pairs.into_iter().partition(|(name, _)| name == "format");
    let (format, media) = match formats.last().map_or("csv", |(_, value)| value.as_str()) {
        "csv" => (Format::Csv, "text/csv; charset=utf-8"),
        "xlsx" => (Format::Xlsx, XLSX),
        _ => {
            return Err(Refused::parameter(
                "format",
                "csvかxlsxにしてください",
                "a format is `csv` or `xlsx`",
            ));
        }
    };
    let lang = language(&headers);
    let register = slug.clone();
    let query = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let asked = hall.with_words(|words| list::ask(kind, &pairs, words))??;
            Ok(query(kind, &asked)?)
        })
    });
    let table = Table {
        visitor,
        register,
        query: query.await?,
        format,
        lang,
    };
    Ok(([(CONTENT_TYPE, media)], table.send(site.hall()?).await?).into_response())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/tables/{slug}", get(export))
}
