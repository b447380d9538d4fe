//! A city's own policy text becomes a tree of clauses.
//!
//! [`parse`] takes the text through these parts, each of which only adds to what the one before found:
//! physical lines → page furniture out → title and contents page → lines cut before labels inside them →
//! outline (which label opens a clause, and on which level) → heading and body of each clause → terms, references and
//! the other findings. The source is never changed; every clause holds its byte span.
//!
//! To support one more label style, add a member to `label::Style` and a reader to the list beside it.

pub mod clause;
pub mod read;

mod completeness;
mod contents;
mod end_matter;
mod front;
mod furniture;
mod glyph;
mod heading;
mod inline;
mod label;
mod lexicon;
mod line;
mod mismatch;
mod ordinal;
mod outline;
mod passage;
mod place;
mod plausible;
mod profile;
mod reader;
mod references;
mod remark;
mod render;
mod revised;
mod stack;
mod terms;
mod tree;
mod wording;

pub use clause::{Clause, ContentsRow, Document, Paragraph, Revised, Term};
pub use references::{Reference, references};
pub use render::render;

use lexicon::Lexicon;
use line::Line;
use model::diagnostic::Span;
use tree::Tree;

/// Parses the text of a policy.
///
/// Any text gives a document: what is odd about it stands in [`Document::diagnostics`].
///
/// ```
/// let document = policy::text::parse("見本市情報セキュリティ基本方針\n\n1 目的\n\nこの方針は、見本を示す。\n");
/// assert_eq!(document.title, "見本市情報セキュリティ基本方針");
/// assert_eq!(document.clause("1").unwrap().heading, "目的");
/// ```
#[must_use]
pub fn parse(source: &str) -> Document {
    let mut lines = line::lines(source);
    let numbers_are_labels = furniture::numbers_are_labels(&lines);
    lines = furniture::strip(&lines, numbers_are_labels);
    line::mark_full(&mut lines);
    let contents = contents::read(&lines);
    let title = find_title(&lines, &contents);
    let lexicon = Lexicon::new(&contents.rows);
    let mut body = body_lines(&lines, &contents, title.as_ref());
    furniture::cut_site_end(&mut body);
    let units = inline::split(&body, &lexicon);
    let outline = outline::build(&units, &lexicon);
    let (ids, repeated) = outline.tree.ids();
    let bodies = bodies(&outline.tree, &lexicon);
    let mut diagnostics = outline.findings;
    for node in repeated {
        let place = outline.tree.nodes.get(node).zip(ids.get(node));
        diagnostics
            .extend(place.map(|(node, id)| completeness::repeated_id(id, node.label, Span::new(node.start, node.end))));
    }
    let clauses = outline.tree.clauses(ids, bodies);
    let front = front_end(&lines, &clauses);
    let mut document = Document {
        title: title.map(|title| title.text).unwrap_or_default(),
        revised: revised::find(&lines, front),
        contents: contents.rows,
        terms: Vec::new(),
        clauses,
        diagnostics,
        source: source.to_owned(),
    };
    document.terms = terms::find(&document);
    let findings = [
        completeness::findings(&document),
        mismatch::findings(&document),
        references::findings(&document),
        wording::findings(&document),
    ];
    document.diagnostics.extend(findings.into_iter().flatten());
    document
        .diagnostics
        .sort_by_key(|finding| finding.span.map_or(0, |span| span.start));
    document
}

/// How many lines stand before the first clause.
fn front_end(lines: &[Line<'_>], clauses: &[Clause]) -> usize {
    let first = clauses
        .iter()
        .find(|clause| clause.id != "0")
        .map_or(usize::MAX, |clause| clause.span.start);
    lines.partition_point(|line| line.start < first)
}

/// The title stands above the contents page, or, where none does, between it and the first sentence.
fn find_title(lines: &[Line<'_>], contents: &contents::Contents) -> Option<front::Title> {
    let sentence = lines
        .iter()
        .position(|line| glyph::has_sentence(line.text))
        .unwrap_or(lines.len());
    let above = if contents.rows.is_empty() {
        sentence
    } else {
        contents.lines.start
    };
    front::title(lines, above).or_else(|| front::title(lines, sentence))
}

/// The lines that clauses are read from.
fn body_lines<'s>(lines: &[Line<'s>], contents: &contents::Contents, title: Option<&front::Title>) -> Vec<Line<'s>> {
    let after_title = title.map_or(0, |title| title.line + 1);
    let key = title.map(|title| glyph::match_key(&title.text));
    let rest: Vec<Line<'s>> = lines
        .iter()
        .enumerate()
        .filter(|(index, _)| *index >= after_title && !contents.lines.contains(index))
        .map(|(_, line)| *line)
        .collect();
    furniture::without(&rest, |line| {
        key.as_ref()
            .is_some_and(|key| line.text.len() <= 4 * key.len() && glyph::match_key(line.text) == *key)
    })
}

/// Heading and paragraphs of every node.
fn bodies(tree: &Tree<'_>, lexicon: &Lexicon) -> Vec<heading::Body> {
    let mut bodies: Vec<heading::Body> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let parent = node
            .parent
            .and_then(|parent| Some((tree.nodes.get(parent)?, bodies.get(parent)?)));
        let place = heading::Place {
            top: parent.is_none_or(|(node, _)| node.style.rank().is_some_and(|rank| rank < 5)),
            definitions: parent.is_some_and(|(_, body)| lexicon::is_definitions(&body.heading)),
            lexicon,
        };
        bodies.push(heading::body(node, place));
    }
    bodies
}

#[cfg(test)]
mod tests;
