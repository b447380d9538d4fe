//! `/standing`, `/clauses/{id}`: how the clauses and duties of the policy stand.

use access::authority::Resource;
use access::token::Scope;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use model::lang::Lang;
use policy::judge::{Evidence, Finding, Summary};
use policy::standard::Duty;
use policy::text::Clause;
use register::openapi::{self, OpenApi, named};
use serde_json::{Value, json};
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};
use service::standing::{ClauseState, DutyState, Snapshot};

use super::bearer::Caller;
use super::part::{Named, ask};
use super::refused::{Refused, language};
use crate::site::Site;

/// The most findings of a duty that are told; how many there are is told besides.
const FINDINGS: usize = 100;

async fn standing(State(site): State<Site>, caller: Caller, headers: HeaderMap) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::PolicyRead)?;
    let lang = language(&headers);
    let told = ask(&site, move |hall| {
        let snapshot = snapshot(hall, &visitor)?;
        let duties = (0..snapshot.duties.len()).filter_map(|position| snapshot.duty(position));
        Ok(json!({
            "city": snapshot.city.settings.name.get(lang),
            "policy": {
                "title": snapshot.city.document.title,
                "revised": snapshot.city.document.revised.as_ref().map(|revised| revised.iso.as_str()),
            },
            "on": snapshot.today,
            "ledger": snapshot.ledger,
            "summary": summary(&snapshot.summary),
            "clauses": snapshot.walk().map(clause_line).collect::<Vec<Value>>(),
            "duties": duties.map(|(duty, state)| duty_line(duty, state, lang)).collect::<Vec<Value>>(),
        }))
    });
    Ok(Json(told.await?).into_response())
}

async fn clause(
    State(site): State<Site>,
    caller: Caller,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let visitor = caller.with(Scope::PolicyRead)?;
    let lang = language(&headers);
    let told = ask(&site, move |hall| {
        let snapshot = snapshot(hall, &visitor)?;
        let mut clauses = snapshot.city.document.walk();
        let clause = clauses.find(|clause| clause.id == id).ok_or(Refusal::NotFound)?;
        let state = snapshot.clause(&id).ok_or(Refusal::NotFound)?;
        Ok(whole_clause(hall, &visitor, &snapshot, (clause, state), lang))
    });
    Ok(Json(told.await?).into_response())
}

fn snapshot(hall: &Hall, visitor: &Visitor) -> Result<std::sync::Arc<Snapshot>, Refused> {
    hall.permit(visitor, Verb::Read, &Resource::City { founded: true })?;
    Ok(hall.snapshot().ok_or(Refusal::NoCity)?)
}

fn whole_clause(
    hall: &Hall,
    visitor: &Visitor,
    snapshot: &Snapshot,
    (clause, state): (&Clause, &ClauseState),
    lang: Lang,
) -> Value {
    let duties = state.duties.iter().filter_map(|position| snapshot.duty(*position));
    let sees_network = hall.permit_on_network(visitor).is_ok();
    let duties = duties.map(|(duty, state)| {
        let open = state.findings.iter().take(FINDINGS);
        let open = open.filter(|finding| may_see(hall, visitor, finding));
        let mut told = duty_line(duty, state, lang);
        if let Value::Object(told) = &mut told {
            told.insert("remedy".to_owned(), duty.remedy.get(lang).into());
            told.insert(
                "findings".to_owned(),
                open.map(|finding| found(finding, lang, sees_network)).collect(),
            );
            let evidence = state.evidence.as_deref();
            told.insert(
                "evidence".to_owned(),
                evidence.map_or(Value::Null, |evidence| made_of(evidence, sees_network)),
            );
        }
        told
    });
    let mut told = clause_line(state);
    if let Value::Object(told) = &mut told {
        told.insert("label".to_owned(), clause.label.clone().into());
        told.insert("heading".to_owned(), clause.heading.clone().into());
        told.insert("text".to_owned(), clause.text.clone().into());
        told.insert("concept".to_owned(), clause.concept.clone().into());
        told.insert("duties".to_owned(), duties.collect());
        let children = state.children.iter().map(|child| Value::from(child.id.clone()));
        told.insert("children".to_owned(), children.collect());
    }
    told
}

/// A finding names its row.
fn may_see(hall: &Hall, visitor: &Visitor, finding: &Finding) -> bool {
    let place = finding.place.as_ref();
    let row = place.and_then(|place| Some((place.register.as_str(), place.key.as_deref()?)));
    row.is_none_or(|(register, key)| hall.may_read_record(visitor, register, key))
}

fn clause_line(state: &ClauseState) -> Value {
    json!({
        "id": state.id,
        "standing": state.standing,
        "broken": state.broken,
        "summary": summary(&state.summary),
    })
}

fn duty_line(duty: &Duty, state: &DutyState, lang: Lang) -> Value {
    json!({
        "id": duty.id,
        "title": duty.title.get(lang),
        "severity": duty.severity,
        "standing": state.standing,
        "reason": state.reason.as_ref().map(|reason| reason.get(lang)),
        "found": state.findings.len(),
        "kept": state.kept,
    })
}

/// What an engine's answer was made of; its files only for those who may see the network.
fn made_of(evidence: &Evidence, sees_network: bool) -> Value {
    let Evidence {
        engine,
        version,
        at,
        inputs,
    } = evidence;
    let inputs = sees_network.then_some(inputs);
    json!({ "engine": engine, "version": version, "at": at, "inputs": inputs })
}

