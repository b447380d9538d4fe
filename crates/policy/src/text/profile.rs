//! What kind of document it is: whether headings without a label open its clauses, and which lines they are.

use std::collections::{HashMap, HashSet};

use super::glyph;
use super::heading;
use super::label::{self, Mark, Style};
use super::lexicon::Lexicon;
use super::line::Line;
use super::ordinal::Ordinal;

/// The lines that are headings without a label.
#[derive(Debug)]
pub(super) struct Profile {
    headings: HashSet<usize>,
}

impl Profile {
    /// Decides over the whole text, as one line alone cannot tell.
    pub(super) fn new(units: &[Line<'_>], marks: &[Option<Mark>], lexicon: &Lexicon) -> Self {
        let free = |index: &usize| {
            let line = units.get(*index);
            let unlabelled = marks.get(*index).is_some_and(Option::is_none);
            // The line below a label that stands alone is that label's heading.
            let above = index
                .checked_sub(1)
                .and_then(|above| units.get(above).zip(marks.get(above)));
            let below_label =
                above.is_some_and(|(line, mark)| mark.as_ref().is_some_and(|mark| mark.rest >= line.text.len()));
            unlabelled && !below_label && line.is_some_and(|line| !line.inline && stands_free(units, *index))
        };
        let known = |index: &usize| {
            units
                .get(*index)
                .is_some_and(|line| lexicon.knows(label::unhashed(line.text)))
        };
        let hashed = |index: &usize| {
            units
                .get(*index)
                .is_some_and(|line| label::unhashed(line.text).len() < line.text.len())
        };
        let all = || (0..units.len()).filter(free);
        let numbered = is_numbered(marks, units);
        let sure: HashSet<usize> = all()
            .filter(|index| known(index) || (hashed(index) && !numbered))
            .collect();
        if numbered {
            let headings = if sure.len() >= 2 && !has_articles(marks, units) {
                sure
            } else {
                HashSet::new()
            };
            return Self { headings };
        }
        let likely = all().filter(|index| sure.contains(index) || is_likely(units, marks, *index));
        Self {
            headings: likely.collect(),
        }
    }

    /// Whether a line is a heading without a label.
    pub(super) fn is_heading(&self, index: usize) -> bool {
        self.headings.contains(&index)
    }
}

/// Whether a line neither goes on from the line above nor is the last.
fn stands_free(units: &[Line<'_>], index: usize) -> bool {
    let Some(line) = units.get(index) else { return false };
    let before = index.checked_sub(1).and_then(|index| units.get(index));
    let starts =
        before.is_none_or(|before| (line.blank && !line.page) || glyph::is_finished(before.text) || !before.full);
    let text = label::unhashed(line.text);
    starts && index + 1 < units.len() && heading::could_head(text) && !heading::is_caption(text)
}

fn is_likely(units: &[Line<'_>], marks: &[Option<Mark>], index: usize) -> bool {
    let (Some(line), Some(next)) = (units.get(index), units.get(index + 1)) else {
        return false;
    };
    let before = index.checked_sub(1).and_then(|index| units.get(index));
    let starts = before.is_none_or(|before| glyph::is_finished(before.text) || line.blank);
    let leads = glyph::has_sentence(next.text) || next.full || marks.get(index + 1).is_some_and(Option::is_some);
    let front = super::front::is_front_matter(line.text) || super::furniture::is_site(line.text);
    let short = line.text.chars().nth(25).is_none() && !line.text.contains(['、', '，']);
    starts && leads && short && !front && !label::opens_with_particle(next.text)
}

/// Whether numbered articles open the clauses: a run that gets to its second member, or any chapter or article.
fn is_numbered(marks: &[Option<Mark>], units: &[Line<'_>]) -> bool {
    let mut last: HashMap<Style, Ordinal> = HashMap::new();
    articles(marks, units).any(|(style, ordinal)| {
        let second = last.get(&style).is_some_and(|last| ordinal.follows(*last));
        last.insert(style, ordinal);
        second || style.rank().is_some()
    })
}

fn has_articles(marks: &[Option<Mark>], units: &[Line<'_>]) -> bool {
    articles(marks, units).any(|(style, _)| style.rank().is_some() || style == Style::Counted)
}

fn articles<'a>(marks: &'a [Option<Mark>], units: &'a [Line<'_>]) -> impl Iterator<Item = (Style, Ordinal)> {
    marks.iter().zip(units).filter_map(|(mark, line)| {
        let mark = mark.as_ref()?;
        let rest = line.text.get(mark.rest..).unwrap_or_default();
        let article = mark.reads(|style| style.is_article() || style.rank().is_some());
        let counts = (mark.separated || mark.closed) && !label::refers(rest) && !label::opens_with_particle(rest);
        mark.readings.first().copied().filter(|_| article && counts)
    })
}
