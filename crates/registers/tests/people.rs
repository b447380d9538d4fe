//! Every register as people and programs meet it: in forms, in lists, in differences, in the API.

use std::collections::BTreeSet;

use model::lang::{Lang, Text};
use model::scheme::Schemes;
use register::form::{self, Filled, Form};
use register::list::{self, By, Condition};
use register::openapi::OpenApi;
use register::table::{self, Format};
use register::{Entry, Field, FieldKind, KEY, Kind, Words, difference, import, plan};
use serde_json::{Value, json};

/// The national words, and a row for every reference of the sample.
fn words(kind: &Kind) -> Words {
    let mut words = Words::new(Schemes::default());
    for field in &kind.fields {
        if let (Some(register), Some(value)) = (field.target(), field.of(&kind.sample)) {
            let codes = value.as_str().into_iter();
            let listed = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            codes
                .chain(listed)
                .for_each(|code| words.add(register, code, &format!("{code}の名称")));
        }
    }
    words
}

/// The sample with a value for every field.
fn complete(kind: &Kind) -> Value {
    let value = |field: &Field| match (field.of(&kind.sample), &field.kind) {
        (Some(value), _) => value.clone(),
        (None, FieldKind::Boolean) if !field.nullable => json!(false),
        (None, FieldKind::References(_)) => json!([]),
        (None, _) => Value::Null,
    };
    let fields = kind.fields.iter();
    fields.map(|field| (field.name.clone(), value(field))).collect()
}

#[track_caller]
fn is_in_both_languages(text: &Text) {
    assert!(!text.ja.is_ascii() && !text.en.trim().is_empty(), "{text:?}");
    assert!(text.en.is_ascii(), "{text:?}");
}

#[test]
fn a_sample_shown_in_a_form_and_sent_unchanged_stays_the_same() {
    for kind in registers::all() {
        let (words, complete) = (words(&kind), complete(&kind));
        let sent = form::pairs(&kind, &kind.sample);
        let key = kind.key_of(&kind.sample);
        assert_eq!(
            form::read(&kind, &sent, &words, None).unwrap(),
            complete,
            "{}",
            kind.slug
        );
        assert_eq!(
            form::read(&kind, &sent, &words, Some(key)).unwrap(),
            complete,
            "{}",
            kind.slug
        );
        let document = form::read_document(&kind, &kind.sample, &words, None).unwrap();
        assert_eq!(document, complete, "{}", kind.slug);
    }
}

#[test]
fn a_form_says_in_both_languages_what_to_enter() {
    for kind in registers::all() {
        let form = Form::of(&kind, Filled::Nothing, &words(&kind), &[]);
        assert_eq!(form.controls.len(), kind.fields.len());
        for control in &form.controls {
            let hints = control.hint.iter().chain(&control.help);
            hints.for_each(|hint| assert!(!hint.en.is_empty() && !hint.ja.is_ascii(), "{hint:?}"));
            let reference = control
                .attributes
                .iter()
                .any(|(name, value)| *name == "type" && value == "date");
            assert!(!reference || control.hint.is_some(), "{}.{}", kind.slug, control.name);
        }
        let groups = form.groups(|name| Some(name) == kind.dated_by.as_deref());
        groups.iter().for_each(|group| is_in_both_languages(&group.heading));
        let shown: usize = groups.iter().map(|group| group.controls.len()).sum();
        assert_eq!(
            shown,
            form.controls.len(),
            "{}: every control stands in one group",
            kind.slug
        );
    }
}

#[test]
fn an_empty_form_is_missing_what_is_required_and_nothing_else() {
    for kind in registers::all() {
        let faults = form::read(&kind, &[], &words(&kind), None).unwrap_err();
        let missing: Vec<&str> = faults.iter().filter_map(|fault| fault.field.as_deref()).collect();
        let required: Vec<&str> = kind
            .fields
            .iter()
            .filter(|field| field.required)
            .map(|field| field.name.as_str())
            .collect();
        assert_eq!(missing, required, "{}", kind.slug);
        faults.iter().for_each(|fault| is_in_both_languages(&fault.message));
    }
}

#[test]
fn a_list_finds_the_sample_by_each_of_its_values() {
    for kind in registers::all() {
        let (words, complete) = (words(&kind), complete(&kind));
        let terms = list::index(&kind, &complete, &words);
        assert!(terms.text.starts_with(kind.title_of(&complete)) && terms.text.contains(kind.key_of(&complete)));
        let told: BTreeSet<&str> = terms.fields.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(told.len(), kind.fields.len(), "{}: a field without a key", kind.slug);
        for filter in list::filters(&kind, &words) {
            let field = kind.field(&filter.field).unwrap();
            let shown = field.show(field.of(&complete).unwrap(), Lang::En).into_owned();
            let empty = shown.is_empty();
            let value = shown.split(';').next().filter(|_| !empty).unwrap_or(list::EMPTY);
            let query = [(format!("filter[{}]", filter.field), value.to_owned())];
            let asked = list::ask(&kind, &query, &words).unwrap_or_else(|faults| panic!("{}: {faults:?}", kind.slug));
            let [(name, Condition::Is(key))] = asked.conditions.as_slice() else {
                panic!("{asked:?}")
            };
            assert!(
                terms.fields.contains(&(name.clone(), key.clone())),
                "{}.{name}: {value}",
                kind.slug
            );
        }
    }
}

