//! Rules that never decide anything.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::finding::RuleAt;
use super::slices::{Options, each};
use crate::device::{Action, Chain, ChainId, Interfaces, Line};
use crate::diagram::{BudgetSpent, Id, Order};
use crate::engine::{Prepared, Space, Work};
use crate::fabric::{Fabric, NodeId};

/// A rule that no packet comes to: the lines before it decide them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// The rule.
    pub rule: RuleAt,
    /// The rules that decide its packets, in the order of the chain; several may do so only together. None: it matches no packet at all.
    pub blocked_by: Vec<RuleAt>,
    /// Whether one of them decides otherwise than the rule would: it does not do what somebody meant it to do.
    pub differs: bool,
}

/// Every line whose rules decide nothing in any chain, whatever comes to the chain, by the first of its rules; and the chains of which that
/// could not be found out.
///
/// One line may stand in several chains (a list that is bound twice, a device that is read in two ways): it is told only if it decides
/// nothing in all of them. What goes without saying is not told. In the order of devices and lines.
///
/// What is told is so; what is not told may still be so: a rule that is reached only through what a called chain decides, or by some
/// interfaces and not by others, is taken as reached.
#[must_use]
pub fn unreachable(fabric: &Fabric, options: Options) -> (Vec<Unreachable>, Vec<(NodeId, ChainId)>) {
    let (found, unknown) = idle(fabric, options);
    let mut told: BTreeMap<(NodeId, Line), Unreachable> = BTreeMap::new();
    for found in lines(fabric, found, |found| found.rule) {
        match told.entry((found.rule.node, found.rule.line)) {
            Entry::Vacant(place) => drop(place.insert(found)),
            Entry::Occupied(mut told) => {
                let told = told.get_mut();
                told.differs |= found.differs;
                for by in found.blocked_by {
                    if !told.blocked_by.iter().any(|known| known.line == by.line) {
                        told.blocked_by.push(by);
                    }
                }
            }
        }
    }
    (told.into_values().collect(), unknown)
}

/// Of what was found of rules, that of lines of which it was found of all rules.
pub(super) fn lines<T>(fabric: &Fabric, found: Vec<T>, rule: impl Fn(&T) -> RuleAt) -> Vec<T> {
    let mut rules: BTreeMap<(NodeId, Line), usize> = BTreeMap::new();
    for (id, node) in fabric.nodes() {
        let all = node.device.chains.iter().flat_map(|chain| &chain.rules);
        for rule in all.filter(|rule| !rule.implied) {
            *rules.entry((id, rule.line)).or_default() += 1;
        }
    }
    let place = |found: &T| (rule(found).node, rule(found).line);
    let is_said = |at: RuleAt| {
        let chain = fabric.node(at.node).and_then(|node| node.device.chain(at.chain));
        let rule = chain
            .zip(at.rule)
            .and_then(|(chain, rule)| chain.rules.get(rule as usize));
        rule.is_some_and(|rule| !rule.implied)
    };
    let said: Vec<T> = found.into_iter().filter(|found| is_said(rule(found))).collect();
    let mut idle: BTreeMap<(NodeId, Line), usize> = BTreeMap::new();
    said.iter()
        .for_each(|found| *idle.entry(place(found)).or_default() += 1);
    said.into_iter()
        .filter(|found| idle.get(&place(found)) == rules.get(&place(found)))
        .collect()
}

