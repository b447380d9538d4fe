//! Programs act for people with tokens.

use std::collections::BTreeSet;

use access::token::{Kind, Scope};
use service::hall::Refusal;
use service::hall::acts::token::Wanted;

use super::House;

fn wanted(kind: Kind) -> Wanted {
    Wanted {
        kind,
        name: "資産の一覧".to_owned(),
        scopes: BTreeSet::from([Scope::RegistersRead]),
        days: 30,
    }
}

#[test]
fn a_token_stands_for_its_person_within_its_scopes_and_until_it_is_taken_back() {
    let house = House::sample();
    let hall = &house.hall;
    let person = house.visitor("section information security manager");
    let presented = hall.make_token(&person, &wanted(Kind::Personal)).unwrap();
    let bearer = hall.bearer(presented.text()).unwrap();
    assert_eq!(bearer.visitor.person, person.person);
    let now = hall.clock().now();
    assert!(bearer.admit(Scope::RegistersRead, now).is_ok());
    assert!(matches!(
        bearer.admit(Scope::RegistersWrite, now),
        Err(Refusal::Denied(_))
    ));
    // Nothing that asks for a fresh proof is done with a token, so that no token makes another one.
    let refused = hall.make_token(&bearer.visitor, &wanted(Kind::Personal));
    assert!(matches!(refused, Err(Refusal::Reauthenticate)));

    let kept = hall.tokens(&person, Some(&person.person)).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(presented.text().ends_with(&kept[0].ending) && kept[0].used_at == Some(now));
    hall.revoke_token(&person, &kept[0].key).unwrap();
    assert!(matches!(hall.bearer(presented.text()), Err(Refusal::Denied(_))));
    assert!(hall.tokens(&person, Some(&person.person)).unwrap().is_empty());
}

#[test]
fn a_token_is_neither_in_the_documents_nor_in_the_ledger() {
    let house = House::sample();
    let person = house.visitor("section information security manager");
    let presented = house.hall.make_token(&person, &wanted(Kind::Personal)).unwrap();
    let (hash, text) = (presented.hash(), presented.text().to_owned());
    let size = house.hall.store().head().unwrap().edge.size();
    let leaf = house.hall.store().leaf(size - 1).unwrap().unwrap();
    let body = format!("{:?}", house.hall.store().body(size - 1).unwrap().unwrap().fields);
    for written in [String::from_utf8(leaf.bytes).unwrap(), body] {
        assert!(!written.contains(&hash) && !written.contains(&text), "{written}");
    }
}

#[test]
fn only_its_person_or_an_administrator_manages_a_token() {
    let house = House::sample();
    let hall = &house.hall;
    let person = house.visitor("section information security manager");
    let other = house.visitor("chief information security officer");
    hall.make_token(&person, &wanted(Kind::Personal)).unwrap();
    assert!(matches!(
        hall.make_token(&person, &wanted(Kind::Service)),
        Err(Refusal::Denied(_))
    ));
    let key = hall.tokens(&person, Some(&person.person)).unwrap()[0].key.clone();
    assert!(matches!(hall.revoke_token(&other, &key), Err(Refusal::NotFound)));
    assert!(hall.tokens(&other, Some(&person.person)).is_err());
    assert!(hall.tokens(&other, None).is_err());
}

#[test]
fn everything_that_is_wrong_with_a_token_is_told_at_once() {
    let house = House::sample();
    let person = house.visitor("section information security manager");
    let nothing = Wanted {
        kind: Kind::Personal,
        name: " ".to_owned(),
        scopes: BTreeSet::new(),
        days: 400,
    };
    let refused = house.hall.make_token(&person, &nothing).unwrap_err();
    assert!(matches!(refused, Refusal::Rules(rules) if rules.len() == 3));
}
