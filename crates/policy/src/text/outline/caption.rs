//! Captions above articles, and articles that lost their own line.

use super::super::glyph;
use super::super::label::{Mark, Style};
use super::super::line::Line;
use super::super::ordinal::Ordinal;
use super::super::remark;
use super::super::tree::Node;
use super::{Builder, Opening};

impl<'s> Builder<'_, 's> {
    /// An article whose line is lost: `inside` is the first thing of it that is left.
    pub(super) fn open_lost(&mut self, inside: Line<'s>, opening: Opening, mark: &Mark) {
        let caption = self.pending.take();
        let start = caption.map_or(inside.start + mark.label.start, |caption| caption.start);
        let node = Node {
            style: opening.style,
            ordinal: opening.ordinal,
            start,
            end: caption.map_or(start, |caption| caption.end()),
            caption,
            ..Node::preface()
        };
        self.push(opening.keep, node, inside.indent, false);
        let first = mark.readings.iter().find(|(_, ordinal)| *ordinal == Ordinal::FIRST);
        if let Some((style, ordinal)) = first.filter(|_| caption.is_none()) {
            let opening = Opening {
                keep: opening.keep + 1,
                style: *style,
                ordinal: *ordinal,
                remark: None,
            };
            self.open(opening, inside, mark);
        }
    }

    /// Keeps a caption for the article below it; one whose article is lost opens a clause itself.
    pub(super) fn caption(&mut self, index: usize, unit: Line<'s>) -> bool {
        let next = self.marks.get(index + 1).and_then(Option::as_ref);
        if next.is_some_and(|mark| mark.reads(Style::is_article)) {
            self.pending = Some(unit);
            return true;
        }
        let inside = glyph::bracketed(unit.text).unwrap_or_default();
        let ahead = self
            .ahead
            .get(index)
            .and_then(|ahead| ahead.get(&Style::Article))
            .copied();
        let Some((keep, ordinal)) = self.stack.lost_article(ahead, self.lexicon.knows(inside)) else {
            return false;
        };
        self.pending = Some(unit);
        let opening = Opening {
            keep,
            style: Style::Article,
            ordinal,
            remark: None,
        };
        self.findings.push(remark::lost_article(ordinal, unit.span()));
        let nothing = Mark {
            readings: Vec::new(),
            label: 0..0,
            rest: 0,
            separated: true,
            closed: true,
        };
        self.open_lost(unit, opening, &nothing);
        true
    }

    pub(super) fn flush_caption(&mut self) {
        if let Some(caption) = self.pending.take() {
            self.text(caption);
        }
    }
}
