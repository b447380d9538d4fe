//! Lists of requests: everybody finds what they may read, and what waits for them.

use std::collections::BTreeSet;

use approval::request::{Content, Event, State};
use serde_json::{Map, Value, json};
use service::hall::entrance::sessions::Visitor;
use service::hall::requests::Wanted;

use super::House;

/// Somebody who works here and holds no role.
fn plain(house: &House) -> Visitor {
    let (directory, today) = (house.hall.directory(), house.hall.today());
    let holds_none =
        |key: &&String| directory.member(key, today).is_some() && directory.roles_of(key, today).next().is_none();
    let person = directory.people.keys().find(holds_none).unwrap().clone();
    house.visitor_who_may(&person)
}

fn drafted(house: &House, by: &Visitor, title: &str) -> String {
    let snapshot = house.hall.snapshot().unwrap();
    let duty = snapshot.duty(0).unwrap().0.id.clone();
    let payload = json!({ "duty": duty, "reason": "納入待ち", "measures": "立会い", "expires_on": "2026-12-28" });
    let payload = match payload {
        Value::Object(payload) => payload,
        _ => Map::new(),
    };
    let content = Content {
        title: title.to_owned(),
        payload,
        ..Content::default()
    };
    house.hall.draft_request(by, "exception", content).unwrap()
}

fn submitted(house: &House, by: &Visitor, title: &str) -> String {
    let number = drafted(house, by, title);
    let submit = Event::Submit { comment: None };
    house.hall.act_on_request(by, &number, 1, submit).unwrap();
    number
}

/// Somebody whose turn it is does something with a request.
fn decided(house: &House, number: &str, event: Event) -> String {
    let loaded = house.hall.request(number).unwrap();
    let waiting = loaded.request.waiting(&*house.hall.directory(), house.hall.today());
    let who = house.visitor_who_may(&waiting[0].person);
    house.hall.act_on_request(&who, number, loaded.version, event).unwrap();
    who.person
}

fn numbers(house: &House, who: &Visitor, wanted: &Wanted) -> Vec<String> {
    let listed = house.hall.requests_for(who, wanted).unwrap();
    listed
        .rows
        .iter()
        .map(|loaded| loaded.request.number().to_owned())
        .collect()
}

#[test]
fn everybody_finds_exactly_the_requests_that_they_may_read() {
    let house = House::sample();
    let applicant = plain(&house);
    drafted(&house, &applicant, "下書き");
    submitted(&house, &applicant, "決裁待ち");
    let agreed = submitted(&house, &applicant, "一人が承認");
    decided(&house, &agreed, Event::Approve { comment: None });
    let rejected = submitted(&house, &applicant, "却下");
    let reject = Event::Reject {
        comment: "対策が足りない".to_owned(),
    };
    decided(&house, &rejected, reject);

    let all = house.hall.requests(&[], None).unwrap();
    let everything = Wanted {
        limit: 50,
        ..Wanted::default()
    };
    let directory = house.hall.directory();
    let today = house.hall.today();
    let here: Vec<&String> = directory
        .people
        .keys()
        .filter(|key| directory.member(key, today).is_some())
        .collect();
    let (mut readers, mut strangers) = (0, 0);
    // Holders of roles first, then some who hold none.
    let holds_one = |key: &&&String| directory.roles_of(key, today).next().is_some();
    let people = here.iter().filter(holds_one).chain(here.iter().take(20));
    for person in people.copied().chain([&applicant.person]) {
        let who = house.visitor_who_may(person);
        let open = all
            .iter()
            .filter(|loaded| house.hall.may_read_request(&who, &loaded.request));
        let open: Vec<String> = open.map(|loaded| loaded.request.number().to_owned()).collect();
        assert_eq!(numbers(&house, &who, &everything), open, "{person}");
        if open.is_empty() {
            strangers += 1;
        } else {
            readers += 1;
        }
    }
    assert!(readers > 3 && strangers > 3, "{readers} {strangers}");
    let waiting = Wanted {
        states: vec![State::Waiting],
        search: "一人".to_owned(),
        ..everything
    };
    assert_eq!(numbers(&house, &applicant, &waiting), [agreed]);
}

#[test]
fn what_waits_follows_every_decision_and_a_restart() {
    let house = House::sample();
    let applicant = plain(&house);
    let number = submitted(&house, &applicant, "決裁待ち");
    let waiting: BTreeSet<String> = {
        let loaded = house.hall.request(&number).unwrap();
        let waiting = loaded.request.waiting(&*house.hall.directory(), house.hall.today());
        waiting.into_iter().map(|candidate| candidate.person).collect()
    };
    let first = waiting.first().unwrap().clone();
    assert_eq!(
        (
            house.hall.desk().count(&first),
            house.hall.desk().count(&applicant.person)
        ),
        (1, 0)
    );
    let house = house.restarted();
    assert_eq!(house.hall.awaiting(&first)[0].request.number(), number);

    let send_back = Event::Return {
        comment: "期限を書いてください".to_owned(),
    };
    let by = decided(&house, &number, send_back);
    // It is the applicant's turn, and nothing to decide for them.
    assert_eq!(
        (house.hall.desk().count(&by), house.hall.desk().count(&applicant.person)),
        (0, 1)
    );
    assert!(house.hall.awaiting(&applicant.person).is_empty());
    let version = house.hall.request(&number).unwrap().version;
    let withdraw = Event::Withdraw { comment: None };
    let applicant = house.visitor_who_may(&applicant.person);
    house
        .hall
        .act_on_request(&applicant, &number, version, withdraw)
        .unwrap();
    assert_eq!(house.hall.desk().open().count(), 0);
}
