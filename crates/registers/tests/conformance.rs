//! One suite asks every register the same questions; it names the register and the field that fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use policy::concept::Concepts;
use register::words::fold;
use register::{Field, FieldKind, KEY, Kind};

/// Japanese labels that are the field's own term in Latin letters.
static LATIN: &[&str] = &[
    "CSIRT", "EDR", "ICMP", "ISMAP", "ISMS", "J-LIS", "OS", "TCP", "UDP", "URL", "VLAN",
];

/// A register that outgrows this holds two things.
const LINES: usize = 90;

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name)
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Every field of every register.
fn fields(kinds: &[Kind]) -> impl Iterator<Item = (&Kind, &Field)> {
    kinds
        .iter()
        .flat_map(|kind| kind.fields.iter().map(move |field| (kind, field)))
}

fn is_japanese(text: &str) -> bool {
    LATIN.contains(&text) || !text.is_ascii()
}

#[test]
fn a_definition_has_no_defect() {
    for kind in registers::all() {
        assert!(kind.defects().is_empty(), "{}: {:#?}", kind.slug, kind.defects());
    }
}

#[test]
fn a_slug_is_one_snake_case_word_of_its_own() {
    let kinds = registers::all();
    let slugs: BTreeSet<&str> = kinds.iter().map(|kind| kind.slug.as_str()).collect();
    assert_eq!(slugs.len(), kinds.len(), "two registers share a slug");
    for slug in slugs {
        let snake = slug.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(snake && !slug.starts_with('_') && !slug.ends_with('_'), "{slug}");
    }
}

#[test]
fn each_register_is_one_short_file_named_after_it_and_listed() {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(source("")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        if text.contains("impl Register for") {
            let lines = text.lines().count();
            assert!(lines <= LINES, "{}: {lines} lines", path.display());
            files.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    // A sheet that is read like a register and is none: what it says changes others.
    assert!(files.remove("transfer"));
    let slugs: BTreeSet<String> = registers::all().into_iter().map(|kind| kind.slug).collect();
    assert_eq!(files, slugs);
}

#[test]
fn labels_are_japanese_and_english_and_none_means_two_fields() {
    let kinds = registers::all();
    for kind in &kinds {
        assert!(is_japanese(&kind.label.ja) && kind.label.en.is_ascii(), "{}", kind.slug);
        let mut headings: BTreeMap<String, &str> = BTreeMap::new();
        for field in &kind.fields {
            for heading in [&*field.name, &*field.label.ja, &*field.label.en] {
                let other = headings.insert(fold(heading).into_owned(), &field.name);
                assert!(
                    other.is_none_or(|other| other == field.name),
                    "{}: {heading} of two fields",
                    kind.slug
                );
            }
        }
    }
    let registers: BTreeSet<_> = kinds.iter().flat_map(|kind| [&kind.label.ja, &kind.label.en]).collect();
    assert_eq!(registers.len(), kinds.len() * 2, "two registers share a label");
    for (kind, field) in fields(&kinds) {
        let place = format!("{}.{}", kind.slug, field.name);
        let mut labels = vec![&field.label];
        if let FieldKind::Choice(choices) = &field.kind {
            labels.extend(choices.iter().map(|choice| &choice.label));
        }
        for label in labels {
            assert!(is_japanese(&label.ja), "{place}: {label:?}");
            assert!(label.en.is_ascii() && !label.en.trim().is_empty(), "{place}: {label:?}");
        }
    }
}

#[test]
fn help_is_given_in_both_languages_or_not_at_all() {
    for (kind, field) in fields(&registers::all()) {
        let Some(help) = &field.help else { continue };
        let place = format!("{}.{}", kind.slug, field.name);
        assert!(is_japanese(&help.ja) && help.ja.ends_with('。'), "{place}: {}", help.ja);
        assert!(help.en.is_ascii() && !help.en.ends_with('.'), "{place}: {}", help.en);
    }
}

#[test]
fn the_list_page_leads_with_the_key_and_shows_the_title() {
    for kind in registers::all() {
        assert_eq!(kind.columns.first().map(String::as_str), Some(KEY), "{}", kind.slug);
        assert_eq!(
            kind.fields.first().map(|field| field.name.as_str()),
            Some(KEY),
            "{}",
            kind.slug
        );
        assert!(kind.columns.contains(&kind.title), "{}", kind.slug);
        let columns: BTreeSet<&String> = kind.columns.iter().collect();
        assert_eq!(columns.len(), kind.columns.len(), "{}: a column twice", kind.slug);
    }
}

#[test]
fn a_reference_leads_to_a_register_that_exists() {
    let kinds = registers::all();
    let slugs: BTreeSet<&str> = kinds.iter().map(|kind| kind.slug.as_str()).collect();
    for (kind, field) in fields(&kinds) {
        if let FieldKind::Reference(to) | FieldKind::References(to) = &field.kind {
            assert!(
                slugs.contains(to.as_str()),
                "{}.{} refers to {to}",
                kind.slug,
                field.name
            );
        }
    }
}

#[test]
fn a_register_serves_concepts_of_the_standard() {
    let concepts = Concepts::shipped().unwrap();
    for kind in registers::all() {
        assert!(!kind.concepts.is_empty(), "{} serves nothing", kind.slug);
        for concept in &kind.concepts {
            assert!(
                concepts.contains(concept),
                "{}: there is no concept {concept}",
                kind.slug
            );
        }
    }
}

/// What a duty judges is optional, so that its absence is a finding and not an unreadable row.
#[test]
fn only_what_names_a_row_is_required() {
    let kinds = registers::all();
    let mut required: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (kind, field) in fields(&kinds).filter(|(_, field)| field.required) {
        assert_ne!(field.kind, FieldKind::Boolean, "{}.{}", kind.slug, field.name);
        required.entry(&kind.slug).or_default().push(&field.name);
    }
    let lines: Vec<String> = required
        .iter()
        .map(|(slug, names)| format!("{slug}: {}", names.join(" ")))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_guide_shows_a_register_as_it_is() {
    let guide = fs::read_to_string(repository("docs/add-a-register.md")).unwrap();
    let file = fs::read_to_string(source("attendance.rs")).unwrap();
    let shown = guide
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    assert_eq!(shown, Some(file.as_str()));
}
