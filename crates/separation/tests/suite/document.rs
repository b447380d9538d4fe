//! Configurations that are XML: no secret is shown, what is left after redaction is the same device, and broken ones are read.

use separation::dialect::{Dialect, detect, named};
use separation::source::Source;

use crate::dialect::{read, similar};
use crate::hostile::survives;
use crate::secrets::hidden;
use crate::tables::TABLES;

fn panos() -> &'static dyn Dialect {
    named("panos").expect("a dialect")
}

/// The documents of the tables of packets.
fn documents() -> Vec<&'static str> {
    let (_, tables) = TABLES.iter().find(|(of, _)| *of == "panos").expect("a table");
    let tables = tables.split("====\n").filter(|table| table.starts_with('<'));
    let documents: Vec<&str> = tables.filter_map(|table| table.split("----\n").next()).collect();
    assert!(!documents.is_empty());
    documents
}

#[test]
fn a_document_is_known_by_its_looks_and_so_is_its_redaction() {
    for document in documents() {
        let redacted = panos().redact(Source::new(document)).text;
        for text in [document, &redacted] {
            assert_eq!(detect(text).map(Dialect::name), Some("panos"), "{text}");
        }
        similar("panos", &read(panos(), &redacted), &read(panos(), document));
        assert!(
            redacted.contains("<entry name=\"web\">") && redacted.contains("10.20.1.0/25"),
            "{redacted}"
        );
        assert!(
            !redacted.contains("offices") && !redacted.contains("0b1") && !redacted.contains("floor"),
            "{redacted}"
        );
    }
}

#[test]
fn secrets_of_documents_stay_hidden_wherever_they_stand() {
    for document in documents() {
        for place in [
            "<phash>secret",
            "admin-of-it",
            "What the offices",
            "uuid=\"0b1",
            "<description>floor",
            "CDATA[2",
        ] {
            let text = document.replace(place, &format!("{place}himitsu"));
            assert_ne!(text, document, "{place}");
            hidden(panos(), &text, "himitsu");
        }
    }
}

#[test]
fn a_document_that_ends_anywhere_is_read() {
    for document in documents() {
        for end in (0..document.len())
            .step_by(41)
            .filter(|end| document.is_char_boundary(*end))
        {
            let (text, _) = document.split_at(end);
            survives(panos(), text);
            if end > 10 {
                assert!(
                    !read(panos(), text).unread.is_empty(),
                    "nothing is missing after {text}"
                );
            }
        }
    }
}

#[test]
fn what_is_no_plain_document_is_told() {
    for (text, line) in [
        ("<?xml version=\"1.0\"?>\n<!DOCTYPE config>\n<config/>\n", 2),
        ("<config>\n<devices>\n</config>\n", 3),
        ("<config>\n<devices class=\"a\"/></config>\n", 2),
        ("<config>\n<devices class=a/></config>\n", 2),
        ("<config><vsys>\n<entry/></vsys></config>\n", 2),
        (
            "<config><vsys>\n<entry name=\"vsys1\">text</entry></vsys></config>\n",
            2,
        ),
        ("<config>\n<strange/></config>\n", 2),
    ] {
        let unread = read(panos(), text).unread;
        assert!(
            unread.iter().any(|unread| unread.line.number == line),
            "{text}{unread:#?}"
        );
    }
}
