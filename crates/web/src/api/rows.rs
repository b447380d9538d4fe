//! `/registers/{slug}`, `/registers/{slug}/{key}`, `/registers/{slug}/{key}/history`: rows are read.

use access::token::Scope;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use register::list;
use serde_json::{Value, json};
use service::hall::rows::query;
use store::Version;

use super::bearer::Caller;
use super::part::{Named, ask, row, tag, with_kind};
use super::refused::Refused;
use crate::site::Site;

async fn rows(
    State(site): State<Site>,
    caller: Caller,
    Named(slug): Named<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersRead)?;
    let page = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let asked = hall.with_words(|words| list::ask(kind, &pairs, words))??;
            let found = hall.rows(&visitor, kind, query(kind, &asked)?)?;
            let entries: Vec<Value> = found.rows.iter().map(row).collect();
            let next = found.next.map(|next| next.to_string());
            Ok(json!({ "entries": entries, "next": next }))
        })
    });
    Ok(Json(page.await?).into_response())
}

async fn one(
    State(site): State<Site>,
    caller: Caller,
    Named((slug, key)): Named<(String, String)>,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersRead)?;
    let entry = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| Ok(hall.readable(&visitor, kind, &key)?))
    })
    .await?;
    Ok((tag(&entry), Json(row(&entry))).into_response())
}

async fn history(
    State(site): State<Site>,
    caller: Caller,
    Named((slug, key)): Named<(String, String)>,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RegistersRead)?;
    let versions = ask(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            hall.readable(&visitor, kind, &key)?;
            Ok(hall.store().versions(&kind.slug, &key)?)
        })
    });
    let versions: Vec<Value> = versions.await?.iter().map(version).collect();
    Ok(Json(json!({ "versions": versions })).into_response())
}

fn version(version: &Version) -> Value {
    json!({
        "version": version.version,
        "at": version.at.to_string(),
        "act": version.kind,
        "actor": version.actor,
        "leaf": version.leaf,
        "document": version.document,
    })
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}", get(rows))
        .route("/registers/{slug}/{key}", get(one))
        .route("/registers/{slug}/{key}/history", get(history))
}
