//! What stands before the first clause.

use super::super::glyph;
use super::super::lexicon;
use super::super::line::Line;
use super::super::remark;
use super::super::tree::Tree;
use super::{Builder, Outline};

impl<'s> Builder<'_, 's> {
    /// What seemed to be article 1 and on was a list before the policy: it goes under the preface.
    pub(super) fn demote(&mut self) {
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

    pub(super) fn finish(mut self) -> Outline<'s> {
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
