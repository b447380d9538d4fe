//! A word of the tree, and what stands below it.

use std::collections::HashMap;

use model::diagnostic::Span;

use super::lex::Token;
use crate::device::Line;
use crate::source::REDACTED;

/// A word, and what stands below it.
#[derive(Debug, Clone, Default)]
pub(in crate::dialect) struct Node {
    pub(in crate::dialect) word: String,
    /// Where it stands first.
    pub(in crate::dialect) line: Option<Line>,
    /// The last line of what is below it, in the file where it stands first.
    pub(super) last_line: u32,
    /// Whether it came from a group, and does not stand here itself.
    pub(in crate::dialect) inherited: bool,
    pub(super) inactive: bool,
    pub(super) spans: Vec<(u16, Span)>,
    pub(super) children: Vec<Node>,
    /// Places of children by their words, once there are many.
    index: HashMap<String, usize>,
}

/// More children than this are found by an index.
const FEW: usize = 12;

impl Node {
    /// What stands below it and is not switched off, in the order of the file.
    pub(in crate::dialect) fn children(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(|child| !child.inactive)
    }

    /// The child of a word.
    pub(in crate::dialect) fn child(&self, word: &str) -> Option<&Self> {
        let child = self.children.get(self.place(word)?)?;
        (!child.inactive).then_some(child)
    }

    /// What is reached by some words, one below the other.
    pub(in crate::dialect) fn at(&self, path: &str) -> Option<&Self> {
        path.split(' ').try_fold(self, |node, word| node.child(word))
    }

    /// Whether nothing stands below it.
    pub(in crate::dialect) fn is_leaf(&self) -> bool {
        self.children().next().is_none()
    }

    /// The line where it stands first.
    pub(in crate::dialect) fn line(&self) -> Line {
        self.line.unwrap_or(Line { file: 0, number: 1 })
    }

    /// The last line of it and of what is below it.
    pub(in crate::dialect) fn last_line(&self) -> u32 {
        self.last_line.max(self.line().number)
    }

    /// The child of a word, to be changed; switched off or not.
    pub(in crate::dialect) fn child_mut(&mut self, word: &str) -> Option<&mut Self> {
        let place = self.place(word)?;
        self.children.get_mut(place)
    }

    /// All children, to be changed.
    pub(in crate::dialect) fn children_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        self.children.iter_mut()
    }

    /// Adds a child with what is below it, after the others.
    pub(in crate::dialect) fn adopt(&mut self, child: Self) {
        self.index_last(&child.word);
        self.children.push(child);
    }

    /// Leaves it out, with what is below it.
    pub(in crate::dialect) const fn leave_out(&mut self) {
        self.inactive = true;
    }

    /// Whether it is switched off or left out.
    pub(in crate::dialect) const fn is_left_out(&self) -> bool {
        self.inactive
    }

    /// The word of a group without what is below it, as it is taken over.
    pub(in crate::dialect) fn alone(&self) -> Self {
        Self {
            word: self.word.clone(),
            line: self.line,
            last_line: self.last_line,
            inherited: true,
            spans: self.spans.clone(),
            ..Self::default()
        }
    }

    /// Counts the places where `other` stands as places of this one, so that they are shown when it is.
    pub(in crate::dialect) fn stands_also_as(&mut self, other: &Self) {
        self.spans.extend(&other.spans);
    }

    pub(super) fn place(&self, word: &str) -> Option<usize> {
        if self.index.is_empty() {
            return self.children.iter().position(|child| child.word == word);
        }
        self.index.get(word).copied()
    }

    pub(super) fn index_last(&mut self, word: &str) {
        let at = self.children.len();
        if at >= FEW && self.index.is_empty() {
            for (place, child) in self
                .children
                .iter()
                .enumerate()
                .filter(|(_, child)| child.word != REDACTED)
            {
                self.index.entry(child.word.clone()).or_insert(place);
            }
        }
        if at >= FEW && word != REDACTED {
            self.index.entry(word.to_owned()).or_insert(at);
        }
    }

    /// The place of the child of a word, which is there afterwards. What was taken out may have been two different words.
    pub(super) fn insert(&mut self, word: &str, file: u16, token: &Token) -> usize {
        let known = if word == REDACTED { None } else { self.place(word) };
        let place = known.unwrap_or_else(|| {
            self.adopt(Self {
                word: word.to_owned(),
                line: Some(Line {
                    file,
                    number: token.line,
                }),
                last_line: token.line,
                ..Self::default()
            });
            self.children.len().saturating_sub(1)
        });
        if let Some(child) = self.children.get_mut(place) {
            child.spans.push((file, token.span));
            if child.line.is_some_and(|line| line.file == file) {
                child.last_line = child.last_line.max(token.line);
            }
        }
        place
    }

    pub(super) fn below(&mut self, path: &[usize]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, place| node.children.get_mut(*place))
    }

    /// Switches off what has nothing below it but what is switched off; counts last lines together.
    pub(super) fn settle(&mut self) {
        let file = self.line.map(|line| line.file);
        for child in &mut self.children {
            child.settle();
            if file.is_none() || child.line.map(|line| line.file) == file {
                self.last_line = self.last_line.max(child.last_line);
            }
        }
        self.inactive |= !self.children.is_empty() && self.children.iter().all(|child| child.inactive);
    }
}
