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
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};

use super::bearer::Caller;
use super::part::{Named, ask, with_kind};
use super::refused::{Refused, language};
use super::rows::query;
use crate::site::Site;

/// Rows that are read at once.
const PART: usize = 1_000;

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
    let mut query = query(kind, &list::ask(kind, pairs, &words)?)?;
    (query.after, query.limit) = (None, PART);
    let mut export = Export::new(kind, &words, format, lang).map_err(one)?;
    let mut is_allowed = hall.allow(visitor, Verb::Export, &hall.register_resource(kind));
    loop {
        let page = hall.store().list(&query)?;
        for entry in &page.rows {
            let resource = hall.entry_resource(kind, &entry.document);
            let may = |verb| hall.allow(visitor, verb, &resource).is_ok();
            if may(Verb::Read) && may(Verb::Export) {
                export.push(&entry.document).map_err(one)?;
                is_allowed = Ok(());
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    is_allowed?;
    Ok(export.finish().map_err(one)?)
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/tables/{slug}", get(export))
}
