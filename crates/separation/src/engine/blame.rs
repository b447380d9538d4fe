//! What terminals mean: rules, and the trails of rules that a packet left behind.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::chain::SPECIAL;
use crate::device::{ChainId, Line};
use crate::diagram::{BudgetSpent, Id};
use crate::fabric::NodeId;

/// A rule that lets packets pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Verdict {
    /// In which network: 0 for the first of two that are compared, 1 for the second.
    pub side: u8,
    /// The device.
    pub node: NodeId,
    /// The chain.
    pub chain: ChainId,
    /// Index of the rule; `None` for what holds when none matches.
    pub rule: Option<u32>,
    /// Where it is written.
    pub line: Line,
}

/// Numbers of verdicts and of trails.
#[derive(Debug, Default)]
pub struct Blame {
    verdicts: Vec<Verdict>,
    known: HashMap<Verdict, u32, FxBuildHasher>,
    /// The trail before, and the verdict that it goes on with. Trail `n + 1` is at `n`; trail 0 is the empty one.
    trails: Vec<(u32, u32)>,
    known_trails: HashMap<(u32, u32), u32, FxBuildHasher>,
}

impl Blame {
    /// The verdicts of a trail, in the order in which they were met. Of a chain that another calls, only the rule that decided is told.
    #[must_use]
    pub fn trail(&self, trail: u32) -> Vec<Verdict> {
        let mut found = Vec::new();
        let mut at = trail;
        while let Some((before, verdict)) = at.checked_sub(1).and_then(|at| self.trails.get(at as usize)) {
            found.extend(self.verdicts.get(*verdict as usize).copied());
            at = *before;
        }
        found.reverse();
        found
    }

    /// The verdict that a trail ends with.
    #[must_use]
    pub fn last(&self, trail: u32) -> Option<Verdict> {
        let (_, verdict) = self.trails.get(trail.checked_sub(1)? as usize)?;
        self.verdicts.get(*verdict as usize).copied()
    }

    pub(super) fn verdict(&mut self, verdict: Verdict) -> Result<u32, BudgetSpent> {
        if let Some(number) = self.known.get(&verdict) {
            return Ok(*number);
        }
        let number = u32::try_from(self.verdicts.len())
            .ok()
            .filter(|number| *number < SPECIAL)
            .ok_or(BudgetSpent)?;
        self.verdicts.push(verdict);
        self.known.insert(verdict, number);
        Ok(number)
    }

    pub(super) fn go_on(&mut self, trail: u32, verdict: u32) -> Result<u32, BudgetSpent> {
        if let Some(number) = self.known_trails.get(&(trail, verdict)) {
            return Ok(*number);
        }
        let number = u32::try_from(self.trails.len() + 1)
            .ok()
            .filter(|number| *number < Id::LAST_TERMINAL)
            .ok_or(BudgetSpent)?;
        self.trails.push((trail, verdict));
        self.known_trails.insert((trail, verdict), number);
        Ok(number)
    }
}
