//! Files: encodings, places, sheets, templates.

use encoding_rs::SHIFT_JIS;
use model::lang::Lang;
use register::import;
use register::table::{self, Export, Format};
use rust_xlsxwriter::{Formula, Workbook, Worksheet};

use crate::gadget::{gadgets, kinds, lines, table, words};

const ROWS: &str = "管理番号,名称,状態,取得日\nG-1,㈱髙橋①ｶﾅ,使用中,R8.4.1\n";

#[test]
fn cp932_and_tabs_read_as_utf8_and_commas_do() {
    let kinds = kinds();
    let read = |bytes: &[u8]| {
        let tables = [table(&kinds, "gadget.csv", bytes)];
        import(&kinds, &tables, words()).unwrap().entries["gadget"][0]
            .document
            .clone()
    };
    let expected = read(ROWS.as_bytes());
    assert_eq!(expected["name"], "㈱髙橋①ｶﾅ");
    let (cp932, _, _) = SHIFT_JIS.encode(ROWS);
    assert_eq!(read(&cp932), expected);
    assert_eq!(read(ROWS.replace(',', "\t").as_bytes()), expected);
    assert_eq!(read(ROWS.replace('\n', "\r").as_bytes()), expected);
}

#[test]
fn any_cell_can_be_found_again_in_the_source() {
    let kinds = kinds();
    let text = "code,name,note,status,acquired_on\n\nG-1,\"二\n行\",\"a\r\nb\",使用中,R8.4.1\nG-2,名,,使用中,x\n";
    let table = table(&kinds, "gadget.csv", text);
    let source = table.sheet().source().unwrap();
    let show = |row, field| {
        let place = table.place(row, field);
        (
            place.cell,
            place.line.unwrap(),
            place.column.unwrap(),
            place.span.unwrap().of(source).unwrap().to_owned(),
        )
    };
    assert_eq!(show(3, "name"), ("B3".into(), 3, 5, "\"二\n行\"".into()));
    assert_eq!(show(3, "status"), ("D3".into(), 5, 4, "使用中".into()));
    assert_eq!(show(4, "status"), ("D4".into(), 6, 8, "使用中".into()));
    assert_eq!(show(4, "note"), ("C4".into(), 6, 7, String::new()));
    assert_eq!(show(4, "mail"), ("4".into(), 6, 1, "G-2,名,,使用中,x".into()));
    assert_eq!(table.place(99, "name").line, None);
}

#[test]
fn quotes_that_cannot_be_right_are_named_with_their_line() {
    for (text, code, line) in [
        ("code,name\n1,\"甲\n2,乙\n", "unclosed-quote", 2),
        ("code,name\n1,甲\n2,\"乙\"丙\n", "text-after-quote", 3),
    ] {
        let fault = table::read("office.csv", text.into()).unwrap_err();
        assert_eq!((fault.code, fault.line), (code, Some(line)));
    }
}

fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip(["管理番号", "名称", "状態", "取得日", "要素数", "暗号化"]) {
        sheet.write(0, column, heading).unwrap();
    }
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn cells_of_xlsx_keep_their_types() {
    let bytes = workbook(|sheet| {
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 4, 1).unwrap();
        let format = rust_xlsxwriter::Format::new().set_num_format("ggge\"年\"m\"月\"d\"日\"");
        sheet.write(1, 0, 17).unwrap();
        sheet.write(1, 1, "=1+1").unwrap();
        sheet.write(1, 2, "使用中").unwrap();
        sheet.write_with_format(1, 3, &date, &format).unwrap();
        sheet.write(1, 4, 2).unwrap();
        sheet.write(1, 5, true).unwrap();
    });
    let kinds = kinds();
    let tables = [table(&kinds, "部品.xlsx", bytes)];
    let document = &import(&kinds, &tables, words()).unwrap().entries["gadget"][0].document;
    assert_eq!(document["code"], "17");
    assert_eq!(document["name"], "=1+1");
    assert_eq!(document["acquired_on"], "2026-04-01");
    assert_eq!(document["factors"], 2);
    assert_eq!(document["encrypted"], true);
}

