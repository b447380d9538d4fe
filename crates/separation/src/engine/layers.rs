//! Rules laid one after another: what the first of them decide is closed to the others.

use super::Space;
use crate::diagram::{Arena, BudgetSpent, Id, Sides};

/// A part of a chain.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// Stands before everything after it.
    Hard(Id),
    /// May return: stands before what loses after it, and gives way to what wins.
    MayReturn(Id),
}

/// A chain as far as it is built.
///
/// A rule all of whose packets are decided by rules before it is never built. To know that, the packets that are still open are a set of
/// their own, without regard to who decided the others. Rules are joined in blocks, each as large as all before it together: the set of
/// open packets is that before the block.
pub(super) struct Layers<B> {
    arena: Arena<B>,
    decided: Id,
    open: Id,
    block: Vec<Id>,
    /// How many rules the block will have.
    room: usize,
    live: usize,
    /// All parts, where some may return: then the last come first.
    parts: Option<Vec<Part>>,
}

/// Rules of the first block.
const FIRST: usize = 32;
/// Below this many edges nothing is gained by putting away what is not used.
const SMALL: usize = 1 << 14;

impl<B: Space> Layers<B> {
    /// Nothing yet; `is_open` says that some parts may return.
    pub(super) fn new(arena: Arena<B>, is_open: bool) -> Result<Self, BudgetSpent> {
        Ok(Self {
            arena,
            decided: Id::NONE,
            open: Id::terminal(0)?,
            block: Vec::new(),
            room: FIRST,
            live: 0,
            parts: is_open.then(Vec::new),
        })
    }

    /// Whether nothing that comes later can matter.
    pub(super) fn is_closed(&self) -> bool {
        self.open == Id::NONE
    }

    pub(super) const fn arena(&mut self) -> &mut Arena<B> {
        &mut self.arena
    }

    /// The next rule: packets that it decides.
    pub(super) fn rule(&mut self, sides: &Sides<'_, B>, terminal: u32) -> Result<(), BudgetSpent> {
        if self.parts.is_none() && !self.arena.meets(self.open, sides)? {
            return Ok(());
        }
        let rule = self.arena.product_of(sides, terminal)?;
        self.set(rule)
    }

    /// The next packets that are decided.
    pub(super) fn set(&mut self, set: Id) -> Result<(), BudgetSpent> {
        if let Some(parts) = &mut self.parts {
            parts.push(Part::Hard(set));
            return Ok(());
        }
        self.block.push(set);
        if self.block.len() >= self.room {
            self.lay()?;
        }
        Ok(())
    }

    /// Packets for which nobody knows whether a chain returns.
    pub(super) fn may_return(&mut self, set: Id) {
        self.parts.get_or_insert_default().push(Part::MayReturn(set));
    }

    /// All of it. `wins` says of a terminal whether what may return gives way to it.
    pub(super) fn finish(mut self, wins: impl Fn(u32) -> bool) -> Result<(Arena<B>, Id), BudgetSpent> {
        let Some(parts) = self.parts.take() else {
            self.lay()?;
            return Ok((self.arena, self.decided));
        };
        let mut root = Id::NONE;
        for part in parts.into_iter().rev() {
            root = match part {
                Part::Hard(id) => self.arena.over(id, root)?,
                Part::MayReturn(id) => self.arena.join(id, root, |returned, later| match later {
                    Some(later) if wins(later) => Some(later),
                    later => returned.or(later),
                })?,
            };
        }
        Ok((self.arena, root))
    }

    fn lay(&mut self) -> Result<(), BudgetSpent> {
        if self.block.is_empty() {
            return Ok(());
        }
        let block = self.arena.first_of(&self.block)?;
        self.block.clear();
        self.room *= 2;
        self.decided = self.arena.over(self.decided, block)?;
        self.open = self.arena.remove(self.open, block)?;
        if self.arena.edges() > SMALL.max(self.live.saturating_mul(4)) {
            let mut roots = [self.decided, self.open];
            self.arena.compact(&mut roots)?;
            [self.decided, self.open] = roots;
            self.live = self.arena.edges();
        }
        Ok(())
    }
}
