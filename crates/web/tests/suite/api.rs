//! The API over a living hall, as a program with a token meets it.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::token::{Kind, Scope};
use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service::hall::acts::token::Wanted;
use service::hall::entrance::Origin;
use service::hall::entrance::sessions::Seen;
use tower::ServiceExt;
use web::rate::{Limits, Line};

use crate::house::House;

const MANAGER: &str = "general information security manager";
const CSV: &str = "text/csv";

/// A program with a token, or without one.
struct Program {
    router: Router,
    token: Option<String>,
}

/// What came back.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Program {
    /// A program that may do these things for the sample's holder of a role.
    fn of(house: &House, role: &str, scopes: &[Scope]) -> Self {
        let hall = &house.hall;
        let people = hall.sample_people();
        let person = people.into_iter().find(|person| person.role.en == role).unwrap().person;
        let origin = Origin {
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            device: String::new(),
            agent: "test".to_owned(),
        };
        let session = hall.sign_in_as_sample(&person, &origin).unwrap();
        let Seen::Visitor(visitor) = hall.seen(Some(&session.text())).unwrap() else {
            panic!("nobody signed in")
        };
        let wanted = Wanted {
            kind: Kind::Personal,
            name: "test".to_owned(),
            scopes: BTreeSet::from_iter(scopes.iter().copied()),
            days: 1,
        };
        Self {
            token: Some(hall.make_token(&visitor, &wanted).unwrap().text().to_owned()),
            ..Self::without(house)
        }
    }

    fn without(house: &House) -> Self {
        Self {
            router: web::hall::serve(Arc::clone(&house.hall)),
            token: None,
        }
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(&Method::GET, path, &[], Vec::new()).await
    }

    /// Sends JSON, for the version that was seen.
    async fn json(&self, method: Method, path: &str, seen: Option<&str>, body: &Value) -> Reply {
        let mut headers = vec![(CONTENT_TYPE, "application/json")];
        headers.extend(seen.map(|seen| (IF_MATCH, seen)));
        self.send(&method, path, &headers, body.to_string().into_bytes()).await
    }

    async fn send(
        &self,
        method: &Method,
        path: &str,
        headers: &[(axum::http::HeaderName, &str)],
        body: Vec<u8>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        Reply {
            status: response.status(),
            headers: response.headers().clone(),
            bytes: response.into_body().collect().await.unwrap().to_bytes().to_vec(),
        }
    }
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.bytes)))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer, which has that status.
    fn expect(self, status: StatusCode) -> Self {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{text}");
        self
    }

    /// The fields that are complained of, in a refusal with that status.
    fn refused(self, status: StatusCode) -> Vec<Value> {
        let reply = self.expect(status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.json()["status"], status.as_u16());
        let errors = reply.json()["errors"].as_array().unwrap().clone();
        assert!(errors.iter().all(|error| error["message"].is_string()) && !errors.is_empty());
        errors.into_iter().map(|error| error["field"].clone()).collect()
    }
}

fn terminal(code: &str) -> Value {
    json!({ "code": code, "kind": "notebook", "zone": "Z-LG", "section": "S11", "status": "in_use" })
}

