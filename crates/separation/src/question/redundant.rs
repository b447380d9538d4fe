//! Rules without which nothing would be otherwise.

use std::collections::BTreeSet;

use super::finding::RuleAt;
use super::slices::{Options, each};
use super::unreachable::{covers, idle, lines};
use crate::device::{Action, Chain, ChainId, Match, Rule};
use crate::diagram::{BudgetSpent, Id, Order};
use crate::engine::{Prepared, Space, Work};
use crate::fabric::{Fabric, NodeId};
use crate::ranges::{Bound, Ranges};

/// A rule that packets come to, and of which later ones decide all packets alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redundant {
    /// The rule.
    pub rule: RuleAt,
    /// The rules that decide its packets as it does, in the order of the chain.
    pub covered_by: Vec<RuleAt>,
}

/// Every rule that could be taken away without a packet being decided otherwise, since later rules of the chain decide its packets so,
/// too; and the chains of which that could not be found out.
///
/// Each is told for itself: when one is taken away, the next may be needed. A rule that makes a log entry is needed unless those that
/// cover it make one. A line that stands in several chains is told only if it is so in all of them. Rules that only say what the end of the chain says anyway are not told: they are written for the reader. What is
/// told is so; what is not told may still be so, where unknown conditions, called chains or some interfaces only stand between.
#[must_use]
pub fn redundant(fabric: &Fabric, options: Options) -> (Vec<Redundant>, Vec<(NodeId, ChainId)>) {
    let (shadowed, mut unknown) = idle(fabric, options);
    let shadowed: BTreeSet<(NodeId, ChainId, Option<u32>)> = shadowed
        .into_iter()
        .map(|found| (found.rule.node, found.rule.chain, found.rule.rule))
        .collect();
    let asked: Vec<(NodeId, ChainId, &Chain)> = fabric
        .nodes()
        .flat_map(|(node, at)| {
            let chains = (0..).map(ChainId).zip(&at.device.chains);
            chains.map(move |(id, chain)| (node, id, chain))
        })
        .filter(|(node, id, _)| !unknown.contains(&(*node, *id)))
        .collect();
    let prepared = Prepared::new(fabric);
    let answers = each(&asked, options, |(node, id, chain), order, budget| {
        let reached = |number: u32| !shadowed.contains(&(*node, *id, Some(number)));
        let v4 = coverers::<u32>(&prepared, chain, &reached, order, budget)?;
        let v6 = coverers::<u128>(&prepared, chain, &reached, order, budget)?;
        Ok(v4.into_iter().zip(v6).collect::<Vec<_>>())
    });
    let mut found = Vec::new();
    for ((node, id, chain), answer) in asked.into_iter().zip(answers) {
        let Ok(coverers) = answer else {
            unknown.push((node, id));
            continue;
        };
        let at = |number: usize, rule: &Rule| RuleAt {
            node,
            chain: id,
            rule: u32::try_from(number).ok(),
            line: rule.line,
        };
        for ((number, rule), (v4, v6)) in chain.rules.iter().enumerate().zip(coverers) {
            let (Some(v4), Some(v6)) = (v4, v6) else { continue };
            let by: BTreeSet<usize> = v4.into_iter().chain(v6).collect();
            if !by.is_empty() {
                let by = by.into_iter().filter_map(|by| Some(at(by, chain.rules.get(by)?)));
                found.push(Redundant {
                    rule: at(number, rule),
                    covered_by: by.collect(),
                });
            }
        }
    }
    (lines(fabric, found, |found| found.rule), unknown)
}

/// For each rule of a chain the later ones that decide its packets of a family alike, none if it has no such packet; `None` where they
/// do not, or nobody knows.
fn coverers<B: Space>(
    prepared: &Prepared<'_>,
    chain: &Chain,
    reached: &dyn Fn(u32) -> bool,
    order: Order,
    budget: u64,
) -> Result<Vec<Option<Vec<usize>>>, BudgetSpent> {
    let mut work = Work::<B>::new(prepared, order, budget);
    let mut sets = Vec::with_capacity(chain.rules.len());
    for rule in &chain.rules {
        let mut packets = Id::NONE;
        for product in work.any_interface(&rule.condition) {
            let part = work.arena.product(&product, 0)?;
            packets = work.arena.over(packets, part)?;
        }
        sets.push((rule, packets));
    }
    let mut all = Vec::with_capacity(sets.len());
    for (number, (rule, packets)) in sets.iter().enumerate() {
        let asked = is_sure(rule) && u32::try_from(number).is_ok_and(reached);
        let (before, after) = (sets.get(..number), sets.get(number + 1..));
        let (Some(before), Some(after), true) = (before, after, asked) else {
            all.push(None);
            continue;
        };
        let mut left = *packets;
        for (earlier, theirs) in before {
            if is_sure(earlier) && holds(earlier, rule) && may_meet::<B>(&earlier.condition, &rule.condition) {
                left = work.arena.remove(left, *theirs)?;
            }
        }
        let mut by = Some(Vec::new());
        for (at, (later, theirs)) in (number + 1..).zip(after) {
            if left == Id::NONE {
                break;
            }
            if !may_meet::<B>(&later.condition, &rule.condition) || work.arena.keep(left, *theirs)? == Id::NONE {
                continue;
            }
            // It may decide otherwise, or hand on to who knows whom.
            if later.action != rule.action {
                by = None;
                break;
            }
            let counts = is_sure(later) && holds(later, rule) && (later.logs || !rule.logs);
            if counts && u32::try_from(at).is_ok_and(reached) {
                left = work.arena.remove(left, *theirs)?;
                by.iter_mut().for_each(|by| by.push(at));
            }
        }
        all.push(by.filter(|_| left == Id::NONE));
    }
    Ok(all)
}

/// Whether a rule decides each packet that meets its condition, and the condition can be seen.
const fn is_sure(rule: &Rule) -> bool {
    rule.condition.unknown.is_empty() && matches!(rule.action, Action::Permit | Action::Deny)
}

/// Whether a rule is asked on every way on which another is.
fn holds(rule: &Rule, other: &Rule) -> bool {
    covers(&rule.condition.ingress, &other.condition.ingress) && covers(&rule.condition.egress, &other.condition.egress)
}

/// Whether two conditions may share a packet, by their addresses: what is quickly seen.
fn may_meet<B: Space>(one: &Match, other: &Match) -> bool {
    meet(B::of(&one.source), B::of(&other.source)) && meet(B::of(&one.destination), B::of(&other.destination))
}

fn meet<B: Bound>(one: &Ranges<B>, other: &Ranges<B>) -> bool {
    one.iter().any(|(first, last)| other.meets(first, last))
}
