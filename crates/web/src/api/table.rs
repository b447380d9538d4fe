//! `GET /tables/{slug}`: rows are taken out as a table.

use access::token::Scope;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use model::lang::Lang;
use register::table::{Export, Format};
use register::{Fault, Kind, Words, list};
use service::hall::entrance::sessions::Visitor;
use service::hall::rows::query;
use service::hall::{Hall, Refusal};

use super::bearer::Caller;
use super::part::{Named, ask, with_kind};
use super::refused::{Refused, language};
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
    let bytes = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            written(hall, &visitor, kind, &pairs, (format, lang))
        })
    });
    Ok(([(CONTENT_TYPE, media)], bytes.await?).into_response())
}

/// Every row of the list that the visitor may take out, page by page. Whoever may take out none is told so.
fn written(
    hall: &Hall,
    visitor: &Visitor,
    kind: &Kind,
    pairs: &[(String, String)],
    (format, lang): (Format, Lang),
) -> Result<Vec<u8>, Refused> {
    let one = |fault: Box<Fault>| Refusal::Faults(vec![*fault]);
    let words = hall.with_words(Words::clone)?;
    let query = query(kind, &list::ask(kind, pairs, &words)?)?;
    let mut export = Export::new(kind, &words, format, lang).map_err(one)?;
    hall.take_out(visitor, kind, query, &mut |entry| {
        export.push(&entry.document).map_err(one)
    })?;
    Ok(export.finish().map_err(one)?)
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/tables/{slug}", get(export))
}
