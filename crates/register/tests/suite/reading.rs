//! `Field::read`: the table of accepted words.

use register::{Cell, Kind};
use serde_json::{Value, json};

use crate::gadget::{gadgets, words};

fn read(kind: &Kind, field: &str, cell: Cell<'_>) -> Result<Value, (&'static str, String)> {
    let read = kind.field(field).unwrap().read(&cell, &words());
    read.map_err(|fault| (fault.code, fault.message.ja.to_string()))
}

#[track_caller]
fn reads(field: &str, cell: impl Into<Cell<'static>>, value: Value) {
    assert_eq!(read(&gadgets(), field, cell.into()), Ok(value));
}

#[track_caller]
fn refuses(field: &str, cell: impl Into<Cell<'static>>, code: &str, part: &str) {
    let (found, message) = read(&gadgets(), field, cell.into()).unwrap_err();
    assert_eq!(found, code);
    assert!(message.contains(part), "{message}");
}

#[test]
fn text_is_kept_as_typed_and_trimmed() {
    reads("name", " ㈱髙橋①\u{fa19} \u{3000}", json!("㈱髙橋①\u{fa19}"));
    reads("code", Cell::Number(17.0), json!("17"));
    reads("code", Cell::Number(1.5), json!("1.5"));
    reads("note", "a\r\nb", json!("a\nb"));
    reads("note", Cell::Time(jiff::civil::time(9, 30, 0, 0)), json!("09:30"));
    reads("note", " ", Value::Null);
    refuses("code", Cell::Number(1e17), "inexact-number", "文字列");
    refuses("name", " ", "empty", "入力してください");
    refuses("name", "あ".repeat(21), "bounds", "20文字以内で入力してください");
    refuses("note", "a\u{7}b", "bounds", "制御文字");
    refuses("code", "A;B", "bounds", "「;」");
}

#[test]
fn numbers_may_have_any_width_and_separators() {
    for text in ["3", " ３ ", "+3"] {
        reads("factors", text, json!(3));
    }
    reads("factors", Cell::Number(2.0), json!(2));
    refuses("factors", "1,234", "bounds", "3以下の値を入力してください");
    for text in ["三", "1.5", "1,2", "12,34,567", "--3", "9999999999999999999"] {
        refuses("factors", text, "not-an-integer", "整数で入力してください");
    }
    refuses("factors", Cell::Number(1.5), "not-an-integer", "「1.5」");
}

#[test]
fn dates_may_be_typed_eras_or_iso() {
    let day = json!("2026-04-01");
    for text in ["2026-04-01", "2026/4/1", "令和8年4月1日", "R8.4.1", "Ｒ８．４．１"] {
        reads("acquired_on", text, day.clone());
    }
    let date = jiff::civil::date(2026, 4, 1);
    reads("acquired_on", Cell::Date(date), day.clone());
    reads("acquired_on", Cell::DateTime(date.at(13, 0, 0, 0)), day);
    reads("confirmed_on", Cell::Empty, Value::Null);
    for text in ["令和8年2月30日", "2026-02-30", "いつか"] {
        refuses("acquired_on", text, "not-a-date", "実在する日付");
    }
    refuses("acquired_on", Cell::Number(46113.0), "not-a-date", "「46113」");
}

#[test]
fn yes_and_no_have_many_spellings_and_empty_is_unknown_only_where_it_may_be() {
    for text in ["○", "〇", "はい", "有", "TRUE", "Ｙｅｓ", "１"] {
        reads("encrypted", text, json!(true));
    }
    for text in ["×", "いいえ", "無", "false", "0", "X"] {
        reads("encrypted", text, json!(false));
    }
    reads("encrypted", Cell::Boolean(true), json!(true));
    reads("encrypted", Cell::Number(0.0), json!(false));
    reads("encrypted", "", Value::Null);
    reads("personal_data", "", json!(false));
    refuses(
        "encrypted",
        "△",
        "not-a-boolean",
        "「△」は読み取れない。○か×で入力してください",
    );
}

#[test]
fn choices_are_known_by_word_and_by_either_label() {
    for text in ["in_use", "使用中", "in use", "ＩＮ ＵＳＥ"] {
        reads("status", text, json!("in_use"));
    }
    reads("status", "廃棄（消去済）", json!("disposed"));
    reads("size", "tiny", json!("small"));
    reads("size", "", Value::Null);
    refuses("status", "故障", "not-a-choice", "使用中、廃棄(消去済)");
}

#[test]
fn scheme_words_stay_the_citys_words() {
    reads("tier", "番号系", json!("番号系"));
    reads("tier", "LGWAN接続系", json!("LGWAN接続系"));
    reads("tier", "ＬＧＷＡＮ接続系", json!("LGWAN接続系"));
    reads("tier", "internet", json!("internet"));
    refuses("tier", "庁内系", "not-a-scheme-word", "番号系");
}

#[test]
fn references_are_found_by_code_or_by_an_unambiguous_title() {
    reads("office", "100", json!("100"));
    reads("office", Cell::Number(100.0), json!("100"));
    reads("office", "情報政策課", json!("100"));
    refuses("office", "総務課", "ambiguous-reference", "200 総務課、300 総務課");
    refuses("office", "情報政策室", "unknown-reference", "近いもの: 100 情報政策課");
    reads("offices", "100;情報 政策課、200", json!(["100", "200"]));
    reads("offices", "A;B", json!(["A;B"]));
    reads("offices", "", json!([]));
    refuses("offices", "100;999", "unknown-reference", "999");
    refuses("offices", "100;200;300;A;B", "unknown-reference", "「A」");
}

#[test]
fn formulas_and_error_values_are_never_values() {
    refuses("name", Cell::Formula, "formula", "数式ではなく値を入力");
    refuses("note", Cell::Error("#REF!"), "error-value", "#REF!");
}

#[test]
fn every_fault_is_told_in_english_too() {
    let kind = gadgets();
    for (field, cell) in [
        ("name", ""),
        ("factors", "三"),
        ("factors", "9"),
        ("encrypted", "△"),
        ("acquired_on", "x"),
        ("status", "x"),
        ("tier", "x"),
        ("office", "総務課"),
        ("office", "x"),
        ("name", "長いにもほどがある名前は二十文字を超えると断られる"),
    ] {
        let fault = kind
            .field(field)
            .unwrap()
            .read(&Cell::from(cell), &words())
            .unwrap_err();
        let en = &fault.message.en;
        assert!(
            !en.is_empty() && !en.ends_with('.') && !en.starts_with(char::is_uppercase),
            "{en}"
        );
        assert_eq!(fault.field.as_deref(), Some(field));
    }
}
