//! Physical lines: where they stand, how they are set, and what lies between them.

use std::ops::Range;

use model::diagnostic::Span;

use super::glyph;

/// A line with something on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'s> {
    /// The line without white space at both ends.
    pub(super) text: &'s str,
    /// First byte of `text` in the source.
    pub(super) start: usize,
    /// Columns of white space before it.
    pub(super) indent: usize,
    /// An empty line stands before it.
    pub(super) blank: bool,
    /// A page ends before it: form feed, page number, stray dash.
    pub(super) page: bool,
    /// It reaches the right margin, so that the next line may be its continuation.
    pub(super) full: bool,
    /// It starts in the middle of a physical line, where several labels share one.
    pub(super) inline: bool,
}

impl<'s> Line<'s> {
    /// One past the last byte.
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Where the line stands.
    pub(super) const fn span(&self) -> Span {
        Span::new(self.start, self.end())
    }

    /// The bytes `range` of the line as a line of its own, trimmed.
    pub(super) fn part(&self, range: Range<usize>) -> Line<'s> {
        let part = self.text.get(range.clone()).unwrap_or_default();
        let lead = part.len() - glyph::trim_start(part).len();
        Line {
            text: glyph::trim(part),
            start: self.start + range.start + lead,
            ..*self
        }
    }
}

/// The lines of a source that hold something, in order.
pub(super) fn lines(source: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let (mut start, mut blank, mut page) = (0, false, false);
    for raw in source.split_inclusive(['\n', '\r', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let text = glyph::trim(raw);
        if text.is_empty() {
            // `\r\n` ends one line, not two.
            blank |= raw != "\n" || !ends_with_return(source, start);
        } else {
            let lead = raw.len() - glyph::trim_start(raw).len();
            let indent = raw.get(..lead).unwrap_or_default();
            lines.push(Line {
                text,
                start: start + lead,
                indent: indent.chars().map(indent_columns).sum(),
                blank,
                page,
                full: false,
                inline: false,
            });
            (blank, page) = (false, false);
        }
        page |= raw.ends_with('\u{c}');
        start += raw.len();
    }
    lines
}

fn ends_with_return(source: &str, end: usize) -> bool {
    source.get(..end).is_some_and(|before| before.ends_with('\r'))
}

fn indent_columns(c: char) -> usize {
    if c == '\t' { 4 } else { glyph::columns(c) }
}

/// Narrowest margin that counts as one: below it every line of a short text would look full.
const NARROWEST: usize = 20;
/// A line may fall short of the margin by a character or two that must not end or open a line (禁則).
const SLACK: usize = 5;

/// Marks the lines that reach the right margin, and returns the margin's column.
///
/// The margin is the furthest column that several lines come near; a text whose lines are whole paragraphs has none
/// to speak of, and few of its lines are full.
pub(super) fn mark_full(lines: &mut [Line<'_>]) -> usize {
    let widths: Vec<usize> = lines.iter().map(|line| line.indent + glyph::width(line.text)).collect();
    let margin = margin(&widths);
    if margin >= NARROWEST {
        for (line, width) in lines.iter_mut().zip(&widths) {
            line.full = (margin.saturating_sub(SLACK)..=margin + 2).contains(width);
        }
    }
    margin
}

fn margin(widths: &[usize]) -> usize {
    let mut sorted = widths.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let quorum = (sorted.len() / 20).clamp(1, 50);
    let far = sorted.iter().zip(sorted.iter().skip(quorum - 1));
    let near = far.into_iter().find(|(far, last)| **far - **last <= SLACK);
    near.map_or(0, |(far, _)| *far)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_what_stands_between_them() {
        let source = "\u{feff}\r\n一\r\n\r\n 二\u{c}三";
        let lines = lines(source);
        let seen: Vec<_> = lines.iter().map(|l| (l.text, l.indent, l.blank, l.page)).collect();
        assert_eq!(
            seen,
            [("一", 0, true, false), ("二", 1, true, false), ("三", 0, false, true)]
        );
        for line in &lines {
            assert_eq!(line.span().of(source), Some(line.text));
        }
    }

    #[test]
    fn the_margin_is_where_several_lines_end() {
        assert_eq!(margin(&[40, 39, 12, 40, 300]), 300);
        let mut widths = vec![40; 60];
        widths.push(300);
        assert_eq!(margin(&widths), 40);
    }
}
