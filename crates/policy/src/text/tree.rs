//! The tree while it is built: an arena of nodes in document order.

use std::collections::{HashMap, HashSet};

use super::clause::Clause;
use super::heading::Body;
use super::label::Style;
use super::line::Line;
use super::ordinal::Ordinal;

/// A clause to be.
#[derive(Debug)]
pub(super) struct Node<'s> {
    pub(super) style: Style,
    pub(super) ordinal: Ordinal,
    /// As written; empty for a heading without a label.
    pub(super) label: &'s str,
    /// The caption above the label, or the heading of a clause without one.
    pub(super) caption: Option<Line<'s>>,
    /// What follows the label, line by line, down to the next label.
    pub(super) pieces: Vec<Line<'s>>,
    /// `None` at the top.
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    /// First byte of the label or caption.
    pub(super) start: usize,
    /// End of the label or caption.
    pub(super) end: usize,
}

impl Node<'_> {
    /// The node that holds what stands before the first clause.
    pub(super) const fn preface() -> Self {
        Self {
            style: Style::Preface,
            ordinal: Ordinal::of(0),
            label: "",
            caption: None,
            pieces: Vec::new(),
            parent: None,
            children: Vec::new(),
            start: 0,
            end: 0,
        }
    }
}

/// The nodes, the preface first; every child stands after its parent.
#[derive(Debug)]
pub(super) struct Tree<'s> {
    pub(super) nodes: Vec<Node<'s>>,
}

impl Tree<'_> {
    /// The ids of the nodes, made unique, and the nodes whose id had to be.
    pub(super) fn ids(&self) -> (Vec<String>, Vec<usize>) {
        let (mut ids, mut repeated): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut taken: HashSet<String> = HashSet::new();
        let mut copies: HashMap<String, u32> = HashMap::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let own = match node.style {
                Style::Supplement => format!("s{}", node.ordinal),
                Style::Annex => format!("a{}", node.ordinal),
                _ => node.ordinal.to_string(),
            };
            let base = match node.parent.and_then(|parent| ids.get(parent)) {
                Some(parent) => format!("{parent}.{own}"),
                None => own,
            };
            let mut id = base.clone();
            while !taken.insert(id.clone()) {
                let copy = copies.entry(base.clone()).or_insert(1);
                *copy += 1;
                id = format!("{base}~{copy}");
            }
            if id != base {
                repeated.push(index);
            }
            ids.push(id);
        }
        (ids, repeated)
    }

    /// The clauses; `bodies` and `ids` go with the nodes.
    pub(super) fn clauses(&self, ids: Vec<String>, bodies: Vec<Body>) -> Vec<Clause> {
        let mut finished: Vec<Option<Clause>> = Vec::with_capacity(self.nodes.len());
        for ((node, id), body) in self.nodes.iter().zip(ids).zip(bodies) {
            let text: Vec<&str> = body
                .paragraphs
                .iter()
                .map(|paragraph| paragraph.text.as_str())
                .collect();
            let text = text.join("\n");
            let end = node.pieces.last().map_or(node.end, |piece| piece.end().max(node.end));
            finished.push(Some(Clause {
                id,
                label: super::glyph::fold_spaces(node.label),
                heading: body.heading,
                text,
                span: model::diagnostic::Span::new(node.start, end),
                concept: None,
                paragraphs: body.paragraphs,
                children: Vec::with_capacity(node.children.len()),
            }));
        }
        let mut top = Vec::new();
        for index in (0..self.nodes.len()).rev() {
            let Some(mut clause) = finished.get_mut(index).and_then(Option::take) else {
                continue;
            };
            clause.children.reverse();
            if let Some(last) = clause.children.last() {
                clause.span.end = clause.span.end.max(last.span.end);
            }
            let parent = self.nodes.get(index).and_then(|node| node.parent);
            match parent.map(|parent| finished.get_mut(parent)) {
                Some(Some(Some(parent))) => parent.children.push(clause),
                _ => top.push(clause),
            }
        }
        top.reverse();
        top.retain(|clause| {
            clause.id != "0" || !clause.text.is_empty() || !clause.heading.is_empty() || !clause.children.is_empty()
        });
        top
    }
}
