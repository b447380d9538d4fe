//! A chain of rules becomes a diagram.

use super::blame::Verdict;
use super::layers::Layers;
use super::lower::{Between, CLIPPED, Clip};
use super::prepared::{Outline, is_open};
use super::{Bound, Space, Work};
use crate::device::{Action, ChainId, Line, Rule};
use crate::diagram::{Arena, BudgetSpent, Field, Id, Sides};
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
/// The terminal of packets that do not pass. Which rule keeps them out is not told, so all of those are one.
const DENIED: u32 = Id::LAST_TERMINAL - 1;
/// Terminals from here on have a meaning of their own inside chains.
pub(super) const SPECIAL: u32 = DENIED;

/// Chains that call each other deeper than this let nothing pass. The same as in [`crate::trace`].
const DEEPEST: usize = 64;

impl<B: Space> Work<'_, B> {
    /// Packets of `clip` that a chain lets pass, by the number of the rule's verdict. Of packets that are not of `clip` it says nothing,
    /// so whoever asks must keep to those that are.
    pub(super) fn permitted(
        &mut self,
        node: NodeId,
        chain: ChainId,
        between: Between,
        bound: Bound,
        clip: &Clip<B>,
    ) -> Result<Id, BudgetSpent> {
        let between = self.prepared.alike(node, between);
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
        let mut building = Building {
            work: self,
            node,
            between,
            bound,
            clip,
            calls: Vec::new(),
            quotients: Default::default(),
        };
        let (mut other, root) = building.chain(chain)?;
        let passing = other.map(root, |verdict| (verdict < SPECIAL).then_some(verdict))?;
        let permitted = self.arena.import(&other, passing)?;
        self.chains.insert(key, permitted);
        Ok(permitted)
    }
}

struct Building<'w, 'f, B: Space> {
    work: &'w mut Work<'f, B>,
    node: NodeId,
    between: Between,
    bound: Bound,
    clip: &'w Clip<B>,
    calls: Vec<ChainId>,
    /// Room for the values of a rule, by [`CLIPPED`].
    quotients: [Vec<(B, B)>; CLIPPED.len()],
}

impl<B: Space> Building<'_, '_, B> {
    fn chain(&mut self, id: ChainId) -> Result<(Arena<B>, Id), BudgetSpent> {
        let prepared = self.work.prepared;
        let chain = prepared.fabric.node(self.node).and_then(|node| node.device.chain(id));
        let arena = Arena::new(self.work.arena.order(), self.work.arena.left());
        let called = !self.calls.is_empty();
        let Some(chain) = chain else {
            return Ok((arena, Id::terminal(DENIED)?));
        };
        let otherwise = match chain.otherwise {
            Action::Return if called => RETURN,
            other => self.verdict(id, None, other == Action::Permit, chain.line)?,
        };
        self.calls.push(id);
        let mut layers = Layers::new(arena, is_open(chain))?;
        let outlines = B::outlines(prepared);
        let rules = outlines.rules(self.node, id);
        for services in rules.chunk_by(|one, other| one.rule == other.rule) {
            let Some(outline) = services.first().filter(|outline| self.clip.may_meet(outline)) else {
                continue;
            };
            let Some(rule) = chain.rules.get(outline.rule as usize) else {
                continue;
            };
            if !outline.anywhere && !self.between.meets(&rule.condition) {
                continue;
            }
            if layers.is_closed() {
                break;
            }
            self.rule(&mut layers, id, services, rule, otherwise)?;
        }
        self.calls.pop();
        // What is left over at the end is denied in any case.
        if called || otherwise != DENIED {
            layers.set(Id::terminal(otherwise)?)?;
        }
        let (arena, root) = layers.finish(|later| later != RETURN && self.wins(permits(later)))?;
        // The scratch arena's work is the slice's.
        self.work.arena.spend(arena.work())?;
        Ok((arena, root))
    }

    fn rule(
        &mut self,
        layers: &mut Layers<B>,
        chain: ChainId,
        services: &[Outline<B>],
        rule: &Rule,
        otherwise: u32,
    ) -> Result<(), BudgetSpent> {
        let surely = rule.condition.unknown.is_empty();
        let called = self.calls.len() > 1;
        let number = services.first().map(|outline| outline.rule);
        match rule.action {
            Action::Permit | Action::Deny => {
                let permits = rule.action == Action::Permit;
                if surely || self.wins(permits) {
                    let verdict = self.verdict(chain, number, permits, rule.line)?;
                    self.each(services, |sides| layers.rule(sides, verdict))?;
                }
            }
            Action::Return if !called => {
                if surely || self.wins(permits(otherwise)) {
                    self.each(services, |sides| layers.rule(sides, otherwise))?;
                }
            }
            Action::Return if surely => self.each(services, |sides| layers.rule(sides, RETURN))?,
            Action::Return => {
                let returned = self.any(layers.arena(), services, RETURN)?;
                layers.may_return(returned);
            }
            Action::Jump(target) | Action::Goto(target) => {
                if self.calls.contains(&target) || self.calls.len() >= DEEPEST {
                    if surely || self.wins(false) {
                        self.each(services, |sides| layers.rule(sides, DENIED))?;
                    }
                    return Ok(());
                }
                let goes = matches!(rule.action, Action::Goto(_));
                self.call(layers, target, goes.then_some(otherwise), surely, services)?;
            }
        }
        Ok(())
    }

