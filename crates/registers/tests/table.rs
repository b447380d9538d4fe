//! Every register as a spreadsheet: what goes out comes back, and what cannot be read is told in both languages.

use std::collections::BTreeSet;

use model::lang::Lang;
use model::scheme::Schemes;
use register::table::{self, Format, Table};
use register::{Cell, Fault, Field, FieldKind, Kind, Words, import};
use serde_json::{Value, json};

/// The national words, and a row for every reference of the sample.
fn words(kind: &Kind) -> Words {
    let mut words = Words::new(Schemes::default());
    for field in &kind.fields {
        if let (Some(register), Some(value)) = (field.target(), field.of(&kind.sample)) {
            let codes = value.as_str().into_iter();
            let listed = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            codes.chain(listed).for_each(|code| words.add(register, code, code));
        }
    }
    words
}

fn rows(kind: &Kind, file: &str, bytes: Vec<u8>) -> Result<Vec<Value>, Vec<Fault>> {
    let sheets = table::read(file, bytes).map_err(|fault| vec![*fault])?;
    let (tables, strays) = table::assign(std::slice::from_ref(kind), sheets);
    if !strays.is_empty() {
        return Err(strays);
    }
    let mut imported = import(std::slice::from_ref(kind), &tables, words(kind))?;
    let entries = imported.entries.remove(&kind.slug).unwrap_or_default();
    Ok(entries.into_iter().map(|entry| entry.document).collect())
}

/// The sample with a value for every field.
fn complete(kind: &Kind) -> Value {
    let value = |field: &Field| match (field.of(&kind.sample), &field.kind) {
        (Some(value), _) => value.clone(),
        (None, FieldKind::Boolean) if !field.nullable => json!(false),
        (None, FieldKind::References(_)) => json!([]),
        (None, _) => Value::Null,
    };
    kind.fields
        .iter()
        .map(|field| (field.name.clone(), value(field)))
        .collect()
}

/// Japanese in Japanese; in English nothing but ASCII, apart from what stands in backticks and the city's words it offers.
fn in_both_languages(fault: &Fault) -> bool {
    let (message, _) = fault
        .message
        .en
        .split_once("; known:")
        .unwrap_or((&fault.message.en, ""));
    let own_words: String = message.split('`').step_by(2).collect();
    !fault.message.ja.is_ascii() && own_words.is_ascii() && !own_words.trim().is_empty()
}

#[test]
fn a_sample_comes_back_from_csv_and_xlsx_in_either_language() {
    for kind in registers::all() {
        for (format, ending) in [(Format::Csv, "csv"), (Format::Xlsx, "xlsx")] {
            for lang in [Lang::Ja, Lang::En] {
                let bytes = table::write(&kind, [&kind.sample], &words(&kind), format, lang).unwrap();
                let file = format!("{}.{ending}", kind.slug);
                assert_eq!(rows(&kind, &file, bytes).unwrap(), [complete(&kind)], "{file} {lang:?}");
            }
        }
    }
}

#[test]
fn a_cell_that_cannot_be_read_is_a_fault_of_its_kind() {
    let mut seen = BTreeSet::new();
    for kind in registers::all() {
        let words = words(&kind);
        for field in &kind.fields {
            let mut refuse = |cell: Cell<'_>, code: &'static str| {
                let fault = field.read(&cell, &words).unwrap_err();
                assert_eq!(fault.code, code, "{}.{}", kind.slug, field.name);
                assert!(
                    in_both_languages(&fault),
                    "{}.{}: {:?}",
                    kind.slug,
                    field.name,
                    fault.message
                );
                seen.insert(code);
            };
            refuse(Cell::Formula, "formula");
            refuse(Cell::Error("#REF!"), "error-value");
            if field.required {
                refuse(Cell::text("　"), "empty");
            }
            if let Some(code) = code_of(&field.kind) {
                refuse(Cell::text("でたらめ"), code);
            }
            if let Some(maximum) = field.bounds.maximum {
                refuse(Cell::text((maximum + 1).to_string()), "bounds");
            }
            if let Some(most) = field.bounds.max_length {
                refuse(Cell::text("字".repeat(most + 1)), "bounds");
            }
        }
    }
    assert_eq!(seen.len(), 10, "{seen:?}");
}

