//! New factors in the place of lost ones, and links that open nothing by themselves.

use access::link::Purpose;
use access::rule::Enrolment;
use access::session::Scope;
use access::signin::Method;
use jiff::SignedDuration;
use service::hall::Refusal;
use service::hall::entrance::Origin;
use service::hall::entrance::sessions::{Seen, Visitor};

use super::House;

const PASSWORD: &str = "朝の市場で買う青い梨と古い傘を";

fn here() -> Origin {
    Origin {
        address: std::net::Ipv4Addr::new(192, 0, 2, 1).into(),
        device: String::new(),
        agent: "test".to_owned(),
    }
}

fn enrolling(house: &House, session: &str) -> Visitor {
    match house.hall.seen(Some(session)).unwrap() {
        Seen::Enrolling(visitor) => *visitor,
        other => panic!("{other:?}"),
    }
}

/// The sample's administrators: one, and another that they made.
fn administrators(house: &House) -> (Visitor, Visitor) {
    house.hall.found_sample().unwrap();
    let first = house.visitor("general information security manager");
    let second = house.visitor("chief information security officer").person;
    house.hall.set_administrator(&first, &second, true).unwrap();
    (first, house.visitor_who_may(&second))
}

/// Somebody whose roles take one more factor by invitation only, with a password.
fn with_password(house: &House, administrator: &Visitor) -> String {
    let (directory, today) = (house.hall.directory(), house.hall.today());
    let mut people = directory
        .people
        .keys()
        .filter(|key| directory.member(key, today).is_some());
    let by_invitation = |key: &&String| {
        let owed = house.hall.requirement_of(key).unwrap();
        owed.enrolment() == Enrolment::ByInvitation && **key != administrator.person
    };
    let person = people.find(by_invitation).unwrap().clone();
    let link = house.hall.invite(administrator, &person).unwrap().text();
    assert_eq!(house.hall.link(&link).unwrap().purpose, Purpose::Invitation);
    let session = house.hall.use_link(&link, None, &here()).unwrap().text();
    house.hall.set_password(&enrolling(house, &session), PASSWORD).unwrap();
    person
}

#[test]
fn a_link_for_one_more_factor_opens_with_the_password_that_its_person_has() {
    let house = House::sample();
    let (administrator, _) = administrators(&house);
    let person = with_password(&house, &administrator);
    let link = house.hall.invite(&administrator, &person).unwrap().text();
    assert_eq!(house.hall.link(&link).unwrap().purpose, Purpose::Enrolment);
    for typed in [None, Some("違う言葉をいくつも並べて試す夜")] {
        let refused = house.hall.use_link(&link, typed, &here());
        assert!(matches!(refused, Err(Refusal::Rules(_))), "{refused:?}");
    }
    let session = house.hall.use_link(&link, Some(PASSWORD), &here()).unwrap().text();
    let visitor = enrolling(&house, &session);
    assert_eq!(visitor.session.methods, [Method::Password]);
    assert_eq!(visitor.session.scope, Scope::Enrolment);
    assert!(house.hall.use_link(&link, Some(PASSWORD), &here()).is_err(), "once");
}

#[test]
fn who_can_sign_in_gets_new_factors_by_two_administrators_only_and_a_late_link_opens_nothing() {
    let house = House::sample();
    let (first, second) = administrators(&house);
    let person = house.visitor("staff without a role").person;
    let link = house.hall.invite(&first, &person).unwrap().text();
    let session = house.hall.use_link(&link, None, &here()).unwrap().text();
    house.hall.set_password(&enrolling(&house, &session), PASSWORD).unwrap();
    let alone = house.hall.invite(&first, &person);
    assert!(matches!(alone, Err(Refusal::Rules(_))), "{alone:?}");

    house.hall.ask_recovery(&first, &person, "窓口で確かめた").unwrap();
    let version = house.hall.recovery_of(&person).unwrap().unwrap().version;
    let old = house
        .hall
        .approve_recovery(&second, &person, version)
        .unwrap()
        .unwrap()
        .text();
    house.clock.advance(SignedDuration::from_hours(25));
    assert!(matches!(
        house.hall.use_link(&old, None, &here()),
        Err(Refusal::Rules(_))
    ));
    let account = house.hall.account(&person).unwrap().unwrap();
    assert!(account.account.enrolled.password, "nothing was forgotten");

    let (first, second) = (
        house.visitor_who_may(&first.person),
        house.visitor_who_may(&second.person),
    );
    house.hall.ask_recovery(&second, &person, "窓口で確かめた").unwrap();
    let version = house.hall.recovery_of(&person).unwrap().unwrap().version;
    let link = house
        .hall
        .approve_recovery(&first, &person, version)
        .unwrap()
        .unwrap()
        .text();
    let session = house.hall.use_link(&link, None, &here()).unwrap().text();
    assert_eq!(enrolling(&house, &session).person, person);
    let account = house.hall.account(&person).unwrap().unwrap();
    assert!(!account.account.enrolled.password && account.credentials.password.is_none());
}
