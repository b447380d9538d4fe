//! Builds the tree of clauses line by line.

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
use super::place::{Frame, Stack};
use super::plausible;
use super::profile::Profile;
use super::remark::{self, Remark};
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
        let seen = super::place::Seen {
            mark,
            clean,
            indent: unit.indent,
            known: self.lexicon.knows(rest) || self.lexicon.prefix(rest).is_some(),
            purpose: lexicon::is_purpose(rest),
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

    /// An article whose line is lost: `inside` is the first thing of it that is left.
    fn open_lost(&mut self, inside: Line<'s>, opening: Opening, mark: &Mark) {
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
    fn caption(&mut self, index: usize, unit: Line<'s>) -> bool {
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

    fn flush_caption(&mut self) {
        if let Some(caption) = self.pending.take() {
            self.text(caption);
        }
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

    /// What seemed to be article 1 and on was a list before the policy: it goes under the preface.
    fn demote(&mut self) {
        let top: Vec<usize> = (1..self.nodes.len())
            .filter(|index| self.nodes.get(*index).is_some_and(|node| node.parent.is_none()))
            .collect();
        for index in &top {
            if let Some(node) = self.nodes.get_mut(*index) {
                node.parent = Some(0);
            }
        }
        if let Some(preface) = self.nodes.first_mut() {
            preface.children.extend(top);
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

    fn finish(mut self) -> Outline<'s> {
        if self.stack.too_deep {
            self.findings.push(remark::too_deep());
        }
        let first = self.nodes.first().and_then(|preface| preface.children.first().copied());
        let child = first.and_then(|child| self.nodes.get(child)).map(|node| node.start);
        if let Some(preface) = self.nodes.first_mut() {
            keep_sentences(&mut preface.pieces);
            let starts = preface.pieces.first().map(|piece| piece.start);
            preface.start = [starts, child].into_iter().flatten().min().unwrap_or(0);
            preface.end = preface.start;
        }
        Outline {
            tree: Tree { nodes: self.nodes },
            findings: self.findings,
        }
    }
}

/// Drops the paragraphs of a preface that hold no sentence, but for its heading.
fn keep_sentences(pieces: &mut Vec<Line<'_>>) {
    let mut kept = Vec::new();
    for paragraph in pieces.chunk_by(|_, next| !next.blank) {
        let heading = paragraph.len() == 1 && paragraph.iter().all(|line| lexicon::is_preface(line.text));
        if heading || paragraph.iter().any(|line| glyph::has_sentence(line.text)) {
            kept.extend_from_slice(paragraph);
        }
    }
    *pieces = kept;
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
