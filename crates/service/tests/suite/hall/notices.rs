//! People are told once of what concerns them, in the service and by mail.

use approval::request::{Content, Event};
use jiff::SignedDuration;
use model::lang::Text;
use policy::judge::Standing;
use serde_json::{Value, json};
use service::hall::acts::Entered;
use service::hall::entrance::sessions::Visitor;
use service::hall::notices::{Attempt, Kept, Letter, Link, Outbox, Wanted, Wish, kinds};
use service::hall::{Hall, Refusal};

use super::House;

const DUTY: &str = "resilience.mynumber.authentication";

/// The notices of a kind that a person has.
fn of_kind(hall: &Hall, person: &str, kind: &kinds::Kind) -> Vec<Kept> {
    let mut kept = hall.notices_of(person).unwrap();
    kept.retain(|kept| kept.notice.kind == kind.word);
    kept
}

fn raise(hall: &Hall, person: &str, key: &str) -> usize {
    let wanted = Wanted {
        key: key.to_owned(),
        to: vec![person.to_owned()],
        title: Text::same(format!("件名 {key}")),
        link: Link::Ledger,
    };
    hall.tell(&kinds::witness::KIND, &wanted).unwrap()
}

/// Sets how many factors a terminal asks for.
fn set_factors(hall: &Hall, visitor: &Visitor, key: &str, factors: u8) {
    let row = hall.store().entry("terminal", key).unwrap().unwrap();
    let mut document = row.document;
    document["factors"] = json!(factors);
    let entered = Entered {
        register: "terminal".to_owned(),
        seen: Some((key.to_owned(), row.version)),
        document,
        reason: None,
    };
    hall.enter(visitor, &entered).unwrap();
}

/// A terminal that breaks the duty.
fn broken_terminal(hall: &Hall) -> String {
    let snapshot = hall.snapshot().unwrap();
    let (_, state) = snapshot.duty(snapshot.position(DUTY).unwrap()).unwrap();
    let found = state.findings.iter().find(|found| found.standing == Standing::Broken);
    found.unwrap().place.clone().unwrap().key.unwrap()
}

/// Everybody who has notices of a kind, with how many.
fn told(hall: &Hall, kind: &kinds::Kind) -> Vec<(String, usize)> {
    let directory = hall.directory();
    let people = directory.people.keys();
    let counted = people.map(|person| (person.clone(), of_kind(hall, person, kind).len()));
    counted.filter(|(_, count)| *count > 0).collect()
}

/// Somebody of the section of a terminal asks for an exception; returns who and the number.
fn ask(house: &House, terminal: &str) -> (Visitor, String) {
    let hall = &house.hall;
    let section = hall.store().entry("terminal", terminal).unwrap().unwrap().document["section"].clone();
    let (directory, today) = (hall.directory(), hall.today());
    let plain = directory.people.iter().find(|(key, member)| {
        section == *member.section
            && directory.member(key, today).is_some()
            && directory.roles_of(key, today).next().is_none()
    });
    let applicant = house.visitor_who_may(plain.unwrap().0);
    let payload = json!({ "duty": DUTY, "register": "terminal", "subject": terminal, "reason": "読取機の納入待ち",
        "measures": "職員二人の立会いで使う", "expires_on": "2027-03-31" });
    let Value::Object(payload) = payload else {
        panic!("fields are an object")
    };
    let content = Content {
        title: "端末の認証の例外".to_owned(),
        payload,
        ..Content::default()
    };
    let number = hall.draft_request(&applicant, "exception", content).unwrap();
    let submit = Event::Submit { comment: None };
    hall.act_on_request(&applicant, &number, 1, submit).unwrap();
    (applicant, number)
}

/// One of those who may decide a request.
fn decider(house: &House, number: &str) -> Visitor {
    let request = house.hall.request(number).unwrap().request;
    let waiting = request.waiting(&*house.hall.directory(), house.hall.today());
    house.visitor_who_may(&waiting[0].person)
}

