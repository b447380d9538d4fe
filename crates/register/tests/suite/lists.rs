//! Lists: what a store is told, and what it is asked.

use model::lang::Lang;
use proptest::prelude::*;
use register::list::{self, Asked, By, Condition, Sort};
use register::{Field, difference, hierarchy};
use serde_json::{Value, json};

use crate::gadget::{gadgets, words};

fn pairs(query: &[(&str, &str)]) -> Vec<(String, String)> {
    query
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn ask(query: &[(&str, &str)]) -> Result<Asked, Vec<(&'static str, String)>> {
    list::ask(&gadgets(), &pairs(query), &words()).map_err(|faults| {
        let told = |fault: register::Fault| (fault.code, fault.field.unwrap_or_default());
        faults.into_iter().map(told).collect()
    })
}

/// Whether a document of gadgets is in the list that somebody asked for, as a store tells by the keys of its fields.
fn is_listed(document: &Value, query: &[(&str, &str)]) -> bool {
    let terms = list::index(&gadgets(), document, &words());
    let asked = ask(query).unwrap();
    let keys = |field: &str| {
        let keys = terms
            .fields
            .iter()
            .filter(|(name, _)| name == field)
            .map(|(_, key)| key.clone());
        keys.collect::<Vec<_>>()
    };
    asked.conditions.iter().all(|(field, condition)| {
        keys(field).iter().any(|key| match condition {
            Condition::Is(wanted) => key == wanted,
            Condition::Between(from, to) => key >= from && to.as_ref().is_none_or(|to| key <= to),
        })
    })
}

#[test]
fn the_usual_columns_lead_and_lists_of_references_have_no_order() {
    let kind = gadgets();
    let columns = list::columns(&kind);
    let usual: Vec<&str> = columns
        .iter()
        .filter(|c| c.usual)
        .map(|c| c.field.name.as_str())
        .collect();
    assert_eq!(usual, ["code", "name", "status"]);
    assert_eq!(columns.len(), kind.fields.len());
    let unsorted: Vec<&str> = columns
        .iter()
        .filter(|c| !c.sortable)
        .map(|c| c.field.name.as_str())
        .collect();
    assert_eq!(unsorted, ["offices"]);
}

#[test]
fn a_value_is_shown_in_words() {
    let (kind, words) = (gadgets(), words());
    let shown = |field: &str, value: Value, lang: Lang| {
        let field = kind.field(field).unwrap();
        field.display(&value, &words, lang).text(lang).into_owned()
    };
    for (field, value, ja, en) in [
        ("status", json!("in_use"), "使用中", "in use"),
        ("acquired_on", json!("2019-05-01"), "令和元年5月1日", "2019-05-01"),
        ("encrypted", json!(false), "×", "no"),
        ("encrypted", Value::Null, "", ""),
        ("office", json!("100"), "100 情報政策課", "100 情報政策課"),
        ("office", json!("999"), "999", "999"),
        (
            "offices",
            json!(["100", "200"]),
            "100 情報政策課、200 総務課",
            "100 情報政策課, 200 総務課",
        ),
        ("tier", json!("LGWAN接続系"), "LGWAN接続系", "LGWAN tier"),
        ("tier", json!("番号系"), "番号系", "番号系"),
        ("factors", json!(3), "3", "3"),
        ("note", json!("=1+1"), "=1+1", "=1+1"),
    ] {
        assert_eq!(shown(field, value.clone(), Lang::Ja), ja);
        assert_eq!(shown(field, value, Lang::En), en);
    }
}

#[test]
fn a_store_is_told_everything_that_a_document_is_found_by() {
    let kind = gadgets();
    let terms = list::index(&kind, &kind.sample, &words());
    assert_eq!((terms.title.as_str(), terms.reading.as_str()), ("㈱髙橋の部品①", ""));
    assert_eq!(
        terms.text.lines().collect::<Vec<_>>(),
        [
            "㈱髙橋の部品①",
            "G-1",
            "100 情報政策課",
            "100 情報政策課",
            "200 総務課",
            "LGWAN接続系",
            "使用中 in use",
            "小 tiny",
            "=1+1"
        ]
    );
    let references: Vec<(&str, &str, &str)> = terms
        .references
        .iter()
        .map(|(field, register, key)| (&**field, &**register, &**key))
        .collect();
    assert_eq!(
        references,
        [
            ("office", "office", "100"),
            ("offices", "office", "100"),
            ("offices", "office", "200")
        ]
    );
    let fields: std::collections::BTreeSet<&str> = terms.fields.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields.len(), kind.fields.len(), "every field has a key, be it empty");
}

