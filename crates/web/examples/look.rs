//! Serves the sample city's pages read-only on this machine, signed in as somebody who may see every section, to look at them.
//!
//! `cargo run -p web --example look [PORT]`, then open `http://localhost:8088`. `/look` lists every sample of every page, `/look/NAME` shows one
//! (`?lang=en` for English); `tests/browser` goes through that list.

use std::path::Path;
use std::sync::Arc;

use axum::extract::{Path as Segment, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::civil::date;
use model::lang::Lang;
use serde::Deserialize;
use web::page::Sample;
use web::site::Site;
use web::{pages, sample, security};

#[derive(Deserialize)]
struct Choice {
    lang: Option<Lang>,
}

/// Every sample in both languages.
type Shelf = Arc<Vec<(Sample, Sample)>>;

fn shelf(site: &Site) -> Shelf {
    let (ja, en) = (pages::samples(site, Lang::Ja), pages::samples(site, Lang::En));
    Arc::new(ja.into_iter().zip(en).collect())
}

async fn list(State(shelf): State<Shelf>) -> Json<Vec<String>> {
    Json(shelf.iter().map(|(sample, _)| sample.name.clone()).collect())
}

async fn one(State(shelf): State<Shelf>, Segment(name): Segment<String>, Query(choice): Query<Choice>) -> Response {
    let Some((ja, en)) = shelf.iter().find(|(sample, _)| sample.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let sample = match choice.lang.unwrap_or_default() {
        Lang::Ja => ja,
        Lang::En => en,
    };
    Html(sample.html.clone()).into_response()
}

async fn sign_in(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/public") {
        request.extensions_mut().insert(Arc::new(sample::viewer(&site)));
    }
    next.run(request).await
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8088_u16);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    let site = sample::site(&folder, date(2026, 11, 23))
        .map_err(|problems| std::io::Error::other(format!("{} problems in the sample city", problems.len())))?;
    let look = Router::new()
        .route("/look", get(list))
        .route("/look/{name}", get(one))
        .layer(from_fn_with_state(site.clone(), security::headers))
        .with_state(shelf(&site));
    let app = web::app(site.clone())
        .merge(look)
        .layer(from_fn_with_state(site, sign_in));
    let listener = tokio::net::TcpListener::bind(("localhost", port)).await?;
    println!("http://localhost:{port}");
    axum::serve(listener, app).await
}