#[test]
fn whoever_may_decide_is_told_once_and_the_applicant_hears_of_a_return_and_of_the_decision() {
    let house = House::sample();
    let hall = &house.hall;
    let (applicant, number) = ask(&house, &broken_terminal(hall));
    hall.make_notices().unwrap();
    hall.make_notices().unwrap();
    let decider_ = decider(&house, &number);
    let waiting = of_kind(hall, &decider_.person, &kinds::waiting::KIND);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].notice.link, Link::Request(number.clone()));
    assert!(waiting[0].notice.title.ja.contains("端末の認証の例外"));
    assert!(of_kind(hall, &applicant.person, &kinds::waiting::KIND).is_empty());

    let event = Event::Return {
        comment: "期限を確かめてください".to_owned(),
    };
    hall.act_on_request(&decider_, &number, 2, event).unwrap();
    hall.make_notices().unwrap();
    let returned = of_kind(hall, &applicant.person, &kinds::returned::KIND);
    assert_eq!(returned.len(), 1);
    assert!(
        !returned[0].notice.title.ja.contains("期限を"),
        "a notice holds the title and nothing else of a request"
    );

    // Submitted again it is another decision.
    let submit = Event::Submit { comment: None };
    hall.act_on_request(&applicant, &number, 3, submit).unwrap();
    hall.make_notices().unwrap();
    assert_eq!(of_kind(hall, &decider_.person, &kinds::waiting::KIND).len(), 2);
    let event = Event::Reject {
        comment: "代わりの端末を使ってください".to_owned(),
    };
    hall.act_on_request(&decider_, &number, 4, event).unwrap();
    hall.make_notices().unwrap();
    let decided = of_kind(hall, &applicant.person, &kinds::decided::KIND);
    assert!(decided.len() == 1 && decided[0].notice.title.ja.ends_with("却下されました"));
}

#[test]
fn who_does_not_decide_is_reminded_and_nobody_twice() {
    let house = House::living();
    let hall = &house.hall;
    let (_, number) = ask(&house, &broken_terminal(hall));
    let decider = decider(&house, &number).person;
    hall.make_notices().unwrap();
    assert!(of_kind(hall, &decider, &kinds::due::KIND).is_empty());
    let mut reminders = Vec::new();
    for _ in 0..7 {
        house.clock.advance(SignedDuration::from_hours(24));
        hall.follow().unwrap();
        hall.make_notices().unwrap();
        hall.make_notices().unwrap();
        reminders.push(of_kind(hall, &decider, &kinds::due::KIND).len());
    }
    // Every three days.
    assert_eq!(reminders[..6], [0, 0, 1, 1, 1, 2]);
}

#[test]
fn what_breaks_is_told_to_whoever_answers_for_it_and_what_was_broken_before_to_nobody() {
    let house = House::sample();
    let hall = &house.hall;
    let manager = house.visitor("general information security manager");
    let terminal = broken_terminal(hall);
    hall.make_notices().unwrap();
    assert_eq!(
        told(hall, &kinds::finding::KIND),
        [],
        "nothing is new in a city that was just loaded"
    );

    set_factors(hall, &manager, &terminal, 2);
    hall.make_notices().unwrap();
    assert_eq!(told(hall, &kinds::finding::KIND), []);
    set_factors(hall, &manager, &terminal, 1);
    hall.make_notices().unwrap();
    hall.make_notices().unwrap();
    let told = told(hall, &kinds::finding::KIND);
    assert!(
        !told.is_empty() && told.iter().all(|(_, count)| *count == 1),
        "{told:?}"
    );
    let snapshot = hall.snapshot().unwrap();
    let (duty, _) = snapshot.duty(snapshot.position(DUTY).unwrap()).unwrap();
    for (person, _) in told {
        let directory = hall.directory();
        let mut roles = directory.roles_of(&person, hall.today());
        let answers = |role: &str| role == duty.owes || role.ends_with("_manager");
        assert!(roles.any(|held| answers(held.role)), "{person} does not answer for it");
        let notice = &of_kind(hall, &person, &kinds::finding::KIND)[0].notice;
        assert_eq!(notice.link, Link::Row("terminal".to_owned(), terminal.clone()));
    }
}

