//! The contents page (目次).

use std::ops::Range;

use super::clause::ContentsRow;
use super::end_matter;
use super::glyph::{self, is_space};
use super::label::{self, Style};
use super::line::Line;
use super::ordinal::Ordinal;

/// A contents page and the lines that it takes.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Its rows.
    pub(super) rows: Vec<ContentsRow>,
    /// From the word 目次 to the last row.
    pub(super) lines: Range<usize>,
}

/// How far down a contents page may start.
const DEEPEST_START: usize = 200;

/// Finds the contents page.
pub(super) fn read(lines: &[Line<'_>]) -> Contents {
    let is_start = |line: &Line<'_>| head_end(line.text).is_some();
    let Some(start) = lines.iter().take(DEEPEST_START).position(is_start) else {
        return Contents::default();
    };
    let mut reader = Reader::default();
    let mut end = start;
    for (index, line) in lines.iter().enumerate().skip(start) {
        let from = if index == start {
            head_end(line.text).unwrap_or(0)
        } else {
            0
        };
        if glyph::has_sentence(line.text) {
            // A row without a page right above a sentence is the heading of the body.
            if index == end + 1 && reader.rows.last().is_some_and(|row| row.page.is_none()) && reader.per_line {
                reader.rows.pop();
                end = index.saturating_sub(2).max(start);
            }
            break;
        }
        match reader.line(&line.part(from..line.text.len()), index > start) {
            Step::Repeats => break,
            Step::Row => end = index,
            Step::Other => {}
        }
    }
    if reader.rows.is_empty() {
        return Contents::default();
    }
    Contents {
        rows: reader.rows,
        lines: start..end + 1,
    }
}

/// Where the word 目次 ends on a line that opens with it.
fn head_end(text: &str) -> Option<usize> {
    let mut letters = text
        .char_indices()
        .filter(|(_, c)| !is_space(*c) && !matches!(c, '#' | '【' | '〔' | '[' | '「'));
    let ("目" | "も" | "C" | "c") = letters
        .next()
        .map(|(at, c)| text.get(at..at + c.len_utf8()).unwrap_or_default())?
    else {
        return None;
    };
    let words = ["目次", "もくじ", "contents"];
    let folded =
        glyph::match_key(text.trim_matches(|c| matches!(c, '#' | '【' | '】' | '〔' | '〕' | '[' | ']' | '「' | '」')));
    if words.contains(&folded.as_str()) {
        return Some(text.len());
    }
    let (at, c) = letters.next().filter(|(_, c)| *c == '次')?;
    let end = at + c.len_utf8();
    let rest = text.get(end..)?;
    (rest.starts_with(is_space) && label::read(glyph::trim(rest)).is_some()).then_some(end)
}

#[derive(Default)]
struct Reader {
    rows: Vec<ContentsRow>,
    first: Option<(Style, Ordinal)>,
    /// Rows stand on lines of their own.
    per_line: bool,
}

enum Step {
    Row,
    Other,
    Repeats,
}

impl Reader {
    fn line(&mut self, line: &Line<'_>, own_line: bool) -> Step {
        let mut step = Step::Other;
        for part in rows_of(line) {
            let Some((row, key)) = row(&part) else { continue };
            if self.repeats(&row, key) {
                return Step::Repeats;
            }
            let labelled = self.first.is_some();
            if self.rows.is_empty() {
                self.first = key;
            } else if labelled && key.is_none() && row.page.is_none() && end_matter::style(&row.heading).is_none() {
                continue;
            }
            self.rows.push(row);
            self.per_line = own_line;
            step = Step::Row;
        }
        step
    }

    /// The first row again: the body starts here.
    fn repeats(&self, row: &ContentsRow, key: Option<(Style, Ordinal)>) -> bool {
        let Some(first) = self.rows.first() else {
            return false;
        };
        let paged = first.page.is_some() && row.page.is_some();
        let same = match self.first {
            Some(_) => self.first == key,
            None => glyph::match_key(&first.heading) == glyph::match_key(&row.heading),
        };
        same && !paged
    }
}

/// The rows of a line: several where the page lost its line ends.
fn rows_of<'s>(line: &Line<'s>) -> Vec<Line<'s>> {
    let mut rows = Vec::new();
    let (mut start, mut last) = (0, label::read(line.text));
    let mut spaced = false;
    for (at, c) in line.text.char_indices() {
        if spaced && !is_space(c) && at > start {
            let mark = line.text.get(at..).and_then(label::read);
            let follows = mark.as_ref().zip(last.as_ref()).is_some_and(|(mark, last)| {
                let (now, before) = (mark.readings.first(), last.readings.first());
                now.zip(before)
                    .is_some_and(|(now, before)| now.0 == before.0 && now.1.follows(before.1))
            });
            if follows && mark.as_ref().is_some_and(|mark| line.text.len() > at + mark.rest) {
                rows.push(line.part(start..at));
                (start, last) = (at, mark);
            }
        }
        spaced = is_space(c);
    }
    rows.push(line.part(start..line.text.len()));
    rows
}

fn row(line: &Line<'_>) -> Option<(ContentsRow, Option<(Style, Ordinal)>)> {
    let mark = label::read(line.text);
    let rest = mark
        .as_ref()
        .map_or(line.text, |mark| line.text.get(mark.rest..).unwrap_or_default());
    let label = mark
        .as_ref()
        .and_then(|mark| line.text.get(mark.label.clone()))
        .unwrap_or_default();
    let (heading, page) = page(rest);
    let heading = glyph::fold_spaces(heading);
    let bullet = mark
        .as_ref()
        .is_some_and(|mark| mark.reads(|style| matches!(style, Style::Bullet(_))));
    let key = mark.filter(|_| !bullet).and_then(|mark| mark.readings.first().copied());
    let row = ContentsRow {
        label: if bullet {
            String::new()
        } else {
            glyph::fold_spaces(label)
        },
        heading,
        page,
        span: line.span(),
    };
    (!row.heading.is_empty()).then_some((row, key))
}

/// Parts a heading from its page number or its range of articles.
fn page(text: &str) -> (&str, Option<String>) {
    let is_leader =
        |c: char| is_space(c) || matches!(c, '…' | '‥' | '・' | '.' | '．' | '･' | '─' | '-' | '－' | '·' | '|');
    let text = text.trim_end_matches(is_leader);
    if let Some(open) = text.rfind(['(', '（'])
        && let Some(range) = text.get(open..).and_then(glyph::bracketed)
        && range.trim_start_matches(is_space).starts_with('第')
        && range.contains('条')
    {
        return (
            text.get(..open).unwrap_or_default().trim_end_matches(is_leader),
            Some(glyph::fold_spaces(range)),
        );
    }
    let before = text.trim_end_matches(|c| glyph::digit(c).is_some());
    let number = text.get(before.len()..).unwrap_or_default();
    let heading = before.trim_end_matches(is_leader);
    if number.is_empty() || heading.is_empty() || heading.len() == before.len() {
        return (text, None);
    }
    (heading, Some(number.to_owned()))
}
