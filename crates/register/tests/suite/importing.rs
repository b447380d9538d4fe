//! `import` and `plan`: all rows or all faults.

use register::{import, plan};
use serde_json::json;

use crate::gadget::{import_column, import_files, kinds, lines, table, words};

const OFFICES: &str = "コード,名称\n100,情報政策課\n200,総務課\n";

#[test]
fn rows_become_documents_with_every_field() {
    let imported = import_files(&[
        (
            "registers/gadget.csv",
            "管理番号※必須,名称,課,状態,取得日,暗号化,上位の部品\n\
             G-1,親,情報政策課,使用中,R8.4.1,○,\n\
             \n\
             G-2,子,100,廃棄(消去済),2026/4/2,,親\n",
        ),
        ("office.csv", OFFICES),
    ])
    .unwrap();
    let gadgets = &imported.entries["gadget"];
    assert_eq!(gadgets.len(), 2);
    assert_eq!(
        (gadgets[1].row, gadgets[1].table, gadgets[1].title.as_str()),
        (4, 0, "子")
    );
    assert_eq!(
        gadgets[1].document,
        json!({
            "code": "G-2", "name": "子", "office": "100", "offices": [], "parent": "G-1", "tier": null,
            "status": "disposed", "size": null, "personal_data": false, "encrypted": null,
            "acquired_on": "2026-04-02", "confirmed_on": null, "factors": null, "note": null, "mail": null
        })
    );
}

#[test]
fn all_faults_of_all_files_come_at_once_with_their_places() {
    let faults = import_files(&[
        (
            "gadget.csv",
            "code,name,status,acquired_on,factors,office,mail\r\n\
             G-1,\"二行の\n名前\",使用中,2026-04-01,9,999,\r\n\
             G-1,,故障,いつか,三,総務課,nobody\r\n\
             G-3,名前,使用中,2026-04-01,,\r\n\
             G-4,名前,使用中,2026-04-01,,,,余り\r\n\
             G-5,名前,使用中,2026-04-01,,,nobody\r\n",
        ),
        ("office.csv", "コード,名称,電話\n100,情報政策課,1\n"),
    ])
    .unwrap_err();
    insta::assert_snapshot!(lines(&faults));
}

#[test]
fn headings_that_cannot_be_right_are_faults() {
    let faults = import_files(&[
        ("gadget.csv", "code,管理番号,色,状態,\n1,2,3,4,5\n"),
        ("office.csv", "\n"),
    ])
    .unwrap_err();
    insta::assert_snapshot!(lines(&faults));
}

#[test]
fn a_duplicate_key_names_both_rows() {
    let faults = import_files(&[("office.csv", "code,name\n1,甲\n2,乙\n1,丙\n")]).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(
        faults[0].message.ja,
        "「1」は既に使われている(office.csv:2 (A2))。別のコードにしてください"
    );
    assert_eq!(
        (faults[0].row, faults[0].line, faults[0].cell.as_deref()),
        (4, Some(4), Some("A4"))
    );
}

#[test]
fn a_duplicate_key_is_found_across_files() {
    let kinds = kinds();
    let tables = [
        table(&kinds, "a/office.csv", "code,name\n1,甲\n"),
        table(&kinds, "b/office.csv", "code,name\n1,甲\n"),
    ];
    let faults = import(&kinds, &tables, words()).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].message.en.contains("a/office.csv:2"),
        "{}",
        faults[0].message.en
    );
}

#[test]
fn a_cycle_is_reported_once_with_all_its_members() {
    let rows = "code,name,status,acquired_on,parent\n\
        A,甲,使用中,2026-04-01,B\n\
        B,乙,使用中,2026-04-01,C\n\
        C,丙,使用中,2026-04-01,A\n\
        D,丁,使用中,2026-04-01,A\n\
        E,戊,使用中,2026-04-01,E\n";
    let faults = import_files(&[("gadget.csv", rows)]).unwrap_err();
    let found: Vec<(&str, &str)> = faults
        .iter()
        .map(|f| (f.cell.as_deref().unwrap(), &*f.message.ja))
        .collect();
    assert_eq!(
        found,
        [
            (
                "E2",
                "「上位の部品」をたどると元に戻る: A → B → C → A。どれかを直してください"
            ),
            ("E6", "「上位の部品」をたどると元に戻る: E → E。どれかを直してください"),
        ]
    );
}

#[test]
fn references_to_a_file_with_wrong_headings_are_not_blamed() {
    let faults = import_files(&[
        (
            "gadget.csv",
            "code,name,status,acquired_on,office\nG-1,甲,使用中,2026-04-01,999\n",
        ),
        ("office.csv", "コード,名前\n999,情報政策課\n"),
    ])
    .unwrap_err();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["unknown-column", "missing-column"]);
}

#[test]
fn a_plan_tells_what_would_change() {
    let kinds = kinds();
    let read = |text: &str| {
        let tables = [table(&kinds, "office.csv", text)];
        import(&kinds, &tables, words()).unwrap().entries["office"].clone()
    };
    let old = read("code,name\n1,甲\n2,乙\n3,丙\n");
    let new = read("code,name\n2,乙\n3,丁\n4,戊\n");
    insta::assert_debug_snapshot!(plan(&kinds[1], &old, &new));
}

#[test]
fn a_quote_prefix_is_taken_off_again() {
    assert_eq!(import_column("note", "'=1+1").unwrap()["note"], "=1+1");
    assert_eq!(import_column("note", "'@city").unwrap()["note"], "@city");
    assert_eq!(import_column("note", "''=1").unwrap()["note"], "'=1");
    assert_eq!(import_column("note", "'quoted'").unwrap()["note"], "'quoted'");
    assert_eq!(import_column("factors", "'+2").unwrap()["factors"], 2);
}
