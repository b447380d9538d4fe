//! Which clause of the old version is which of the new one.
//!
//! In three rounds, each taking what the one before left: clauses that say exactly the same; clauses below a pair that
//! say much the same; clauses anywhere that say much the same.

use std::collections::{BTreeMap, VecDeque};

use crate::text::{Clause, Document};

/// Below one parent half the words in common will do (in percent).
const BELOW: usize = 50;

/// Less will do where the number or the heading stayed.
const SAME_PLACE: usize = 30;

/// Anywhere else they have to be much the same.
const ANYWHERE: usize = 70;

/// More candidates than this are compared near each other only.
const PAIRS: usize = 200_000;

/// How far apart clauses are compared then.
const NEAR: usize = 40;

/// A clause with its place in the tree.
pub(super) struct Node<'d> {
    pub(super) clause: &'d Clause,
    pub(super) index: usize,
    pub(super) parent: Option<usize>,
    key: String,
    grams: Vec<(char, char)>,
}

/// The clauses of a document, parents first.
pub(super) fn nodes(document: &Document) -> Vec<Node<'_>> {
    let mut nodes = Vec::new();
    let mut open: Vec<(&Clause, Option<usize>)> = document.clauses.iter().rev().map(|clause| (clause, None)).collect();
    while let Some((clause, parent)) = open.pop() {
        let index = nodes.len();
        let key = squeezed(&clause.heading) + "\n" + &squeezed(&clause.text);
        nodes.push(Node {
            clause,
            index,
            parent,
            grams: grams(&key),
            key,
        });
        open.extend(clause.children.iter().rev().map(|child| (child, Some(index))));
    }
    nodes
}

/// White space apart, which only tells how a file was wrapped.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Pairs of neighbouring characters, sorted: what two texts have in common is told by these.
fn grams(key: &str) -> Vec<(char, char)> {
    // The start tells enough, and keeps a pathological clause from costing much.
    let signs: Vec<char> = key.chars().take(4000).collect();
    let mut grams: Vec<(char, char)> = signs.iter().copied().zip(signs.iter().copied().skip(1)).collect();
    grams.sort_unstable();
    grams
}

/// How much two clauses have in common, in percent.
fn likeness(one: &Node<'_>, other: &Node<'_>) -> usize {
    let mut left = one.grams.iter().peekable();
    let mut right = other.grams.iter().peekable();
    let mut common = 0_usize;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                common += 1;
                left.next();
                right.next();
            }
        }
    }
    let all = one.grams.len().saturating_add(other.grams.len());
    common.saturating_mul(200).checked_div(all).unwrap_or(0)
}

/// Which belongs to which, both ways.
pub(super) struct Pairs {
    new_of: Vec<Option<usize>>,
    old_of: Vec<Option<usize>>,
}

impl Pairs {
    /// The new clause that an old one became.
    pub(super) fn new_of(&self, old: usize) -> Option<usize> {
        self.new_of.get(old).copied().flatten()
    }

    /// The old clause that a new one was.
    pub(super) fn old_of(&self, new: usize) -> Option<usize> {
        self.old_of.get(new).copied().flatten()
    }

    /// Whether both hang below one clause.
    pub(super) fn same_parent(&self, old: &Node<'_>, new: &Node<'_>) -> bool {
        match (old.parent, new.parent) {
            (None, None) => true,
            (Some(old), Some(new)) => self.new_of(old) == Some(new),
            _ => false,
        }
    }

    fn join(&mut self, old: usize, new: usize) -> bool {
        match (self.new_of.get_mut(old), self.old_of.get_mut(new)) {
            (Some(forth @ None), Some(back @ None)) => {
                *forth = Some(new);
                *back = Some(old);
                true
            }
            _ => false,
        }
    }
}

/// Pairs the clauses of two versions.
pub(super) fn pair(olds: &[Node<'_>], news: &[Node<'_>]) -> Pairs {
    let mut pairs = Pairs {
        new_of: vec![None; olds.len()],
        old_of: vec![None; news.len()],
    };
    same_words(olds, news, &mut pairs);
    below_pairs(olds, news, &mut pairs);
    let left_olds: Vec<&Node<'_>> = olds.iter().filter(|node| pairs.new_of(node.index).is_none()).collect();
    let left_news: Vec<&Node<'_>> = news.iter().filter(|node| pairs.old_of(node.index).is_none()).collect();
    alike(&left_olds, &left_news, &mut pairs, |likeness, _, _| {
        likeness >= ANYWHERE
    });
    // Clauses matched late may hold children that are still alone.
    below_pairs(olds, news, &mut pairs);
    pairs
}

