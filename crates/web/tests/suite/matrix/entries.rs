//! Rows of registers: seen, found, made, changed, retired and taken back, brought in, taken out.

use std::collections::BTreeMap;

use access::authority::Act;
use access::authority::matrix::{Reach, VISITOR};
use serde_json::Value;
use store::Entry;

use super::{Came, Walk, came, everybody, holder, told};
use crate::house::{House, Reply, Somebody};

pub(super) const ACTS: &[Act] = &[
    Act::Read,
    Act::Create,
    Act::Update,
    Act::Retire,
    Act::Import,
    Act::Export,
];

pub(super) const ROUTES: &[&str] = &[
    "GET /registers/{slug}",
    "GET /registers/{slug}/{key}",
    "GET /registers/{slug}/{key}/history",
    "GET /registers/{slug}/export",
    "POST /registers/{slug}/new",
    "POST /registers/{slug}/{key}/edit",
    "POST /registers/{slug}/{key}/retire",
    "POST /registers/{slug}/{key}/restore",
    "POST /registers/{slug}/bulk",
    "POST /registers/{slug}/bulk/confirm",
    "POST /registers/{slug}/import",
    "POST /registers/{slug}/import/confirm",
];

/// A row that is acted upon.
struct Subject {
    thing: &'static str,
    register: &'static str,
    /// At every one of these.
    reaches: &'static [Reach],
    key: String,
}

/// Rows of a register at the reaches that lie in a section.
fn placed(thing: &'static str, register: &'static str) -> Vec<Subject> {
    let at = |reaches, key: &str| Subject {
        thing,
        register,
        reaches,
        key: key.to_owned(),
    };
    vec![
        at(&[Reach::Section], "X-section"),
        at(&[Reach::Organ], "X-organ"),
        at(&[Reach::City], "X-city"),
    ]
}

/// The row that is about whoever acts.
fn own(thing: &'static str, register: &'static str, reaches: &'static [Reach], role: &str) -> Subject {
    Subject {
        thing,
        register,
        reaches,
        key: format!("X-own-{}", holder(role)),
    }
}

#[tokio::test]
async fn rows_of_a_section_or_of_a_system() {
    let mut walk = Walk::begin();
    let mut subjects = placed("register", "software");
    subjects.push(Subject {
        thing: "register",
        register: "equipment",
        reaches: &[Reach::System],
        key: "X-system".to_owned(),
    });
    each(&mut walk, |_| Vec::new(), subjects).await;
    walk.end(ROUTES);
}

#[tokio::test]
async fn rows_that_all_personnel_keep_or_answer() {
    let mut walk = Walk::begin();
    let own = |role| {
        vec![
            own("register.daily", "take_out", &[Reach::Own, Reach::Section], role),
            own(
                "register.answer",
                "acknowledgement",
                &[Reach::Own, Reach::Section],
                role,
            ),
        ]
    };
    let mut subjects = placed("register.daily", "take_out");
    subjects.extend(placed("register.answer", "acknowledgement"));
    subjects.extend(placed("register.common", "contact"));
    each(&mut walk, own, subjects).await;
    walk.end(ROUTES);
}

#[tokio::test]
async fn rows_about_people_and_their_roles() {
    let mut walk = Walk::begin();
    let own = |role| vec![own("register.role", "role_assignment", &[Reach::Own], role)];
    let mut subjects = placed("register.person", "person");
    subjects.extend(placed("register.role", "role_assignment"));
    each(&mut walk, own, subjects).await;
    walk.end(ROUTES);
}

#[tokio::test]
async fn rows_that_follow_an_incident_an_audit_or_an_approval() {
    let mut walk = Walk::begin();
    let mut subjects = placed("register.incident", "incident");
    subjects.push(Subject {
        thing: "register.incident",
        register: "incident",
        reaches: &[Reach::System],
        key: "X-system".to_owned(),
    });
    subjects.extend(placed("register.audit", "audit"));
    subjects.extend(placed("register.exception", "exception"));
    subjects.extend(placed("register.mynumber", "terminal"));
    each(&mut walk, |_| Vec::new(), subjects).await;
    walk.end(ROUTES);
}