#[test]
fn formulas_errors_and_merged_cells_are_named() {
    let bytes = workbook(|sheet| {
        sheet.write(1, 0, "G-1").unwrap();
        sheet
            .write_formula(1, 1, Formula::new("=\"名\"&1").set_result("名1"))
            .unwrap();
        sheet.write(1, 2, "使用中").unwrap();
        sheet
            .write_formula(1, 3, Formula::new("=#REF!").set_result("#REF!"))
            .unwrap();
    });
    let kinds = kinds();
    let faults = import(&kinds, &[table(&kinds, "gadget.xlsx", bytes)], words()).unwrap_err();
    let merged = workbook(|sheet| {
        sheet
            .merge_range(1, 0, 2, 1, "G-1", &rust_xlsxwriter::Format::new())
            .unwrap();
    });
    let more = import(&kinds, &[table(&kinds, "gadget.xlsx", merged)], words()).unwrap_err();
    insta::assert_snapshot!(lines(&[faults, more].concat()));
}

#[test]
fn sheets_find_their_registers_and_strays_are_told() {
    let mut workbook = Workbook::new();
    for (name, heading) in [("課", "コード"), ("メモ", "何か")] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        sheet.write(0, 0, heading).unwrap();
    }
    let sheets = table::read("all.xlsx", workbook.save_to_buffer().unwrap()).unwrap();
    let (tables, faults) = table::assign(&kinds(), sheets);
    assert_eq!(
        tables.iter().map(table::Table::register).collect::<Vec<_>>(),
        ["office"]
    );
    assert_eq!(
        lines(&faults),
        "[unknown-register] all.xlsx: シート「メモ」がどの台帳か分からない。台帳の名前を付けるか、取り除いてください\n  \
         sheet `メモ` is named after no register"
    );
}

#[test]
fn a_template_reads_back_as_an_empty_table() {
    let kinds = kinds();
    let bytes = table::template(&gadgets(), &words()).unwrap();
    let table = table(&kinds, "何か.xlsx", bytes.clone());
    assert_eq!(
        (table.register(), table.faults(), table.absent().len()),
        ("gadget", [].as_slice(), 0)
    );
    let header = table.sheet().header().unwrap();
    assert_eq!(header.cells[0].shown(), "管理番号※必須");
    assert_eq!(header.cells[2].shown(), "課");
    assert_eq!(import(&kinds, &[table], words()).unwrap().entries["gadget"], []);
    assert_eq!(
        bytes,
        table::template(&gadgets(), &words()).unwrap(),
        "the same template gives the same bytes"
    );
}

#[test]
fn a_template_offers_drop_downs() {
    let bytes = table::template(&gadgets(), &words()).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let sheet = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    for part in ["使用中,廃棄(消去済)", "番号系", "○,×", "<pane ", "type=\"whole\""] {
        assert!(sheet.contains(part), "{part}");
    }
}

#[test]
fn a_long_table_may_be_taken_piece_by_piece() {
    let kind = gadgets();
    let documents = vec![&kind.sample; 5];
    for format in [Format::Csv, Format::Xlsx] {
        let mut export = Export::new(&kind, &words(), format, Lang::Ja).unwrap();
        let mut pieces = Vec::new();
        for document in &documents {
            export.push(document).unwrap();
            pieces.push(export.take().unwrap());
        }
        assert_eq!(pieces.iter().all(Vec::is_empty), format == Format::Xlsx);
        pieces.push(export.finish().unwrap());
        let whole = table::write(&kind, documents.iter().copied(), &words(), format, Lang::Ja).unwrap();
        assert!(pieces.concat() == whole);
    }
}

#[test]
fn csv_for_excel_has_a_mark_and_no_formulas() {
    let kind = gadgets();
    let bytes = table::write(&kind, [&kind.sample], &words(), Format::Csv, Lang::Ja).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbf"));
    insta::assert_snapshot!(
        String::from_utf8(bytes)
            .unwrap()
            .trim_start_matches('\u{feff}')
            .replace("\r\n", "\n")
    );
}
