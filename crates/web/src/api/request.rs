//! `/requests`, `/requests/{number}`: requests and how they were decided, as far as the visitor may read them.

use access::token::Scope;
use approval::request::State as Stands;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use register::openapi::{self, OpenApi, named};
use serde_json::{Value, json};
use service::hall::Refusal;
use service::hall::acts::LoadedRequest;

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
    let states = states(&pairs)?;
    let applicant = pairs.into_iter().find(|(name, _)| name == "applicant");
    let applicant = applicant.map(|(_, key)| key).filter(|key| !key.is_empty());
    let requests = ask(&site, move |hall| {
        let mut requests = hall.requests(&states, applicant.as_deref())?;
        requests.retain(|loaded| hall.may_read_request(&visitor, &loaded.request));
        Ok(requests)
    });
    let requests: Vec<Value> = requests.await?.iter().map(line).collect();
    Ok(Json(json!({ "requests": requests })).into_response())
}

fn states(pairs: &[(String, String)]) -> Result<Vec<Stands>, Refused> {
    let asked = pairs.iter().filter(|(name, _)| name == "state");
    let read = asked.map(|(_, value)| {
        let state = Stands::ALL.into_iter().find(|state| word(*state) == value.as_str());
        state.ok_or_else(|| Refused::parameter("state", "状態の言葉が違います", "there is no such state"))
    });
    read.collect()
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
    api.schema("Requests", &object(&[("requests", requests)]));
    let mut whole = line;
    whole.push((
        "document",
        json!({ "type": "object", "description": "route, log and contents" }),
    ));
    api.schema("Request", &object(&whole));
    let security = [openapi::token(&openapi::Scope::new("requests:read"))];
    api.operation(
        "/requests",
        "get",
        json!({
            "tags": ["requests"], "operationId": "request_list", "summary": "the newest 200 requests that one may read",
            "security": security,
            "parameters": [
                openapi::in_query("state", "requests in this state", &state),
                openapi::in_query("applicant", "requests of this person, by key", &json!({ "type": "string" })),
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
