//! 利用者ID・権限: one for everybody, more where the work needs them.

use jiff::civil::{Date, date};

use super::people::Person;
use super::stream::Stream;
use super::systems::{SYSTEMS, System};
use super::table::{Row, row};
use super::town::Town;

/// 職員認証基盤, where everybody has an ID.
const DIRECTORY: &str = "SYS-032";

pub(crate) fn accounts(town: &Town) -> Vec<Row> {
    let mut stream = Stream::named("account");
    let everybody = town
        .people
        .iter()
        .map(|person| personal(town, person, DIRECTORY.to_owned()));
    let mynumber = SYSTEMS
        .iter()
        .filter(|system| system.mynumber())
        .flat_map(|system| of_section(town, system));
    let administrators = SYSTEMS.iter().flat_map(|system| administrator(town, system));
    let devices = SYSTEMS.iter().map(|system| device(town, system));
    let all: Vec<Row> = everybody
        .chain(mynumber)
        .chain(administrators)
        .chain(devices)
        .chain(shared(town))
        .collect();
    let rows = all.into_iter().enumerate().map(|(index, row)| {
        let issued = row_date(&row).unwrap_or(date(2024, 4, 1));
        row.with("code", format!("ID-{:04}", index.saturating_add(1)))
            .with("issued_on", issued)
            .with("reviewed_on", stream.day(date(2026, 10, 2), date(2026, 10, 16)))
            .with(
                "password_changed_on",
                stream.day(date(2026, 4, 1), date(2026, 11, 20)).max(issued),
            )
    });
    rows.collect()
}

fn row_date(row: &Row) -> Option<Date> {
    match row.value("issued_on") {
        Some(super::table::Value::Date(day)) => Some(*day),
        _ => None,
    }
}

fn personal(town: &Town, person: &Person, system: String) -> Row {
    row! {
        system: system,
        login: person.code.to_lowercase(),
        person: &person.code,
        kind: "personal",
        factors: 2_i64,
        approved_by: approver(town, person.section, &person.code),
        issued_on: person.joined.max(date(2022, 4, 1)),
        expires_on: (!person.vendor.is_empty()).then_some(date(2027, 3, 31)),
        disabled_on: person.left,
    }
}

/// The section's own staff who handle My Number, and those who administer the tier.
fn of_section<'a>(town: &'a Town, system: &'static System) -> impl Iterator<Item = Row> + use<'a> {
    let users = town.staff(system.section).filter(|person| person.mynumber).take(6);
    users.map(move |person| personal(town, person, system.code()))
}

fn administrator(town: &Town, system: &System) -> Option<Row> {
    let operator = *town.hands(system.section).get(2)?;
    Some(row! {
        system: system.code(),
        login: format!("adm-{}", operator.to_lowercase()),
        person: operator,
        kind: "privileged",
        factors: 2_i64,
        approved_by: town.head(system.section),
        issued_on: date(2026, 4, 1),
        expires_on: date(2027, 3, 31),
    })
}

fn device(town: &Town, system: &System) -> Row {
    row! {
        system: system.code(),
        login: format!("svc-{}", system.code().to_lowercase()),
        person: town.hands(system.section).get(2).copied(),
        kind: "service",
        factors: 2_i64,
        approved_by: town.head(system.section),
        issued_on: date(2025, 4, 1),
        expires_on: date(2027, 3, 31),
    }
}

/// Counters where one screen serves whoever is on duty; never in the MyNumber tier.
fn shared(town: &Town) -> Vec<Row> {
    let counters = [("S03", "SYS-034"), ("S22", "SYS-038"), ("S27", "SYS-053")];
    let row = |(section, system): (&str, &str)| {
        row! {
            system: system,
            login: format!("counter-{}", section.to_lowercase()),
            person: town.second(section),
            kind: "shared",
            factors: 2_i64,
            shared_reason: "窓口の案内用端末を、その日の当番が交代で使うため。",
            approved_by: town.head(section),
            issued_on: date(2025, 4, 1),
            expires_on: date(2027, 3, 31),
        }
    };
    counters.map(row).into()
}

/// The section's head, or for the head the next in rank: nobody approves their own.
fn approver<'a>(town: &'a Town, section: &'a str, person: &str) -> &'a str {
    let head = town.head(section);
    if head == person {
        town.officer("デジタル推進監")
    } else {
        head
    }
}
