//! The ways that requests go, told one by one.

use crate::town::{Town, content, draft, kinds, morning, object};
use approval::due::What;
use approval::kind::Change;
use approval::panel::Capacity;
use approval::record::{Record, Shown};
use approval::request::{Event, Outcome, Refusal, Request, State, Unreadable};
use jiff::civil::date;
use serde_json::json;

fn approve(request: &mut Request, by: &str, day: i64) -> Result<Outcome, Refusal> {
    request.apply(by, Event::Approve { comment: None }, &kinds(), &Town, morning(day))
}

fn submit(request: &mut Request, day: i64) -> Result<Outcome, Refusal> {
    let applicant = request.applicant().to_owned();
    request.apply(
        &applicant,
        Event::Submit { comment: None },
        &kinds(),
        &Town,
        morning(day),
    )
}

fn submitted(kind: &str, applicant: &str, day: i64) -> Request {
    let mut request = draft(kind, applicant, content(kind));
    submit(&mut request, day).unwrap();
    request
}

fn waiting(request: &Request, day: i64) -> Vec<(String, Capacity)> {
    let candidates = request.waiting(&Town, model::clock::date_in_japan(morning(day)));
    candidates.into_iter().map(|who| (who.person, who.capacity)).collect()
}

#[test]
fn an_exception_goes_from_step_to_step_and_becomes_an_entry() {
    let mut request = submitted("exception", "tax-clerk", 1);
    assert_eq!(approve(&mut request, "tax-manager", 2), Ok(Outcome::Advanced { to: 1 }));
    assert_eq!(approve(&mut request, "tax-manager", 2), Err(Refusal::NotEntitled));
    assert_eq!(approve(&mut request, "general", 3), Ok(Outcome::Advanced { to: 2 }));
    assert_eq!(kinds().get("exception").unwrap().changes(&request), []);
    assert_eq!(approve(&mut request, "ciso", 4), Ok(Outcome::Approved));
    let changes = kinds().get("exception").unwrap().changes(&request);
    let fields = json!({ "code": "R8-1", "duty": "physical.terminal.encryption", "register": "terminal", "subject": "T-1",
        "reason": "故障", "measures": "施錠", "applied_by": "tax-clerk", "approved_by": "ciso", "approved_on": "2026-04-04",
        "expires_on": "2026-12-28", "status": "approved" });
    let expected = Change::Create {
        register: "exception".into(),
        fields: object(fields),
    };
    assert_eq!(changes, [expected]);
    assert!(!request.in_force(date(2026, 4, 3)) && request.in_force(date(2026, 12, 28)));
    assert!(!request.in_force(date(2026, 12, 29)));
}

#[test]
fn a_draft_may_be_incomplete_and_a_submission_may_not() {
    let mut unfinished = content("exception");
    unfinished.payload.clear();
    let mut request = draft("exception", "tax-clerk", unfinished);
    let refusal = submit(&mut request, 1).unwrap_err();
    assert_eq!(refusal.faults().len(), 4);
    assert_eq!(request.state(), State::Draft);
}

#[test]
fn a_manager_who_applies_is_decided_upon_by_those_above() {
    let request = submitted("exception", "tax-manager", 1);
    assert_eq!(waiting(&request, 1), [("department".to_owned(), Capacity::Holder)]);
}

#[test]
fn the_applicant_does_not_decide_as_a_deputy_either() {
    let mut request = submitted("exception", "tax-deputy", 1);
    assert!(waiting(&request, 6).iter().all(|(person, _)| person == "tax-manager"));
    assert_eq!(approve(&mut request, "tax-deputy", 6), Err(Refusal::OwnRequest));
}

#[test]
fn whom_a_request_is_about_does_not_decide_it() {
    let mut privilege = content("privilege");
    privilege.payload.insert("person".into(), "it-manager".into());
    let mut request = draft("privilege", "operator", privilege);
    assert_eq!(submit(&mut request, 1), Ok(Outcome::Submitted));
    assert_eq!(approve(&mut request, "it-manager", 1), Err(Refusal::OwnRequest));
    assert_eq!(approve(&mut request, "department", 1), Ok(Outcome::Advanced { to: 1 }));
    assert_eq!(approve(&mut request, "it-manager", 1), Err(Refusal::OwnRequest));
    assert_eq!(waiting(&request, 1), [("general".to_owned(), Capacity::Holder)]);
}

#[test]
fn a_deputy_decides_only_during_the_absence() {
    let mut request = submitted("exception", "tax-clerk", 1);
    assert_eq!(approve(&mut request, "tax-deputy", 4), Err(Refusal::NotEntitled));
    assert_eq!(approve(&mut request, "tax-deputy", 13), Err(Refusal::NotEntitled));
    assert_eq!(approve(&mut request, "tax-deputy", 5), Ok(Outcome::Advanced { to: 1 }));
    let capacity = request.log().last().unwrap().capacity.clone();
    assert_eq!(
        capacity,
        Some(Capacity::Deputy {
            of: "tax-manager".into()
        })
    );
}