/// Every rule of every chain that decides nothing in it.
pub(super) fn idle(fabric: &Fabric, options: Options) -> (Vec<Unreachable>, Vec<(NodeId, ChainId)>) {
    let mut asked: Vec<(NodeId, ChainId, &Chain)> = Vec::new();
    for (node, at) in fabric.nodes() {
        asked.extend(
            (0..)
                .map(ChainId)
                .zip(&at.device.chains)
                .map(|(id, chain)| (node, id, chain)),
        );
    }
    let prepared = Prepared::new(fabric);
    let answers = each(&asked, options, |(_, _, chain), order, budget| {
        let v4 = blockers::<u32>(&prepared, chain, order, budget)?;
        let v6 = blockers::<u128>(&prepared, chain, order, budget)?;
        Ok([v4, v6])
    });
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for ((node, id, chain), answer) in asked.into_iter().zip(answers) {
        let Ok(families) = answer else {
            unknown.push((node, id));
            continue;
        };
        let at = |number: usize| {
            chain.rules.get(number).map(|rule| RuleAt {
                node,
                chain: id,
                rule: u32::try_from(number).ok(),
                line: rule.line,
            })
        };
        for (number, rule) in chain.rules.iter().enumerate() {
            let mut blocked: Vec<usize> = Vec::new();
            let all_blocked = families.iter().all(|family| match family.get(&number) {
                Some(by) => {
                    blocked.extend(by);
                    true
                }
                None => false,
            });
            if let (true, Some(place)) = (all_blocked, at(number)) {
                blocked.sort_unstable();
                blocked.dedup();
                let other = |by: &usize| chain.rules.get(*by).is_some_and(|other| other.action != rule.action);
                found.push(Unreachable {
                    rule: place,
                    differs: blocked.iter().any(other),
                    blocked_by: blocked.into_iter().filter_map(at).collect(),
                });
            }
        }
    }
    (found, unknown)
}

/// The rules of a chain that no packet of a family comes to, each with the rules that decide its packets.
fn blockers<B: Space>(
    prepared: &Prepared<'_>,
    chain: &Chain,
    order: Order,
    budget: u64,
) -> Result<BTreeMap<usize, Vec<usize>>, BudgetSpent> {
    let mut groups: Vec<(&Interfaces, &Interfaces)> = Vec::new();
    for rule in &chain.rules {
        let group = (&rule.condition.ingress, &rule.condition.egress);
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let mut blocked = BTreeMap::new();
    for group in groups {
        let mut work = Work::<B>::new(prepared, order, budget);
        let (mut ids, mut own) = (Vec::new(), Vec::new());
        for (number, rule) in (0_u32..).zip(&chain.rules) {
            let condition = &rule.condition;
            let is_own = (&condition.ingress, &condition.egress) == group;
            let covers = covers(&condition.ingress, group.0) && covers(&condition.egress, group.1);
            let sure = condition.unknown.is_empty() && !matches!(rule.action, Action::Jump(_));
            let blocks = covers && sure;
            if !(is_own || blocks) {
                continue;
            }
            let mut packets = Id::NONE;
            for product in work.any_interface(condition) {
                let part = work.arena.product(&product, number)?;
                packets = work.arena.over(packets, part)?;
            }
            if is_own {
                own.push((number, packets));
            }
            if blocks {
                ids.push(packets);
            }
        }
        // Here ids must stay what they are, so nothing is put away in between.
        let decided = work.arena.first_of(&ids)?;
        for (number, packets) in own {
            let deciders = work.arena.keep(decided, packets)?;
            let before = work.arena.map(deciders, |by| (by < number).then_some(by))?;
            if work.arena.remove(packets, before)? == Id::NONE {
                let by = work.arena.terminals(before);
                blocked.insert(number as usize, by.into_iter().map(|by| by as usize).collect());
            }
        }
    }
    Ok(blocked)
}

/// Whether a set of interfaces surely holds all of another.
pub(super) fn covers(all: &Interfaces, some: &Interfaces) -> bool {
    match (all, some) {
        (Interfaces::Any, _) => true,
        (Interfaces::These(all), Interfaces::These(some)) => some.iter().all(|id| all.contains(id)),
        (Interfaces::AllBut(not), Interfaces::These(some)) => some.iter().all(|id| !not.contains(id)),
        (Interfaces::AllBut(not), Interfaces::AllBut(other)) => not.iter().all(|id| other.contains(id)),
        (_, Interfaces::Any) | (Interfaces::These(_), Interfaces::AllBut(_)) => false,
    }
}
