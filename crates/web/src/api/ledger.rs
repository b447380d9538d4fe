//! `/ledger`, `/ledger/{index}`, `/ledger/{index}/proof`: where the ledger ends, what an entry says, and its proof.

use access::authority::Resource;
use access::token::Scope;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use register::openapi::{self, OpenApi, named};
use serde_json::{Value, json};
use service::hall::Refusal;
use service::hall::rights::Verb;

use super::bearer::Caller;
use super::document::object;
use super::part::{Named, ask};
use super::refused::Refused;
use crate::site::Site;

async fn head(State(site): State<Site>, caller: Caller) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::LedgerRead)?;
    let told = ask(&site, move |hall| {
        hall.permit(&visitor, Verb::Read, &Resource::Ledger)?;
        let head = hall.store().head()?;
        Ok(json!({
            "size": head.edge.size(),
            "root": head.edge.root().to_string(),
            "at": head.at.to_string(),
            "checkpoint": hall.notary().checkpoint(),
        }))
    });
    Ok(Json(told.await?).into_response())
}

async fn entry(State(site): State<Site>, caller: Caller, Named(index): Named<u64>) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::LedgerRead)?;
    let told = ask(&site, move |hall| {
        hall.permit(&visitor, Verb::Read, &Resource::Ledger)?;
        let leaf = hall.store().leaf(known(index)?)?.ok_or(Refusal::NotFound)?;
        let hash = hall.store().leaf_hash(index)?.ok_or(Refusal::NotFound)?;
        Ok(json!({
            "index": leaf.index,
            "hash": hash.to_string(),
            "entry": serde_json::from_slice::<Value>(&leaf.bytes).unwrap_or_default(),
            "erased_by": leaf.erased_by,
        }))
    });
    Ok(Json(told.await?).into_response())
}

async fn proof(State(site): State<Site>, caller: Caller, Named(index): Named<u64>) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::LedgerRead)?;
    let proof = ask(&site, move |hall| {
        hall.permit(&visitor, Verb::Prove, &Resource::Ledger)?;
        hall.store().leaf(known(index)?)?.ok_or(Refusal::NotFound)?;
        let proof = hall.proof(index).map_err(|refusal| {
            // No checkpoint has come as far: it will.
            Refused::from(refusal).instead_of(StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT)
        })?;
        Ok(proof.to_string())
    });
    Ok(([(CONTENT_TYPE, PLAIN)], proof.await?).into_response())
}

const PLAIN: &str = "text/plain; charset=utf-8";

/// An index that a database can hold.
fn known(index: u64) -> Result<u64, Refused> {
    i64::try_from(index).map(|_| index).map_err(|_| Refused::not_found())
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/ledger", get(head))
        .route("/ledger/{index}", get(entry))
        .route("/ledger/{index}/proof", get(proof))
}

pub(super) fn describe(api: &mut OpenApi) {
    api.tag("ledger", "証跡 / the ledger");
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    api.schema(
        "Ledger",
        &object(&[
            ("size", count.clone()),
            (
                "root",
                json!({ "type": "string", "description": "the root of the tree" }),
            ),
            ("at", text.clone()),
            (
                "checkpoint",
                json!({ "type": ["string", "null"], "description": "the last signed one (c2sp.org/tlog-checkpoint)" }),
            ),
        ]),
    );
    api.schema(
        "LedgerEntry",
        &object(&[
            ("index", count.clone()),
            ("hash", text),
            ("entry", json!({ "type": "object" })),
            (
                "erased_by",
                json!({ "type": ["integer", "null"], "description": "the entry that erased its contents" }),
            ),
        ]),
    );
    let security = [openapi::token(&openapi::Scope::new("ledger:read"))];
    let index = json!({ "name": "index", "in": "path", "required": true, "schema": count });
    let read = |id: &str, summary: &str, parameters: Vec<Value>, answer: Value, refusals: &[&str]| {
        json!({
            "tags": ["ledger"], "operationId": id, "summary": summary, "security": security,
            "parameters": parameters,
            "responses": openapi::responses(&[("200", answer)], refusals),
        })
    };
    let language = super::document::language;
    let head = openapi::answer("the head", &named("Ledger"));
    let refusals = ["401", "403", "429"];
    api.operation(
        "/ledger",
        "get",
        read(
            "ledger_head",
            "where the ledger ends",
            vec![language()],
            head,
            &refusals,
        ),
    );
    let entry = openapi::answer("the entry", &named("LedgerEntry"));
    let refusals = ["401", "403", "404", "429"];
    let parameters = vec![index.clone(), language()];
    api.operation(
        "/ledger/{index}",
        "get",
        read(
            "ledger_entry",
            "one entry, as the tree has it",
            parameters,
            entry,
            &refusals,
        ),
    );
    let proof = json!({
        "description": "a tlog-proof file (c2sp.org/tlog-proof)",
        "content": { "text/plain": { "schema": { "type": "string" } } },
    });
    let refusals = ["401", "403", "404", "409", "429"];
    api.operation(
        "/ledger/{index}/proof",
        "get",
        read(
            "ledger_proof",
            "the proof that an entry is in the ledger",
            vec![index, language()],
            proof,
            &refusals,
        ),
    );
}
