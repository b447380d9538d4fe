//! Any text gives a document whose spans lie in it, and so does what that document renders to.

#![no_main]

use libfuzzer_sys::fuzz_target;
use policy::text::{Document, parse, references, render};

fuzz_target!(|source: &str| {
    let document = parse(source);
    check(&document);
    check(&parse(&render(&document)));
});

fn check(document: &Document) {
    let source = document.source.as_str();
    for clause in document.walk() {
        assert!(clause.span.of(source).is_some(), "{}", clause.id);
        let inside = clause.paragraphs.iter().map(|paragraph| paragraph.span);
        let inside = inside.chain(clause.children.iter().map(|child| child.span));
        for span in inside {
            assert!(clause.span.contains(span), "{}", clause.id);
            assert!(span.of(source).is_some(), "{}", clause.id);
        }
    }
    for finding in &document.diagnostics {
        assert!(finding.span.is_none_or(|span| span.of(source).is_some()), "{finding:?}");
    }
    for reference in references(document) {
        assert!(reference.span.of(source).is_some(), "{reference:?}");
    }
}
