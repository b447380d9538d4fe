//! Files made to harm: refused with a fault, quickly, and never with a panic.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use proptest::prelude::*;
use register::table::{self, Table};
use register::{Fault, import};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::gadget::{gadgets, kinds, words};

fn refused(bytes: Vec<u8>) -> Fault {
    *table::read("gadget.xlsx", bytes).unwrap_err()
}

static TEMPLATE: LazyLock<Vec<u8>> = LazyLock::new(|| table::template(&gadgets(), &words()).unwrap());

/// A template with one part replaced.
fn tampered(part: &str, change: impl Fn(String) -> Vec<u8>) -> Vec<u8> {
    tampered_of(&TEMPLATE, part, change)
}

fn tampered_of(workbook: &[u8], part: &str, change: impl Fn(String) -> Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    assert!(archive.by_name(part).is_ok(), "{part}");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let content = std::io::read_to_string(file).unwrap();
        writer.start_file(&name, SimpleFileOptions::default()).unwrap();
        let content = if name == part {
            change(content)
        } else {
            content.into_bytes()
        };
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn a_truncated_workbook_is_damaged() {
    let bytes = &*TEMPLATE;
    for length in [4, 30, bytes.len() / 2, bytes.len() - 1] {
        let fault = refused(bytes[..length].to_vec());
        assert_eq!(fault.code, "damaged");
        assert!(fault.message.ja.contains("壊れている"));
    }
}

#[test]
fn strings_that_are_promised_and_not_there_are_refused() {
    // As spreadsheet programs save it; a template holds its strings in their cells.
    let mut saved = rust_xlsxwriter::Workbook::new();
    saved.add_worksheet().write_string(0, 0, "管理番号").unwrap();
    let saved = saved.save_to_buffer().unwrap();
    let promise = tampered_of(&saved, "xl/sharedStrings.xml", |strings| {
        strings
            .replacen("uniqueCount=\"", "uniqueCount=\"9999999999", 1)
            .into_bytes()
    });
    assert_eq!(refused(promise).code, "file-too-large");
}

#[test]
fn cells_in_far_corners_cost_nothing() {
    let corners = tampered(SHEET, |sheet| {
        let row = r#"<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>"#;
        sheet.replace("</sheetData>", row).into_bytes()
    });
    let sheets = table::read("gadget.xlsx", corners).unwrap();
    assert_eq!(sheets[0].rows().count(), 1);
    let wide = tampered(SHEET, |sheet| {
        let row = r#"<row r="2"><c r="XFD2"><v>1</v></c></row></sheetData>"#;
        sheet.replace("</sheetData>", row).into_bytes()
    });
    let fault = refused(wide);
    assert_eq!((fault.code, fault.cell.as_deref()), ("too-many-columns", Some("XFD2")));
}

#[test]
fn impossible_cell_names_do_not_panic() {
    for name in ["A99999999999", "ZZZZZZZZZZZZ1", "A0", "1", "", "あ1"] {
        let cell = format!(r#"<row r="2"><c r="{name}"><v>1</v></c></row></sheetData>"#);
        let bytes = tampered(SHEET, |sheet| sheet.replace("</sheetData>", &cell).into_bytes());
        let _ = table::read("gadget.xlsx", bytes);
    }
    let merged = tampered(SHEET, |sheet| {
        let merge = r#"</sheetData><mergeCells><mergeCell ref="B2:A1"/></mergeCells>"#;
        sheet.replace("</sheetData>", merge).into_bytes()
    });
    let _ = table::read("gadget.xlsx", merged);
}

#[test]
fn an_error_value_is_a_fault_of_its_cell() {
    let kinds = kinds();
    let error = tampered(SHEET, |sheet| {
        let row = r##"<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row></sheetData>"##;
        sheet.replace("</sheetData>", row).into_bytes()
    });
    let (tables, _) = table::assign(&kinds, table::read("gadget.xlsx", error).unwrap());
    let fault = &import(&kinds, &tables, words()).unwrap_err()[0];
    assert_eq!((fault.code, fault.cell.as_deref()), ("error-value", Some("A2")));
    assert_eq!(fault.message.ja, "エラー値 #REF! を値に直してください");
}

#[test]
fn a_cell_that_stands_twice_is_refused() {
    let twice = tampered(SHEET, |sheet| {
        let row = r#"<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row></sheetData>"#;
        sheet.replace("</sheetData>", row).into_bytes()
    });
    assert_eq!(refused(twice).cell.as_deref(), Some("A2"));
}

#[test]
fn endless_lines_cells_and_columns_are_refused() {
    for (text, code) in [
        ("a".repeat(200 << 20), "row-too-long"),
        (format!("code\n\"{}\"\n", "a".repeat(100_000)), "row-too-long"),
        (format!("code\n\"{}\n", "a\n".repeat(100_000)), "row-too-long"),
        (format!("code\n{}\n", "a".repeat(100_000)), "row-too-long"),
        (format!("{}\n", ",".repeat(1_000_000)), "too-many-columns"),
        (format!("{}\n", ",".repeat(10_000_000)), "row-too-long"),
        (
            format!("{}\n", format!("{},", "a".repeat(60_000)).repeat(30)),
            "row-too-long",
        ),
    ] {
        assert_eq!(refused(text.into_bytes()).code, code);
    }
}

#[test]
fn more_faults_than_anyone_reads_are_cut_off() {
    let kinds = kinds();
    let text = format!("code,name,status,acquired_on\n{}", ",,,x\n".repeat(30_000));
    let (tables, _) = table::assign(&kinds, table::read("gadget.csv", text.into_bytes()).unwrap());
    let faults = import(&kinds, &tables, words()).unwrap_err();
    assert_eq!(faults.len(), register::FAULTS + 1);
    assert_eq!(faults.last().unwrap().code, "more");
}

/// Reads bytes as far as they go.
fn swallow(bytes: Vec<u8>) {
    let kinds = kinds();
    if let Ok(sheets) = table::read("gadget.csv", bytes) {
        let tables: Vec<Table> = sheets.into_iter().map(|sheet| Table::new(&kinds[0], sheet)).collect();
        for table in &tables {
            for row in table.sheet().rows() {
                let _ = table.place(row.number, "code");
            }
        }
        let _ = import(&kinds, &tables, words());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        swallow(bytes);
    }

    #[test]
    fn no_table_panics(rows in "(code|name|状態|acquired_on|factors|[,\t\"'\n\r\0=一○0-9A;\u{feff}]){0,60}") {
        swallow(rows.into_bytes());
    }

    #[test]
    fn no_changed_byte_of_a_workbook_panics(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = TEMPLATE.clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        swallow(bytes);
    }
}
