//! Text and tables: what is read, what is dropped, what is guarded.

use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};
use proptest::prelude::*;
use sanitize::class::Class;
use sanitize::profile::Profile;
use sanitize::refusal::Reason;
use sanitize::treat;

fn rebuilt(name: &str, bytes: &[u8]) -> Vec<u8> {
    let outcome = treat(name, bytes, &Profile::default(), &[]).outcome;
    outcome
        .unwrap_or_else(|refusal| panic!("{name}: {}", refusal.words().en))
        .bytes
}

fn reason(name: &str, bytes: &[u8]) -> Reason {
    let outcome = treat(name, bytes, &Profile::default(), &[]).outcome;
    outcome.expect_err("it is refused").reason
}

/// What becomes of a table of text, as text.
fn table(text: &str) -> String {
    String::from_utf8(rebuilt("表.csv", text.as_bytes())).expect("UTF-8 stays UTF-8")
}

const LETTER: &str = "第１回 会議の開催について(通知)\r\nこのことについて、下記のとおり開催します。ソ能表予ー〜\r\n";

#[test]
fn text_goes_out_in_the_character_code_it_came_in() {
    let utf16: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(LETTER.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let codes = [
        LETTER.as_bytes().to_vec(),
        format!("\u{FEFF}{LETTER}").into_bytes(),
        utf16,
        SHIFT_JIS.encode(&LETTER.replace('〜', "～")).0.into_owned(),
        EUC_JP.encode(&LETTER.replace('〜', "～")).0.into_owned(),
        ISO_2022_JP.encode(&LETTER.replace('〜', "～")).0.into_owned(),
    ];
    for (number, bytes) in codes.into_iter().enumerate() {
        assert_eq!(rebuilt("通知.txt", &bytes), bytes, "code {number}");
    }
}

#[test]
fn what_an_old_code_cannot_write_back_exactly_goes_out_as_marked_utf_8() {
    // Half-width katakana in ISO-2022-JP (JIS X 0201 by its own escape sequence).
    let bytes = b"\x1B(I\x31\x32\x1B(B\r\n";
    assert_eq!(rebuilt("a.txt", bytes), "\u{FEFF}ｱｲ\r\n".as_bytes());
}

#[test]
fn characters_that_mislead_are_dropped_and_counted() {
    let text = "報告\u{202E}cod.exe\u{0007}\u{200B}\r\n葛\u{E0100}城\t様\r\n";
    let treated = treat("a.txt", text.as_bytes(), &Profile::default(), &[]);
    assert_eq!(
        treated.outcome.unwrap().bytes,
        "報告cod.exe\r\n葛\u{E0100}城\t様\r\n".as_bytes()
    );
    let counts: Vec<_> = treated.items.iter().map(|item| (item.class, item.count)).collect();
    assert_eq!(counts, [(Class::ControlCharacter, 3)]);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for bytes in [
        b"a\0b".as_slice(),
        b"\x80\x81\xFE\xFF\x90",
        b"\xEF\xBB\xBFa\xFF",
        b"\xFF\xFEa",
        b"\xFF\xFE\x00\xD8",
        b"\x01\x02\x03\x04text",
    ] {
        assert_eq!(reason("a.txt", bytes), Reason::Unrecognised, "{bytes:?}");
    }
    assert!(matches!(
        reason("a.txt", b"MZ\x90 program"),
        Reason::NameDisagrees { .. }
    ));
    assert_eq!(reason("a.bat", b"echo off"), Reason::Unrecognised);
}

#[test]
fn formulas_get_an_apostrophe_and_numbers_stay() {
    let cells = [
        ("=1+1", true),
        ("＝1+1", true),
        ("@SUM(A1)", true),
        ("＠SUM(A1)", true),
        ("+cmd", true),
        ("-cmd", true),
        ("−2+cmd", true),
        ("＋SUM(A1)", true),
        (" =1+1", true),
        ("\u{3000}=1+1", true),
        ("=cmd|' /C calc'!A0", true),
        ("+cmd|' /C calc'!A0", true),
        ("-2+3+cmd|' /C calc'!A0", true),
        ("@cmd|' /C calc'!A0", true),
        ("-1E+A", true),
        ("-5", false),
        ("-1.5E+10", false),
        ("+81-3-0000-0000", false),
        ("▲5", false),
        ("-", false),
        ("－", false),
        ("−１２", false),
        ("a=b", false),
        ("'=1", false),
        ("", false),
    ];
    for (cell, guarded) in cells {
        let expected = if guarded { format!("'{cell}") } else { cell.to_owned() };
        let out = table(&format!("x,{cell}\r\n"));
        assert_eq!(
            out.trim_end().trim_start_matches("x,").trim_matches('"'),
            expected,
            "{cell}"
        );
    }
}

#[test]
fn formulas_in_quotation_marks_are_seen_too() {
    let hyperlink = "\"=HYPERLINK(\"\"http://example.invalid\"\",\"\"x\"\")\"\n";
    assert_eq!(
        table(hyperlink),
        "\"'=HYPERLINK(\"\"http://example.invalid\"\",\"\"x\"\")\"\n"
    );
    assert_eq!(table("\"\t=1\"\n"), "\"'\t=1\"\n");
    assert_eq!(table("\"\n=1\"\n"), "\"'\n=1\"\n");
    // Spreadsheets take this mark for a character; readers that skip spaces do not.
    assert_eq!(table("a, \"=1\"\n"), "a,\"' \"\"=1\"\"\"\n");
    // A character that cannot be seen hides nothing.
    assert_eq!(table("\u{200B}=1\n"), "'=1\n");
}

#[test]
fn a_shift_jis_table_keeps_its_code_and_its_cells() {
    let text = "氏名,表示,備考\r\n山田　能,ソ,=cmd|'/c calc'!A1\r\n";
    let (bytes, _, _) = SHIFT_JIS.encode(text);
    let out = rebuilt("名簿.csv", &bytes);
    let (out, _, bad) = SHIFT_JIS.decode(&out);
    assert!(!bad);
    assert_eq!(out, "氏名,表示,備考\r\n山田　能,ソ,'=cmd|'/c calc'!A1\r\n");
}

#[test]
fn cells_keep_their_places() {
    for text in [
        "a,b\r\nc,d\r\n",
        "a,,\r\n,\r\n",
        "a;b\n",
        "\"a\"\"b\",\"c\r\nd\"\r\n",
        "a",
        "a,",
        "\r\n\r\na\r\n",
        "5\" pipe,x\n",
    ] {
        let out = table(text);
        assert_eq!(table(&out), out, "{text:?}");
        assert_eq!(cells(&out), cells(text), "{text:?}");
    }
}

/// Cells by a reader that is not ours.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let rows = reader
        .records()
        .map(|row| row.expect("it is a row").iter().map(str::to_owned).collect());
    rows.collect()
}

#[test]
fn a_line_that_renames_the_delimiter_is_obeyed_and_goes() {
    assert_eq!(table("sep=;\r\na;=1,2\r\n"), "a,\"'=1,2\"\r\n");
}

#[test]
fn quotation_marks_that_readers_disagree_about_are_refused() {
    for text in ["\"a\"b,c\n", "\"a,b\n"] {
        assert!(
            matches!(reason("a.csv", text.as_bytes()), Reason::Malformed { .. }),
            "{text}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_cell_of_any_table_begins_as_a_formula(text in "[=+@,\"\n\r\t;' a\u{3000}＝1-]{0,30}") {
        let outcome = treat("a.csv", text.as_bytes(), &Profile::default(), &[]).outcome;
        if let Ok(rebuilt) = outcome {
            let out = String::from_utf8(rebuilt.bytes).unwrap();
            for cell in cells(&out).into_iter().flatten() {
                let bare = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
                prop_assert!(!bare.starts_with(['=', '@', '＝']), "{:?} from {:?}", cell, text);
            }
        }
    }

    #[test]
    fn noise_never_breaks_out(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for name in ["a.txt", "a.csv", "a.tsv"] {
            let _ = treat(name, &bytes, &Profile::default(), &[]);
        }
    }
}