/// Everybody does everything to every row.
async fn each(walk: &mut Walk, own: impl Fn(&'static str) -> Vec<Subject>, subjects: Vec<Subject>) {
    let mut answers = Vec::new();
    for (role, who) in everybody(&walk.house) {
        let own = if role == VISITOR { Vec::new() } else { own(role) };
        for subject in own.iter().chain(&subjects) {
            for act in ACTS {
                let all = all(&walk.house, &who, *act, subject).await;
                answers.extend(
                    all.into_iter()
                        .map(|came| (role, *act, subject.thing, subject.reaches, came)),
                );
            }
        }
    }
    for (role, act, thing, reaches, (by, came)) in answers {
        walk.hold(role, (act, thing), reaches, came.map_err(|why| format!("{by}: {why}")));
    }
}

type Answer = (String, Result<Came, String>);

/// Does one act in all the ways that there are.
async fn all(house: &House, who: &Somebody<'_>, act: Act, subject: &Subject) -> Vec<Answer> {
    let row = entry(house, subject);
    let page = format!("/registers/{}/{}", subject.register, row.key);
    match act {
        Act::Read => read(who, subject, &row, &page).await,
        Act::Create => create(house, who, subject, &row).await,
        Act::Update => update(house, who, subject, &page).await,
        Act::Retire => retire(house, who, subject, &page).await,
        Act::Import => import(house, who, subject, &row).await,
        Act::Export => export(who, subject, &row).await,
        _ => Vec::new(),
    }
}

fn entry(house: &House, subject: &Subject) -> Entry {
    let entry = house.hall.store().entry(subject.register, &subject.key).unwrap();
    entry.unwrap_or_else(|| panic!("the town has no {} {}", subject.register, subject.key))
}

/// Whether a page shows something.
fn shows(by: &str, reply: &Reply, what: &str) -> Answer {
    let is_there = reply.status.is_success() && reply.text().contains(what);
    (by.to_owned(), Ok(if is_there { Came::Done } else { Came::Refused }))
}

async fn read(who: &Somebody<'_>, subject: &Subject, row: &Entry, page: &str) -> Vec<Answer> {
    let reply = who.get(page).await;
    let mut answers = vec![(format!("GET {page}"), came(who, &reply))];
    if !who.person.is_empty() && answers[0].1 == Ok(Came::Refused) {
        // Nor is it said that there is one.
        let none = who.get(&format!("/registers/{}/X-none", subject.register)).await;
        assert_eq!(reply.status, none.status, "{page}");
        let tells = row.title != row.key && reply.text().contains(&row.title);
        assert!(!tells, "{page} tells its title");
    }
    let history = who.get(&format!("{page}/history")).await;
    answers.push((format!("GET {page}/history"), came(who, &history)));
    let list = format!("/registers/{}?limit=200", subject.register);
    answers.push(shows(&list, &who.get(&list).await, &format!("{page}\"")));
    answers
}

/// The fields of a document as a form sends them.
fn pairs(document: &Value) -> Vec<(String, String)> {
    let fields = document.as_object().unwrap().iter();
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    fields.map(|(name, value)| (name.clone(), text(value))).collect()
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// The same row under a key that nobody has.
fn fresh(house: &House, row: &Entry) -> Vec<(String, String)> {
    let mut pairs = pairs(&row.document);
    let code = pairs.iter_mut().find(|(name, _)| name == "code").unwrap();
    code.1 = format!("N-{}", house.asked.lock().unwrap().len());
    pairs
}

async fn create(house: &House, who: &Somebody<'_>, subject: &Subject, row: &Entry) -> Vec<Answer> {
    let pairs = fresh(house, row);
    let path = format!("/registers/{}/new", subject.register);
    let reply = who.post(&path, &borrowed(&pairs)).await;
    let did = came(who, &reply);
    let mut answers = Vec::new();
    if did == Ok(Came::Done) {
        // Whoever may make one is given the form for it.
        answers.push((format!("GET {path}"), came(who, &who.get(&path).await)));
    }
    answers.push((format!("POST {path}"), did));
    answers
}

async fn update(house: &House, who: &Somebody<'_>, subject: &Subject, page: &str) -> Vec<Answer> {
    let row = entry(house, subject);
    let mut sent = pairs(&row.document);
    sent.push(("_version".to_owned(), row.version.to_string()));
    let path = format!("{page}/edit");
    let reply = who.post(&path, &borrowed(&sent)).await;
    vec![
        (format!("POST {path}"), came(who, &reply)),
        bulk(house, who, subject).await,
    ]
}

/// Changes one field of one row in the way that many are changed.
async fn bulk(house: &House, who: &Somebody<'_>, subject: &Subject) -> Answer {
    let row = entry(house, subject);
    let field = plain(subject.register);
    let path = format!("/registers/{}/bulk", subject.register);
    let count = house.asked.lock().unwrap().len();
    // Another day each time, where the field is a date.
    let day = jiff::civil::date(2000, 1, 1).saturating_add(jiff::Span::new().days(i64::try_from(count).unwrap()));
    let value = if field.ends_with("_on") {
        day.to_string()
    } else {
        format!("照合 {count}")
    };
    let looked = who
        .post(&path, &[("_key", &row.key), ("_field", field), (field, &value)])
        .await;
    let looked = came(who, &looked);
    if looked != Ok(Came::Done) {
        return (format!("POST {path}"), looked);
    }
    let seen = format!("{}:{}", row.version, row.key);
    let path = format!("{path}/confirm");
    let reply = who
        .post(&path, &[("_field", field), (field, &value), ("_seen", &seen)])
        .await;
    (format!("POST {path}"), came(who, &reply))
}

/// A field of a line of text that no rule looks at.
fn plain(register: &str) -> &'static str {
    match register {
        "software" => "publisher",
        "equipment" | "contact" => "name",
        "take_out" => "purpose",
        "person" => "position",
        "role_assignment" => "basis",
        "incident" => "cause",
        "audit" => "title",
        "exception" => "reason",
        "terminal" => "os",
        "acknowledgement" => "acknowledged_on",
        _ => "code",
    }
}

async fn retire(house: &House, who: &Somebody<'_>, subject: &Subject, page: &str) -> Vec<Answer> {
    let mut answers = Vec::new();
    let version = || entry(house, subject).version.to_string();
    let seen = version();
    let reply = who
        .post(&format!("{page}/retire"), &[("version", &seen), ("reason", "照合")])
        .await;
    answers.push((format!("POST {page}/retire"), came(who, &reply)));
    if entry(house, subject).retired_at.is_none() {
        return answers;
    }
    let seen = version();
    let reply = who
        .post(&format!("{page}/restore"), &[("version", &seen), ("reason", "照合")])
        .await;
    answers.push((format!("POST {page}/restore"), came(who, &reply)));
    answers
}

async fn import(house: &House, who: &Somebody<'_>, subject: &Subject, row: &Entry) -> Vec<Answer> {
    let pairs: BTreeMap<String, String> = fresh(house, row).into_iter().collect();
    let cells = |cells: Vec<&String>| {
        cells
            .iter()
            .map(|cell| format!("\"{cell}\""))
            .collect::<Vec<_>>()
            .join(",")
    };
    let csv = format!(
        "{}\n{}\n",
        cells(pairs.keys().collect()),
        cells(pairs.values().collect())
    );
    let path = format!("/registers/{}/import", subject.register);
    let reply = who.upload(&path, "取込み.csv", csv.as_bytes()).await;
    // Whoever may bring in some rows is told which they may not.
    let is_denied = reply.status.as_u16() == 422 && told(&reply).contains("権限");
    if is_denied || came(who, &reply) == Ok(Came::Refused) {
        return vec![(format!("POST {path}"), Ok(Came::Refused))];
    }
    if let Err(why) = came(who, &reply) {
        return vec![(format!("POST {path}"), Err(why))];
    }
    let ticket = reply.hidden("ticket");
    let reply = who.post(&format!("{path}/confirm"), &[("ticket", &ticket)]).await;
    let form = who.get(&path).await;
    vec![
        (format!("POST {path}/confirm"), came(who, &reply)),
        (format!("GET {path}"), came(who, &form)),
    ]
}

async fn export(who: &Somebody<'_>, subject: &Subject, row: &Entry) -> Vec<Answer> {
    let path = format!("/registers/{}/export?_format=csv", subject.register);
    vec![shows(&path, &who.get(&path).await, &row.key)]
}