#[test]
fn a_stand_in_named_for_the_days_decides_beside_the_deputy() {
    let mut request = submitted("role", "tax-clerk", 1);
    let who: Vec<String> = waiting(&request, 8).into_iter().map(|(person, _)| person).collect();
    assert_eq!(who, ["general", "friend", "general-deputy"]);
    assert_eq!(approve(&mut request, "friend", 8), Ok(Outcome::Advanced { to: 1 }));
    let record = Record::of(&request, kinds().get("role").unwrap());
    let decision = &record.steps[0].decisions[0];
    assert_eq!(decision.capacity.as_ref().unwrap().ja, "代理");
    assert_eq!(
        (decision.by.as_deref(), decision.of.as_deref()),
        (Some("friend"), Some("general"))
    );
}

#[test]
fn all_of_a_step_means_every_one_of_them() {
    let mut request = submitted("retirement", "tax-clerk", 1);
    assert_eq!(approve(&mut request, "it-manager", 2), Ok(Outcome::Counted));
    assert_eq!(approve(&mut request, "it-manager", 2), Err(Refusal::DecidedAlready));
    assert_eq!(waiting(&request, 2), [("tax-manager".to_owned(), Capacity::Holder)]);
    assert_eq!(approve(&mut request, "tax-manager", 2), Ok(Outcome::Advanced { to: 1 }));
}

#[test]
fn a_returned_request_begins_its_steps_anew() {
    let mut request = submitted("exception", "tax-clerk", 1);
    approve(&mut request, "tax-manager", 1).unwrap();
    let silent = Event::Return { comment: " ".into() };
    assert_eq!(
        request.apply("general", silent, &kinds(), &Town, morning(1)),
        Err(Refusal::NoComment)
    );
    let back = Event::Return {
        comment: "期限を短く".into(),
    };
    assert_eq!(
        request.apply("general", back, &kinds(), &Town, morning(1)),
        Ok(Outcome::Returned)
    );
    assert_eq!(
        approve(&mut request, "general", 1),
        Err(Refusal::NotNow(State::Returned))
    );
    let mut low = content("exception");
    low.grade = Some("low".into());
    let edit = Event::Edit(Box::new(low));
    assert_eq!(
        request.apply("tax-clerk", edit, &kinds(), &Town, morning(2)),
        Ok(Outcome::Edited)
    );
    submit(&mut request, 2).unwrap();
    assert_eq!((request.round(), request.step()), (2, Some(0)));
    assert_eq!(request.route().unwrap().id, "exception");
    approve(&mut request, "tax-manager", 2).unwrap();
    assert_eq!(approve(&mut request, "general", 2), Ok(Outcome::Approved));
}

#[test]
fn time_ends_what_nobody_decides() {
    let mut request = submitted("exception", "tax-clerk", 1);
    assert_eq!(request.deadline(), Some(date(2026, 5, 31)));
    assert_eq!(request.pass_time(&Town, morning(61)), None);
    assert_eq!(approve(&mut request, "tax-manager", 62), Err(Refusal::Overdue));
    assert_eq!(request.pass_time(&Town, morning(62)), Some(Outcome::Expired));
    assert_eq!(request.pass_time(&Town, morning(63)), None);
    assert_eq!(
        approve(&mut request, "tax-manager", 62),
        Err(Refusal::Ended(State::Expired))
    );
}

#[test]
fn what_is_asked_for_until_a_day_is_decided_before_it() {
    let mut soon = content("exception");
    soon.payload.insert("expires_on".into(), "2026-04-10".into());
    let mut request = draft("exception", "tax-clerk", soon);
    submit(&mut request, 1).unwrap();
    assert_eq!(request.deadline(), Some(date(2026, 4, 10)));
}

#[test]
fn a_step_goes_on_when_those_who_are_missing_no_longer_hold_the_role() {
    // The general manager of April approves; the post passes to another in May, who has to approve too.
    let mut adoption = submitted("adoption", "tax-clerk", 28);
    approve(&mut adoption, "tax-manager", 28).unwrap();
    assert_eq!(approve(&mut adoption, "general", 29), Ok(Outcome::Counted));
    assert_eq!(waiting(&adoption, 31).len(), 2);
    assert_eq!(approve(&mut adoption, "vice", 31), Ok(Outcome::Counted));
    assert_eq!(approve(&mut adoption, "friend", 31), Ok(Outcome::Advanced { to: 2 }));
    // Before it passes, the one who is leaving has not approved: in May nobody waits for them.
    let mut adoption = submitted("adoption", "friend", 28);
    let waits: Vec<String> = waiting(&adoption, 31).into_iter().map(|(person, _)| person).collect();
    assert_eq!(waits, ["it-manager"]);
    approve(&mut adoption, "it-manager", 28).unwrap();
    assert_eq!(approve(&mut adoption, "vice", 29), Ok(Outcome::Counted));
    assert_eq!(adoption.pass_time(&Town, morning(29)), None);
}

