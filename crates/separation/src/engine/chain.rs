//! A chain of rules becomes a diagram.

use super::blame::Verdict;
use super::lower::{Between, Clip, products};
use super::{Bound, Space, Work};
use crate::device::{Action, ChainId, Line, Rule};
use crate::diagram::{Arena, BudgetSpent, Id, Product};
use crate::fabric::NodeId;
use crate::ranges;

/// What the diagram of a chain depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ChainKey<B: ranges::Bound> {
    side: u8,
    node: NodeId,
    chain: ChainId,
    between: Between,
    bound: Bound,
    clip: Clip<B>,
}

/// The terminal of packets for which whoever called the chain goes on.
const RETURN: u32 = Id::LAST_TERMINAL;

/// Chains that call each other deeper than this let nothing pass. The same as in [`crate::trace`].
const DEEPEST: usize = 64;

impl<B: Space> Work<'_, B> {
    /// Packets of `clip` that a chain lets pass, by the number of the rule's verdict.
    pub(super) fn permitted(
        &mut self,
        node: NodeId,
        chain: ChainId,
        between: Between,
        bound: Bound,
        clip: &Clip<B>,
    ) -> Result<Id, BudgetSpent> {
        let key = ChainKey {
            side: self.side,
            node,
            chain,
            between,
            bound,
            clip: clip.clone(),
        };
        if let Some(known) = self.chains.get(&key) {
            return Ok(*known);
        }
        let (other, root) = self.decided(node, chain, between, bound, clip)?;
        let decided = self.arena.import(&other, root)?;
        let blame = &self.blame;
        let permitted = self
            .arena
            .map(decided, |verdict| blame.permits(verdict).then_some(verdict))?;
        self.chains.insert(key, permitted);
        Ok(permitted)
    }

    /// What a chain decides of each packet of `clip`, in an arena of its own.
    pub(super) fn decided(
        &mut self,
        node: NodeId,
        chain: ChainId,
        between: Between,
        bound: Bound,
        clip: &Clip<B>,
    ) -> Result<(Arena<B>, Id), BudgetSpent> {
        let mut building = Building {
            work: self,
            node,
            between,
            bound,
            clip,
            calls: Vec::new(),
        };
        building.chain(chain)
    }
}

struct Building<'w, 'f, B: Space> {
    work: &'w mut Work<'f, B>,
    node: NodeId,
    between: Between,
    bound: Bound,
    clip: &'w Clip<B>,
    calls: Vec<ChainId>,
}

/// What one rule does to the diagram of its chain.
enum Part {
    /// Stands before everything after it.
    Hard(Id),
    /// May return: stands before what loses after it, and gives way to what wins.
    MayReturn(Id),
}

impl<B: Space> Building<'_, '_, B> {
    fn chain(&mut self, id: ChainId) -> Result<(Arena<B>, Id), BudgetSpent> {
        let fabric = self.work.fabric;
        let chain = fabric.node(self.node).and_then(|node| node.device.chain(id));
        let mut arena = Arena::new(self.work.arena.order(), self.work.arena.left());
        let called = !self.calls.is_empty();
        let Some(chain) = chain else {
            let nowhere = Line { file: 0, number: 0 };
            let verdict = self.verdict(id, None, false, nowhere)?;
            return Ok((arena, Id::terminal(verdict)?));
        };
        let otherwise = match chain.otherwise {
            Action::Return if called => RETURN,
            other => self.verdict(id, None, other == Action::Permit, chain.line)?,
        };
        self.calls.push(id);
        let mut parts = Vec::new();
        for (number, rule) in (0..).zip(&chain.rules) {
            self.rule(&mut arena, id, number, rule, otherwise, &mut parts)?;
        }
        self.calls.pop();
        parts.push(Part::Hard(Id::terminal(otherwise)?));
        let (arena, root) = self.joined(arena, parts)?;
        // The scratch arena's work is the slice's.
        self.work.arena.spend(arena.work())?;
        Ok((arena, root))
    }

