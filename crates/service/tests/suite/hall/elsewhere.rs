//! Which of our people another system means, and what becomes of it when it changes its mind.

use access::elsewhere::{Failure, Identity, KnownBy};
use access::signin::Refusal as Why;
use service::hall::Refusal;
use service::hall::entrance::Origin;
use service::hall::entrance::sessions::Seen;
use service::hall::entrance::sign_in::Step;

use super::House;

fn number(person: &str, subject: &str) -> Identity {
    Identity {
        provider: "prefecture".to_owned(),
        subject: subject.to_owned(),
        known_by: KnownBy::Number(person.to_owned()),
        two_factors: true,
        groups: Vec::new(),
        roles: vec!["csirt_member".to_owned()],
    }
}

fn mail(address: &str, subject: &str) -> Identity {
    Identity {
        known_by: KnownBy::Mail(address.to_owned()),
        ..number("", subject)
    }
}

/// Who came in, by the provider's word.
fn comes(house: &House, identity: Identity) -> Option<String> {
    let origin = Origin {
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        device: String::new(),
        agent: "test".to_owned(),
    };
    let cookie = house.hall.begin_sign_in(None).unwrap().text();
    match house
        .hall
        .sign_in_by_provider(&cookie, None, Ok(identity), &origin)
        .unwrap()
    {
        Step::Inside { session, .. } => match house.hall.seen(Some(&session.text())).unwrap() {
            Seen::Visitor(visitor) => Some(visitor.person),
            other => panic!("{other:?}"),
        },
        Step::Again(Why::Elsewhere(Failure::Unknown)) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_person_is_found_once_by_number_or_address_and_then_by_the_subject() {
    let house = House::sample();
    assert_eq!(comes(&house, number("P9999", "s0")), None, "not in the register");
    assert_eq!(comes(&house, number("P0104", "s1")).as_deref(), Some("P0104"));
    let account = house.hall.account("P0104").unwrap().unwrap().account;
    assert_eq!(
        (account.elsewhere[0].subject.as_str(), account.elsewhere[0].roles.len()),
        ("s1", 1)
    );
    // Whatever they are known by now: it is the same person.
    assert_eq!(comes(&house, number("P0105", "s1")).as_deref(), Some("P0104"));
    // Another subject does not take over the account.
    assert_eq!(comes(&house, number("P0104", "s2")), None);
    assert_eq!(comes(&house, mail("p0104@city.mihon.example", "s3")), None);
    assert_eq!(
        comes(&house, mail("p0105@city.mihon.example", "s4")).as_deref(),
        Some("P0105")
    );
}

#[test]
fn the_groups_of_another_system_give_no_role() {
    let house = House::sample();
    comes(&house, number("P0104", "s1")).unwrap();
    assert!(house.hall.roles_of("P0104").unwrap().is_empty());
}

#[test]
fn an_administrator_lets_a_word_go_so_that_a_new_one_is_linked() {
    let house = House::sample();
    house.hall.found_sample().unwrap();
    let administrator = house.visitor("general information security manager");
    comes(&house, number("P0104", "s1")).unwrap();
    let other = house.visitor("section information security manager");
    let denied = house.hall.forget_elsewhere(&other, "P0104", "prefecture");
    assert!(matches!(denied, Err(Refusal::Denied(_))), "{denied:?}");
    let unknown = house.hall.forget_elsewhere(&administrator, "P0104", "city");
    assert!(matches!(unknown, Err(Refusal::NotFound)), "{unknown:?}");
    house
        .hall
        .forget_elsewhere(&administrator, "P0104", "prefecture")
        .unwrap();
    assert_eq!(comes(&house, number("P0104", "s2")).as_deref(), Some("P0104"));
    assert_eq!(comes(&house, number("P0104", "s1")), None);
}

#[test]
fn a_wrong_password_stands_in_the_ledger() {
    let house = House::sample();
    let origin = Origin {
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        device: String::new(),
        agent: "test".to_owned(),
    };
    let cookie = house.hall.begin_sign_in(None).unwrap().text();
    let typed = ("nobody", "夕の鐘");
    house.hall.sign_in_by_password(&cookie, None, typed, &origin).unwrap();
    let size = house.hall.store().head().unwrap().edge.size();
    let last = house.hall.store().leaves(size - 1, 1).unwrap();
    assert_eq!(
        store::log::parsed(&last[0].bytes).unwrap().kind,
        "sign-in.unknown-account"
    );
}
