//! Whatever a document holds comes back from CSV and xlsx.

use model::lang::Lang;
use proptest::prelude::*;
use register::table::{self, Format};
use register::{Kind, import};
use serde_json::{Value, json};

use crate::gadget::{kinds, table, words};

/// Text as documents hold it: trimmed, no control characters but line breaks and tabs.
fn text(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => any::<char>().prop_filter("control", |c| !c.is_control()).prop_map(String::from),
        2 => "[\"',;=+@\\-＝＠\n\t、_x0-9A-F]{1,4}",
        1 => Just("_x000D_".to_owned()),
        1 => "[一-龠ｦ-ﾟ①-⑳㈱]{1,3}",
    ];
    prop::collection::vec(piece, 0..8)
        .prop_map(move |pieces| pieces.concat().chars().take(most).collect::<String>().trim().to_owned())
}

fn optional(text: String) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn date() -> impl Strategy<Value = String> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d).to_string())
}

prop_compose! {
    pub(crate) fn document()(
        code in "[A-Za-z0-9=@+'一-龠-]{1,12}",
        name in text(20).prop_filter("empty", |name| !name.is_empty()),
        office in prop::option::of(prop::sample::select(vec!["100", "200", "300", "A;B"])),
        offices in prop::sample::subsequence(vec!["100", "200", "300"], 0..=3),
        tier in prop::option::of(prop::sample::select(vec!["番号系", "LGWAN接続系", "internet"])),
        status in prop::sample::select(vec!["in_use", "disposed"]),
        size in prop::option::of(prop::sample::select(vec!["large", "small"])),
        (personal, encrypted) in (any::<bool>(), any::<Option<bool>>()),
        (acquired, confirmed) in (date(), prop::option::of(date())),
        factors in prop::option::of(1_i64..=3),
        note in text(60),
    ) -> Value {
        json!({
            "code": code, "name": name, "office": office, "offices": offices, "parent": null, "tier": tier,
            "status": status, "size": size, "personal_data": personal, "encrypted": encrypted,
            "acquired_on": acquired, "confirmed_on": confirmed, "factors": factors, "note": optional(note), "mail": null
        })
    }
}

fn back(kinds: &[Kind], document: &Value, format: Format, lang: Lang) -> Value {
    let bytes = table::write(&kinds[0], [document], &words(), format, lang).unwrap();
    let tables = [table(kinds, "gadget.csv", bytes)];
    let imported = import(kinds, &tables, words()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    imported.entries["gadget"][0].document.clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_comes_back_from_csv(document in document(), english in any::<bool>()) {
        let lang = if english { Lang::En } else { Lang::Ja };
        prop_assert_eq!(back(&kinds(), &document, Format::Csv, lang), document);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_comes_back_from_xlsx(document in document()) {
        prop_assert_eq!(back(&kinds(), &document, Format::Xlsx, Lang::Ja), document);
    }

    #[test]
    fn no_written_cell_begins_like_a_formula(document in document()) {
        let bytes = table::write(&kinds()[0], [&document], &words(), Format::Csv, Lang::Ja).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        for cell in reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }

    /// The `csv` crate is the oracle of our scanner on well-formed files.
    #[test]
    fn our_scanner_agrees_with_the_csv_crate(rows in prop::collection::vec(prop::collection::vec("[a,\"\n\r 一]{0,5}", 3), 1..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let sheet = table::read("a.csv", writer.into_inner().unwrap()).unwrap().remove(0);
        let blank = |row: &&Vec<String>| row.iter().any(|cell| cell.bytes().any(|b| !matches!(b, b' ' | b'"' | b'\t')));
        let expected: Vec<Vec<String>> = rows.iter().filter(blank).cloned().collect();
        let found: Vec<Vec<String>> = sheet
            .header()
            .into_iter()
            .chain(sheet.rows())
            .map(|row| row.cells.iter().map(|cell| match cell {
                register::Cell::Text(text) => text.clone().into_owned(),
                _ => String::new(),
            }).collect())
            .collect();
        prop_assert_eq!(found, expected);
    }
}
