//! What is asked of every sample of every page, in both languages.

use std::collections::{BTreeMap, BTreeSet};

use model::lang::Lang;
use web::page::Sample;
use web::pages;

use crate::html::{self, Piece};
use crate::sample::site;

/// Asks something of every sample in both languages; the answers that name a fault are told together.
fn ask(question: impl Fn(&Sample, &[Piece], Lang) -> Vec<String>) {
    let site = site();
    let mut faults = Vec::new();
    for lang in [Lang::Ja, Lang::En] {
        for sample in pages::samples(&site, lang) {
            let pieces = html::pieces(&sample.html);
            let found = question(&sample, &pieces, lang);
            faults.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{} ({lang:?}): {fault}", sample.name)),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A snapshot shows how a page is made; the end of a long one says nothing new.
fn beginning(outline: &str) -> String {
    const LONG: usize = 240;
    let lines: Vec<&str> = outline.lines().collect();
    let rest = lines.len().saturating_sub(LONG);
    let shown = lines[..lines.len() - rest].join("\n");
    if rest == 0 {
        shown
    } else {
        format!("{shown}\n… and {rest} more lines")
    }
}

fn open<'p>(
    pieces: &'p [Piece],
    wanted: &'p [&'p str],
) -> impl Iterator<Item = (&'p str, &'p BTreeMap<String, String>)> {
    pieces.iter().filter_map(move |piece| match piece {
        Piece::Open(name, attributes) if wanted.is_empty() || wanted.contains(&name.as_str()) => {
            Some((name.as_str(), attributes))
        }
        _ => None,
    })
}

#[test]
fn every_page_reads_as_its_snapshot_in_both_languages() {
    let site = site();
    for lang in [Lang::Ja, Lang::En] {
        let code = web::lang::code(lang);
        let samples = pages::samples(&site, lang);
        for sample in &samples {
            insta::assert_snapshot!(
                format!("{}.{code}", sample.name),
                beginning(&html::outline(main(&sample.html)))
            );
        }
        let framed = samples.iter().find(|sample| sample.name == "confirm").unwrap();
        insta::assert_snapshot!(format!("frame.{code}"), html::outline(&framed.html));
    }
}

/// What stands inside the frame; the frame itself is one snapshot.
fn main(page: &str) -> &str {
    let (_, inside) = page.split_once("<main").unwrap();
    let (_, inside) = inside.split_once('>').unwrap();
    inside.split_once("</main>").unwrap().0
}

/// How often an element stands on a page; a picture has a title of its own.
fn count_outside_pictures(pieces: &[Piece], wanted: &str) -> usize {
    let (mut pictures, mut count) = (0_usize, 0);
    for piece in pieces {
        match piece {
            Piece::Open(name, _) if name == "svg" => pictures += 1,
            Piece::Close(name) if name == "svg" => pictures -= 1,
            Piece::Open(name, _) if name == wanted && pictures == 0 => count += 1,
            _ => {}
        }
    }
    count
}

#[test]
fn every_page_is_well_formed_with_one_title_and_one_heading() {
    ask(|_, pieces, lang| {
        let mut faults: Vec<String> = html::misnested(pieces).into_iter().collect();
        for name in ["title", "h1", "main"] {
            let count = count_outside_pictures(pieces, name);
            if count != 1 {
                faults.push(format!("{count} <{name}>"));
            }
        }
        let said = open(pieces, &["html"]).find_map(|(_, attributes)| attributes.get("lang"));
        if said.map(String::as_str) != Some(web::lang::code(lang)) {
            faults.push("the language is not said".to_owned());
        }
        faults
    });
}

#[test]
fn no_page_carries_a_style_a_script_or_a_handler_of_its_own() {
    ask(|_, pieces, _| {
        let mut faults = Vec::new();
        for (name, attributes) in open(pieces, &[]) {
            let own = attributes.keys().filter(|key| *key == "style" || key.starts_with("on"));
            faults.extend(own.map(|key| format!("<{name} {key}>")));
            if name == "style" || (name == "script" && !attributes.contains_key("src")) {
                faults.push(format!("<{name}>"));
            }
        }
        faults
    });
}

#[test]
fn every_id_is_unique_and_every_reference_to_one_leads_somewhere() {
    ask(|_, pieces, _| {
        let mut faults = Vec::new();
        let mut ids = BTreeSet::new();
        for (_, attributes) in open(pieces, &[]) {
            if let Some(id) = attributes.get("id")
                && !ids.insert(id.as_str())
            {
                faults.push(format!("id `{id}` stands twice"));
            }
        }
        for (name, attributes) in open(pieces, &[]) {
            let named = [
                "for",
                "aria-labelledby",
                "aria-describedby",
                "aria-controls",
                "popovertarget",
            ];
            let values = named.iter().filter_map(|key| attributes.get(*key));
            let inside = attributes.get("href").and_then(|href| href.strip_prefix('#'));
            let wanted = values.flat_map(|value| value.split(' ')).chain(inside);
            let lost = wanted.filter(|id| !ids.contains(id));
            faults.extend(lost.map(|id| format!("<{name}> refers to `{id}`, which is not there")));
        }
        faults
    });
}

#[test]
fn every_control_has_a_label_and_every_form_that_changes_something_its_token() {
    ask(|_, pieces, _| {
        let mut faults = Vec::new();
        let labelled: BTreeSet<&str> = open(pieces, &["label"])
            .filter_map(|(_, attributes)| attributes.get("for").map(String::as_str))
            .collect();
        let mut wrapped = 0_usize;
        // Before sign-in there is no session that another site could misuse; the origin of the request is checked.
        let signed_in =
            open(pieces, &["a"]).any(|(_, attributes)| attributes.get("href").is_some_and(|href| href == "/account"));
        let mut form: Option<(bool, bool)> = None;
        for piece in pieces {
            match piece {
                Piece::Open(name, _) if name == "label" => wrapped += 1,
                Piece::Close(name) if name == "label" => wrapped -= 1,
                Piece::Open(name, attributes) if name == "form" => {
                    form = Some((attributes.get("method").is_some_and(|method| method == "post"), false));
                }
                Piece::Close(name) if name == "form" && form.take() == Some((true, false)) && signed_in => {
                    faults.push("a form without its token".to_owned());
                }
                Piece::Open(name, attributes) if ["input", "select", "textarea"].contains(&name.as_str()) => {
                    let of = |key: &str| attributes.get(key).map_or("", String::as_str);
                    if let Some((_, token)) = form.as_mut().filter(|_| of("name") == "csrf") {
                        *token = true;
                    }
                    let named = wrapped > 0 || labelled.contains(of("id")) || !of("aria-label").is_empty();
                    if of("type") != "hidden" && !named {
                        faults.push(format!("<{name} {}> has no label", of("name")));
                    }
                }
                _ => {}
            }
        }
        faults
    });
}

#[test]
fn every_shipped_criterion_is_said_in_words() {
    let site = site();
    let edition = site.edition().unwrap();
    let unsaid = edition
        .policy
        .duties
        .iter()
        .filter(|duty| duty.criterion.ja.contains("、式 "));
    let unsaid: Vec<String> = unsaid.map(|duty| format!("{}: {}", duty.id, duty.expression)).collect();
    assert!(
        unsaid.is_empty(),
        "{} without words:\n{}",
        unsaid.len(),
        unsaid.join("\n")
    );
    let said = edition.policy.duties.iter().step_by(12);
    let said: Vec<String> = said
        .map(|duty| format!("{}\n{}\n{}\n", duty.expression, duty.criterion.ja, duty.criterion.en))
        .collect();
    insta::assert_snapshot!("criteria", said.join("\n"));
}
