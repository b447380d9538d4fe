//! What a change lets pass, and what it stops.

use num_bigint::BigUint;

use super::finding::RuleAt;
use super::service::service;
use super::slices::{Asked, Options, each, slices};
use crate::diagram::{BudgetSpent, Id, Order, Wishes};
use crate::engine::{Reach, Space, Work};
use crate::fabric::Fabric;
use crate::network::ZoneId;
use crate::packet::{Family, Packet};
use crate::trace::End;

/// The answer of [`diff`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Packets that arrive after the change and did not before; then those of which it is the other way round.
    pub changes: Vec<Change>,
    /// Zones of whose packets nobody can say that these are all changes: the work was too much, or the ways too many.
    pub unproven: Vec<ZoneId>,
}

/// Packets that a change lets pass, or stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whether they pass after the change; else they passed before it.
    pub appears: bool,
    /// The zone that they come from.
    pub from: ZoneId,
    /// The zone that they arrive in; `None` for "by an interface of which nobody says where it leads".
    pub to: Option<ZoneId>,
    /// Whether their source is an address of the zone that they come from.
    pub own: bool,
    /// Protocols and destination ports.
    pub service: String,
    /// How many.
    pub packets: BigUint,
    /// The last rule that lets them pass, in the configuration in which they do; `None` where no filter is in the way.
    pub rule: Option<RuleAt>,
    /// One of them, as it is sent.
    pub witness: Packet,
}

/// Compares what may arrive in `old` and in `new`, which have the same zones in the same order. Two ways that lead the same packets to
/// the same zone are no difference.
#[must_use]
pub fn diff(old: &Fabric, new: &Fabric, options: Options) -> Diff {
    let zones: Vec<ZoneId> = new.network.zones().map(|(zone, _)| zone).collect();
    let asked = slices(&new.network, &zones);
    let answers = each(&asked, options, |asked, order, budget| match asked.family {
        Family::V4 => slice::<u32>(old, new, asked, order, budget),
        Family::V6 => slice::<u128>(old, new, asked, order, budget),
    });
    let mut diff = Diff::default();
    for (asked, answer) in asked.iter().zip(answers) {
        match answer {
            Ok((changes, true)) => diff.changes.extend(changes),
            Ok((changes, false)) => {
                diff.changes.extend(changes);
                diff.unproven.push(asked.slice.from);
            }
            Err(BudgetSpent) => diff.unproven.push(asked.slice.from),
        }
    }
    diff.unproven.sort_unstable();
    diff.unproven.dedup();
    diff.changes.sort_by_key(|change| !change.appears);
    diff
}

fn slice<B: Space>(
    old: &Fabric,
    new: &Fabric,
    asked: &Asked,
    order: Order,
    budget: u64,
) -> Result<(Vec<Change>, bool), BudgetSpent> {
    let mut work = Work::<B>::new(old, order, budget);
    let before = work.reach(&asked.slice)?;
    work.turn_to(new);
    let after = work.reach(&asked.slice)?;
    let zones = new.network.zones().map(|(zone, _)| Some(zone)).chain([None]);
    let mut changes = Vec::new();
    for to in zones {
        let (old, new) = (arriving(&mut work, &before, to)?, arriving(&mut work, &after, to)?);
        for (appears, now, then) in [(true, new, old), (false, old, new)] {
            let set = work.arena.remove(now, then)?;
            changes_of(&mut work, asked, to, appears, set, &mut changes)?;
        }
    }
    Ok((changes, before.complete && after.complete))
}

fn arriving<B: Space>(work: &mut Work<'_, B>, reach: &Reach<B>, to: Option<ZoneId>) -> Result<Id, BudgetSpent> {
    let mut all = Id::NONE;
    for ended in &reach.ends {
        let arrives = match ended.end {
            End::Arrives(zone) => Some(zone) == to,
            End::Unknown => to.is_none(),
            _ => false,
        };
        if arrives {
            all = work.arena.over(all, ended.sent)?;
        }
    }
    Ok(all)
}

fn changes_of<B: Space>(
    work: &mut Work<'_, B>,
    asked: &Asked,
    to: Option<ZoneId>,
    appears: bool,
    set: Id,
    changes: &mut Vec<Change>,
) -> Result<(), BudgetSpent> {
    for part in work.arena.survey(set, &Wishes::default()) {
        let own = work.arena.map(set, |trail| (trail == part.terminal).then_some(0))?;
        changes.push(Change {
            appears,
            from: asked.slice.from,
            to,
            own: asked.own,
            service: service(&work.arena, own),
            packets: part.packets,
            rule: work
                .blame
                .trail(part.terminal)
                .last()
                .map(|verdict| RuleAt::from(*verdict)),
            witness: B::packet(&part.witness),
        });
    }
    Ok(())
}