#[test]
fn an_attestation_that_ends_within_a_month_is_told_to_who_gave_it() {
    let house = House::living();
    let hall = &house.hall;
    let mut rows = Vec::new();
    let each = &mut |entry: store::Entry| {
        let text = |field: &str| entry.document[field].as_str().unwrap_or_default().to_owned();
        rows.push((text("expires_on"), text("person")));
        Ok(())
    };
    hall.store().scan("attestation", each).unwrap();
    let (today, last) = (hall.today(), hall.today().saturating_add(jiff::ToSpan::days(30)));
    let soon = |ends: &str| {
        ends.parse::<jiff::civil::Date>()
            .is_ok_and(|ends| today <= ends && ends <= last)
    };
    rows.retain(|(ends, person)| soon(ends) && hall.directory().people.contains_key(person));
    hall.make_notices().unwrap();
    let mut expected: Vec<(String, String)> = rows.clone();
    expected.sort();
    expected.dedup();
    let told = told(hall, &kinds::expiring::KIND);
    let mut attested: usize = 0;
    for (person, _) in &told {
        let notices = of_kind(hall, person, &kinds::expiring::KIND);
        attested += notices.iter().filter(|kept| kept.key.contains("/attestation/")).count();
    }
    assert!(attested > 0, "the sample has attestations that end soon");
    assert_eq!(attested, expected.len(), "one notice a person and a day");
}

#[test]
fn a_notice_is_read_by_its_person_only_and_goes_away_after_sixty_days() {
    let house = House::sample();
    let hall = &house.hall;
    assert_eq!((raise(hall, "P0056", "a"), raise(hall, "P0056", "a")), (1, 0));
    raise(hall, "P0056", "b");
    assert_eq!(hall.unread_notices("P0056").unwrap(), 2);
    let key = hall.notices_of("P0056").unwrap()[0].key.clone();
    assert!(matches!(hall.read_notices("P0002", Some(&key)), Err(Refusal::NotFound)));
    hall.read_notices("P0056", Some(&key)).unwrap();
    assert_eq!(hall.unread_notices("P0056").unwrap(), 1);
    hall.read_notices("P0056", None).unwrap();
    assert_eq!(hall.unread_notices("P0056").unwrap(), 0);
    assert_eq!(raise(hall, "P0056", "a"), 0, "who has read it is not told again");
    house.clock.advance(SignedDuration::from_hours(24 * 61));
    assert!(hall.notices_of("P0056").unwrap().is_empty());
}

fn with_mail(house: &House, unless_chosen: Wish) {
    house.hall.open_outbox(Outbox {
        unless_chosen,
        digest_hour: 8,
    });
}

fn subjects(letters: &[Letter]) -> Vec<Vec<&str>> {
    letters
        .iter()
        .map(|letter| letter.notices.iter().map(|notice| notice.title.en.as_ref()).collect())
        .collect()
}

#[test]
fn a_letter_waits_through_failures_and_a_restart_and_goes_out_once() {
    let house = House::sample();
    with_mail(&house, Wish::AtOnce);
    raise(&house.hall, "P0056", "a");
    raise(&house.hall, "P0056", "a");
    let letters = house.hall.due_letters().unwrap();
    assert_eq!(subjects(&letters), [["件名 a"]]);
    assert!(house.hall.due_letters().unwrap().is_empty(), "it is claimed");
    house.hall.settle_letter(&letters[0], &Attempt::Later).unwrap();
    assert!(house.hall.due_letters().unwrap().is_empty(), "it pauses");

    let house = house.restarted();
    with_mail(&house, Wish::AtOnce);
    house.clock.advance(SignedDuration::from_mins(2));
    let again = house.hall.due_letters().unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].id, letters[0].id, "mail servers know it as the same letter");
    house.hall.settle_letter(&again[0], &Attempt::Sent).unwrap();
    house.clock.advance(SignedDuration::from_hours(12));
    assert!(house.hall.due_letters().unwrap().is_empty());
    assert_eq!(house.hall.waiting_letters().unwrap(), 0);
}

#[test]
fn a_letter_of_a_node_that_died_is_taken_up_by_another_after_ten_minutes() {
    let house = House::sample();
    with_mail(&house, Wish::AtOnce);
    raise(&house.hall, "P0056", "a");
    let lost = house.hall.due_letters().unwrap();
    house.clock.advance(SignedDuration::from_mins(11));
    let taken = house.hall.due_letters().unwrap();
    assert_eq!(taken.len(), 1);
    // The first one was only slow: what it says now counts for nothing.
    house.hall.settle_letter(&lost[0], &Attempt::Later).unwrap();
    house.hall.settle_letter(&taken[0], &Attempt::Sent).unwrap();
    assert_eq!(house.hall.waiting_letters().unwrap(), 0);
}