#[tokio::test]
async fn a_row_is_made_read_changed_retired_and_taken_back_into_use() {
    let house = House::sample();
    let program = Program::of(&house, MANAGER, &[Scope::RegistersRead, Scope::RegistersWrite]);
    let made = program
        .json(Method::POST, "/registers/terminal", None, &terminal("T-API 1"))
        .await;
    let made = made.expect(StatusCode::CREATED);
    let place = made.header("location").to_owned();
    assert_eq!(
        (place.as_str(), made.header("etag")),
        ("/api/v1/registers/terminal/T-API%201", "\"1\"")
    );
    let one = place.strip_prefix("/api/v1").unwrap();
    let read = program.get(one).await.expect(StatusCode::OK);
    assert_eq!(read.json(), made.json());
    assert_eq!(read.json()["document"]["kind"], "notebook");

    let mut document = read.json()["document"].clone();
    document["os"] = "Windows 11".into();
    let changed = program.json(Method::PUT, one, Some("\"1\""), &document).await;
    let changed = changed.expect(StatusCode::OK);
    assert_eq!(
        (changed.header("etag"), &changed.json()["version"]),
        ("\"2\"", &json!(2))
    );
    let late = program.json(Method::PUT, one, Some("\"1\""), &document).await;
    assert_eq!(late.refused(StatusCode::PRECONDITION_FAILED), [Value::Null]);
    let unseen = program.json(Method::PUT, one, None, &document).await;
    unseen.refused(StatusCode::PRECONDITION_REQUIRED);
    let odd = program.json(Method::PUT, one, Some("2"), &document).await;
    odd.refused(StatusCode::BAD_REQUEST);

    let (retire, restore) = (format!("{one}/retire"), format!("{one}/restore"));
    let retired = program.json(Method::POST, &retire, Some("\"2\""), &Value::Null).await;
    assert!(retired.expect(StatusCode::OK).json()["retired_at"].is_string());
    let again = program.json(Method::PUT, one, Some("\"3\""), &document).await;
    again.refused(StatusCode::CONFLICT);
    let twice = program.json(Method::POST, &retire, Some("\"3\""), &Value::Null).await;
    twice.refused(StatusCode::CONFLICT);
    let restored = program.json(Method::POST, &restore, Some("\"3\""), &Value::Null).await;
    assert!(restored.expect(StatusCode::OK).json()["retired_at"].is_null());
    let history = program
        .get(&format!("{one}/history"))
        .await
        .expect(StatusCode::OK)
        .json();
    let acts: Vec<&Value> = history["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["act"])
        .collect();
    assert_eq!(acts, ["entry.restore", "entry.retire", "entry.update", "entry.create"]);
}

#[tokio::test]
async fn every_fault_is_told_by_its_field_and_in_the_language_of_the_request() {
    let house = House::sample();
    let program = Program::of(&house, MANAGER, &[Scope::RegistersRead, Scope::RegistersWrite]);
    let wrong = json!({ "code": "T-API", "kind": "submarine", "section": "S99", "status": "in_use", "zone": "Z-LG" });
    let reply = program.json(Method::POST, "/registers/terminal", None, &wrong).await;
    assert_eq!(reply.refused(StatusCode::UNPROCESSABLE_ENTITY), ["kind", "section"]);
    let english = program.send(
        &Method::GET,
        "/registers/terminal?limit=0&filter%5Bcolour%5D=red",
        &[(ACCEPT_LANGUAGE, "en")],
        Vec::new(),
    );
    let english = english.await;
    let message = english.json()["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.is_ascii(), "{message}");
    assert_eq!(
        english.refused(StatusCode::UNPROCESSABLE_ENTITY),
        ["limit", "filter[colour]"]
    );

    let taken = program
        .json(Method::POST, "/registers/terminal", None, &terminal("T-API"))
        .await;
    taken.expect(StatusCode::CREATED);
    let taken = program
        .json(Method::POST, "/registers/terminal", None, &terminal("T-API"))
        .await;
    assert_eq!(taken.refused(StatusCode::CONFLICT), ["code"]);
    let form = program.send(&Method::POST, "/registers/terminal", &[(CONTENT_TYPE, CSV)], Vec::new());
    form.await.refused(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let json = [(CONTENT_TYPE, "application/json")];
    let cut = program.send(&Method::POST, "/registers/terminal", &json, b"{".to_vec());
    cut.await.refused(StatusCode::BAD_REQUEST);
    let large = program.send(&Method::POST, "/registers/terminal", &json, vec![b' '; 3 << 20]);
    large.await.refused(StatusCode::PAYLOAD_TOO_LARGE);
    for nowhere in [
        "/registers/none",
        "/registers/terminal/none",
        "/nothing",
        "/ledger/x",
        "/clauses/0",
    ] {
        let all = Program::of(&house, MANAGER, &Scope::ALL);
        all.get(nowhere).await.refused(StatusCode::NOT_FOUND);
    }
    let method = program
        .send(&Method::DELETE, "/registers/terminal", &[], Vec::new())
        .await;
    assert!(method.header("allow").contains("POST"));
    method.refused(StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_table_is_tried_taken_in_and_taken_out_again() {
    let house = House::sample();
    let scopes = [Scope::RegistersRead, Scope::RegistersImport, Scope::RegistersExport];
    let program = Program::of(&house, MANAGER, &scopes);
    let table = program
        .get("/tables/terminal?filter%5Bsection%5D=S11")
        .await
        .expect(StatusCode::OK);
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let text = String::from_utf8(table.bytes).unwrap();
    let mut lines = text.lines();
    let (heading, row) = (lines.next().unwrap(), lines.next().unwrap());
    let (_, rest) = row.split_once(',').unwrap();
    let new = format!("{heading}\r\n{row}\r\nT-API,{rest}\r\n").into_bytes();
    let csv = [(CONTENT_TYPE, CSV)];
    for (apply, applied) in [("", false), ("?apply=false", false), ("?apply=true", true)] {
        let path = format!("/tables/terminal{apply}");
        let plan = program
            .send(&Method::POST, &path, &csv, new.clone())
            .await
            .expect(StatusCode::OK)
            .json();
        assert_eq!(
            (&plan["applied"], &plan["created"]),
            (&json!(applied), &json!(["T-API"])),
            "{plan}"
        );
        assert_eq!(plan["unchanged"], 1);
        let found = program.get("/registers/terminal/T-API").await.status;
        assert_eq!(found == StatusCode::OK, applied);
    }
    let wrong = format!("{heading}\r\n,{rest}\r\n").into_bytes();
    let wrong = program
        .send(&Method::POST, "/tables/terminal?apply=true", &csv, wrong)
        .await;
    assert!(wrong.json()["errors"][0]["cell"].is_string());
    wrong.refused(StatusCode::UNPROCESSABLE_ENTITY);
    let xlsx = program
        .get("/tables/terminal?format=xlsx&search=T-API")
        .await
        .expect(StatusCode::OK);
    assert!(xlsx.bytes.starts_with(b"PK"));
}

/// The duty that keeps the MyNumber tier apart, as its clause tells it.
async fn split(program: &Program, house: &House) -> serde_json::Value {
    let snapshot = house.hall.snapshot().unwrap();
    let position = snapshot.position("resilience.mynumber.isolated").unwrap();
    let id = &snapshot
        .walk()
        .find(|clause| clause.duties.contains(&position))
        .unwrap()
        .id;
    let clause = program
        .get(&format!("/clauses/{id}"))
        .await
        .expect(StatusCode::OK)
        .json();
    let mut duties = clause["duties"].as_array().unwrap().iter();
    duties
        .find(|duty| duty["id"] == "resilience.mynumber.isolated")
        .unwrap()
        .clone()
}

#[tokio::test]
async fn standing_requests_and_ledger_are_read() {
    let house = House::sample();
    let program = Program::of(&house, "chief information security officer", &Scope::ALL);
    let standing = program.get("/standing").await.expect(StatusCode::OK).json();
    let clauses = standing["clauses"].as_array().unwrap();
    assert!(clauses.len() > 20 && standing["summary"].is_object());
    let broken = clauses.iter().rfind(|clause| clause["standing"] == "broken").unwrap();
    let clause = program
        .get(&format!("/clauses/{}", broken["id"].as_str().unwrap()))
        .await;
    assert_eq!(clause.expect(StatusCode::OK).json()["standing"], "broken");
    let clause = split(&program, &house).await;
    assert_eq!(clause["findings"][0]["line"]["file"], "network/configs/core.rtx.txt");
    assert!(clause["findings"][0]["fix"].is_string() && clause["evidence"]["inputs"][1]["sha256"].is_string());
    let other = Program::of(&house, "section information security manager", &[Scope::PolicyRead]);
    let clause = split(&other, &house).await;
    assert!(clause["findings"][0]["reason"].is_string() && clause["evidence"]["version"].is_string());
    assert_eq!(
        (&clause["findings"][0]["line"], &clause["evidence"]["inputs"]),
        (&json!(null), &json!(null))
    );
    assert!(program.get("/requests").await.expect(StatusCode::OK).json()["requests"].is_array());
    program
        .get("/requests?state=none")
        .await
        .refused(StatusCode::UNPROCESSABLE_ENTITY);
    let head = program.get("/ledger").await.expect(StatusCode::OK).json();
    let last = head["size"].as_u64().unwrap() - 1;
    let entry = program
        .get(&format!("/ledger/{last}"))
        .await
        .expect(StatusCode::OK)
        .json();
    assert_eq!((&entry["index"], &entry["entry"]["seq"]), (&json!(last), &json!(last)));
    // No checkpoint has come as far: it will.
    let proof = format!("/ledger/{last}/proof");
    program.get(&proof).await.refused(StatusCode::CONFLICT);
    house.hall.sign_checkpoint().unwrap();
    let proof = program.get(&proof).await.expect(StatusCode::OK);
    assert!(
        String::from_utf8(proof.bytes)
            .unwrap()
            .starts_with("c2sp.org/tlog-proof@v1")
    );
    for wrong in ["state=", "state=lost", "limit=0", "limit=", "cursor=nowhere"] {
        let refused = program.get(&format!("/requests?{wrong}")).await;
        assert_eq!(refused.refused(StatusCode::UNPROCESSABLE_ENTITY).len(), 1, "{wrong}");
    }
}

#[tokio::test]
async fn every_operation_wants_a_token_with_its_scope() {
    let house = House::sample();
    let nobody = Program::without(&house);
    let document = nobody.get("/openapi.json").await;
    assert_eq!(document.header("www-authenticate"), "Bearer realm=\"sanmon\"");
    document.refused(StatusCode::UNAUTHORIZED);
    let stranger = Program {
        token: Some("sanmon_pat_x".to_owned()),
        ..Program::without(&house)
    };
    stranger.get("/standing").await.refused(StatusCode::UNAUTHORIZED);
    let all: Vec<Program> = Scope::ALL
        .iter()
        .map(|scope| Program::of(&house, MANAGER, &[*scope]))
        .collect();
    let document = all[0].get("/openapi.json").await.expect(StatusCode::OK).json();
    let mut asked = 0;
    let paths = document["paths"].as_object().unwrap().iter();
    // All registers have the same routes.
    let of_others = |path: &str| path.matches('/').count() > 1 && !path.contains("/terminal");
    let is_register = |path: &str| path.starts_with("/registers/") || path.starts_with("/tables/");
    for (path, operations) in paths.filter(|(path, _)| !(is_register(path) && of_others(path))) {
        for (method, operation) in operations.as_object().unwrap() {
            let Some(scope) = operation["security"][0]["token"][0].as_str() else {
                continue;
            };
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path
                .replace("{key}", "x")
                .replace("{index}", "0")
                .replace("{id}", "1")
                .replace("{number}", "1");
            let media = if path.starts_with("/tables/") {
                CSV
            } else {
                "application/json"
            };
            let headers = [(CONTENT_TYPE, media), (IF_MATCH, "\"1\"")];
            let ask = async |program: &Program| program.send(&method, &path, &headers, b"{}".to_vec()).await;
            ask(&nobody).await.refused(StatusCode::UNAUTHORIZED);
            for (program, own) in all.iter().zip(Scope::ALL) {
                let status = ask(program).await.status;
                if json!(own) == scope {
                    assert!(
                        status != StatusCode::UNAUTHORIZED && !status.is_server_error(),
                        "{method} {path}: {status}"
                    );
                } else {
                    assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path} with {own:?}");
                }
            }
            asked += 1;
        }
    }
    assert!(asked > 12, "{asked}");
}

/// Asks until it is told to wait; returns after how many answers, and the refusal.
async fn until_told_to_wait(program: &Program) -> (usize, Reply) {
    for answered in 0..100 {
        let reply = program.get("/standing").await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            return (answered, reply);
        }
    }
    panic!("nobody was told to wait")
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_ask_again() {
    let house = House::sample();
    let line = |burst| Line { per_second: 1, burst };
    let limits = |token, account, source| Limits {
        token: line(token),
        account: line(account),
        source: line(source),
        open: line(5),
    };
    let program = Program::of(&house, MANAGER, &[Scope::PolicyRead]);
    let other = Program::of(&house, MANAGER, &[Scope::PolicyRead]);
    let within = |program: &Program, limits: Limits| Program {
        router: web::hall::serve_within(Arc::clone(&house.hall), limits),
        token: program.token.clone(),
    };
    let (answered, refused) = until_told_to_wait(&within(&program, limits(3, 9, 9))).await;
    assert_eq!((answered, refused.header("retry-after")), (3, "1"));
    refused.refused(StatusCode::TOO_MANY_REQUESTS);

    // Another token of the same person shares what the person has.
    let first = within(&program, limits(3, 4, 9));
    assert_eq!(until_told_to_wait(&first).await.0, 3);
    let second = Program {
        router: first.router.clone(),
        token: other.token.clone(),
    };
    assert_eq!(until_told_to_wait(&second).await.0, 1);

    // Whoever guesses tokens meets the limit of the address.
    let guessing = Program {
        token: Some("sanmon_pat_guessed".to_owned()),
        ..within(&program, limits(3, 4, 6))
    };
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(guessing.get("/standing").await.status.as_u16());
    }
    assert_eq!(answers, [401, 401, 401, 401, 401, 401, 429, 429]);
}
