//! Labels in the middle of a physical line: texts that lost their line ends, table cells.

use super::glyph::{self, is_space};
use super::label::{self, Mark, Style};
use super::lexicon::Lexicon;
use super::line::Line;
use super::ordinal::Ordinal;
use super::plausible;

/// Splits lines before the labels inside them.
pub(super) fn split<'s>(lines: &[Line<'s>], lexicon: &Lexicon) -> Vec<Line<'s>> {
    let mut units = Vec::with_capacity(lines.len());
    for line in lines {
        Splitter::new(line, lexicon).split(&mut units);
    }
    units
}

/// From here on a line is taken for a text that lost its line ends, page numbers and all.
const FLAT: usize = 600;

struct Splitter<'l, 's> {
    line: &'l Line<'s>,
    lexicon: &'l Lexicon,
    cells: bool,
    flat: bool,
    start: usize,
    /// The last label of each style on this line.
    seen: Vec<(Style, Ordinal)>,
    /// The unit opens with a label, and no punctuation followed yet.
    headed: bool,
    page: Option<u32>,
}

/// What stands before a place where a label may open.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Stop,
    Cell,
    Space,
}

/// What a place turned out to be.
enum Cut {
    Label(Mark),
    Cell,
    PageNumber(usize),
}

impl<'l, 's> Splitter<'l, 's> {
    fn new(line: &'l Line<'s>, lexicon: &'l Lexicon) -> Self {
        Self {
            line,
            lexicon,
            cells: line.text.contains(['|', '\t']),
            flat: line.text.len() >= FLAT,
            start: 0,
            seen: Vec::new(),
            headed: false,
            page: None,
        }
    }

    fn split(mut self, units: &mut Vec<Line<'s>>) {
        let text = self.line.text;
        if let Some(mark) = label::read(text) {
            self.open(&mark);
        }
        let mut before = None;
        for (at, c) in text.char_indices() {
            if let Some(before) = before.filter(|_| !is_space(c) && c != '|')
                && let Some(cut) = self.cut(at, before)
            {
                self.push(at, units);
                match cut {
                    Cut::Label(mark) => self.open(&mark),
                    Cut::Cell => {}
                    Cut::PageNumber(len) => self.start = at + len,
                }
            }
            self.headed &= !matches!(c, '。' | '、' | '，');
            before = match c {
                '。' | '｡' => Some(Before::Stop),
                '|' => Some(Before::Cell),
                c if is_space(c) => before.or(Some(Before::Space)),
                _ => None,
            };
        }
        self.push(text.len(), units);
    }

    fn open(&mut self, mark: &Mark) {
        self.headed = true;
        for (style, ordinal) in &mark.readings {
            self.seen.retain(|(seen, _)| seen != style);
            self.seen.push((*style, *ordinal));
        }
    }

    /// Ends the unit before `end`.
    fn push(&mut self, end: usize, units: &mut Vec<Line<'s>>) {
        let mut part = self.line.part(self.start..end);
        if self.cells {
            let bare = part.text.trim_end_matches(|c| is_space(c) || c == '|');
            let kept = bare.trim_start_matches(|c| is_space(c) || c == '|');
            part.start += bare.len() - kept.len();
            part.text = kept;
        }
        part.inline = self.start > 0;
        if part.inline {
            (part.blank, part.page) = (false, false);
        }
        if !part.text.is_empty() {
            units.push(part);
        }
        self.start = end;
    }

    fn cut(&mut self, at: usize, before: Before) -> Option<Cut> {
        let rest = self.line.text.get(at..)?;
        let mark = label::read(rest).filter(|mark| !mark.reads(|style| matches!(style, Style::Bullet(_))));
        let Some(mark) = mark else {
            return (before == Before::Cell).then_some(Cut::Cell);
        };
        if self.is_label(at, before, rest, &mark) {
            return Some(Cut::Label(mark));
        }
        if before == Before::Cell {
            return Some(Cut::Cell);
        }
        self.page_number(at, before, rest, &mark).map(Cut::PageNumber)
    }

    fn is_label(&self, at: usize, before: Before, rest: &str, mark: &Mark) -> bool {
        let after = rest.get(mark.rest..).unwrap_or_default();
        let apart = mark.separated || mark.closed;
        // At the end of a line stands the first half of a wrapped word or number.
        if after.is_empty() {
            return false;
        }
        let plausible =
            || plausible::is_label(mark, rest, true, None, self.lexicon) && !label::opens_with_particle(after);
        if before != Before::Space {
            return apart && plausible();
        }
        if !self.continues_or_opens(mark, apart) || self.is_referred_to(at) || !plausible() {
            return false;
        }
        let number = mark.reads(|style| style.is_article() || style == Style::Kanji);
        !number || (apart && self.lexicon.prefix(after).is_some())
    }

    /// Whether a label goes on with a run of this line, or opens the first of its style under a heading.
    fn continues_or_opens(&self, mark: &Mark, apart: bool) -> bool {
        mark.readings.iter().any(|(style, ordinal)| {
            let last = self.seen.iter().find(|(seen, _)| seen == style);
            let first = *ordinal == Ordinal::FIRST && apart && last.is_none();
            last.is_some_and(|(_, last)| ordinal.follows(*last))
                || (first && (self.headed || (self.cells && style.is_weak())))
        })
    }

    /// Whether the word before makes a label a reference: 上記 (1).
    fn is_referred_to(&self, at: usize) -> bool {
        let before = self
            .line
            .text
            .get(self.start..at)
            .unwrap_or_default()
            .trim_end_matches(is_space);
        ["上記", "前記", "前", "第", "同", "次", "及び", "又は", "から", "条"]
            .iter()
            .any(|word| before.ends_with(word))
    }

    /// The length of a page number in the middle of a sentence.
    fn page_number(&mut self, at: usize, before: Before, rest: &str, mark: &Mark) -> Option<usize> {
        let (style, ordinal) = mark.readings.first()?;
        let after = rest.get(mark.rest..)?;
        let before_it = self
            .line
            .text
            .get(..at)?
            .trim_end_matches(is_space)
            .chars()
            .next_back()?;
        // Behind a heading a number may belong to it; behind kana it stands in mid-sentence.
        let open = if self.headed {
            ('\u{3041}'..='\u{3096}').contains(&before_it)
        } else {
            glyph::is_japanese(before_it)
        };
        let in_sentence = open && after.chars().next().is_some_and(glyph::is_japanese);
        let sequence = self.page.is_none_or(|page| page + 1 == ordinal.number);
        let counts = !self.is_referred_to(at) && !label::opens_with_counter(after);
        let found = self.flat
            && before == Before::Space
            && *style == Style::Number
            && mark.separated
            && !mark.closed
            && in_sentence
            && sequence
            && counts;
        found.then(|| {
            self.page = Some(ordinal.number);
            mark.label.end
        })
    }
}
