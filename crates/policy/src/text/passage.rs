//! Lines become paragraphs: wraps joined, furniture gone.

use model::diagnostic::Span;

use super::clause::Paragraph;
use super::glyph;
use super::line::Line;

/// The paragraphs of consecutive lines; an empty line parts them.
///
/// An empty line that a page end brought does so only where the sentence before it is complete.
pub(super) fn paragraphs(pieces: &[Line<'_>]) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    for piece in pieces {
        match paragraphs.last_mut() {
            Some(open) if !parts(&open.text, piece) => {
                join(&mut open.text, piece.text);
                open.span.end = piece.end();
            }
            _ => paragraphs.push(Paragraph {
                text: piece.text.to_owned(),
                span: Span::new(piece.start, piece.end()),
                concept: None,
            }),
        }
    }
    paragraphs
}

fn parts(before: &str, piece: &Line<'_>) -> bool {
    piece.blank && (!piece.page || glyph::is_finished(before))
}

/// Puts a line behind the text before it: Japanese without a space, Latin words with one.
pub(super) fn join(text: &mut String, line: &str) {
    let latin = |c: Option<char>| c.is_some_and(|c| !glyph::is_japanese(c) && !glyph::is_space(c));
    if latin(text.chars().next_back()) && latin(line.chars().next()) {
        text.push(' ');
    }
    text.push_str(line);
}
