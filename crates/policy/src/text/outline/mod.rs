//! Builds the tree of clauses line by line.

mod caption;
mod preface;

use std::collections::HashMap;

use model::diagnostic::{Diagnostic, Span};

use super::end_matter;
use super::front;
use super::furniture;
use super::glyph;
use super::heading;
use super::label::{self, Mark, Style};
use super::lexicon::{self, Lexicon};
use super::line::Line;
use super::ordinal::Ordinal;
use super::place::Seen;
use super::plausible;
use super::profile::Profile;
use super::remark::{self, Remark};
use super::stack::{Frame, Stack};
use super::tree::{Node, Tree};

/// The tree and what was found on the way.
pub(super) struct Outline<'s> {
    pub(super) tree: Tree<'s>,
    pub(super) findings: Vec<Diagnostic>,
}

/// Builds the tree from units: lines that hold at most one label, at their start.
pub(super) fn build<'s>(units: &[Line<'s>], lexicon: &Lexicon) -> Outline<'s> {
    let marks: Vec<Option<Mark>> = units.iter().map(|unit| label::read(unit.text)).collect();
    let mut builder = Builder {
        units,
        profile: Profile::new(units, &marks, lexicon),
        ahead: ahead(&marks),
        marks: &marks,
        lexicon,
        nodes: vec![Node::preface()],
        stack: Stack::default(),
        pending: None,
        opened: false,
        findings: Vec::new(),
    };
    for index in 0..units.len() {
        builder.unit(index);
    }
    builder.flush_caption();
    builder.finish()
}

/// For every label and each of its readings: the next ordinal of that style further down.
fn ahead(marks: &[Option<Mark>]) -> Vec<HashMap<Style, Ordinal>> {
    let mut next: HashMap<Style, Ordinal> = HashMap::new();
    let mut ahead = Vec::with_capacity(marks.len());
    for mark in marks.iter().rev() {
        let readings = mark.iter().flat_map(|mark| &mark.readings);
        let own = readings
            .clone()
            .filter_map(|(style, _)| Some((*style, *next.get(style)?)));
        let mut own: HashMap<Style, Ordinal> = own.collect();
        if let Some(article) = next.get(&Style::Article) {
            own.insert(Style::Article, *article);
        }
        ahead.push(own);
        next.extend(readings.copied());
    }
    ahead.reverse();
    ahead
}

struct Builder<'a, 's> {
    units: &'a [Line<'s>],
    marks: &'a [Option<Mark>],
    ahead: Vec<HashMap<Style, Ordinal>>,
    lexicon: &'a Lexicon,
    profile: Profile,
    nodes: Vec<Node<'s>>,
    stack: Stack,
    /// A caption that waits for its article.
    pending: Option<Line<'s>>,
    /// The first clause opened with the purpose of the policy.
    opened: bool,
    findings: Vec<Diagnostic>,
}

/// How a clause opens.
pub(super) struct Opening {
    /// Frames of the stack that stay open above it.
    pub(super) keep: usize,
    pub(super) style: Style,
    pub(super) ordinal: Ordinal,
    pub(super) remark: Option<Remark>,
}

