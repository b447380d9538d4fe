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
    assert_eq!((first.as_str(), second.as_str()), ("2026-000001", "2026-000002"));
}

/// Asks for something and has it decided; returns the number.
fn carried_out(house: &House, applicant: &Visitor, kind: &str, payload: Value) -> String {
    let Value::Object(payload) = payload else {
        panic!("fields are an object")
    };
    let content = Content {
        title: kind.to_owned(),
        payload,
        ..Content::default()
    };
    let number = house.hall.draft_request(applicant, kind, content).unwrap();
    let submit = Event::Submit { comment: None };
    house.hall.act_on_request(applicant, &number, 1, submit).unwrap();
    approve_all(house, &number);
    let state = house.hall.request(&number).unwrap().request.state();
    assert_eq!(state, State::Approved, "{kind}");
    number
}

/// Somebody without a role, in a section whose manager is somebody else.
fn plain(house: &House) -> Visitor {
    applicant(house, &broken_terminal(house).1)
}

fn key_of_first(house: &House, register: &str, fits: impl Fn(&Value) -> bool) -> String {
    let mut found = None;
    let mut each = |entry: store::Entry| {
        if found.is_none() && fits(&entry.document) {
            found = Some(entry.key);
        }
        Ok(())
    };
    house.hall.store().scan(register, &mut each).unwrap();
    found.unwrap()
}

#[test]
fn an_approved_retirement_dates_the_asset_and_takes_it_out_of_use() {
    let house = House::sample();
    let somebody = plain(&house);
    let asset = key_of_first(&house, "asset", |asset| {
        let key = asset["code"].as_str().unwrap();
        house.hall.store().referring("asset", key, 1).unwrap().is_empty()
    });
    let payload = json!({ "asset": asset, "reason": "更新した", "method": "erase", "disposed_on": "2026-11-20" });
    carried_out(&house, &somebody, "retirement", payload);
    let entry = house.hall.store().entry("asset", &asset).unwrap().unwrap();
    assert!(entry.retired_at.is_some());
    assert_eq!(entry.document["disposed_on"], "2026-11-20");
}

#[test]
fn whoever_asks_to_retire_what_rows_in_use_refer_to_hears_it_before_anybody_decides() {
    let house = House::sample();
    let somebody = plain(&house);
    let referred = |key: &str| {
        let referrers = house.hall.store().referring("asset", key, 9).unwrap();
        referrers
            .iter()
            .any(|referrer| !referrer.retired && referrer.register != "asset")
    };
    let asset = key_of_first(&house, "asset", |asset| referred(asset["code"].as_str().unwrap()));
    let Value::Object(payload) =
        json!({ "asset": asset, "reason": "更新した", "method": "erase", "disposed_on": "2026-11-20" })
    else {
        panic!("fields are an object")
    };
    let content = Content {
        title: "廃止".to_owned(),
        payload,
        ..Content::default()
    };
    let number = house.hall.draft_request(&somebody, "retirement", content).unwrap();
    let submit = Event::Submit { comment: None };
    let refused = house.hall.act_on_request(&somebody, &number, 1, submit).unwrap_err();
    let Refusal::Request(refusal) = refused else {
        panic!("{refused:?}")
    };
    let fault = &refusal.faults()[0];
    assert_eq!(fault.field, "asset");
    assert!(
        fault.message.ja.contains("件)。先にその行を直してから"),
        "{}",
        fault.message.ja
    );
}

#[test]
fn an_approved_appointment_and_an_approved_account_stand_in_their_registers() {
    let house = House::sample();
    let somebody = plain(&house);
    let system = key_of_first(&house, "system", |_| true);
    let other = house.visitor("staff without a role").person;
    let payload = json!({ "role": "system_operator", "person": other, "system": system, "appointed_on": "2026-11-23" });
    let number = carried_out(&house, &somebody, "role", payload);
    let today = house.hall.today();
    assert!(house.hall.store().entry("role_assignment", &number).unwrap().is_some());
    assert!(
        house
            .hall
            .directory()
            .roles_of(&other, today)
            .any(|held| held.role == "system_operator")
    );

    let payload = json!({ "system": system, "person": other, "login": "adm-01", "factors": 2, "reason": "更新作業",
        "expires_on": "2027-03-31" });
    let number = carried_out(&house, &somebody, "privilege", payload);
    let account = house.hall.store().entry("account", &number).unwrap().unwrap();
    assert_eq!(account.document["kind"], "privileged");
}

#[test]
fn a_document_is_published_by_an_approval_and_a_procedure_never() {
    let house = House::sample();
    let somebody = plain(&house);
    let manager = house.visitor("general information security manager");
    let payload =
        |document: &str| json!({ "document": document, "version": "第2版", "reason": "条例による", "reviewed": true });
    let standard = key_of_first(&house, "document", |document| document["kind"] == "standard");
    house.written(&manager, &standard, "第1 目的\n");
    carried_out(&house, &somebody, "publication", payload(&standard));
    let published = house
        .hall
        .store()
        .entry("hall.publication", &standard)
        .unwrap()
        .unwrap();
    assert_eq!(published.document["text"], "第1 目的\n");

    let procedure = key_of_first(&house, "document", |document| document["kind"] == "procedure");
    house.written(&manager, &procedure, "手順\n");
    let Value::Object(payload) = payload(&procedure) else {
        panic!()
    };
    let content = Content {
        title: "手順".to_owned(),
        payload,
        ..Content::default()
    };
    let number = house.hall.draft_request(&somebody, "publication", content).unwrap();
    house
        .hall
        .act_on_request(&somebody, &number, 1, Event::Submit { comment: None })
        .unwrap();
    let refused = loop {
        let loaded = house.hall.request(&number).unwrap();
        let waiting = loaded.request.waiting(&*house.hall.directory(), house.hall.today());
        let who = house.visitor_who_may(&waiting[0].person);
        let approve = Event::Approve { comment: None };
        if let Err(refused) = house.hall.act_on_request(&who, &number, loaded.version, approve) {
            break refused;
        }
    };
    assert!(matches!(refused, Refusal::Rules(_)), "{refused:?}");
    assert!(
        house
            .hall
            .store()
            .entry("hall.publication", &procedure)
            .unwrap()
            .is_none()
    );
}

#[test]
fn an_adopted_text_is_the_policy() {
    let house = House::sample();
    let somebody = plain(&house);
    let manager = house.visitor("general information security manager");
    let policy = key_of_first(&house, "document", |document| document["kind"] == "basic_policy");
    let organ = key_of_first(&house, "organ", |_| true);
    let text = std::fs::read_to_string(crate::city::sample().join("policy.txt")).unwrap();
    house.written(
        &manager,
        &policy,
        &text.replacen("見本市情報セキュリティ基本方針", "見本市情報セキュリティ新方針", 1),
    );
    let payload = json!({ "organ": organ, "document": policy, "version": "第9版", "text": policy, "reason": "改正" });
    let number = carried_out(&house, &somebody, "adoption", payload);
    assert!(house.hall.store().entry("adoption", &number).unwrap().is_some());
    assert_eq!(
        house.hall.city().unwrap().document.title,
        "見本市情報セキュリティ新方針"
    );
}