#[test]
fn administrators_are_told_of_letters_that_do_not_go_out() {
    let house = House::sample();
    house.hall.found_sample().unwrap();
    let administrator = house.hall.administrators().unwrap().remove(0);
    with_mail(&house, Wish::AtOnce);
    house
        .hall
        .choose_mail(&house.visitor_who_may(&administrator), Wish::None)
        .unwrap();
    raise(&house.hall, "P0002", "a");
    for _ in 0..6 {
        let letters = house.hall.due_letters().unwrap();
        house.hall.settle_letter(&letters[0], &Attempt::Later).unwrap();
        house.clock.advance(SignedDuration::from_hours(3));
    }
    assert_eq!(of_kind(&house.hall, &administrator, &kinds::mail::KIND).len(), 1);
    house.clock.advance(SignedDuration::from_hours(72));
    let letters = house.hall.due_letters().unwrap();
    house.hall.settle_letter(&letters[0], &Attempt::Later).unwrap();
    assert_eq!(house.hall.waiting_letters().unwrap(), 0, "it is given up");
    assert_eq!(of_kind(&house.hall, &administrator, &kinds::mail::KIND).len(), 2);
}

#[test]
fn a_daily_letter_has_what_was_not_read_and_comes_once_a_day() {
    let house = House::sample();
    let hall = &house.hall;
    with_mail(&house, Wish::Daily);
    let person = house.visitor_who_may("P0056");
    for key in ["a", "b"] {
        raise(hall, "P0056", key);
    }
    raise(hall, "P0002", "c");
    hall.choose_mail(&house.visitor_who_may("P0002"), Wish::None).unwrap();
    let key = hall.notices_of(&person.person).unwrap()[0].key.clone();
    hall.read_notices(&person.person, Some(&key)).unwrap();
    // It is ten in the morning.
    assert_eq!((hall.queue_digests().unwrap(), hall.queue_digests().unwrap()), (1, 0));
    let letters = hall.due_letters().unwrap();
    assert_eq!(subjects(&letters).concat().len(), 1);
    hall.settle_letter(&letters[0], &Attempt::Sent).unwrap();

    house.clock.advance(SignedDuration::from_hours(20));
    raise(hall, "P0056", "d");
    assert_eq!(hall.queue_digests().unwrap(), 0, "at six it is too early");
    house.clock.advance(SignedDuration::from_hours(3));
    assert_eq!(hall.queue_digests().unwrap(), 1);
    assert_eq!(subjects(&hall.due_letters().unwrap()), [["件名 d"]]);
}

#[test]
fn a_notice_that_was_read_in_time_is_not_sent() {
    let house = House::sample();
    with_mail(&house, Wish::AtOnce);
    raise(&house.hall, "P0056", "a");
    house.hall.read_notices("P0056", None).unwrap();
    assert!(house.hall.due_letters().unwrap().is_empty());
    assert_eq!(house.hall.waiting_letters().unwrap(), 0);
}

#[test]
fn what_a_person_saw_before_is_the_end_of_their_last_visit() {
    let house = House::sample();
    let hall = &house.hall;
    let first = house.visitor_who_may("P0056");
    assert_eq!(hall.last_visit(&first).unwrap(), None);
    house.clock.advance(SignedDuration::from_mins(20));
    assert_eq!(hall.last_visit(&first).unwrap(), None);
    let ended = hall.clock().now();
    let window = house.visitor_who_may("P0056");
    assert_eq!(
        hall.last_visit(&window).unwrap(),
        None,
        "a second window is the same visit"
    );
    house.clock.advance(SignedDuration::from_hours(30));
    let second = house.visitor_who_may("P0056");
    assert_eq!(hall.last_visit(&second).unwrap(), Some(ended));
    house.clock.advance(SignedDuration::from_mins(40));
    assert_eq!(hall.last_visit(&second).unwrap(), Some(ended));
}