#[test]
fn a_request_that_nobody_could_decide_is_not_submitted() {
    let mut request = draft("adoption", "ciso", content("adoption"));
    let refusal = submit(&mut request, 1).unwrap_err();
    assert_eq!(refusal.code(), "nobody-decides");
    assert!(refusal.text().ja.contains("最高情報セキュリティ責任者"));
}

#[test]
fn strangers_and_bystanders_say_nothing() {
    let mut request = submitted("exception", "tax-clerk", 1);
    let comment = |text: &str| Event::Comment { comment: text.into() };
    let mut say = |who: &str, text: &str| request.apply(who, comment(text), &kinds(), &Town, morning(1));
    assert_eq!(say("visitor", "質問"), Err(Refusal::NotPersonnel));
    assert_eq!(say("it-clerk", "質問"), Err(Refusal::NotEntitled));
    assert_eq!(say("tax-manager", "質問"), Ok(Outcome::Commented));
    assert_eq!(say("tax-clerk", &"長".repeat(2_001)), Err(Refusal::TooLong));
}

#[test]
fn only_the_applicant_changes_submits_and_withdraws() {
    let mut request = submitted("exception", "tax-clerk", 1);
    for event in [
        Event::Withdraw { comment: None },
        Event::Submit { comment: None },
        Event::Edit(Box::new(content("exception"))),
    ] {
        assert_eq!(
            request.apply("tax-manager", event, &kinds(), &Town, morning(1)),
            Err(Refusal::NotApplicant)
        );
    }
    let withdraw = Event::Withdraw { comment: None };
    assert_eq!(
        request.apply("tax-clerk", withdraw, &kinds(), &Town, morning(1)),
        Ok(Outcome::Withdrawn)
    );
    assert_eq!(submit(&mut request, 1), Err(Refusal::Ended(State::Withdrawn)));
}

#[test]
fn reminders_are_due_once_each() {
    let request = submitted("exception", "tax-clerk", 1);
    let due = |day: i8| {
        let due = request.due(&Town, date(2026, 4, day));
        due.into_iter()
            .map(|due| (due.what, due.key, due.to.into_iter().collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    assert_eq!(due(3), []);
    let reminder = |times: u32, to: &[&str]| {
        (
            What::Reminder,
            format!("R8-1/1/0/remind-{times}"),
            to.iter().map(|&who| who.to_owned()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(due(4), [reminder(1, &["tax-manager"])]);
    assert_eq!(due(6), [reminder(1, &["tax-deputy", "tax-manager"])]);
    let escalation = (
        What::Escalation,
        "R8-1/1/0/escalate".to_owned(),
        vec!["department".to_owned()],
    );
    assert_eq!(due(8), [reminder(2, &["tax-deputy", "tax-manager"]), escalation]);
    let last = request.due(&Town, date(2026, 5, 29)).pop().unwrap();
    assert_eq!(last.what, What::LastDays);
    assert!(last.to.contains("tax-clerk"));
}

#[test]
fn a_comment_does_not_postpone_a_reminder_and_a_decision_begins_anew() {
    let mut request = submitted("exception", "tax-clerk", 1);
    let comment = Event::Comment {
        comment: "確認中".into(),
    };
    request
        .apply("tax-manager", comment, &kinds(), &Town, morning(3))
        .unwrap();
    assert_eq!(request.waits_since(), Some(date(2026, 4, 1)));
    approve(&mut request, "tax-manager", 4).unwrap();
    assert_eq!(request.waits_since(), Some(date(2026, 4, 4)));
}

#[test]
fn the_record_shows_what_was_asked_and_who_decided() {
    let mut request = submitted("retirement", "tax-clerk", 1);
    approve(&mut request, "tax-manager", 1).unwrap();
    let record = Record::of(&request, kinds().get("retirement").unwrap());
    let shown: Vec<&Shown> = record.lines.iter().map(|line| &line.value).collect();
    assert!(matches!(shown[0], Shown::Reference { register, key } if register == "asset" && key == "A-1"));
    assert!(matches!(shown[2], Shown::Text(text) if text.ja == "復元できない消去"));
    assert_eq!(*shown[3], Shown::Date(date(2026, 4, 30)));
    assert!(record.steps[0].waits && record.steps[1].decisions.is_empty());
    let did: Vec<&str> = record.history.iter().map(|entry| entry.did.ja.as_ref()).collect();
    assert_eq!(did, ["起案", "申請", "承認"]);
}

#[test]
fn a_document_that_was_tampered_with_is_not_read() {
    let request = submitted("exception", "tax-clerk", 1);
    let document = request.document().unwrap();
    let mut approved = document.clone();
    approved["state"] = "approved".into();
    approved["step"] = json!(null);
    assert!(matches!(Request::read(approved), Err(Unreadable::Inconsistent)));
    let mut newer = document.clone();
    newer["v"] = 2.into();
    assert!(matches!(Request::read(newer), Err(Unreadable::Newer(2))));
    let mut more = document;
    more["colour"] = "red".into();
    assert!(matches!(Request::read(more), Err(Unreadable::Shape(_))));
}