    /// A chain is asked; where it returns, `otherwise` holds, or the next rule if there is none.
    fn call(
        &mut self,
        layers: &mut Layers<B>,
        target: ChainId,
        otherwise: Option<u32>,
        surely: bool,
        services: &[Outline<B>],
    ) -> Result<(), BudgetSpent> {
        let (other, root) = self.chain(target)?;
        let arena = layers.arena();
        let called = arena.import(&other, root)?;
        let condition = self.any(arena, services, 0)?;
        let called = arena.keep(called, condition)?;
        let after = arena.map(
            called,
            |verdict| if verdict == RETURN { otherwise } else { Some(verdict) },
        )?;
        if surely {
            return layers.set(after);
        }
        let wins = arena.map(after, |verdict| {
            (verdict != RETURN && self.wins(permits(verdict))).then_some(verdict)
        })?;
        let returns = arena.map(after, |verdict| (verdict == RETURN).then_some(verdict))?;
        layers.set(wins)?;
        layers.may_return(returns);
        Ok(())
    }

    /// The packets of a rule, service by service.
    fn each(
        &mut self,
        services: &[Outline<B>],
        mut one: impl FnMut(&Sides<'_, B>) -> Result<(), BudgetSpent>,
    ) -> Result<(), BudgetSpent> {
        let outlines = B::outlines(self.work.prepared);
        for outline in services {
            let mut sides = outlines.sides(outline);
            let quotients = self.quotients.iter_mut();
            for ((clip, values), field) in self.clip.0.iter().zip(quotients).zip(CLIPPED) {
                quotient(side(&sides, field), clip, values);
            }
            if self.quotients.iter().any(Vec::is_empty) {
                continue;
            }
            for (values, field) in self.quotients.iter().zip(CLIPPED) {
                if let Some(side) = sides.get_mut(field as usize) {
                    *side = values;
                }
            }
            one(&sides)?;
        }
        Ok(())
    }

    fn any(&mut self, arena: &mut Arena<B>, services: &[Outline<B>], terminal: u32) -> Result<Id, BudgetSpent> {
        let mut any = Id::NONE;
        self.each(services, |sides| {
            let part = arena.product_of(sides, terminal)?;
            any = arena.over(any, part)?;
            Ok(())
        })?;
        Ok(any)
    }

    fn verdict(&mut self, chain: ChainId, rule: Option<u32>, permits: bool, line: Line) -> Result<u32, BudgetSpent> {
        if !permits {
            return Ok(DENIED);
        }
        let (side, node) = (self.work.side, self.node);
        self.work.blame.verdict(Verdict {
            side,
            node,
            chain,
            rule,
            line,
        })
    }

    /// Whether an undecided rule counts as met when it decides so.
    fn wins(&self, permits: bool) -> bool {
        permits == (self.bound == Bound::May)
    }
}

const fn permits(verdict: u32) -> bool {
    verdict < SPECIAL
}

fn side<'a, B: Space>(sides: &Sides<'a, B>, field: Field) -> &'a [(B, B)] {
    sides.get(field as usize).copied().unwrap_or_default()
}

/// `values` as far as numbers of `clip` are concerned, in as few intervals as can be: a number that `clip` does not have goes with the
/// next larger one that it has, and those beyond the last go with the last.
fn quotient<B: ranges::Bound>(values: &[(B, B)], clip: &ranges::Ranges<B>, into: &mut Vec<(B, B)>) {
    into.clear();
    let clip = clip.intervals();
    if let ([(from, to)], [(first, last)]) = (values, clip) {
        if from <= last && to >= first {
            let from = if from <= first { B::MIN } else { *from };
            into.push((from, if to >= last { B::MAX } else { *to }));
        }
        return;
    }
    let mut ours = values.iter().copied().peekable();
    let mut start = B::MIN;
    for (number, (first, last)) in clip.iter().enumerate() {
        let is_last = number + 1 == clip.len();
        while let Some((from, to)) = ours.peek().copied() {
            if from > *last {
                break;
            }
            if to >= *first {
                let from = if from <= *first { start } else { from };
                let to = match to >= *last {
                    true if is_last => B::MAX,
                    true => *last,
                    false => to,
                };
                match into.last_mut() {
                    Some((_, end)) if end.next() == Some(from) => *end = to,
                    _ => into.push((from, to)),
                }
            }
            if to > *last {
                break;
            }
            ours.next();
        }
        match last.next() {
            Some(next) => start = next,
            None => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::quotient;
    use crate::ranges::Ranges;

    fn any_set() -> impl Strategy<Value = Ranges<u8>> {
        proptest::collection::vec((0..=255_u8, 0..=255_u8), 0..5).prop_map(Ranges::of)
    }

    proptest! {
        #[test]
        fn a_quotient_says_the_same_of_every_number_that_is_asked_for(values in any_set(), clip in any_set()) {
            let mut into = Vec::new();
            quotient(values.intervals(), &clip, &mut into);
            let found = Ranges::of(into.iter().copied());
            prop_assert_eq!(found.intervals(), into.as_slice());
            prop_assert_eq!(found.intersect(&clip), values.intersect(&clip));
            // What holds everything that is asked for, holds everything.
            if !clip.is_empty() && clip.is_within(&values) {
                prop_assert!(found.is_all());
            }
        }
    }
}
