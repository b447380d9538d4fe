//! The same rows through the API: a token does what its bearer may, and no more.

use std::collections::BTreeSet;

use access::authority::Act;
use access::authority::matrix::{Reach, VISITOR};
use access::token::{Kind, Scope};
use axum::http::StatusCode;
use serde_json::{Value, json};
use service::hall::acts::token::Wanted;

use super::{Came, Walk, everybody};
use crate::house::{House, Program, Somebody};

pub(super) const ROUTES: &[&str] = &[
    "GET /api/v1/registers/{slug}/{key}",
    "GET /api/v1/tables/{slug}",
    "POST /api/v1/registers/{slug}",
    "PUT /api/v1/registers/{slug}/{key}",
    "POST /api/v1/registers/{slug}/{key}/retire",
    "POST /api/v1/registers/{slug}/{key}/restore",
    "POST /api/v1/tables/{slug}",
];

const SUBJECTS: [(Reach, &str, &str); 4] = [
    (Reach::Section, "software", "X-section"),
    (Reach::Organ, "software", "X-organ"),
    (Reach::City, "software", "X-city"),
    (Reach::System, "equipment", "X-system"),
];

fn token(house: &House, who: &Somebody<'_>) -> Option<String> {
    let wanted = Wanted {
        kind: Kind::Personal,
        name: "照合".to_owned(),
        scopes: BTreeSet::from_iter(Scope::ALL.iter().copied()),
        days: 1,
    };
    let visitor = who.visitor()?;
    Some(house.hall.make_token(&visitor, &wanted).unwrap().text().to_owned())
}

fn came(status: StatusCode) -> Result<Came, String> {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Ok(Came::Refused),
        status if status.is_success() => Ok(Came::Done),
        status => Err(status.to_string()),
    }
}

#[tokio::test]
async fn a_token_does_what_its_bearer_may_and_no_more() {
    let mut walk = Walk::begin();
    let mut answers = Vec::new();
    for (role, who) in everybody(&walk.house) {
        let program = Program::of(&walk.house, token(&walk.house, &who));
        assert_eq!(who.person.is_empty(), role == VISITOR);
        for (reach, register, key) in SUBJECTS {
            let rows = format!("/api/v1/registers/{register}");
            let row = format!("{rows}/{key}");
            let entry = || walk.house.hall.store().entry(register, key).unwrap().unwrap();
            let seen = || Some(format!("\"{}\"", entry().version));
            let mut note = |act, (status, _): &(StatusCode, String)| answers.push((role, act, [reach], came(*status)));
            note(Act::Read, &program.get(&row).await);
            let document = entry().document;
            let mut fresh = document.clone();
            fresh["code"] = json!(format!("A-{role}-{key}"));
            note(Act::Create, &program.json("POST", &rows, None, &fresh).await);
            note(Act::Update, &program.json("PUT", &row, seen(), &document).await);
            note(
                Act::Retire,
                &program.json("POST", &format!("{row}/retire"), seen(), &json!({})).await,
            );
            if entry().retired_at.is_some() {
                note(
                    Act::Retire,
                    &program
                        .json("POST", &format!("{row}/restore"), seen(), &json!({}))
                        .await,
                );
            }
            let csv = table(&document, &format!("B-{role}-{key}"));
            let (status, body) = program.csv(&format!("/api/v1/tables/{register}"), &csv).await;
            let is_denied = status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("may not");
            note(
                Act::Import,
                &(if is_denied { StatusCode::FORBIDDEN } else { status }, body),
            );
            let (status, body) = program.get(&format!("/api/v1/tables/{register}")).await;
            let is_there = status.is_success() && body.contains(key);
            note(
                Act::Export,
                &(if is_there { status } else { StatusCode::FORBIDDEN }, body),
            );
        }
    }
    for (role, act, reach, came) in answers {
        walk.hold(role, (act, "register"), &reach, came);
    }
    walk.end(ROUTES);
}

/// One row under another key.
fn table(document: &Value, key: &str) -> String {
    let mut row = document.as_object().unwrap().clone();
    row.insert("code".to_owned(), json!(key));
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => format!("\"{text}\""),
        other => other.to_string(),
    };
    let names: Vec<&str> = row.keys().map(String::as_str).collect();
    let cells: Vec<String> = row.values().map(cell).collect();
    format!("{}\n{}\n", names.join(","), cells.join(","))
}
