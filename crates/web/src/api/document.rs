//! `/openapi.json`: the API describes itself, with the registers that the city keeps.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use register::Kind;
use register::openapi::{self, OpenApi};
use serde_json::{Map, Value, json};
use service::hall::Refusal;
use service::hall::entrance::sessions::Seen;

use super::bearer::Caller;
use super::part::ask;
use super::refused::Refused;
use crate::rate::Limits;
use crate::site::Site;

/// The OpenAPI document of the API over these registers.
#[must_use]
pub fn document(kinds: &[Kind]) -> Value {
    let mut api = OpenApi::of(kinds, env!("CARGO_PKG_VERSION"));
    super::describe(&mut api);
    let mut document = api.document();
    if let Value::Object(document) = &mut document {
        // What a client that paces itself needs; each node counts for itself.
        let Limits {
            token, account, source, ..
        } = Limits::shipped();
        let limits = json!({ "token": token, "account": account, "source": source });
        document.insert("x-rate-limits".to_owned(), limits);
    }
    document
}

/// Whoever is signed in, and whoever has a token for whatever.
async fn show(State(site): State<Site>, request: Request) -> Result<Response, Refused> {
    let (mut parts, _) = request.into_parts();
    let seen = parts.extensions.get::<Arc<Seen>>().map(AsRef::as_ref);
    if !matches!(seen, Some(Seen::Visitor(_))) {
        use axum::extract::FromRequestParts as _;
        Caller::from_request_parts(&mut parts, &site).await?;
    }
    let document = ask(&site, |hall| {
        let city = hall.city().ok_or(Refusal::NoCity)?;
        Ok(document(&city.kinds))
    });
    Ok(Json(document.await?).into_response())
}

/// An object that has all of these and may have more.
pub(super) fn object(fields: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The parameter that says in which language messages are.
pub(super) fn language() -> Value {
    json!({ "$ref": "#/components/parameters/AcceptLanguage" })
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/openapi.json", get(show))
}

pub(super) fn describe(api: &mut OpenApi) {
    api.tag("api", "この文書 / this document");
    api.operation(
        "/openapi.json",
        "get",
        json!({
            "tags": ["api"], "operationId": "openapi", "summary": "this document",
            "security": [{ "token": [] }],
            "responses": openapi::responses(
                &[("200", openapi::answer("an OpenAPI document", &json!({ "type": "object" })))],
                &["401", "404", "429"],
            ),
        }),
    );
}
