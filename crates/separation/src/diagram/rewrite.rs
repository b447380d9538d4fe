//! One field of a set is changed: what translations of addresses do.

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::arena::{Arena, BudgetSpent, Id, Width};
use super::{FIELDS, Field};
use crate::ranges::Ranges;

/// What happens to a field.
#[derive(Clone, Copy)]
enum How<B> {
    Free,
    Into(B, B),
    Shift(B, B),
}

impl<B: Width> Arena<B> {
    /// Packets that are in the set for some value of `field`, with every value of it.
    ///
    /// Where values of the field were decided by different terminals, the one of the smallest value stands.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn free(&mut self, a: Id, field: Field) -> Result<Id, BudgetSpent> {
        self.rewrite(a, field, How::Free)
    }

    /// The set after a device gave `field` any value from `first` to `last`. Terminals as in [`Self::free`].
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn choose(&mut self, a: Id, field: Field, first: B, last: B) -> Result<Id, BudgetSpent> {
        self.rewrite(a, field, How::Into(first, last))
    }

    /// The set after `field` was moved so that `from` became `to`. Values go round at the ends of the field, so nothing is lost.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn shift(&mut self, a: Id, field: Field, from: B, to: B) -> Result<Id, BudgetSpent> {
        self.rewrite(a, field, How::Shift(from, to))
    }

    /// The values that `field` has in some packet of the set.
    #[must_use]
    pub fn values_of(&self, a: Id, field: Field) -> Ranges<B> {
        let [values] = self.values_of_each(a, [field]);
        values
    }

    /// The values that each of some fields has in some packet of the set.
    #[must_use]
    pub fn values_of_each<const N: usize>(&self, a: Id, fields: [Field; N]) -> [Ranges<B>; N] {
        let levels = fields.map(|field| self.order.level(field));
        let mut found: [Vec<(B, B)>; N] = std::array::from_fn(|_| Vec::new());
        let mut seen: HashSet<Id, FxBuildHasher> = HashSet::default();
        // With each diagram, the level from which on nothing was asked on the way to it.
        let mut open = vec![(a, 0)];
        while let Some((id, from)) = open.pop() {
            let at = self.level(id);
            if id == Id::NONE {
                continue;
            }
            for ((field, level), found) in fields.iter().zip(levels).zip(&mut found) {
                let whole = (B::MIN, field.last());
                if (from..at).contains(&level) && found.first() != Some(&whole) {
                    found.insert(0, whole);
                }
            }
            if id.is_end() || !seen.insert(id) {
                continue;
            }
            let asked = fields.iter().zip(levels).zip(&mut found);
            let (bounds, children) = self.edges_of(id);
            if let Some(((field, _), found)) = asked.into_iter().find(|((_, level), _)| *level == at)
                && found.first() != Some(&(B::MIN, field.last()))
            {
                let mut first = Some(B::MIN);
                for (bound, child) in bounds.iter().zip(children) {
                    if let (Some(first), true) = (first, *child != Id::NONE) {
                        found.push((first, (*bound).min(field.last())));
                    }
                    first = bound.next();
                }
            }
            open.extend(children.iter().map(|child| (*child, at + 1)));
        }
        found.map(Ranges::of)
    }

    fn rewrite(&mut self, a: Id, field: Field, how: How<B>) -> Result<Id, BudgetSpent> {
        self.begin();
        self.rewritten(a, self.order.level(field), how)
    }

    fn rewritten(&mut self, a: Id, level: usize, how: How<B>) -> Result<Id, BudgetSpent> {
        if a == Id::NONE {
            return Ok(a);
        }
        if let Some(known) = self.unary.get(0, a, a) {
            return Ok(known);
        }
        let at = self.level(a);
        let id = if at >= level {
            self.here(a, level, how)?
        } else {
            let (from, mut cursor) = (self.pending.len(), self.cursor(a, at));
            loop {
                let (bound, child) = self.edge(cursor);
                self.charge(1)?;
                let child = self.rewritten(child, level, how)?;
                self.push(from, bound, child);
                if !cursor.advance() {
                    break;
                }
            }
            self.intern(at, from)?
        };
        self.unary.put(0, a, a, id);
        Ok(id)
    }

    fn here(&mut self, a: Id, level: usize, how: How<B>) -> Result<Id, BudgetSpent> {
        let edges = self.intervals(a, level);
        self.charge(edges.len() as u64)?;
        let last = self.field(level).map_or(B::MAX, Field::last);
        match how {
            How::Free => self.any_of(&edges),
            How::Into(first, end) => {
                let any = self.any_of(&edges)?;
                self.partition(level, last, [(first, end, any)])
            }
            How::Shift(from, to) => {
                let mut moved = Vec::with_capacity(edges.len() + 1);
                for (first, end, child) in edges {
                    let (first, end) = (first.moved(from, to, last), end.moved(from, to, last));
                    if first <= end {
                        moved.push((first, end, child));
                    } else {
                        moved.extend([(first, last, child), (B::MIN, end, child)]);
                    }
                }
                moved.sort_unstable_by_key(|(first, ..)| *first);
                self.partition(level, last, moved)
            }
        }
    }

    fn any_of(&mut self, edges: &[(B, B, Id)]) -> Result<Id, BudgetSpent> {
        let mut any = Id::NONE;
        for (.., child) in edges {
            any = self.over_within(any, *child)?;
        }
        Ok(any)
    }

    /// The intervals of a node at a level that it may skip, with what follows each; those that lead nowhere left out.
    pub(super) fn intervals(&self, a: Id, level: usize) -> Vec<(B, B, Id)> {
        let last = self.field(level).map_or(B::MAX, Field::last);
        let mut cursor = self.cursor(a, level);
        let mut intervals = Vec::new();
        let mut first = B::MIN;
        loop {
            let (bound, child) = self.edge(cursor);
            if child != Id::NONE {
                intervals.push((first, bound.min(last), child));
            }
            match bound.next() {
                Some(next) if cursor.advance() => first = next,
                _ => return intervals,
            }
        }
    }

    /// The node of sorted intervals, nothing between them.
    pub(super) fn partition(
        &mut self,
        level: usize,
        last: B,
        edges: impl IntoIterator<Item = (B, B, Id)>,
    ) -> Result<Id, BudgetSpent> {
        debug_assert!(level < FIELDS, "terminals have no intervals");
        let from = self.pending.len();
        let mut next = Some(B::MIN);
        for (first, end, child) in edges {
            if let (Some(open), Some(before)) = (next, first.previous())
                && open <= before
            {
                self.push(from, before, Id::NONE);
            }
            let end = if end >= last { B::MAX } else { end };
            self.push(from, end, child);
            next = end.next();
        }
        if next.is_some() {
            self.push(from, B::MAX, Id::NONE);
        }
        self.intern(level, from)
    }
}
