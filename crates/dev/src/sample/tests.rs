use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::scheme::SchemeKind;
use policy::facts::{Facts, Schema};
use policy::judge::{Judge, Standing};
use policy::standard::Form;
use register::{FieldKind, Kind, Words};
use service::settings::Settings;

use super::table::{Row, Tables, Value};
use super::*;

fn city() -> Tables {
    let duties = Standard::shipped().map(|standard| standard.duties).unwrap_or_default();
    let mut tables = tables(&duties);
    planted::plant(&mut tables);
    tables
}

fn kinds() -> BTreeMap<String, Kind> {
    registers::all()
        .into_iter()
        .map(|kind| (kind.slug.clone(), kind))
        .collect()
}

#[test]
fn every_register_has_rows_and_every_table_is_a_register() {
    let (city, kinds) = (city(), kinds());
    let tables: BTreeSet<&str> = city.iter().map(|(slug, _)| slug).collect();
    let registers: BTreeSet<&str> = kinds.keys().map(String::as_str).collect();
    assert_eq!(tables, registers);
    let empty: Vec<&str> = city
        .iter()
        .filter(|(_, rows)| rows.is_empty())
        .map(|(slug, _)| slug)
        .collect();
    assert!(empty.is_empty(), "{empty:?}");
}

#[test]
fn codes_are_unique() {
    for (slug, rows) in city().iter() {
        let mut seen = BTreeSet::new();
        for row in rows {
            assert!(
                !row.code().is_empty() && seen.insert(row.code()),
                "{slug} {}",
                row.code()
            );
        }
    }
}