fn found(finding: &Finding, lang: Lang, sees_network: bool) -> Value {
    let line = finding.line.as_ref().filter(|_| sees_network);
    json!({
        "subject": finding.subject.get(lang),
        "standing": finding.standing,
        "reason": finding.reason.get(lang),
        "place": finding.place,
        "since": finding.since,
        "excepted_until": finding.excepted_until,
        "line": line,
        "fix": finding.fix.as_ref().map(|fix| fix.get(lang)),
    })
}

fn summary(summary: &Summary) -> Value {
    json!(summary)
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/standing", get(standing))
        .route("/clauses/{id}", get(clause))
}

pub(super) fn describe(api: &mut OpenApi) {
    api.tag("policy", "方針と状況 / the policy and its standing");
    for (name, schema) in schemas() {
        api.schema(name, &schema);
    }
    let security = [openapi::token(&openapi::Scope::new("policy:read"))];
    api.operation(
        "/standing",
        "get",
        json!({
            "tags": ["policy"], "operationId": "standing", "summary": "how every clause and duty stands",
            "security": security,
            "parameters": [super::document::language()],
            "responses": openapi::responses(
                &[("200", openapi::answer("the standing", &named("Standing")))], &["401", "403", "404", "429"],
            ),
        }),
    );
    api.operation(
        "/clauses/{id}",
        "get",
        json!({
            "tags": ["policy"], "operationId": "clause_read", "summary": "one clause, its duties and what was found",
            "security": security,
            "parameters": [openapi::in_path("id", "the id of the clause: `6.3.1`"), super::document::language()],
            "responses": openapi::responses(
                &[("200", openapi::answer("the clause", &named("Clause")))], &["401", "403", "404", "429"],
            ),
        }),
    );
}

fn or_null(schema: Value, description: &str) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }], "description": description })
}

/// A line of a file, as [`policy::judge::FileLine`] is written.
fn line_of_a_file() -> Value {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer", "minimum": 1 });
    super::document::object(&[
        ("file", text.clone()),
        ("line", number.clone()),
        ("column", number),
        (
            "text",
            json!({ "type": "string", "description": "without what may be secret" }),
        ),
    ])
}

fn evidence() -> Value {
    let text = json!({ "type": "string" });
    let input = super::document::object(&[
        ("file", text.clone()),
        ("sha256", json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })),
        (
            "redacted",
            json!({ "type": "boolean", "description": "whether secrets were taken out before" }),
        ),
    ]);
    let inputs = json!({ "type": "array", "items": input });
    super::document::object(&[
        ("engine", text.clone()),
        ("version", text),
        ("at", json!({ "type": "string", "format": "date" })),
        (
            "inputs",
            or_null(inputs, "the files; null for those who may not see the network"),
        ),
    ])
}

fn schemas() -> Vec<(&'static str, Value)> {
    let count = json!({ "type": "integer", "minimum": 0 });
    let text = json!({ "type": "string" });
    let maybe = json!({ "type": ["string", "null"] });
    let line = [
        ("id", text.clone()),
        ("standing", maybe.clone()),
        ("broken", count.clone()),
        ("summary", json!({ "type": "object", "additionalProperties": count })),
    ];
    let duty = [
        ("id", text.clone()),
        ("title", text.clone()),
        ("severity", text.clone()),
        ("standing", text.clone()),
        ("reason", maybe.clone()),
        (
            "found",
            json!({ "type": "integer", "minimum": 0, "description": "how many findings there are" }),
        ),
        ("kept", count.clone()),
    ];
    let finding = super::document::object(&[
        ("subject", text.clone()),
        ("standing", text.clone()),
        ("reason", text.clone()),
        ("place", json!({ "type": ["object", "null"] })),
        ("since", maybe.clone()),
        ("excepted_until", maybe.clone()),
        (
            "line",
            or_null(
                line_of_a_file(),
                "the line of a configuration that shows it; null for those who may not see the network",
            ),
        ),
        (
            "fix",
            json!({ "type": ["string", "null"], "description": "what to do, where it is more than the remedy of the duty" }),
        ),
    ]);
    let many = |schema: Value| json!({ "type": "array", "items": schema });
    let policy = super::document::object(&[("title", maybe.clone()), ("revised", maybe.clone())]);
    let standing = super::document::object(&[
        ("city", text.clone()),
        ("policy", policy),
        ("on", json!({ "type": "string", "format": "date" })),
        (
            "ledger",
            json!({ "type": "integer", "minimum": 0, "description": "the size of the ledger that is told of" }),
        ),
        ("summary", json!({ "type": "object", "additionalProperties": count })),
        ("clauses", many(super::document::object(&line))),
        ("duties", many(super::document::object(&duty))),
    ]);
    let whole_duty: Vec<(&str, Value)> = duty
        .into_iter()
        .chain([
            ("remedy", text.clone()),
            ("findings", many(finding)),
            (
                "evidence",
                or_null(evidence(), "what an engine's answer was made of, where one answered"),
            ),
        ])
        .collect();
    let whole_clause: Vec<(&str, Value)> = line
        .into_iter()
        .chain([
            ("label", text.clone()),
            ("heading", text.clone()),
            ("text", text.clone()),
            ("concept", maybe),
            ("duties", many(super::document::object(&whole_duty))),
            ("children", many(text)),
        ])
        .collect();
    vec![
        ("Standing", standing),
        ("Clause", super::document::object(&whole_clause)),
    ]
}
