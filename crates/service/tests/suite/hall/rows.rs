//! Lists of rows: everybody finds exactly the rows that they may read, whatever was listed before.

use std::collections::BTreeSet;

use register::Kind;
use service::hall::acts::Entered;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use store::{Entry, Properties, Query};

use super::House;

/// The keys of the rows that somebody finds in a register.
fn listed(house: &House, visitor: &Visitor, register: &str) -> BTreeSet<String> {
    let city = house.hall.city().unwrap();
    let query = Query {
        limit: 2_000,
        ..Query::of(register)
    };
    let found = house.hall.rows(visitor, city.kind(register).unwrap(), query).unwrap();
    found.rows.into_iter().map(|entry| entry.key).collect()
}

/// The rows that somebody finds in a register, without any property that nobody asked for.
fn in_part(house: &House, visitor: &Visitor, kind: &Kind) -> Vec<Entry> {
    let query = Query {
        limit: 2_000,
        only: Some(Properties::default()),
        ..Query::of(&kind.slug)
    };
    house.hall.rows(visitor, kind, query).unwrap().rows
}

/// The keys of the rows in use, each asked about by itself.
fn readable(house: &House, visitor: &Visitor, register: &str) -> BTreeSet<String> {
    let city = house.hall.city().unwrap();
    let kind = city.kind(register).unwrap();
    let mut readable = BTreeSet::new();
    let scanned = house.hall.store().scan(register, &mut |entry| {
        if entry.retired_at.is_none() && house.hall.may(visitor, Verb::Read, kind, &entry.document) {
            readable.insert(entry.key);
        }
        Ok(())
    });
    scanned.unwrap();
    readable
}

#[test]
fn a_list_has_every_row_that_one_may_read_and_no_other() {
    let house = House::sample();
    let people = house.hall.sample_people();
    let mut counts = BTreeSet::new();
    for person in &people {
        let visitor = house.visitor_who_may(&person.person);
        for register in ["terminal", "asset", "audit"] {
            let rows = listed(&house, &visitor, register);
            assert_eq!(
                rows,
                readable(&house, &visitor, register),
                "{} {register}",
                person.person
            );
            assert_eq!(rows, listed(&house, &visitor, register), "{} {register}", person.person);
            let in_part = in_part(&house, &visitor, house.hall.city().unwrap().kind(register).unwrap());
            let keys: BTreeSet<String> = in_part.into_iter().map(|entry| entry.key).collect();
            assert_eq!(rows, keys, "{} {register}", person.person);
            counts.insert((register, rows.len()));
        }
    }
    // Some see more than others.
    assert!(counts.len() > 3, "{counts:?}");
    let found: Vec<_> = people
        .iter()
        .map(|person| listed(&house, &house.visitor_who_may(&person.person), "asset"))
        .collect();
    // A hall that was just opened has no answer that it gave before.
    let house = house.restarted();
    for (person, before) in people.iter().zip(found) {
        assert_eq!(listed(&house, &house.visitor_who_may(&person.person), "asset"), before);
    }
}

#[test]
fn rows_in_part_have_everything_that_rights_depend_on() {
    let house = House::sample();
    let visitor = house.visitor("general information security manager");
    let mut counted = 0;
    for kind in &house.hall.city().unwrap().kinds {
        for row in in_part(&house, &visitor, kind) {
            let whole = house.hall.store().entry(&kind.slug, &row.key).unwrap().unwrap();
            let resource = |document| house.hall.entry_resource(kind, document);
            assert_eq!(
                resource(&row.document),
                resource(&whole.document),
                "{} {}",
                kind.slug,
                row.key
            );
            counted += usize::from(row.document != whole.document);
        }
    }
    assert!(counted > 500, "{counted} rows were read in part");
}

#[test]
fn a_row_that_moves_leaves_the_lists_of_those_who_may_not_read_it_any_more() {
    let house = House::sample();
    let staff = house.visitor("staff without a role");
    let city = house.hall.city().unwrap();
    let kind = city.kind("terminal").unwrap();
    let before = listed(&house, &staff, "terminal");
    let own = before.iter().find_map(|key| {
        let entry = house.hall.store().entry("terminal", key).unwrap().unwrap();
        let resource = house.hall.entry_resource(kind, &entry.document);
        (resource.section == staff.section && !resource.concerns.contains(&staff.person)).then_some(entry)
    });
    let own = own.unwrap();
    let mut document = own.document;
    document["section"] = house.other_section(&staff.section).into();
    let moved = Entered {
        register: "terminal".to_owned(),
        seen: Some((own.key.clone(), own.version)),
        document,
        reason: Some("組織改正".to_owned()),
    };
    let manager = house.visitor("general information security manager");
    house.hall.enter(&manager, &moved).unwrap();
    // The same visitor, who was answered before.
    let after = listed(&house, &staff, "terminal");
    assert_eq!(after, readable(&house, &staff, "terminal"));
    let house = house.restarted();
    assert_eq!(
        after,
        listed(&house, &house.visitor("staff without a role"), "terminal")
    );
    assert!(before.contains(&own.key) && !after.contains(&own.key));
}