impl<'s> Builder<'_, 's> {
    fn unit(&mut self, index: usize) {
        let (Some(unit), Some(mark)) = (self.units.get(index).copied(), self.marks.get(index)) else {
            return;
        };
        if furniture::is_amendment_note(unit.text) {
            return;
        }
        if let Some(style) = end_matter::style(unit.text) {
            return self.open_heading(unit, 0, style);
        }
        if let Some(mark) = mark
            && self.label(index, unit, mark)
        {
            return;
        }
        if mark.is_none() && self.pending.is_none() && heading::is_caption(unit.text) && self.caption(index, unit) {
            return;
        }
        if self.profile.is_heading(index) {
            let keep = self.stack.chapters();
            return self.open_heading(unit, keep, Style::Bare);
        }
        self.flush_caption();
        self.text(unit);
    }

    /// Whether the text before a unit came to an end.
    fn is_clean(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|index| self.units.get(index));
        let (Some(before), Some(unit)) = (before, self.units.get(index)) else {
            return true;
        };
        unit.inline || !before.full || (unit.blank && !unit.page) || glyph::is_finished(before.text)
    }

    fn label(&mut self, index: usize, unit: Line<'s>, mark: &Mark) -> bool {
        let clean = self.is_clean(index) || self.pending.is_some();
        let before = index.checked_sub(1).and_then(|index| self.units.get(index));
        if !plausible::is_label(mark, unit.text, clean, before, self.lexicon) {
            return false;
        }
        let rest = unit.text.get(mark.rest..).unwrap_or_default();
        let open = self.stack.top().and_then(|frame| self.nodes.get(frame.node));
        let seen = Seen {
            mark,
            clean,
            indent: unit.indent,
            known: self.lexicon.knows(rest) || self.lexicon.prefix(rest).is_some(),
            purpose: !self.opened && lexicon::is_purpose(rest),
            list_announced: open.is_some_and(announces_list),
            ahead: self.ahead.get(index),
        };
        let Some(opening) = self.stack.place(&seen) else {
            self.stray(unit, mark, clean);
            return false;
        };
        self.open(opening, unit, mark);
        true
    }

    fn open(&mut self, opening: Opening, unit: Line<'s>, mark: &Mark) {
        let text = unit.text.get(mark.label.clone()).unwrap_or_default();
        let start = unit.start + mark.label.start;
        let span = Span::new(start, start + text.len());
        self.remark(&opening, text, span);
        if opening.remark == Some(Remark::LostArticle) {
            self.open_lost(
                unit,
                Opening {
                    remark: None,
                    ..opening
                },
                mark,
            );
            return;
        }
        if opening.remark == Some(Remark::Preface) {
            self.demote();
        }
        let heading = unit.text.get(mark.rest..).unwrap_or_default();
        self.opened |= opening.keep == 0 && lexicon::is_purpose(heading);
        let caption = self.pending.take();
        if let Some(caption) = caption.filter(|_| !opening.style.is_article()) {
            self.text(caption);
        }
        let caption = caption.filter(|_| opening.style.is_article());
        let rest = unit.part(mark.rest..unit.text.len());
        let node = Node {
            style: opening.style,
            ordinal: opening.ordinal,
            label: text,
            start: caption.map_or(start, |caption| caption.start),
            end: span.end,
            caption,
            pieces: Vec::from_iter(Some(rest).filter(|rest| !rest.text.is_empty())),
            parent: None,
            children: Vec::new(),
        };
        self.push(opening.keep, node, unit.indent, mark.closed);
    }

    fn push(&mut self, keep: usize, mut node: Node<'s>, indent: usize, closed: bool) {
        let index = self.nodes.len();
        node.parent = self.stack.node(keep);
        if node.style.is_unnumbered() {
            node.ordinal = self.stack.next_unnumbered(keep, node.style, |parent| {
                self.nodes.get(parent).map_or(0, |node| node.children.len())
            });
        }
        if let Some(parent) = node.parent.and_then(|parent| self.nodes.get_mut(parent)) {
            parent.children.push(index);
        }
        let (style, last) = (node.style, node.ordinal);
        self.stack.push(
            keep,
            Frame {
                style,
                last,
                indent,
                node: index,
                closed,
            },
        );
        self.nodes.push(node);
    }

    fn open_heading(&mut self, unit: Line<'s>, keep: usize, style: Style) {
        self.flush_caption();
        let node = Node {
            style,
            caption: Some(unit),
            start: unit.start,
            end: unit.end(),
            ..Node::preface()
        };
        self.push(keep, node, unit.indent, false);
    }

    fn text(&mut self, unit: Line<'s>) {
        let node = self.stack.top().map_or(0, |frame| frame.node);
        if node == 0 && (front::is_front_matter(unit.text) || furniture::is_site(unit.text)) {
            return;
        }
        let unit = Line {
            text: label::unhashed(unit.text),
            start: unit.end() - label::unhashed(unit.text).len(),
            ..unit
        };
        if let Some(node) = self.nodes.get_mut(node) {
            node.pieces.push(unit);
        }
    }

    fn remark(&mut self, opening: &Opening, label: &str, span: Span) {
        let before = self.stack.frame(opening.keep).map(|frame| frame.node);
        let before = before
            .and_then(|node| self.nodes.get(node))
            .map_or("", |node| node.label);
        let finding = match opening.remark {
            None | Some(Remark::Preface) => return,
            Some(Remark::Gap) => remark::gap(before, label),
            Some(Remark::Restart) => remark::restart(label),
            Some(Remark::Repeat) => remark::repeat(label),
            Some(Remark::Damaged) => remark::damaged(label),
            Some(Remark::LostArticle) => return self.findings.push(remark::lost_article(opening.ordinal, span)),
        };
        self.findings.push(finding.at(span));
    }

    /// A label that fits nowhere stays text; where it stands like a label, somebody should look.
    fn stray(&mut self, unit: Line<'s>, mark: &Mark, clean: bool) {
        let strong = mark.separated
            && mark.reads(|style| {
                style.rank().is_some() || matches!(style, Style::Bracket | Style::BracketGlyph | Style::Circled)
            });
        if clean && strong && self.nodes.len() > 1 {
            let text = unit.text.get(mark.label.clone()).unwrap_or_default();
            let start = unit.start + mark.label.start;
            self.findings
                .push(remark::stray(text).at(Span::new(start, start + text.len())));
        }
    }
}

fn announces_list(node: &Node<'_>) -> bool {
    if !node.children.is_empty() {
        return false;
    }
    let caption = node.caption.and_then(|caption| glyph::bracketed(caption.text));
    let title = caption
        .or_else(|| node.pieces.first().map(|piece| piece.text))
        .unwrap_or_default();
    let definitions = node.pieces.len() <= 1 && lexicon::is_definitions(title);
    definitions || node.pieces.last().is_some_and(|piece| heading::announces(piece.text))
}
