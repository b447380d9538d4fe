//! Definitions: the term, its other names, what it means.

use model::diagnostic::Span;

use super::clause::{Clause, Document, Paragraph, Term};
use super::glyph;
use super::heading;
use super::label;
use super::lexicon;

/// The terms that the definition clauses of a document define.
pub(super) fn find(document: &Document) -> Vec<Term> {
    let mut terms = Vec::new();
    for clause in document
        .walk()
        .filter(|clause| lexicon::is_definitions(&clause.heading))
    {
        let own = clause
            .paragraphs
            .iter()
            .filter_map(|paragraph| in_paragraph(&clause.id, paragraph));
        terms.extend(own);
        terms.extend(clause.children.iter().filter_map(of_clause));
    }
    terms
}

/// An item of a definition clause: heading and body, or both in one sentence.
fn of_clause(clause: &Clause) -> Option<Term> {
    if clause.heading.is_empty() {
        let first = clause.paragraphs.first()?;
        let term = in_paragraph(&clause.id, first)?;
        let span = Span::new(clause.span.start, term.span.end);
        return Some(Term { span, ..term });
    }
    let text = if clause.text.is_empty() {
        children_text(clause)
    } else {
        clause.text.clone()
    };
    let end = clause
        .paragraphs
        .last()
        .map_or(clause.span.end, |paragraph| paragraph.span.end);
    let term = term(&clause.id, &clause.heading, text, Span::new(clause.span.start, end));
    Some(term)
}

/// A definition that is a list only: `端末 ア 据置型 イ 携帯型`.
fn children_text(clause: &Clause) -> String {
    let items = clause.children.iter().map(|child| {
        if child.text.is_empty() {
            child.heading.as_str()
        } else {
            &child.text
        }
    });
    items.collect::<Vec<_>>().join("、")
}

/// `「端末」とは、…をいう。`, `端末とは、…`, `「端末」:…`, `端末・・・…`
fn in_paragraph(clause: &str, paragraph: &Paragraph) -> Option<Term> {
    let text = paragraph.text.as_str();
    let (name, body) = heading::led_or_quoted(text).or_else(|| called(text))?;
    Some(term(clause, name, body.to_owned(), paragraph.span))
}

fn called(text: &str) -> Option<(&str, &str)> {
    let (name, body) = text.split_once("とは")?;
    let name = name.trim_matches(['「', '」', '『', '』']);
    let body = body.trim_start_matches(['、', '，']);
    (heading::could_head(name) && !name.contains(['、', '，']) && !body.is_empty()).then_some((name, body))
}

fn term(clause: &str, name: &str, text: String, span: Span) -> Term {
    let name = glyph::fold_spaces(name.trim_matches(['「', '」', '『', '』']));
    let (term, alternative) = without_alternative(&name);
    let mut aliases: Vec<String> = alternative.into_iter().collect();
    aliases.extend(short_names(&text));
    aliases.dedup();
    Term {
        term,
        aliases,
        text,
        clause: clause.to_owned(),
        span,
    }
}

/// `住民記録系(住記系)` → `住民記録系`, `住記系`.
fn without_alternative(name: &str) -> (String, Option<String>) {
    let plain = || (name.to_owned(), None);
    let Some(open) = name.find(['(', '（']).filter(|open| *open > 0) else {
        return plain();
    };
    let (before, group) = (name.get(..open), name.get(open..));
    let Some((before, inside)) = before.zip(group.and_then(glyph::bracketed)) else {
        return plain();
    };
    let inside = strip_introduction(inside);
    (before.to_owned(), Some(inside.to_owned()))
}

fn strip_introduction(text: &str) -> &str {
    let quoted = quoted_after(text, "以下").map_or(text, |(name, _)| name);
    quoted.trim_start_matches("以下").trim_matches(['「', '」'])
}

/// The names that `以下「…」という。` gives.
pub(super) fn short_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = quoted_after(rest, "以下") {
        if after.starts_with("という") || after.starts_with("と総称") || after.starts_with("といい") {
            names.push(glyph::fold_spaces(name));
        }
        rest = after;
    }
    names
}

/// Longest name that a definition gives, in characters: a quote that never closes is not searched to the end.
const LONGEST_NAME: usize = 60;

/// The first quoted words close behind `word`, and what follows them.
fn quoted_after<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let mut rest = text;
    loop {
        let (_, after) = rest.split_once(word)?;
        if let Some((name, after)) = quoted(after).filter(|(name, _)| label::read(name).is_none()) {
            return Some((name, after));
        }
        rest = after;
    }
}

/// The quoted words that open within a few characters, and what follows them.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let (open, _) = text.char_indices().take(12).find(|(_, c)| *c == '「')?;
    let inside = text.get(open + '「'.len_utf8()..)?;
    let (close, _) = inside.char_indices().take(LONGEST_NAME).find(|(_, c)| *c == '」')?;
    Some((inside.get(..close)?, inside.get(close + '」'.len_utf8()..)?))
}
