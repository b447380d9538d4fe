//! The open clauses, from the outermost to the one that lines go to.

use std::collections::HashMap;

use super::label::Style;
use super::ordinal::Ordinal;

/// An open clause and its run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) style: Style,
    pub(super) last: Ordinal,
    pub(super) indent: usize,
    pub(super) node: usize,
    /// The label is `1.` and not `1`.
    pub(super) closed: bool,
}

/// The open clauses, outermost first.
#[derive(Debug, Default)]
pub(super) struct Stack {
    pub(super) frames: Vec<Frame>,
    /// The last ordinal of each style in the whole document: articles count on across chapters.
    pub(super) latest: HashMap<Style, Ordinal>,
    /// A label was turned away because of its depth.
    pub(super) too_deep: bool,
}

impl Stack {
    pub(super) fn top(&self) -> Option<&Frame> {
        self.frames.last()
    }

    pub(super) fn frame(&self, depth: usize) -> Option<&Frame> {
        self.frames.get(depth)
    }

    /// The clause that a new one at this depth belongs to.
    pub(super) fn node(&self, depth: usize) -> Option<usize> {
        self.frames.get(depth.checked_sub(1)?).map(|frame| frame.node)
    }

    pub(super) fn push(&mut self, keep: usize, frame: Frame) {
        self.frames.truncate(keep);
        self.latest.insert(frame.style, frame.last);
        self.frames.push(frame);
    }

    /// How many chapters, sections and the like are open.
    pub(super) fn chapters(&self) -> usize {
        self.frames
            .iter()
            .take_while(|frame| frame.style.rank().is_some_and(|rank| rank < 5))
            .count()
    }

    /// The ordinal of a clause without a number: after its like, else after all its siblings.
    pub(super) fn next_unnumbered(&self, keep: usize, style: Style, siblings: impl Fn(usize) -> usize) -> Ordinal {
        if matches!(style, Style::Supplement | Style::Annex) {
            return Ordinal::of(self.latest.get(&style).map_or(1, |last| last.number.saturating_add(1)));
        }
        if let Some(frame) = self.frames.get(keep) {
            return Ordinal::of(frame.last.number.saturating_add(1));
        }
        let siblings = self.node(keep).map_or(0, siblings);
        Ordinal::of(u32::try_from(siblings).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// The depth and number of an article whose line is lost before a caption or an item.
    ///
    /// `ahead` is the next article further down: the number between the last and that one is free.
    pub(super) fn lost_article(&self, ahead: Option<Ordinal>, known: bool) -> Option<(usize, Ordinal)> {
        let last = self.latest.get(&Style::Article)?;
        let keep = self.frames.iter().position(|frame| frame.style == Style::Article)?;
        let free = match ahead {
            Some(ahead) => ahead.number == last.number.saturating_add(2),
            None => known,
        };
        free.then(|| (keep, Ordinal::of(last.number.saturating_add(1))))
    }
}
