//! The parts that operations are put together from.

use serde_json::{Map, Value, json};

use crate::list::{LIMIT, MOST};
use crate::openapi::Scope;

/// Refer to a schema by its name.
#[must_use]
pub fn named(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// A JSON answer of that schema.
#[must_use]
pub fn answer(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

/// A JSON body of that schema, which must be sent.
#[must_use]
pub fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

/// A part of the path.
#[must_use]
pub fn in_path(name: &str, description: &str) -> Value {
    json!({
        "name": name, "in": "path", "required": true, "description": description,
        "schema": { "type": "string", "minLength": 1 },
    })
}

/// A parameter that may be left out.
#[must_use]
pub fn in_query(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

/// A token with that scope is needed.
#[must_use]
pub fn token(scope: &Scope) -> Value {
    json!({ "token": [scope.name()] })
}

/// Answers, and the refusals with these codes.
#[must_use]
pub fn responses(answers: &[(&str, Value)], refusals_of: &[&str]) -> Value {
    let answers = answers
        .iter()
        .map(|(code, answer)| ((*code).to_owned(), answer.clone()));
    let mut responses: Map<String, Value> = answers.collect();
    responses.extend(refusals(refusals_of));
    Value::Object(responses)
}

/// Refusals by status code; those that the API does not know are left out.
#[must_use]
pub fn refusals(codes: &[&str]) -> Map<String, Value> {
    let known = REFUSALS.iter().filter(|(code, ..)| codes.contains(code));
    known
        .map(|(code, name, _)| {
            (
                (*code).to_owned(),
                json!({ "$ref": format!("#/components/responses/{name}") }),
            )
        })
        .collect()
}

/// Status code, name, and when it is answered.
const REFUSALS: [(&str, &str, &str); 11] = [
    ("400", "BadRequest", "the body or a parameter is malformed"),
    ("401", "Unauthorized", "there is no token, or it is no longer good"),
    (
        "403",
        "Forbidden",
        "the token, or the person it belongs to, may not do this",
    ),
    (
        "404",
        "NotFound",
        "there is no such thing, or nothing that this person may know of",
    ),
    (
        "409",
        "Conflict",
        "another row has the key, or the row is in a state that does not allow it",
    ),
    (
        "412",
        "PreconditionFailed",
        "somebody else changed the row since `If-Match` was read",
    ),
    ("413", "TooLarge", "the body is too large"),
    ("415", "UnsupportedMediaType", "the body is of a type that is not taken"),
    (
        "422",
        "Unprocessable",
        "something has to be put right first; all of it is listed",
    ),
    ("428", "PreconditionRequired", "`If-Match` is missing"),
    (
        "429",
        "TooManyRequests",
        "too many requests; `Retry-After` says when to try again",
    ),
];

pub(super) fn refused() -> Map<String, Value> {
    let refused = |(code, name, when): &(&str, &str, &str)| {
        let content = json!({ "application/problem+json": { "schema": named("Refusal") } });
        let mut response = json!({ "description": when, "content": content });
        let header = match *code {
            "429" => Some((
                "Retry-After",
                json!({ "description": "seconds", "schema": { "type": "integer" } }),
            )),
            "401" => Some(("WWW-Authenticate", json!({ "schema": { "type": "string" } }))),
            _ => None,
        };
        if let (Some((name, header)), Value::Object(response)) = (header, &mut response) {
            response.insert("headers".to_owned(), json!({ name: header }));
        }
        ((*name).to_owned(), response)
    };
    REFUSALS.iter().map(refused).collect()
}

pub(super) fn parameters() -> Value {
    let language = json!({ "type": "string", "default": "ja" });
    json!({
        "Key": in_path("key", "the row's key, its `code`"),
        "Search": in_query("search", "words that a row must have, in any width and case", &json!({ "type": "string" })),
        "Cursor": in_query("cursor", "`next` of the page before", &json!({ "type": "string" })),
        "Limit": in_query(
            "limit",
            "how many rows",
            &json!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT }),
        ),
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "the version that the change is made to, as `ETag` gave it",
            "schema": { "type": "string", "pattern": "^\"[0-9]+\"$", "examples": ["\"3\""] },
        },
        "AcceptLanguage": {
            "name": "Accept-Language", "in": "header", "description": "the language of messages", "schema": language,
        },
    })
}

pub(super) fn headers() -> Value {
    json!({
        "ETag": { "description": "the row's version", "required": true, "schema": { "type": "string" } },
        "Location": { "description": "where the row is", "required": true, "schema": { "type": "string" } },
    })
}
