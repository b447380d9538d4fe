//! Input that cannot be used: every problem at once, each at its place, nothing judged.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails here"
)]

use crate::city::City;
use service::problem::Problem;

/// File, cell and English message of every problem.
fn problems(city: &City) -> Vec<String> {
    let Err(problems) = city.folder() else {
        panic!("the folder was read");
    };
    problems.iter().map(line).collect()
}

fn line(problem: &Problem) -> String {
    let cell = problem.cell.as_deref().unwrap_or("-");
    format!("{} {cell} {}", problem.file, problem.diagnostic.message.en)
}

#[track_caller]
fn only(city: &City, wanted: &[&str]) {
    let found = problems(city);
    assert_eq!(found.len(), 1, "{found:#?}");
    for part in wanted {
        assert!(found[0].contains(part), "`{part}` is not in `{}`", found[0]);
    }
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let city = City::copy();
    city.set("terminal", "PC-0001", "認証の要素数", "たくさん");
    city.set("asset", "AS-001", "所管", "どこか");
    city.set("person", "P0001", "着任日", "2026-13-01");
    let found = problems(&city);
    assert_eq!(found.len(), 3, "{found:#?}");
    for (file, cell) in [
        (
            "registers/terminal.csv",
            city.cell("terminal", "PC-0001", "認証の要素数"),
        ),
        ("registers/asset.csv", city.cell("asset", "AS-001", "所管")),
        ("registers/person.csv", city.cell("person", "P0001", "着任日")),
    ] {
        assert!(
            found.iter().any(|line| line.starts_with(&format!("{file} {cell} "))),
            "{file} {cell}: {found:#?}"
        );
    }
}

#[test]
fn two_rows_with_one_key_are_both_named() {
    let city = City::copy();
    city.set("zone", "Z-LG", "番号", "Z-MN");
    let found = problems(&city);
    let duplicate: Vec<&String> = found
        .iter()
        .filter(|line| line.starts_with("registers/zone.csv"))
        .collect();
    assert_eq!(duplicate.len(), 1, "{found:#?}");
    assert!(duplicate[0].contains("Z-MN"), "{duplicate:?}");
}

#[test]
fn sections_that_contain_each_other_are_named_as_a_ring() {
    let city = City::copy();
    let rows: Vec<String> = ["S01", "S02"].map(str::to_owned).to_vec();
    city.set("section", &rows[0], "上位の課", &rows[1]);
    city.set("section", &rows[1], "上位の課", &rows[0]);
    only(&city, &["registers/section.csv", "S01", "S02"]);
}

#[test]
fn an_unknown_column_is_never_dropped_in_silence() {
    let city = City::copy();
    city.write(
        "registers/zone.csv",
        "番号,名称,層,色\nZ-MN,個人番号,マイナンバー系,赤\n",
    );
    let found = problems(&city);
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("registers/zone.csv D1 ") && line.contains("色")),
        "{found:#?}"
    );
}

#[test]
fn a_file_in_no_encoding_names_the_byte() {
    let city = City::copy();
    city.write(
        "registers/course.csv",
        b"\xe7\x95\xaa\xe5\x8f\xb7,\xff\xff\x80\x00\n".as_slice(),
    );
    let found = problems(&city);
    assert!(
        found.iter().any(|line| line.starts_with("registers/course.csv")),
        "{found:#?}"
    );
}

#[test]
fn shift_jis_from_a_spreadsheet_is_read() {
    let city = City::copy();
    let text = String::from_utf8(city.read("registers/course.csv")).unwrap();
    let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(text.trim_start_matches('\u{feff}'));
    assert!(!lossy);
    city.write("registers/course.csv", &bytes);
    assert_eq!(city.broken().len(), City::copy().broken().len());
}

#[test]
fn a_line_without_end_is_refused_before_it_is_parsed() {
    let city = City::copy();
    let mut endless = "番号,名称,層\nZ-MN,".as_bytes().to_vec();
    endless.resize(200 << 20, b'x');
    city.write("registers/zone.csv", endless);
    let found = problems(&city);
    assert!(
        found.iter().any(|line| line.starts_with("registers/zone.csv")),
        "{found:#?}"
    );
}

#[test]
fn a_truncated_workbook_is_refused() {
    let city = City::copy();
    let whole = workbook(|_| {});
    city.remove("registers/zone.csv");
    city.write("registers/zone.xlsx", &whole[..whole.len() / 2]);
    let found = problems(&city);
    assert!(
        found.iter().any(|line| line.starts_with("registers/zone.xlsx")),
        "{found:#?}"
    );
}

#[test]
fn a_formula_is_refused_at_its_cell() {
    let city = City::copy();
    city.remove("registers/zone.csv");
    city.write(
        "registers/zone.xlsx",
        workbook(|sheet| {
            sheet.write_formula(1, 1, "=A2&\"系\"").unwrap();
        }),
    );
    let found = problems(&city);
    assert!(
        found.iter().any(|line| line.starts_with("registers/zone.xlsx B2 ")),
        "{found:#?}"
    );
}

#[test]
fn a_whole_workbook_in_place_of_csv_is_judged_alike() {
    let city = City::copy();
    city.remove("registers/zone.csv");
    city.write("registers/zone.xlsx", workbook(|_| {}));
    assert_eq!(city.broken().len(), City::copy().broken().len());
}

#[test]
fn a_policy_that_cannot_be_read_is_named() {
    let city = City::copy();
    city.write("policy.txt", b"%PDF-1.7 not a text".as_slice());
    only(&city, &["policy.txt"]);
    city.remove("policy.txt");
    only(&city, &["policy.txt", "no such file"]);
}

#[test]
fn a_city_standard_at_fault_is_named_with_its_place() {
    let city = City::copy();
    city.write("standard/own.toml", "[[duty]]\nid = \"x\"\n");
    only(&city, &["standard/own.toml", "has no"]);
}

/// The zones of the sample city as xlsx, with a change.
fn workbook(change: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let text = String::from_utf8(City::sample().read("registers/zone.csv")).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, record) in reader.records().enumerate() {
        for (column, cell) in record.unwrap().iter().enumerate() {
            let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    change(sheet);
    book.save_to_buffer().unwrap()
}