    fn rule(
        &mut self,
        arena: &mut Arena<B>,
        chain: ChainId,
        number: u32,
        rule: &Rule,
        otherwise: u32,
        parts: &mut Vec<Part>,
    ) -> Result<(), BudgetSpent> {
        let products = products(&rule.condition, self.between, self.clip);
        if products.is_empty() {
            return Ok(());
        }
        let surely = rule.condition.unknown.is_empty();
        let called = self.calls.len() > 1;
        match rule.action {
            Action::Permit | Action::Deny => {
                let permits = rule.action == Action::Permit;
                if surely || self.wins(permits) {
                    let verdict = self.verdict(chain, Some(number), permits, rule.line)?;
                    hard(arena, &products, verdict, parts)?;
                }
            }
            Action::Return if !called => {
                if surely || self.wins(self.permits(otherwise)) {
                    hard(arena, &products, otherwise, parts)?;
                }
            }
            Action::Return => {
                let returned = any(arena, &products, RETURN)?;
                parts.push(if surely {
                    Part::Hard(returned)
                } else {
                    Part::MayReturn(returned)
                });
            }
            Action::Jump(target) | Action::Goto(target) => {
                if self.calls.contains(&target) || self.calls.len() >= DEEPEST {
                    if surely || self.wins(false) {
                        let verdict = self.verdict(chain, Some(number), false, rule.line)?;
                        hard(arena, &products, verdict, parts)?;
                    }
                    return Ok(());
                }
                let goes = matches!(rule.action, Action::Goto(_));
                self.call(arena, target, goes.then_some(otherwise), surely, &products, parts)?;
            }
        }
        Ok(())
    }

    /// A chain is asked; where it returns, `otherwise` holds, or the next rule if there is none.
    fn call(
        &mut self,
        arena: &mut Arena<B>,
        target: ChainId,
        otherwise: Option<u32>,
        surely: bool,
        products: &[Product<B>],
        parts: &mut Vec<Part>,
    ) -> Result<(), BudgetSpent> {
        let (other, root) = self.chain(target)?;
        let called = arena.import(&other, root)?;
        let condition = any(arena, products, 0)?;
        let called = arena.keep(called, condition)?;
        let after = arena.map(
            called,
            |verdict| if verdict == RETURN { otherwise } else { Some(verdict) },
        )?;
        if surely {
            parts.push(Part::Hard(after));
            return Ok(());
        }
        let wins = arena.map(after, |verdict| {
            (verdict != RETURN && self.wins(self.permits(verdict))).then_some(verdict)
        })?;
        let returns = arena.map(after, |verdict| (verdict == RETURN).then_some(verdict))?;
        parts.extend([Part::Hard(wins), Part::MayReturn(returns)]);
        Ok(())
    }

    fn joined(&self, mut arena: Arena<B>, parts: Vec<Part>) -> Result<(Arena<B>, Id), BudgetSpent> {
        let hard: Option<Vec<Id>> = parts
            .iter()
            .map(|part| match part {
                Part::Hard(id) => Some(*id),
                Part::MayReturn(_) => None,
            })
            .collect();
        if let Some(hard) = hard {
            return arena.first_match(hard);
        }
        let mut root = Id::NONE;
        for part in parts.into_iter().rev() {
            root = match part {
                Part::Hard(id) => arena.over(id, root)?,
                Part::MayReturn(id) => arena.join(id, root, |returned, later| match later {
                    Some(later) if later != RETURN && self.wins(self.permits(later)) => Some(later),
                    later => returned.or(later),
                })?,
            };
        }
        Ok((arena, root))
    }

    fn verdict(&mut self, chain: ChainId, rule: Option<u32>, permits: bool, line: Line) -> Result<u32, BudgetSpent> {
        let (side, node) = (self.work.side, self.node);
        self.work.blame.verdict(Verdict {
            side,
            node,
            chain,
            rule,
            permits,
            line,
        })
    }

    fn permits(&self, verdict: u32) -> bool {
        self.work.blame.permits(verdict)
    }

    /// Whether an undecided rule counts as met when it decides so.
    fn wins(&self, permits: bool) -> bool {
        permits == (self.bound == Bound::May)
    }
}

fn hard<B: Space>(
    arena: &mut Arena<B>,
    products: &[Product<B>],
    verdict: u32,
    parts: &mut Vec<Part>,
) -> Result<(), BudgetSpent> {
    for product in products {
        parts.push(Part::Hard(arena.product(product, verdict)?));
    }
    Ok(())
}

fn any<B: Space>(arena: &mut Arena<B>, products: &[Product<B>], terminal: u32) -> Result<Id, BudgetSpent> {
    let mut any = Id::NONE;
    for product in products {
        let part = arena.product(product, terminal)?;
        any = arena.over(any, part)?;
    }
    Ok(any)
}