#[test]
fn every_cell_suits_its_field() {
    let (city, kinds) = (city(), kinds());
    let mut wrong = Vec::new();
    for (slug, rows) in city.iter() {
        for row in rows {
            wrong.extend(
                faults(&city, &kinds[slug], row)
                    .into_iter()
                    .map(|fault| format!("{slug} {}: {fault}", row.code())),
            );
        }
    }
    wrong.truncate(40);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn faults(city: &Tables, kind: &Kind, row: &Row) -> Vec<String> {
    let unknown = row
        .fields()
        .filter(|name| kind.field(name).is_none())
        .map(|name| format!("no field {name}"));
    let missing = kind
        .fields
        .iter()
        .filter(|field| field.required && row.value(&field.name).is_none())
        .map(|field| format!("{} is empty", field.name));
    let wrong = kind.fields.iter().filter_map(|field| {
        let value = row.value(&field.name)?;
        let right = match (&field.kind, value) {
            (FieldKind::Text, Value::Text(_))
            | (FieldKind::Integer, Value::Int(_))
            | (FieldKind::Boolean, Value::Bool(_))
            | (FieldKind::Date, Value::Date(_)) => true,
            (FieldKind::Choice(choices), Value::Text(text)) => choices.iter().any(|choice| choice.value == *text),
            (FieldKind::Scheme(kind), Value::Text(text)) => scheme::word(*kind, text).is_some(),
            (FieldKind::Reference(to), Value::Text(code)) => city.position(to, code).is_some(),
            (FieldKind::References(to), Value::List(codes)) => {
                codes.iter().all(|code| city.position(to, code).is_some())
            }
            _ => false,
        };
        (!right).then(|| format!("{} = {value:?}", field.name))
    });
    unknown.chain(missing).chain(wrong).collect()
}

#[test]
fn every_row_keeps_the_rules_of_its_register() {
    let (city, kinds) = (city(), kinds());
    let mut broken = Vec::new();
    for (slug, rows) in city.iter() {
        let kind = &kinds[slug];
        broken.extend(rows.iter().flat_map(|row| {
            kind.check(&document(kind, row))
                .into_iter()
                .map(|fault| format!("{} {fault:?}", row.code()))
        }));
    }
    broken.truncate(20);
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The row as the document that a register stores.
fn document(kind: &Kind, row: &Row) -> serde_json::Value {
    let fields = kind.fields.iter().filter_map(|field| {
        let json = match row.value(&field.name)? {
            Value::Text(text) => serde_json::Value::from(text.as_str()),
            Value::Int(number) => (*number).into(),
            Value::Bool(yes) => (*yes).into(),
            Value::Date(day) => day.to_string().into(),
            Value::List(codes) => codes.clone().into(),
        };
        Some((field.name.clone(), json))
    });
    serde_json::Value::Object(fields.collect())
}

/// `sanmon check sample` in one test: the planted faults are broken, the covered ones excepted, and only the engines are still silent.
#[test]
fn the_judge_finds_what_is_planted_and_nothing_else() {
    let judge = judge();
    let (mut broken, mut excepted, mut unproven) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for verdict in judge.verdicts() {
        let id = verdict.duty.id.clone();
        let places = verdict.findings.iter().map(|finding| {
            let place = finding
                .place
                .clone()
                .map(|place| (place.register, place.key.unwrap_or_default()));
            (id.clone(), place.unwrap_or_default())
        });
        match verdict.standing {
            Standing::Broken => broken.extend(places),
            Standing::Excepted => excepted.extend(places),
            Standing::Unproven if !matches!(verdict.duty.criterion, Form::Engine { .. }) => unproven.push(id),
            _ => {}
        }
    }
    let declared =
        |fault: &planted::Planted| (fault.duty.to_owned(), (fault.register.to_owned(), fault.row.to_owned()));
    assert_eq!(broken, planted::PLANTED.iter().map(declared).collect());
    assert_eq!(
        excepted,
        planted::COVERED
            .iter()
            .map(|covered| declared(&covered.fault))
            .collect()
    );
    assert!(unproven.is_empty(), "{unproven:?}");
}

fn judge() -> Judge {
    let (files, kinds) = (generate(), registers::all());
    let parameters = policy::standard::shipped_parameters().unwrap();
    let settings = Settings::read(std::str::from_utf8(&files["city.toml"]).unwrap(), &parameters).unwrap();
    let tables = files
        .iter()
        .filter(|(path, _)| path.ends_with(".csv"))
        .flat_map(|(path, bytes)| {
            let (tables, faults) = register::table::assign(&kinds, register::table::read(path, bytes.clone()).unwrap());
            assert!(faults.is_empty(), "{faults:?}");
            tables
        });
    let tables: Vec<_> = tables.collect();
    let imported = register::import(&kinds, &tables, Words::new(settings.schemes.clone())).unwrap();
    let schema = Arc::new(Schema {
        registers: kinds.iter().map(Kind::fact_schema).collect(),
    });
    let records = kinds.iter().enumerate().map(|(index, kind)| {
        let entries = imported.entries[&kind.slug].iter();
        (
            index,
            entries.map(|entry| kind.record(entry, &settings.schemes)).collect(),
        )
    });
    let (facts, dangling) = Facts::new(Arc::clone(&schema), records.collect());
    assert!(dangling.is_empty(), "{dangling:?}");
    let standard = Standard::shipped().unwrap().compile(&schema).unwrap();
    Judge::new(Arc::new(standard), facts, settings.city, AS_OF)
}

#[test]
fn every_national_code_has_a_word_of_the_city() {
    for kind in SchemeKind::ALL {
        for national in kind.nationals() {
            assert!(scheme::word(kind, national.code).is_some(), "{}", national.code);
        }
    }
}

#[test]
fn every_planted_fault_changes_the_city() {
    let duties = Standard::shipped().map(|standard| standard.duties).unwrap_or_default();
    let clean = tables(&duties);
    for fault in planted::all() {
        let mut spoilt = clean.clone();
        fault.plant(&mut spoilt);
        assert!(
            clean.position(fault.register, fault.row).is_some() && spoilt != clean,
            "{}",
            fault.id
        );
    }
}
