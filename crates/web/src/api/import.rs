//! `POST /tables/{slug}`: a table is taken in, or it is told what taking it in would change.

use access::token::Scope;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use register::{Change, Difference, Plan};
use serde_json::{Value, json};
use service::hall::acts::import::UPLOAD_BYTES;
use service::hall::rights::Verb;

use super::bearer::Caller;
use super::part::{Named, ask, with_kind};
use super::refused::Refused;
use super::table::{CSV, XLSX};
use super::write::{bytes, media};
use crate::site::Site;

async fn import(
    State(site): State<Site>,
    caller: Caller,
    Named(slug): Named<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    request: Request,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersImport)?;
    let applies = applies(&pairs)?;
    let file = match media(request.headers()) {
        Some(sent) if sent.eq_ignore_ascii_case(CSV) => "table.csv",
        Some(sent) if sent.eq_ignore_ascii_case(XLSX) => "table.xlsx",
        _ => {
            return Err(Refused::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "CSVかxlsxを送ってください",
                "send CSV or xlsx",
            ));
        }
    };
    let bytes = bytes(request, &site).await?.to_vec();
    let plan = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let preview = hall.preview_import(&visitor, &kind.slug, file, bytes)?;
            if applies {
                hall.import(&visitor, &kind.slug, &preview.ticket, None)?;
            }
            let mut plan = preview.plan;
            if hall.allow(&visitor, Verb::Read, &hall.register_resource(kind)).is_err() {
                // Whoever may not see a row does not learn that there is one.
                plan.absent.retain(|key| hall.readable(&visitor, kind, key).is_ok());
            }
            Ok(told(&plan, applies))
        })
    });
    Ok(Json(plan.await?).into_response())
}

fn applies(pairs: &[(String, String)]) -> Result<bool, Refused> {
    let sent = pairs.iter().rfind(|(name, _)| name == "apply");
    match sent.map_or("false", |(_, value)| value.as_str()) {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Refused::parameter(
            "apply",
            "trueかfalseにしてください",
            "`apply` is `true` or `false`",
        )),
    }
}

fn told(plan: &Plan, applied: bool) -> Value {
    let difference =
        |difference: &Difference| json!({ "field": difference.field, "old": difference.old, "new": difference.new });
    let changed = |change: &Change| {
        json!({
            "key": change.key,
            "title": change.title,
            "row": change.row,
            "differences": change.differences.iter().map(difference).collect::<Vec<Value>>(),
        })
    };
    json!({
        "applied": applied,
        "created": plan.created,
        "changed": plan.changed.iter().map(changed).collect::<Vec<Value>>(),
        "unchanged": plan.unchanged.len(),
        "absent": plan.absent,
    })
}

pub(super) fn routes() -> Router<Site> {
    let limit = DefaultBodyLimit::max(UPLOAD_BYTES);
    Router::new().route("/tables/{slug}", post(import).layer(limit))
}
