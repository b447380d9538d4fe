//! Forms: what is shown, and what becomes of what is sent.

use model::lang::Text;
use proptest::prelude::*;
use register::form::{self, Control, Filled, Form, Widget};
use register::{Fault, Kind, local};
use serde_json::{Value, json};

use crate::gadget::{gadgets, kinds, words};
use crate::round_trip::document;

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// A new gadget with what is required, and more.
fn read(more: &[(&str, &str)]) -> Result<Value, Vec<Fault>> {
    let mut sent = pairs(&[
        ("code", "G-9"),
        ("name", "部品"),
        ("status", "使用中"),
        ("acquired_on", "R8.4.1"),
    ]);
    sent.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    sent.extend(pairs(more));
    form::read(&gadgets(), &sent, &words(), None)
}

fn told(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults
        .iter()
        .map(|fault| (fault.field.as_deref().unwrap_or_default(), fault.code))
        .collect()
}

fn control(filled: Filled<'_>, name: &str) -> Control {
    let form = Form::of(&gadgets(), filled, &words(), &[]);
    form.controls.into_iter().find(|control| control.name == name).unwrap()
}

fn attribute<'c>(control: &'c Control, name: &str) -> Option<&'c str> {
    let found = control.attributes.iter().find(|(other, _)| *other == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn every_kind_of_field_has_its_widget() {
    let form = Form::of(&gadgets(), Filled::Nothing, &words(), &[]);
    let widgets: Vec<String> = form
        .controls
        .iter()
        .map(|control| {
            let widget = format!("{:?}", control.widget);
            let name = widget.split(['(', ' ']).next().unwrap_or_default();
            let required = if control.required { " required" } else { "" };
            let attributes: Vec<String> = control
                .attributes
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            format!("{}: {name}{required} {}", control.name, attributes.join(" "))
        })
        .collect();
    insta::assert_snapshot!(widgets.join("\n"));
}

#[test]
fn an_empty_form_of_what_is_required_tells_all_that_is_missing() {
    let faults = form::read(&gadgets(), &[], &words(), None).unwrap_err();
    assert_eq!(
        told(&faults),
        [
            ("code", "empty"),
            ("name", "empty"),
            ("status", "empty"),
            ("acquired_on", "empty")
        ]
    );
}

#[test]
fn a_box_that_is_not_sent_is_not_ticked_and_an_answer_not_given_is_unknown() {
    let document = read(&[]).unwrap();
    assert_eq!(
        (&document["personal_data"], &document["encrypted"]),
        (&json!(false), &Value::Null)
    );
    let document = read(&[("personal_data", "true"), ("encrypted", "false")]).unwrap();
    assert_eq!(
        (&document["personal_data"], &document["encrypted"]),
        (&json!(true), &json!(false))
    );
}

#[test]
fn references_may_be_sent_one_by_one_or_together_by_key_or_title() {
    let document = read(&[("offices", "100"), ("offices", "200 総務課"), ("office", "情報政策課")]).unwrap();
    assert_eq!(
        (&document["offices"], &document["office"]),
        (&json!(["100", "200"]), &json!("100"))
    );
    let document = read(&[("offices", "100; 300"), ("offices", "")]).unwrap();
    assert_eq!(document["offices"], json!(["100", "300"]));
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_form() {
    let faults = read(&[
        ("mail", "x"),
        ("factors", "9"),
        ("office", "999"),
        ("name", ""),
        ("colour", "red"),
        ("note", "a"),
        ("note", "b"),
        ("_csrf", "token"),
    ])
    .unwrap_err();
    assert_eq!(
        told(&faults),
        [
            ("colour", "unknown-field"),
            ("name", "empty"),
            ("office", "unknown-reference"),
            ("factors", "bounds"),
            ("note", "repeated-field"),
        ]
    );
    let faults = read(&[("mail", "x"), ("factors", "9")]).unwrap_err();
    assert_eq!(
        told(&faults),
        [("factors", "bounds"), ("mail", "rule")],
        "one mistake does not hide another"
    );
    assert!(
        faults
            .iter()
            .all(|fault| fault.register == "gadget" && fault.label.is_some())
    );
}

#[test]
fn a_key_that_is_taken_is_a_fault_of_the_key() {
    let mut words = words();
    words.put("gadget", "G-9", "部品");
    let sent = pairs(&[
        ("code", "G-9"),
        ("name", "部品"),
        ("status", "使用中"),
        ("acquired_on", "R8.4.1"),
    ]);
    let faults = form::read(&gadgets(), &sent, &words, None).unwrap_err();
    assert_eq!(told(&faults), [("code", "duplicate-key")]);
    assert!(form::read(&gadgets(), &sent, &words, Some("G-9")).is_ok());
}

#[test]
fn the_key_of_a_row_that_exists_stays() {
    let kind = gadgets();
    let sample = control(Filled::Entry(&kind.sample), "code");
    assert!(sample.fixed && sample.value() == "G-1");
    let mut sent = form::pairs(&kind, &kind.sample);
    sent.retain(|(name, _)| name != "code");
    let document = form::read(&kind, &sent, &words(), Some("G-1")).unwrap();
    assert_eq!(document["code"], json!("G-1"));
    sent.push(("code".to_owned(), "G-2".to_owned()));
    let faults = form::read(&kind, &sent, &words(), Some("G-1")).unwrap_err();
    assert_eq!(told(&faults), [("code", "fixed-key")]);
    let submitted = Filled::Submitted {
        pairs: &sent,
        key: Some("G-1"),
    };
    assert_eq!(control(submitted, "code").value(), "G-1");
}

#[test]
fn what_was_typed_is_shown_again_with_its_faults() {
    let kind = gadgets();
    let sent = pairs(&[
        ("factors", "三"),
        ("acquired_on", "R8.2.30"),
        ("status", "使用中"),
        ("colour", "red"),
    ]);
    let faults = form::read(&kind, &sent, &words(), None).unwrap_err();
    let submitted = Filled::Submitted {
        pairs: &sent,
        key: None,
    };
    let form = Form::of(&kind, submitted, &words(), &faults);
    let control = |name: &str| form.controls.iter().find(|control| control.name == name).unwrap();
    assert_eq!((control("factors").value(), control("factors").faults.len()), ("三", 1));
    assert_eq!(
        control("factors").hint,
        Some(Text::fixed("1から3までの整数", "a whole number from 1 to 3"))
    );
    assert_eq!(
        attribute(control("acquired_on"), "type"),
        Some("text"),
        "a date control would lose it"
    );
    assert_eq!(attribute(control("confirmed_on"), "type"), Some("date"));
    let told: Vec<&str> = form.faults.iter().map(|fault| fault.code).collect();
    assert_eq!(told, ["unknown-field"]);
}

#[test]
fn rows_are_offered_where_they_are_few_and_looked_up_where_they_are_many() {
    let kind = gadgets();
    let mut words = words();
    let look_up = |words: &register::Words| {
        let form = Form::of(&kind, Filled::Entry(&kind.sample), words, &[]);
        match form
            .controls
            .into_iter()
            .find(|control| control.name == "offices")
            .unwrap()
            .widget
        {
            Widget::References(look_up) => look_up,
            other => panic!("{other:?}"),
        }
    };
    let few = look_up(&words);
    let titles: Vec<&str> = few.chosen.iter().map(|name| &*name.title).collect();
    assert_eq!((titles, few.offered.len()), (vec!["情報政策課", "総務課"], 4));
    (0..form::OFFERED).for_each(|n| words.put("office", &format!("x{n}"), "分室"));
    let many = look_up(&words);
    assert_eq!((many.chosen.len(), many.offered.len()), (2, 0));
}

#[test]
fn a_word_that_the_city_no_longer_offers_is_kept_until_it_is_changed() {
    let document = json!({ "tier": "インターネット接続系" });
    let Widget::Select(choices) = control(Filled::Entry(&document), "tier").widget else {
        panic!("no select")
    };
    let offered: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(offered, ["", "番号系", "インターネット接続系"]);
}

#[test]
fn text_with_line_breaks_is_not_squeezed_into_one_line() {
    let document = json!({ "name": "一行目\n二行目" });
    assert_eq!(control(Filled::Entry(&document), "name").widget, Widget::Lines);
    assert_eq!(control(Filled::Nothing, "name").widget, Widget::Text);
}

#[test]
fn controls_stand_under_what_they_are_for() {
    let mut kinds = kinds();
    let added = r#"{ "x-extends": "gadget", "type": "object",
        "properties": { "colour": { "title": "色", "type": "string" } } }"#;
    local::apply(&mut kinds, added).unwrap();
    let form = Form::of(&kinds[0], Filled::Nothing, &words(), &[]);
    let groups: Vec<(String, Vec<&str>)> = form
        .groups(|name| name == "encrypted" || name == "factors" || name == "code")
        .into_iter()
        .map(|group| {
            (
                group.heading.en.to_string(),
                group.controls.iter().map(|c| c.name.as_str()).collect(),
            )
        })
        .collect();
    assert_eq!(groups.len(), 4);
    assert_eq!(
        groups[0],
        ("required".to_owned(), vec!["code", "name", "status", "acquired_on"])
    );
    assert_eq!(
        groups[1],
        ("looked at by duties".to_owned(), vec!["encrypted", "factors"])
    );
    assert_eq!(groups[3], ("added by the city".to_owned(), vec!["local.colour"]));
}

#[test]
fn a_register_may_have_headings_of_its_own() {
    let schema = r#"{ "x-register": "car", "title": "車", "type": "object", "properties": {
        "code": { "title": "番号", "type": "string", "minLength": 1 },
        "seats": { "title": "定員", "type": "integer", "x-group": "大きさ", "x-group-en": "size" },
        "colour": { "title": "色", "type": "string", "pattern": "^[a-z]+$" },
        "doors": { "title": "扉", "type": "integer", "x-group": "大きさ", "x-group-en": "size" }
    }, "required": ["code"], "examples": [{ "code": "V-1" }] }"#;
    let kind = Kind::from_schema(schema).unwrap();
    let form = Form::of(&kind, Filled::Nothing, &words(), &[]);
    let groups: Vec<(String, usize)> = form
        .groups(|_| false)
        .into_iter()
        .map(|group| (group.heading.ja.to_string(), group.controls.len()))
        .collect();
    assert_eq!(groups, [("そのほかの項目".to_owned(), 2), ("大きさ".to_owned(), 2)]);
    let colour = form.controls.iter().find(|control| control.name == "colour").unwrap();
    assert_eq!(attribute(colour, "pattern"), Some("[a-z]+"));
}

