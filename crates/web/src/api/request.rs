//! `/requests`, `/requests/{number}`: requests and how they were decided, as far as the visitor may read them.

use access::token::Scope;
use approval::request::State as Stands;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use register::list::{LIMIT, MOST};
use register::openapi::{self, OpenApi, named};
use serde_json::{Value, json};
use service::hall::Refusal;
use service::hall::acts::LoadedRequest;
use service::hall::requests::Wanted;

use super::bearer::Caller;
use super::document::object;
use super::part::{Named, ask};
use super::refused::Refused;
use crate::site::Site;

async fn list(
    State(site): State<Site>,
    caller: Caller,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RequestsRead)?;
    let wanted = wanted(pairs)?;
    let listed = ask(&site, move |hall| Ok(hall.requests_for(&visitor, &wanted)?)).await?;
    let requests: Vec<Value> = listed.rows.iter().map(line).collect();
    let next = listed.next.map(|next| next.to_string());
    Ok(Json(json!({ "requests": requests, "next": next })).into_response())
}

/// What is asked for. Words without a value ask for nothing; no state and no number is empty.
fn wanted(pairs: Vec<(String, String)>) -> Result<Wanted, Refused> {
    let mut wanted = Wanted {
        limit: LIMIT,
        ..Wanted::default()
    };
    for (name, value) in pairs {
        match name.as_str() {
            "state" => {
                let state = Stands::ALL.into_iter().find(|state| word(*state) == value.as_str());
                let wrong = || Refused::parameter("state", "状態の言葉が違います", "there is no such state");
                wanted.states.push(state.ok_or_else(wrong)?);
            }
            "applicant" => wanted.applicant = Some(value).filter(|key| !key.is_empty()),
            "kind" => wanted.kind = Some(value).filter(|kind| !kind.is_empty()),
            "search" => wanted.search = value,
            "cursor" => {
                let cursor = value.parse().map_err(|_| {
                    Refused::parameter(
                        "cursor",
                        "cursorは前のページの「next」をそのまま付けてください",
                        "a cursor is the `next` of the page before, as it is",
                    )
                });
                wanted.after = Some(cursor?);
            }
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=MOST).contains(limit));
                let wrong = || {
                    Refused::parameter(
                        "limit",
                        "1から200までの整数で指定してください",
                        "must be a whole number from 1 to 200",
                    )
                };
                wanted.limit = limit.ok_or_else(wrong)?;
            }
            _ => {}
        }
    }
    Ok(wanted)
}

async fn read(State(site): State<Site>, caller: Caller, Named(number): Named<String>) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::RequestsRead)?;
    let told = ask(&site, move |hall| {
        let loaded = hall.request(&number)?;
        if !hall.may_read_request(&visitor, &loaded.request) {
            return Err(Refusal::NotFound.into());
        }
        let mut told = line(&loaded);
        if let (Value::Object(told), Ok(document)) = (&mut told, loaded.request.document()) {
            told.insert("document".to_owned(), document);
        }
        Ok(told)
    });
    Ok(Json(told.await?).into_response())
}

fn line(loaded: &LoadedRequest) -> Value {
    let request = &loaded.request;
    json!({
        "number": request.number(),
        "kind": request.kind(),
        "title": request.content().title,
        "state": request.state(),
        "applicant": request.applicant(),
        "section": request.section(),
        "deadline": request.deadline(),
        "until": request.until(),
        "version": loaded.version,
        "leaf": loaded.leaf,
    })
}

/// The state as documents have it.
fn word(state: Stands) -> Value {
    json!(state)
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/requests", get(list))
        .route("/requests/{number}", get(read))
}

pub(super) fn describe(api: &mut OpenApi) {
    api.tag("requests", "申請と決裁 / requests and decisions");
    let text = json!({ "type": "string" });
    let maybe = json!({ "type": ["string", "null"] });
    let states: Vec<Value> = Stands::ALL.into_iter().map(word).collect();
    let state = json!({ "type": "string", "enum": states });
    let line = vec![
        ("number", text.clone()),
        ("kind", text.clone()),
        ("title", text.clone()),
        ("state", state.clone()),
        ("applicant", text),
        ("section", maybe.clone()),
        ("deadline", maybe.clone()),
        ("until", maybe),
        ("version", json!({ "type": "integer", "minimum": 1 })),
        ("leaf", json!({ "type": "integer", "minimum": 0 })),
    ];
    let requests = json!({ "type": "array", "items": object(&line) });
    let next = json!({ "type": ["string", "null"], "description": "the `cursor` of the next page" });
    api.schema("Requests", &object(&[("requests", requests), ("next", next)]));
    let mut whole = line;
    whole.push((
        "document",
        json!({ "type": "object", "description": "route, log and contents" }),
    ));
    api.schema("Request", &object(&whole));
    let string = json!({ "type": "string" });
    let security = [openapi::token(&openapi::Scope::new("requests:read"))];
    api.operation(
        "/requests",
        "get",
        json!({
            "tags": ["requests"], "operationId": "request_list", "summary": "requests that one may read, newest first",
            "security": security,
            "parameters": [
                openapi::in_query("state", "requests in this state", &state),
                openapi::in_query("applicant", "requests of this person, by key", &string),
                openapi::in_query("kind", "requests of this kind", &string),
                openapi::in_query("search", "words of the title, or of the number", &string),
                openapi::in_query("cursor", "the `next` of the page before", &string),
                openapi::in_query(
                    "limit",
                    "how many requests",
                    &json!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT }),
                ),
                super::document::language(),
            ],
            "responses": openapi::responses(
                &[("200", openapi::answer("requests", &named("Requests")))], &["401", "403", "422", "429"],
            ),
        }),
    );
    api.operation(
        "/requests/{number}",
        "get",
        json!({
            "tags": ["requests"], "operationId": "request_read", "summary": "one request", "security": security,
            "parameters": [openapi::in_path("number", "the number of the request"), super::document::language()],
            "responses": openapi::responses(
                &[("200", openapi::answer("the request", &named("Request")))], &["401", "403", "404", "429"],
            ),
        }),
    );
}