/// What a cell of nonsense is called in a field of this kind; text takes anything.
fn code_of(kind: &FieldKind) -> Option<&'static str> {
    match kind {
        FieldKind::Text => None,
        FieldKind::Integer => Some("not-an-integer"),
        FieldKind::Boolean => Some("not-a-boolean"),
        FieldKind::Date => Some("not-a-date"),
        FieldKind::Choice(_) => Some("not-a-choice"),
        FieldKind::Scheme(_) => Some("not-a-scheme-word"),
        FieldKind::Reference(_) | FieldKind::References(_) => Some("unknown-reference"),
    }
}

#[test]
fn a_table_of_the_wrong_shape_is_refused_as_a_whole() {
    for kind in registers::all() {
        let sample = [&kind.sample];
        let csv = table::write(&kind, sample, &words(&kind), Format::Csv, Lang::Ja).unwrap();
        let text = String::from_utf8(csv).unwrap();
        let (head, row) = text.trim_end().split_once("\r\n").unwrap();
        let file = format!("{}.csv", kind.slug);
        for (code, csv) in [
            ("unknown-column", format!("{head},余分\r\n{row},1\r\n")),
            ("missing-column", "番地\r\n1\r\n".to_owned()),
            ("ragged-row", format!("{head}\r\n{row},余分\r\n")),
            ("duplicate-key", format!("{head}\r\n{row}\r\n{row}\r\n")),
        ] {
            let faults = rows(&kind, &file, csv.into_bytes()).unwrap_err();
            assert!(
                faults.iter().any(|fault| fault.code == code),
                "{file}: {code} not in {faults:#?}"
            );
            for fault in &faults {
                assert!(in_both_languages(fault), "{file}: {:?}", fault.message);
                assert_eq!(
                    (fault.register.as_str(), fault.file.as_ref()),
                    (kind.slug.as_str(), Some(&file))
                );
            }
        }
    }
}

#[test]
fn a_worksheet_can_be_named_after_any_register() {
    for kind in registers::all() {
        for label in [&kind.label.ja, &kind.label.en] {
            let fits = label.chars().count() <= 31 && !label.contains(['/', '\\', '?', '*', '[', ']', ':', '\'']);
            assert!(fits, "{label}");
        }
        let sheet = table::read("a.csv", b"x\r\n".to_vec()).unwrap().remove(0);
        let faults = Table::new(&kind, sheet).faults().len();
        assert!(faults > 0, "{}: a heading of nonsense is taken", kind.slug);
    }
}

#[test]
fn a_document_read_in_passing_is_the_same_fact() {
    let odd = [
        json!(null),
        json!(true),
        json!(-3),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("2026-04-01"),
        json!("\u{30d0}\n\"窓\""),
        json!(["A-1", 2, "A-2", ["x"]]),
        json!({ "a": [1] }),
    ];
    let schemes = Schemes::default();
    for kind in registers::all() {
        let mut documents = vec![kind.sample.clone(), complete(&kind), json!({}), json!({ "local": 3 })];
        for field in &kind.fields {
            documents.extend(odd.iter().map(|value| {
                let mut document = kind.sample.clone();
                document[&field.name] = value.clone();
                document["beside"] = value.clone();
                document
            }));
        }
        for document in documents {
            let text = document.to_string();
            let entry = register::Entry {
                key: "K".to_owned(),
                title: "題".to_owned(),
                document,
                row: 0,
                table: 0,
            };
            let whole = kind.record(&entry, &schemes);
            let mut passing = vec![policy::facts::Value::Missing; whole.values.len()];
            let read = kind.facts_of_text(&text, &schemes, |at, value| passing[at] = value.into());
            assert!(read.is_ok());
            assert_eq!(passing, whole.values, "{text}");
        }
        assert!(kind.facts_of_text("[]", &schemes, |_, _| {}).is_err());
    }
}
