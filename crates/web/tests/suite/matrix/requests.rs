//! Requests: drafted, submitted and withdrawn by those who ask; read, commented on and decided by others.

use access::authority::Act;
use access::authority::matrix::{Reach, VISITOR};

use super::{Came, Walk, came, everybody};
use crate::house::{House, Somebody};

pub(super) const ACTS: &[Act] = &[Act::Submit, Act::Approve, Act::Return, Act::Reject, Act::Comment];

pub(super) const ROUTES: &[&str] = &[
    "GET /requests/{number}",
    "GET /requests/{number}/print",
    "POST /requests/new",
    "POST /requests/{number}",
    "POST /requests/{number}/edit",
];

/// Those who ask, beside whoever acts: one at each reach.
const APPLICANTS: [(&str, Reach); 3] = [
    ("P17", Reach::Section),
    ("X-organ", Reach::Organ),
    ("X-city", Reach::City),
];

/// Asks for an exception, or keeps the draft of it.
async fn asked(who: &Somebody<'_>, end: &str) -> Result<String, String> {
    let reply = who
        .post(
            "/requests/new",
            &[
                ("kind", "exception"),
                ("title", "照合する申請"),
                ("duty", "physical.area.fire"),
                ("reason", "照合する理由"),
                ("measures", "代わりの措置"),
                ("expires_on", "2027-01-31"),
                ("do", end),
            ],
        )
        .await;
    match came(who, &reply)? {
        Came::Done => Ok(reply.location),
        Came::Refused => Err("refused".to_owned()),
    }
}

fn version(house: &House, page: &str) -> String {
    let number = page.strip_prefix("/requests/").unwrap();
    house.hall.request(number).unwrap().version.to_string()
}

/// Whether a request waits for somebody.
fn waits(house: &House, page: &str, person: &str) -> bool {
    let loaded = house.hall.request(page.strip_prefix("/requests/").unwrap()).unwrap();
    let waiting = loaded.request.waiting(&*house.hall.directory(), house.hall.today());
    waiting.iter().any(|candidate| candidate.person == person)
}

async fn does(house: &House, who: &Somebody<'_>, page: &str, word: &str) -> Result<Came, String> {
    let seen = version(house, page);
    let sent = [("do", word), ("seen", seen.as_str()), ("comment", "照合した。")];
    came(who, &who.post(page, &sent).await)
}

#[tokio::test]
async fn requests_are_made_by_whoever_asks_and_by_nobody_for_another() {
    let mut walk = Walk::begin();
    let mut answers = Vec::new();
    let other = walk.house.person("X-city");
    for (role, who) in everybody(&walk.house) {
        let draft = "request.draft";
        if role == VISITOR {
            let refused = asked(&who, "submit")
                .await
                .map(|_| Came::Done)
                .or_else(|why| match why.as_str() {
                    "refused" => Ok(Came::Refused),
                    _ => Err(why),
                });
            answers.push((role, (Act::Submit, draft), [Reach::Own], refused));
            continue;
        }
        let theirs = asked(&other, "save").await.unwrap();
        let own = asked(&who, "save").await;
        let Ok(page) = own else {
            answers.push((role, (Act::Submit, draft), [Reach::Own], own.map(|_| Came::Done)));
            continue;
        };
        for (page, reach) in [(&page, Reach::Own), (&theirs, Reach::City)] {
            answers.push((role, (Act::Read, draft), [reach], came(&who, &who.get(page).await)));
            let seen = version(&walk.house, page);
            let edit = [
                ("kind", "exception"),
                ("title", "直した申請"),
                ("duty", "physical.area.fire"),
                ("seen", &seen),
                ("do", "save"),
            ];
            let edited = came(&who, &who.post(&format!("{page}/edit"), &edit).await);
            answers.push((role, (Act::Submit, draft), [reach], edited));
        }
        let page = asked(&who, "save").await.unwrap();
        answers.push((
            role,
            (Act::Submit, draft),
            [Reach::Own],
            does(&walk.house, &who, &page, "submit").await,
        ));
        let withdrawn = does(&walk.house, &who, &page, "withdraw").await;
        answers.push((role, (Act::Submit, "request"), [Reach::Own], withdrawn));
        let theirs = asked(&other, "submit").await.unwrap();
        let withdrawn = does(&walk.house, &who, &theirs, "withdraw").await;
        answers.push((role, (Act::Submit, "request"), [Reach::City], withdrawn));
    }
    for (role, what, reach, came) in answers {
        walk.hold(role, what, &reach, came);
    }
    walk.end(&[
        "POST /requests/new",
        "POST /requests/{number}",
        "POST /requests/{number}/edit",
    ]);
}

#[tokio::test]
async fn requests_are_read_and_decided_by_whoever_the_rules_name() {
    let mut walk = Walk::begin();
    let mut answers = Vec::new();
    for (role, who) in everybody(&walk.house) {
        let mut subjects: Vec<(Reach, String)> = Vec::new();
        for (person, reach) in APPLICANTS {
            subjects.push((reach, asked(&walk.house.person(person), "submit").await.unwrap()));
        }
        if role != VISITOR {
            subjects.push((Reach::Own, asked(&who, "submit").await.unwrap()));
        }
        for (reach, page) in &mut subjects {
            let thing = if waits(&walk.house, page, &who.person) {
                "request.waiting"
            } else {
                "request"
            };
            let mut note = |act, came| answers.push((role, (act, thing), [*reach], came));
            note(Act::Read, came(&who, &who.get(page).await));
            note(Act::Read, came(&who, &who.get(&format!("{page}/print")).await));
            for (act, word) in [
                (Act::Comment, "comment"),
                (Act::Approve, "approve"),
                (Act::Return, "return"),
                (Act::Reject, "reject"),
            ] {
                let came = does(&walk.house, &who, page, word).await;
                if came == Ok(Came::Done) && act != Act::Comment {
                    let (person, _) = APPLICANTS.iter().find(|(_, at)| at == reach).unwrap();
                    *page = asked(&walk.house.person(person), "submit").await.unwrap();
                }
                note(act, came);
            }
        }
    }
    for (role, what, reach, came) in answers {
        walk.hold(role, what, &reach, came);
    }
    walk.end(&[
        "GET /requests/{number}",
        "GET /requests/{number}/print",
        "POST /requests/{number}",
    ]);
}