#[test]
fn what_a_list_shows_is_told_in_words() {
    for kind in registers::all() {
        let (words, complete) = (words(&kind), complete(&kind));
        for column in list::columns(&kind) {
            let field = column.field;
            let value = field.of(&complete).unwrap();
            let shown = |lang| field.display(value, &words, lang).text(lang).into_owned();
            match &field.kind {
                FieldKind::Choice(_) if !value.is_null() => {
                    assert_eq!(shown(Lang::Ja), field.choice_label(value.as_str().unwrap(), Lang::Ja));
                    assert!(!shown(Lang::Ja).contains('_') && !shown(Lang::En).contains('_'));
                }
                FieldKind::Reference(_) if !value.is_null() => assert!(shown(Lang::Ja).contains("の名称")),
                FieldKind::Date if !value.is_null() => {
                    assert!(shown(Lang::Ja).ends_with('日'))
                }
                FieldKind::Scheme(_) if !value.is_null() => assert!(shown(Lang::En).is_ascii(), "{}", shown(Lang::En)),
                _ => {}
            }
        }
        for filter in list::filters(&kind, &words) {
            if let By::Options(options) = filter.by {
                assert!(
                    options
                        .iter()
                        .all(|(_, label)| !label.ja.is_empty() && label.en.is_ascii()),
                    "{}",
                    kind.slug
                );
            }
        }
    }
}

#[test]
fn a_register_with_readings_is_sorted_by_them() {
    let kinds = registers::all();
    let with: Vec<&str> = kinds
        .iter()
        .filter(|kind| kind.field(list::READING).is_some())
        .map(|kind| kind.slug.as_str())
        .collect();
    assert_eq!(with, ["organ", "section", "person", "vendor"]);
    let person = kinds.iter().find(|kind| kind.slug == "person").unwrap();
    let key = |name: &str, reading: &str| {
        let mut document = person.sample.clone();
        document["name"] = json!(name);
        document["reading"] = json!(reading);
        let terms = list::index(person, &document, &words(person));
        let key = terms.fields.into_iter().find(|(field, _)| *field == person.title);
        key.map(|(_, key)| key)
    };
    assert!(key("青木 一郎", "あおき いちろう") < key("見本 花子", "みほん はなこ"));
    // Without them by the order of JIS X 0208: 見 (けん) before 青 (せい).
    assert!(key("見本 花子", "") < key("青木 一郎", ""));
}

#[test]
fn a_difference_names_every_field_that_changed() {
    for kind in registers::all() {
        let (words, new) = (words(&kind), complete(&kind));
        let old = json!({ KEY: kind.key_of(&new) });
        let told = difference::told(&kind, &old, &new, &words, Lang::Ja);
        let shown = told
            .iter()
            .filter(|told| told.field != KEY && told.new.text(Lang::Ja).is_empty())
            .count();
        let blank = new
            .as_object()
            .unwrap()
            .values()
            .filter(|value| *value == &json!([]))
            .count();
        assert_eq!(shown, blank, "{}: {told:?}", kind.slug);
        assert!(difference::told(&kind, &new, &new, &words, Lang::Ja).is_empty());
    }
}

#[test]
fn what_is_exported_changes_nothing_when_it_is_imported() {
    for kind in registers::all() {
        let words = words(&kind);
        let entries: Vec<Entry> = ["Ａ－１", "=1", "C 1"]
            .into_iter()
            .map(|key| {
                let mut document = complete(&kind);
                document[KEY] = json!(key);
                Entry {
                    key: key.to_owned(),
                    title: kind.title_of(&document).to_owned(),
                    document,
                    row: 0,
                    table: 0,
                }
            })
            .collect();
        for format in [Format::Csv, Format::Xlsx] {
            let documents = entries.iter().map(|entry| &entry.document);
            let bytes = table::write(&kind, documents, &words, format, Lang::Ja).unwrap();
            let sheets = table::read(&format!("{}.csv", kind.slug), bytes).unwrap();
            let (tables, _) = table::assign(std::slice::from_ref(&kind), sheets);
            let imported = import(std::slice::from_ref(&kind), &tables, words.clone()).unwrap();
            let plan = plan(&kind, &entries, &imported.entries[&kind.slug]);
            let idle = plan.created.is_empty() && plan.changed.is_empty() && plan.absent.is_empty();
            assert!(idle && plan.unchanged.len() == 3, "{}: {plan:?}", kind.slug);
        }
    }
}

/// A choice is sorted by its place, and stores commit to that: add new words at the end of their list.
#[test]
fn the_words_of_a_choice_keep_their_places() {
    let kinds = registers::all();
    let mut lines = Vec::new();
    for kind in &kinds {
        for field in &kind.fields {
            if let FieldKind::Choice(choices) = &field.kind {
                let words: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
                lines.push(format!("{}.{}: {}", kind.slug, field.name, words.join(" ")));
            }
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_api_has_every_verb_for_every_register() {
    let kinds = registers::all();
    let document = OpenApi::of(&kinds, "1.0.0").document();
    for kind in &kinds {
        for (path, methods) in [
            (format!("/registers/{}", kind.slug), &["get", "post"][..]),
            (format!("/registers/{}/{{key}}", kind.slug), &["get", "put"]),
            (format!("/registers/{}/{{key}}/retire", kind.slug), &["post"]),
            (format!("/registers/{}/{{key}}/restore", kind.slug), &["post"]),
            (format!("/registers/{}/{{key}}/history", kind.slug), &["get"]),
            (format!("/tables/{}", kind.slug), &["get", "post"]),
        ] {
            let item = document["paths"][&path].as_object().unwrap_or_else(|| panic!("{path}"));
            assert_eq!(item.keys().collect::<Vec<_>>(), methods, "{path}");
        }
        assert_eq!(
            document["components"]["schemas"][&kind.slug]["properties"], kind.schema["properties"],
            "{}",
            kind.slug
        );
    }
}