#[test]
fn filters_offer_words_and_what_is_empty() {
    let (kind, words) = (gadgets(), words());
    let filters = list::filters(&kind, &words);
    let offered = |field: &str| match &filters.iter().find(|filter| filter.field == field).unwrap().by {
        By::Options(options) => options
            .iter()
            .map(|(value, label)| format!("{value} {}", label.ja))
            .collect(),
        other => vec![format!("{other:?}")],
    };
    assert_eq!(offered("status"), ["in_use 使用中", "disposed 廃棄(消去済)"]);
    assert_eq!(offered("encrypted"), ["true ○", "false ×", "- 未入力"]);
    assert_eq!(offered("personal_data"), ["true ○", "false ×"]);
    assert_eq!(offered("tier"), ["番号系 番号系", "- 未入力"]);
    assert_eq!(offered("office"), ["Rows(\"office\")"]);
    assert_eq!(offered("acquired_on"), ["Days"]);
    assert!(filters.iter().all(|filter| filter.field != "note"));
}

#[test]
fn what_is_asked_narrows_the_list_to_what_was_told() {
    let sample = gadgets().sample;
    for (query, listed) in [
        (&[("filter[status]", "使用中")][..], true),
        (&[("filter[status]", "disposed")], false),
        (&[("filter[encrypted]", "false"), ("filter[size]", "small")], true),
        (&[("filter[encrypted]", "-")], false),
        (&[("filter[confirmed_on]", "-")], true),
        (&[("filter[offices]", "300"), ("filter[status]", "")], false),
        (&[("filter[status]", "")], true),
        (&[("filter[offices]", "200 総務課")], true),
        (&[("filter[tier]", "LGWAN接続系")], true),
        (
            &[("from[acquired_on]", "R8.4.1"), ("to[acquired_on]", "2026-04-01")],
            true,
        ),
        (&[("from[acquired_on]", "2026-04-02")], false),
        (&[("to[confirmed_on]", "2030-01-01")], false),
        (&[("to[factors]", "9")], true),
        (&[("from[factors]", "-3"), ("to[factors]", "1")], false),
    ] {
        assert_eq!(is_listed(&sample, query), listed, "{query:?}");
    }
}

#[test]
fn a_page_is_asked_for_by_search_order_cursor_and_length() {
    let asked = ask(&[
        ("search", " 部品 "),
        ("sort", "-acquired_on"),
        ("limit", "200"),
        ("cursor", "x"),
        ("_lang", "en"),
        ("filter[status]", ""),
    ]);
    let sort = Sort {
        field: "acquired_on".to_owned(),
        descending: true,
    };
    let expected = Asked {
        search: "部品".to_owned(),
        conditions: vec![],
        sort: Some(sort),
        cursor: Some("x".to_owned()),
        limit: 200,
    };
    assert_eq!(asked, Ok(expected));
}

#[test]
fn everything_that_cannot_be_asked_is_told_at_once() {
    let faults = ask(&[
        ("filter[colour]", "red"),
        ("filter[note]", "x"),
        ("filter[status]", "壊れた"),
        ("from[office]", "100"),
        ("from[acquired_on]", "いつか"),
        ("sort", "offices"),
        ("limit", "0"),
        ("order", "x"),
    ]);
    let told: Vec<String> = faults
        .unwrap_err()
        .into_iter()
        .map(|(code, parameter)| format!("{parameter}: {code}"))
        .collect();
    assert_eq!(
        told,
        [
            "filter[colour]: unknown-field",
            "filter[note]: no-filter",
            "filter[status]: not-a-choice",
            "from[office]: no-filter",
            "from[acquired_on]: not-a-date",
            "sort: no-filter",
            "limit: limit",
            "order: unknown-parameter",
        ]
    );
}

#[test]
fn a_difference_is_told_in_words() {
    let (kind, words) = (gadgets(), words());
    let mut new = kind.sample.clone();
    new["office"] = json!("200");
    new["personal_data"] = json!(false);
    new["confirmed_on"] = json!("2026-11-01");
    let told = difference::told(&kind, &kind.sample, &new, &words, Lang::Ja);
    let lines: Vec<String> = told
        .iter()
        .map(|told| {
            format!(
                "{}: {} → {}",
                told.label.ja,
                told.old.text(Lang::Ja),
                told.new.text(Lang::Ja)
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "課: 100 情報政策課 → 200 総務課",
            "個人情報: ○ → ×",
            "確認日:  → 令和8年11月1日"
        ]
    );
}

#[test]
fn a_row_may_not_be_put_under_itself() {
    let kind = gadgets();
    let mut document = kind.sample.clone();
    let above = |_: &Field, key: &str| match key {
        "G-2" => Some("G-3".to_owned()),
        "G-3" => Some("G-1".to_owned()),
        "X" => Some("X".to_owned()),
        _ => None,
    };
    let mut circle = |parent: &str| {
        document["parent"] = json!(parent);
        let faults = hierarchy::circles(&kind, &document, above);
        faults.first().map(|fault| fault.message.en.to_string())
    };
    assert!(circle("G-2").unwrap().ends_with("G-1 → G-2 → G-3 → G-1"));
    assert!(circle("G-1").unwrap().ends_with("G-1 → G-1"));
    assert_eq!(circle("G-9"), None);
    assert_eq!(circle("X"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_query_panics(query in prop::collection::vec(("(filter|from|sort)?(\\[(local.)?[a-z_]{0,12}\\])?", ".{0,12}"), 0..6)) {
        let _ = list::ask(&gadgets(), &query, &words());
    }
}