#[test]
fn a_document_of_a_program_is_read_like_a_form() {
    let kind = gadgets();
    let sent =
        json!({ "code": " G-9", "name": "部品", "status": "in_use", "acquired_on": "2026-04-01", "office": "100" });
    let document = form::read_document(&kind, &sent, &words(), None).unwrap();
    let form = read(&[("office", "100")]).unwrap();
    assert_eq!(document, form);
    let sent = json!({ "code": "G-9", "name": 1, "status": "在庫", "acquired_on": "2026-04-01", "office": "999",
        "offices": ["100", "x"], "tier": "庁内", "colour": "red", "mail": "x" });
    let faults = form::read_document(&kind, &sent, &words(), None).unwrap_err();
    assert_eq!(
        told(&faults),
        [
            ("colour", "rule"),
            ("name", "rule"),
            ("office", "unknown-reference"),
            ("offices", "unknown-reference"),
            ("tier", "not-a-scheme-word"),
            ("status", "rule"),
        ]
    );
    for no_document in [json!([]), json!("x"), Value::Null] {
        assert_eq!(
            form::read_document(&kind, &no_document, &words(), None)
                .unwrap_err()
                .len(),
            1
        );
    }
    let faults = form::read_document(&kind, &kind.sample, &words(), Some("G-2")).unwrap_err();
    assert_eq!(told(&faults), [("code", "fixed-key")]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_shown_and_sent_unchanged_stays_the_same(document in document()) {
        let (kind, words) = (gadgets(), words());
        let sent = form::pairs(&kind, &document);
        prop_assert_eq!(form::read(&kind, &sent, &words, None), Ok(document.clone()));
        prop_assert_eq!(form::read_document(&kind, &document, &words, None), Ok(document.clone()));
        let form = Form::of(&kind, Filled::Entry(&document), &words, &[]);
        let shown: Vec<(String, String)> = form.controls.iter().flat_map(|control| {
            control.values.iter().map(|value| (control.name.clone(), value.clone()))
        }).collect();
        prop_assert_eq!(shown, sent);
    }

    #[test]
    fn nothing_that_is_sent_panics(sent in prop::collection::vec(("(code|name|offices|status|local.x|[a-z]{0,4})", ".{0,20}"), 0..8)) {
        let (kind, words) = (gadgets(), words());
        let faults = form::read(&kind, &sent, &words, None).err().unwrap_or_default();
        let submitted = Filled::Submitted { pairs: &sent, key: None };
        let form = Form::of(&kind, submitted, &words, &faults);
        let shown = form.faults.len() + form.controls.iter().map(|control| control.faults.len()).sum::<usize>();
        prop_assert_eq!(shown, faults.len(), "every fault is shown once");
    }
}
