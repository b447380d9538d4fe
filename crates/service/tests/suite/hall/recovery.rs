//! New factors in the place of lost ones, and links that open nothing by themselves.

use access::elsewhere::{Identity, KnownBy};
use access::link::Purpose;
use access::rule::Enrolment;
use access::session::Scope;
use access::signin::{Method, Refusal as Why};
use jiff::SignedDuration;
use service::hall::Refusal;
use service::hall::entrance::Origin;
use service::hall::entrance::sessions::{Seen, Visitor};
use service::hall::entrance::sign_in::Step;

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

/// Somebody whose roles take one more factor by invitation only.
fn by_invitation(house: &House, administrator: &Visitor) -> String {
    let (directory, today) = (house.hall.directory(), house.hall.today());
    let mut people = directory
        .people
        .keys()
        .filter(|key| directory.member(key, today).is_some());
    let by_invitation = |key: &&String| {
        let owed = house.hall.requirement_of(key).unwrap();
        owed.enrolment() == Enrolment::ByInvitation && **key != administrator.person
    };
    people.find(by_invitation).unwrap().clone()
}

/// One of them who has a password.
fn with_password(house: &House, administrator: &Visitor) -> String {
    let person = by_invitation(house, administrator);
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
    let alone = house.hall.use_link(&link, None, &here());
    assert!(matches!(alone, Err(Refusal::Rules(_))), "{alone:?}");
    let sign_in = house.hall.sign_in_by_link(&link).unwrap().text();
    let shown = |typed| {
        let step = house.hall.sign_in_by_password(&sign_in, None, typed, &here());
        step.unwrap()
    };
    let login = house.hall.account(&person).unwrap().unwrap().account.login;
    let wrong = shown((&login, "違う言葉をいくつも並べて試す夜"));
    assert!(matches!(wrong, Step::Again(Why::NotRecognised)), "{wrong:?}");
    let Step::Inside { session, .. } = shown((&login, PASSWORD)) else {
        panic!("not let in with the password");
    };
    let visitor = enrolling(&house, &session.text());
    assert_eq!(visitor.session.methods, [Method::Password]);
    assert_eq!(visitor.session.scope, Scope::Enrolment);
    assert!(house.hall.sign_in_by_link(&link).is_err(), "once");
}

#[test]
fn whoever_the_directory_vouches_for_enrols_one_more_factor_by_link_and_the_directorys_word_alone() {
    let house = House::sample();
    let (administrator, _) = administrators(&house);
    let person = by_invitation(&house, &administrator);
    let says = |person: &str, subject: &str| {
        Ok(Identity {
            provider: "hall".to_owned(),
            subject: subject.to_owned(),
            known_by: KnownBy::Number(person.to_owned()),
            two_factors: false,
            groups: Vec::new(),
            roles: Vec::new(),
        })
    };
    let sign_in = |cookie: &str, answer| house.hall.sign_in_by_provider(cookie, None, answer, &here()).unwrap();
    let begun = house.hall.begin_sign_in(None).unwrap().text();
    let alone = sign_in(&begun, says(&person, "s1"));
    assert!(matches!(alone, Step::Again(Why::InvitationNeeded)), "{alone:?}");

    let link = house.hall.invite(&administrator, &person).unwrap().text();
    assert_eq!(house.hall.link(&link).unwrap().purpose, Purpose::Enrolment);
    assert!(house.hall.use_link(&link, None, &here()).is_err(), "the link alone");
    let begun = house.hall.sign_in_by_link(&link).unwrap();
    // On the way to the provider the sign-in gets a new id and stays what it is.
    let begun = house.hall.begin_sign_in_anew(Some(&begun), None).unwrap().text();
    let other = sign_in(&begun, says(&administrator.person, "s2"));
    assert!(matches!(other, Step::Again(Why::NotRecognised)), "{other:?}");
    let Step::Inside { session, .. } = sign_in(&begun, says(&person, "s1")) else {
        panic!("not let in with the provider's word");
    };
    let visitor = enrolling(&house, &session.text());
    assert_eq!(visitor.person, person);
    assert_eq!(visitor.session.scope, Scope::Enrolment);
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
