//! The level of a label: from the sequence of styles that are open above it, never from a fixed table.
//!
//! A label counts only if it opens or continues a run: this alone turns away most self-references and page numbers.

use std::collections::HashMap;

use super::label::{Mark, Style};
use super::ordinal::Ordinal;
use super::outline::Opening;
use super::remark::Remark;
use super::stack::{Frame, Stack};

/// Deeper labels are text. Seen in practice: five levels.
pub(super) const DEEPEST: usize = 32;
/// A greater jump is no gap in the numbering but a number from somewhere else.
const WIDEST_GAP: u32 = 20;

/// A label where it stands.
pub(super) struct Seen<'a> {
    pub(super) mark: &'a Mark,
    pub(super) clean: bool,
    pub(super) indent: usize,
    /// A known heading follows.
    pub(super) known: bool,
    /// The heading of an article 1 follows.
    pub(super) purpose: bool,
    /// The open clause says that a list follows.
    pub(super) list_announced: bool,
    /// The next ordinal of each reading further down.
    pub(super) ahead: Option<&'a HashMap<Style, Ordinal>>,
}

impl Seen<'_> {
    /// Whether the run goes on further down.
    fn goes_on(&self, style: Style, ordinal: Ordinal) -> bool {
        self.ahead
            .and_then(|ahead| ahead.get(&style))
            .is_some_and(|next| next.follows(ordinal))
    }
}

