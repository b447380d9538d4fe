//! A request goes its way, and what follows an approval happens with it.

use approval::request::{Content, Event, Outcome, State};
use policy::judge::Standing;
use serde_json::{Map, Value, json};
use service::hall::Refusal;
use service::hall::entrance::sessions::Visitor;

use super::House;

fn exception(duty: &str, register: &str, subject: &str, until: &str) -> Content {
    let payload = json!({ "duty": duty, "register": register, "subject": subject, "reason": "読取機の納入待ち",
        "measures": "職員二人の立会いで使う", "expires_on": until });
    let payload = match payload {
        Value::Object(payload) => payload,
        _ => Map::new(),
    };
    Content {
        title: "端末の認証の例外".to_owned(),
        payload,
        ..Content::default()
    }
}

/// Lets everybody who may decide decide, until nobody is waited for; returns who decided.
fn approve_all(house: &House, number: &str) -> Vec<String> {
    let mut decided = Vec::new();
    for _ in 0..8 {
        let loaded = house.hall.request(number).unwrap();
        if loaded.request.state() != State::Waiting {
            break;
        }
        let directory = house.hall.directory();
        let waiting = loaded.request.waiting(&*directory, house.hall.today());
        let who = house.visitor_who_may(&waiting[0].person);
        let event = Event::Approve { comment: None };
        house.hall.act_on_request(&who, number, loaded.version, event).unwrap();
        decided.push(who.person);
    }
    decided
}

fn broken_terminal(house: &House) -> (usize, String) {
    let snapshot = house.hall.snapshot().unwrap();
    let duty = snapshot.position("resilience.mynumber.authentication").unwrap();
    let (_, state) = snapshot.duty(duty).unwrap();
    let found = state.findings.iter().find(|found| found.standing == Standing::Broken);
    (duty, found.unwrap().place.clone().unwrap().key.unwrap())
}

fn applicant(house: &House, terminal: &str) -> Visitor {
    let row = house.hall.store().entry("terminal", terminal).unwrap().unwrap();
    let section = row.document["section"].as_str().unwrap().to_owned();
    let directory = house.hall.directory();
    let today = house.hall.today();
    let plain = directory.people.iter().find(|(key, member)| {
        member.section == section
            && directory.member(key, today).is_some()
            && directory.roles_of(key, today).next().is_none()
    });
    house.visitor_who_may(plain.unwrap().0)
}

#[test]
fn an_approved_exception_changes_the_standing_in_the_same_act() {
    let house = House::sample();
    let (duty, terminal) = broken_terminal(&house);
    let applicant = applicant(&house, &terminal);
    let content = exception(
        "resilience.mynumber.authentication",
        "terminal",
        &terminal,
        "2026-12-28",
    );
    let number = house.hall.draft_request(&applicant, "exception", content).unwrap();
    let submit = Event::Submit { comment: None };
    let outcome = house.hall.act_on_request(&applicant, &number, 1, submit).unwrap();
    assert_eq!(outcome, Outcome::Submitted);
    let own = house
        .hall
        .act_on_request(&applicant, &number, 2, Event::Approve { comment: None });
    assert!(matches!(own, Err(Refusal::Denied(_) | Refusal::Request(_))), "{own:?}");
    let decided = approve_all(&house, &number);
    assert!(
        decided.len() >= 2 && !decided.contains(&applicant.person),
        "{decided:?}"
    );
    assert_eq!(house.hall.request(&number).unwrap().request.state(), State::Approved);
    let row = house.hall.store().entry("exception", &number).unwrap().unwrap();
    assert_eq!(row.document["status"], "approved");
    let standing = house.hall.snapshot().unwrap().duty(duty).unwrap().1.standing;
    assert_eq!(standing, Standing::Excepted);
    assert!(house.hall.record_standings().unwrap() > 0);
    assert!(!house.hall.standing_history().unwrap().is_empty());
}

#[test]
fn what_is_missing_is_told_when_it_is_submitted() {
    let house = House::sample();
    let (_, terminal) = broken_terminal(&house);
    let applicant = applicant(&house, &terminal);
    let mut content = exception(
        "resilience.mynumber.authentication",
        "terminal",
        &terminal,
        "2026-12-28",
    );
    content.payload.remove("measures");
    let number = house.hall.draft_request(&applicant, "exception", content).unwrap();
    let refused = house
        .hall
        .act_on_request(&applicant, &number, 1, Event::Submit { comment: None })
        .unwrap_err();
    let Refusal::Request(refusal) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refusal.faults()[0].field, "measures");
}

#[test]
fn numbers_count_up_within_the_fiscal_year() {
    let house = House::sample();
    let (_, terminal) = broken_terminal(&house);
    let applicant = applicant(&house, &terminal);
    let content = || {
        exception(
            "resilience.mynumber.authentication",
            "terminal",
            &terminal,
            "2026-12-28",
        )
    };
    let first = house.hall.draft_request(&applicant, "exception", content()).unwrap();
    let second = house.hall.draft_request(&applicant, "exception", content()).unwrap();
    assert_eq!((first.as_str(), second.as_str()), ("2026-00001", "2026-00002"));
}
