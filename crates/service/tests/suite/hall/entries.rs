//! Rows are entered by those who may, and judged at once.

use policy::judge::Standing;
use serde_json::{Value, json};
use service::hall::Refusal;
use service::hall::acts::Entered;
use service::hall::entrance::sessions::Visitor;

use super::House;

const DUTY: &str = "resilience.mynumber.authentication";

fn asset(section: &str, owner: Option<&str>) -> Value {
    json!({ "code": "A-9001", "name": "新しい台帳", "kind": "information", "section": section, "owner": owner,
        "confidentiality": "重要", "integrity": "正確性標準", "availability": "停止可", "form": "electronic" })
}

fn entered(register: &str, seen: Option<(&str, u64)>, document: Value) -> Entered {
    Entered {
        register: register.to_owned(),
        seen: seen.map(|(key, version)| (key.to_owned(), version)),
        document,
        reason: Some("年次の棚卸し".to_owned()),
    }
}

/// The manager of some section.
fn section_manager(house: &House) -> Visitor {
    house.visitor("section information security manager")
}

#[test]
fn a_section_manager_adds_a_row_of_their_section_and_of_no_other() {
    let house = House::sample();
    let manager = section_manager(&house);
    let receipt = house
        .hall
        .enter(&manager, &entered("asset", None, asset(&manager.section, None)))
        .unwrap();
    assert_eq!(receipt.versions, [1]);
    let stored = house.hall.store().entry("asset", "A-9001").unwrap().unwrap();
    assert_eq!((stored.version, stored.leaf), (1, receipt.index));
    let elsewhere = house.other_section(&manager.section);
    let mut other = asset(&elsewhere, None);
    other["code"] = "A-9002".into();
    let refused = house.hall.enter(&manager, &entered("asset", None, other)).unwrap_err();
    assert!(matches!(refused, Refusal::Denied(_)), "{refused:?}");
    // Nor is a row moved to where one may not write.
    let moved = entered("asset", Some(("A-9001", 1)), asset(&elsewhere, None));
    assert!(matches!(
        house.hall.enter(&manager, &moved).unwrap_err(),
        Refusal::Denied(_)
    ));
}

#[test]
fn every_fault_is_told_and_nothing_is_stored() {
    let house = House::sample();
    let manager = section_manager(&house);
    let mut document = asset(&manager.section, Some("P9999"));
    document["retention_years"] = json!(-3);
    document["colour"] = json!("red");
    let before = house.hall.store().head().unwrap().edge.size();
    let Refusal::Faults(faults) = house
        .hall
        .enter(&manager, &entered("asset", None, document))
        .unwrap_err()
    else {
        panic!("it is stored")
    };
    let mut fields: Vec<String> = faults.iter().filter_map(|fault| fault.field.clone()).collect();
    fields.sort();
    assert_eq!(fields, ["colour", "owner", "retention_years"]);
    assert_eq!(house.hall.store().head().unwrap().edge.size(), before);
}

#[test]
fn of_two_who_change_the_same_row_the_second_is_told() {
    let house = House::sample();
    let manager = section_manager(&house);
    let section = manager.section.clone();
    house
        .hall
        .enter(&manager, &entered("asset", None, asset(&section, None)))
        .unwrap();
    let change = entered("asset", Some(("A-9001", 1)), asset(&section, Some(&manager.person)));
    house.hall.enter(&manager, &change).unwrap();
    let lost = house.hall.enter(&manager, &change).unwrap_err();
    assert!(
        matches!(lost, Refusal::Store(store::Refused::Conflict { current: Some(2), .. })),
        "{lost:?}"
    );
}

#[test]
fn a_change_is_judged_at_once_and_after_a_restart_alike() {
    let house = House::sample();
    let manager = house.visitor("general information security manager");
    let snapshot = house.hall.snapshot().unwrap();
    let duty = snapshot.position(DUTY).unwrap();
    let (_, state) = snapshot.duty(duty).unwrap();
    assert_eq!(state.standing, Standing::Broken);
    let place = state.findings.iter().find(|found| found.standing == Standing::Broken);
    let key = place.unwrap().place.clone().unwrap().key.unwrap();
    let row = house.hall.store().entry("terminal", &key).unwrap().unwrap();
    let mut document = row.document.clone();
    document["factors"] = json!(2);
    let change = entered("terminal", Some((&key, row.version)), document);
    house.hall.enter(&manager, &change).unwrap();
    let standing = |house: &House| house.hall.snapshot().unwrap().duty(duty).unwrap().1.standing;
    assert_ne!(standing(&house), Standing::Broken);
    let before = standing(&house);
    let house = house.restarted();
    assert_eq!(standing(&house), before);
}

#[test]
fn a_row_that_others_refer_to_is_not_retired() {
    let house = House::sample();
    let manager = house.visitor("general information security manager");
    let section = house.hall.store().entry("section", &manager.section).unwrap().unwrap();
    let refused = house
        .hall
        .retire(&manager, "section", (&section.key, section.version), None)
        .unwrap_err();
    assert!(matches!(refused, Refusal::Rules(_)), "{refused:?}");
    let risk = house
        .hall
        .store()
        .list(&store::Query::of("risk"))
        .unwrap()
        .rows
        .remove(0);
    house
        .hall
        .retire(&manager, "risk", (&risk.key, risk.version), Some("統合した"))
        .unwrap();
    let retired = house.hall.store().entry("risk", &risk.key).unwrap().unwrap();
    assert!(retired.retired_at.is_some() && retired.version == 2);
}

#[test]
fn an_asset_is_not_retired_past_its_approval() {
    let house = House::sample();
    let manager = house.visitor("general information security manager");
    let new = entered("asset", None, asset(&manager.section, None));
    house.hall.enter(&manager, &new).unwrap();
    let refused = house.hall.retire(&manager, "asset", ("A-9001", 1), None).unwrap_err();
    assert!(refused.text().ja.contains("情報資産の廃止"), "{refused:?}");
    let kept = house.hall.store().entry("asset", "A-9001").unwrap().unwrap();
    assert!(kept.retired_at.is_none() && kept.version == 1);
}

#[test]
fn a_database_that_was_edited_is_open_for_reading_only() {
    let house = House::sample();
    house.hall.sign_checkpoint().unwrap();
    let manager = house.visitor("general information security manager");
    let house =
        house.edited("UPDATE ledger_leaf SET entry = zeroblob(40) WHERE idx = (SELECT max(idx) FROM ledger_leaf)");
    let refused = house
        .hall
        .enter(&manager, &entered("asset", None, asset(&manager.section, None)))
        .unwrap_err();
    assert!(
        matches!(refused, Refusal::Store(store::Refused::ReadOnly(_))),
        "{refused:?}"
    );
    assert!(house.hall.snapshot().is_some(), "it is still there to be read");
}

#[test]
fn an_entry_is_proved_to_an_outsider() {
    let house = House::sample();
    let manager = section_manager(&house);
    let document = asset(&manager.section, None);
    let receipt = house.hall.enter(&manager, &entered("asset", None, document)).unwrap();
    assert!(house.hall.proof(receipt.index).is_err(), "it is not signed yet");
    house.hall.sign_checkpoint().unwrap();
    let disclosure = house
        .hall
        .disclose(receipt.index, |field| field.contains("name"))
        .unwrap();
    let text = disclosure.to_json();
    let read = ledger::disclosure::Disclosure::parse(text.as_bytes()).unwrap();
    read.verify(house.hall.notary().policy()).unwrap();
    assert!(text.contains("新しい台帳") && !text.contains("重要"));
}