/// Clauses that say exactly the same. Where several do, those of the same id first, the others in order.
fn same_words(olds: &[Node<'_>], news: &[Node<'_>], pairs: &mut Pairs) {
    let mut by_key: BTreeMap<&str, Vec<&Node<'_>>> = BTreeMap::new();
    for new in news.iter().filter(|new| new.key.chars().count() > 2) {
        by_key.entry(&new.key).or_default().push(new);
    }
    let with_key = |old: &Node<'_>| by_key.get(old.key.as_str()).cloned().unwrap_or_default();
    for old in olds {
        if let Some(new) = with_key(old).into_iter().find(|new| new.clause.id == old.clause.id) {
            pairs.join(old.index, new.index);
        }
    }
    let mut queues: BTreeMap<&str, VecDeque<&Node<'_>>> = by_key
        .iter()
        .map(|(key, nodes)| {
            (
                *key,
                nodes
                    .iter()
                    .copied()
                    .filter(|new| pairs.old_of(new.index).is_none())
                    .collect(),
            )
        })
        .collect();
    for old in olds.iter().filter(|old| !old.key.is_empty()) {
        if pairs.new_of(old.index).is_some() {
            continue;
        }
        if let Some(new) = queues.get_mut(old.key.as_str()).and_then(VecDeque::pop_front) {
            pairs.join(old.index, new.index);
        }
    }
}

/// Clauses below a pair, from the top down, so that a pair found here leads on to its own children.
fn below_pairs(olds: &[Node<'_>], news: &[Node<'_>], pairs: &mut Pairs) {
    let old_children = children(olds);
    let new_children = children(news);
    let mut open: VecDeque<(Option<usize>, Option<usize>)> = VecDeque::from([(None, None)]);
    while let Some((old, new)) = open.pop_front() {
        let below = |of: &BTreeMap<Option<usize>, Vec<usize>>, parent| of.get(&parent).cloned().unwrap_or_default();
        let (old_below, new_below) = (below(&old_children, old), below(&new_children, new));
        let left_olds: Vec<&Node<'_>> = old_below
            .iter()
            .filter(|old| pairs.new_of(**old).is_none())
            .filter_map(|old| olds.get(*old))
            .collect();
        let left_news: Vec<&Node<'_>> = new_below
            .iter()
            .filter(|new| pairs.old_of(**new).is_none())
            .filter_map(|new| news.get(*new))
            .collect();
        alike(&left_olds, &left_news, pairs, |likeness, old, new| {
            let (old, new) = (old.clause, new.clause);
            let stayed = old.id == new.id || (!old.heading.is_empty() && old.heading == new.heading);
            likeness >= if stayed { SAME_PLACE } else { BELOW }
        });
        open.extend(
            old_below
                .iter()
                .filter_map(|old| Some((Some(*old), Some(pairs.new_of(*old)?)))),
        );
    }
}

fn children(nodes: &[Node<'_>]) -> BTreeMap<Option<usize>, Vec<usize>> {
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for node in nodes {
        children.entry(node.parent).or_default().push(node.index);
    }
    children
}

/// Joins those that are alike enough, the most alike first; among equals the nearest, then the earliest.
fn alike(
    olds: &[&Node<'_>],
    news: &[&Node<'_>],
    pairs: &mut Pairs,
    enough: impl Fn(usize, &Node<'_>, &Node<'_>) -> bool,
) {
    let near = olds.len().saturating_mul(news.len()) > PAIRS;
    let mut candidates = Vec::new();
    for (at, old) in olds.iter().enumerate() {
        let from = if near { at.saturating_sub(NEAR) } else { 0 };
        let count = if near { 2 * NEAR } else { news.len() };
        for (to, new) in news.iter().enumerate().skip(from).take(count) {
            let likeness = likeness(old, new);
            if enough(likeness, old, new) {
                candidates.push((std::cmp::Reverse(likeness), at.abs_diff(to), old.index, new.index));
            }
        }
    }
    candidates.sort_unstable();
    for (_, _, old, new) in candidates {
        pairs.join(old, new);
    }
}
