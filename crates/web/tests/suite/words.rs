//! Every Japanese message of the templates has its English, and no English is left over.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use model::lang::Lang;

fn templates(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| if path.is_dir() { templates(&path) } else { vec![path] });
    let mut found: Vec<PathBuf> = found.collect();
    found.sort();
    found
}

/// The templates, without the long texts that exist once a language (`….ja.html`, `….en.html`).
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let files = templates(&root).into_iter();
    let named = files.map(|path| (path.strip_prefix(&root).unwrap().display().to_string(), path));
    let shared = named.filter(|(name, _)| !name.ends_with(".ja.html") && !name.ends_with(".en.html"));
    shared
        .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
        .collect()
}

/// The text before a filter `t`: `"登録する"|t`.
fn messages(source: &str) -> impl Iterator<Item = &str> {
    let parts: Vec<&str> = source.split("\"|t").collect();
    let pairs: Vec<(&str, &str)> = parts.iter().copied().zip(parts.iter().copied().skip(1)).collect();
    pairs.into_iter().filter_map(|(before, after)| {
        let whole = after.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        whole.then(|| before.rsplit('"').next().unwrap())
    })
}

#[test]
fn every_message_of_the_templates_has_its_english_and_none_is_left_over() {
    let english: BTreeSet<String> = toml::from_str::<toml::Table>(web::words::ENGLISH)
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let mut used = BTreeSet::new();
    let mut missing = BTreeSet::new();
    for (file, source) in sources() {
        for message in messages(&source) {
            used.insert(message.to_owned());
            if !english.contains(message) {
                missing.insert(format!("{file}: \"{message}\" = \"\""));
            }
        }
    }
    let unused: Vec<&String> = english.difference(&used).collect();
    assert!(
        missing.is_empty(),
        "not in locales/en.toml:\n{}",
        missing.into_iter().collect::<Vec<_>>().join("\n")
    );
    assert!(unused.is_empty(), "no template uses: {unused:?}");
}

#[test]
fn no_template_holds_japanese_that_cannot_be_switched() {
    let mut held = Vec::new();
    for (file, source) in sources() {
        for (number, line) in source.lines().enumerate() {
            let mut rest = line.to_owned();
            for message in messages(line) {
                rest = rest.replace(&format!("\"{message}\"|t"), "");
            }
            // The switch names each language in itself.
            let rest = rest.replace("日本語", "");
            if rest
                .chars()
                .any(|c| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='龥'))
            {
                held.push(format!("{file}:{}: {}", number + 1, rest.trim()));
            }
        }
    }
    assert!(held.is_empty(), "{}", held.join("\n"));
}

#[test]
fn no_english_is_empty_or_japanese() {
    let english: toml::Table = toml::from_str(web::words::ENGLISH).unwrap();
    for (ja, en) in &english {
        let en = en.as_str().unwrap();
        assert!(!en.is_empty(), "{ja}");
        assert!(
            en.is_ascii() || !en.chars().any(|c| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='龥')),
            "{ja} = {en}"
        );
    }
    assert_eq!(web::words::message("三門", Lang::Ja), "三門");
    assert_eq!(web::words::message("三門", Lang::En), "Sanmon");
}