type Rule = fn(&Stack, &Seen<'_>, Style, Ordinal) -> Option<Opening>;

/// Tried in this order, each with every reading of the label.
static RULES: [Rule; 8] = [
    Stack::chapter,
    Stack::bullet,
    Stack::next,
    Stack::numbered_paragraph,
    Stack::first,
    Stack::first_again,
    Stack::after_gap,
    Stack::late_start,
];

impl Stack {
    /// Where a label opens a clause; `None` where it is text.
    pub(super) fn place(&mut self, seen: &Seen<'_>) -> Option<Opening> {
        let opening = RULES.iter().find_map(|rule| {
            let mut readings = seen.mark.readings.iter();
            readings.find_map(|(style, ordinal)| rule(self, seen, *style, *ordinal))
        })?;
        if opening.keep >= DEEPEST {
            self.too_deep = true;
            return None;
        }
        Some(opening)
    }

    /// 編章節款条: their words state their ranks, and articles count on across chapters.
    fn chapter(&self, seen: &Seen<'_>, style: Style, ordinal: Ordinal) -> Option<Opening> {
        let rank = style.rank()?;
        let above = |frame: &Frame| {
            let end = style == Style::Article && matches!(frame.style, Style::Supplement | Style::Annex);
            end || frame.style.rank().is_some_and(|above| above < rank)
        };
        let keep = self.frames.iter().take_while(|frame| above(frame)).count();
        let open = |remark| {
            Some(Opening {
                keep,
                style,
                ordinal,
                remark,
            })
        };
        let in_run = self
            .frames
            .get(keep)
            .filter(|frame| frame.style == style)
            .map(|frame| frame.last);
        let latest = in_run.or_else(|| self.latest.get(&style).copied());
        match latest {
            Some(last) if ordinal.follows(last) => open(None),
            None if ordinal == Ordinal::FIRST => open(None),
            Some(_) if ordinal == Ordinal::FIRST && in_run.is_none() => open(None),
            Some(last) if ordinal > last && is_gap(last, ordinal) => open(Some(Remark::Gap)),
            None if seen.clean && ordinal.number <= WIDEST_GAP => open(Some(Remark::Gap)),
            Some(_) if ordinal == Ordinal::FIRST && seen.clean && seen.goes_on(style, ordinal) => {
                open(Some(Remark::Restart))
            }
            Some(last) if ordinal == last && seen.clean && seen.mark.separated => open(Some(Remark::Repeat)),
            _ => None,
        }
    }

    fn bullet(&self, _: &Seen<'_>, style: Style, ordinal: Ordinal) -> Option<Opening> {
        matches!(style, Style::Bullet(_)).then(|| {
            let keep = self
                .frames
                .iter()
                .rposition(|frame| frame.style == style)
                .unwrap_or(self.frames.len());
            Opening {
                keep,
                style,
                ordinal,
                remark: None,
            }
        })
    }

    /// The next of an open run.
    fn next(&self, seen: &Seen<'_>, style: Style, ordinal: Ordinal) -> Option<Opening> {
        let fits = |frame: &&(usize, &Frame)| frame.1.style == style && ordinal.follows(frame.1.last);
        let frames: Vec<(usize, &Frame)> = self.frames.iter().enumerate().collect();
        let fitting: Vec<&(usize, &Frame)> = frames.iter().filter(fits).collect();
        // The same digits on two levels: indentation tells them apart, then a known heading, then the deeper run goes on.
        let by_indent = fitting
            .iter()
            .min_by_key(|(_, frame)| frame.indent.abs_diff(seen.indent));
        let indents = fitting
            .iter()
            .any(|(_, frame)| fitting.first().is_some_and(|(_, first)| first.indent != frame.indent));
        let chosen = if indents {
            by_indent
        } else if seen.known {
            fitting.first()
        } else {
            fitting.last()
        };
        chosen.map(|(keep, _)| Opening {
            keep: *keep,
            style,
            ordinal,
            remark: None,
        })
    }

    /// 第2項: the first paragraph of an article bears no number.
    fn numbered_paragraph(&self, seen: &Seen<'_>, style: Style, ordinal: Ordinal) -> Option<Opening> {
        let apart = seen.mark.separated && seen.clean;
        if style != Style::Number || ordinal != Ordinal::of(2) || !apart {
            return None;
        }
        let article = self
            .frames
            .iter()
            .rposition(|frame| matches!(frame.style, Style::Article | Style::Supplement))?;
        let open = self
            .frames
            .iter()
            .skip(article)
            .any(|frame| frame.style == Style::Number);
        (!open).then_some(Opening {
            keep: article + 1,
            style,
            ordinal,
            remark: None,
        })
    }

    /// The first of a style that is not open: one level down.
    fn first(&self, seen: &Seen<'_>, style: Style, ordinal: Ordinal) -> Option<Opening> {
        let damaged = style == Style::Damaged;
        let open = self.frames.iter().any(|frame| frame.style == style);
        let sure = seen.clean || !style.is_weak() || seen.goes_on(style, ordinal);
        let inside = !damaged || !self.frames.is_empty();
        let opens = ordinal == Ordinal::FIRST && style.rank().is_none() && !open && sure && inside;
        opens.then(|| Opening {
            keep: self.frames.len(),
            style,
            ordinal,
            remark: damaged.then_some(Remark::Damaged),
        })
    }

    /// The first of a style that is open: a list inside the list, an article that lost its line, or a restart.
    fn first_again(&self, seen: &Seen<'_>, style: Style, ordinal: Ordinal) -> Option<Opening> {
        if ordinal != Ordinal::FIRST || style.rank().is_some() {
            return None;
        }
        let depth = self.frames.iter().rposition(|frame| frame.style == style)?;
        let frame = self.frames.get(depth)?;
        let inside = Opening {
            keep: self.frames.len(),
            style,
            ordinal,
            remark: None,
        };
        if seen.clean && (seen.indent >= frame.indent + 2 || seen.list_announced) {
            return Some(inside);
        }
        if style == Style::Number && frame.closed != seen.mark.closed && seen.goes_on(style, ordinal) {
            return Some(inside);
        }
        if depth == 0 && seen.purpose && style.is_article() {
            return Some(Opening {
                keep: 0,
                style,
                ordinal,
                remark: Some(Remark::Preface),
            });
        }
        let ahead = seen.ahead.and_then(|ahead| ahead.get(&Style::Article)).copied();
        if let Some((keep, ordinal)) = self.lost_article(ahead, false).filter(|_| seen.clean) {
            let remark = Some(Remark::LostArticle);
            return Some(Opening {
                keep,
                style: Style::Article,
                ordinal,
                remark,
            });
        }
        let restarts = seen.clean && seen.goes_on(style, ordinal);
        restarts.then_some(Opening {
            keep: depth,
            style,
            ordinal,
            remark: Some(Remark::Restart),
        })
    }

    /// Further on in an open run.
    fn after_gap(&self, seen: &Seen<'_>, style: Style, ordinal: Ordinal) -> Option<Opening> {
        let keep = self
            .frames
            .iter()
            .rposition(|frame| frame.style == style && is_gap(frame.last, ordinal))?;
        let bare = style.is_weak() || style.is_article();
        let sure = seen.clean && (!bare || seen.known || (seen.mark.separated && seen.goes_on(style, ordinal)));
        (sure && style != Style::Damaged).then_some(Opening {
            keep,
            style,
            ordinal,
            remark: Some(Remark::Gap),
        })
    }

    /// The start of the text is lost, or a run counts on from the chapter before.
    fn late_start(&self, seen: &Seen<'_>, style: Style, ordinal: Ordinal) -> Option<Opening> {
        if !style.is_article() || !seen.clean || self.frames.iter().any(|frame| frame.style == style) {
            return None;
        }
        let keep = self.chapters();
        let outermost = self.frames.len() == keep;
        let counts_on = keep > 0 && self.latest.get(&style).is_some_and(|last| ordinal.follows(*last));
        if counts_on && (outermost || seen.known) {
            return Some(Opening {
                keep,
                style,
                ordinal,
                remark: None,
            });
        }
        let late = outermost && !self.latest.contains_key(&style) && ordinal.number <= 3;
        (late && (seen.known || seen.goes_on(style, ordinal))).then_some(Opening {
            keep,
            style,
            ordinal,
            remark: Some(Remark::Gap),
        })
    }
}

fn is_gap(last: Ordinal, ordinal: Ordinal) -> bool {
    ordinal > last && ordinal.number - last.number <= WIDEST_GAP
}
