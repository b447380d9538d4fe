//! What a change lets pass, and what it stops.

use num_bigint::BigUint;

use super::affected::{Affected, affected};
use super::finding::RuleAt;
use super::service::service;
use super::slices::{Asked, Options, each, slices, together};
use crate::diagram::{BudgetSpent, Id, Order, Wishes};
use crate::engine::{Prepared, Reach, Space, Work};
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
    let affected = affected(old, new);
    let mut asked = slices(&new.network, &zones);
    asked.retain_mut(|asked| asked.narrow(&affected.sources, &affected.destinations));
    let both = [Prepared::new(old), Prepared::new(new)];
    let options = together(options, zones.len());
    let answers = each(&asked, options, |asked, order, budget| match asked.family {
        Family::V4 => compared::<u32>(&both, &affected, asked, order, budget),
        Family::V6 => compared::<u128>(&both, &affected, asked, order, budget),
    });
    let mut diff = Diff::default();
    for (asked, answer) in asked.iter().zip(answers) {
        match answer {
            Ok(compared) => {
                diff.changes.extend(compared.changes);
                diff.unproven.extend(compared.unproven);
            }
            Err(BudgetSpent) => diff.unproven.extend(&asked.from),
        }
    }
    diff.unproven.sort_unstable();
    diff.unproven.dedup();
    diff.changes.sort_by_key(|change| (!change.appears, change.from));
    diff
}

fn compared<B: Space>(
    both: &[Prepared<'_>; 2],
    affected: &Affected,
    asked: &Asked,
    order: Order,
    budget: u64,
) -> Result<Diff, BudgetSpent> {
    let [old, new] = both;
    let mut work = Work::<B>::new(old, order, budget);
    let mut before = Vec::new();
    for (slice, own) in asked.slices() {
        let set = work.begin(&slice)?;
        let set = affected.of(&mut work.arena, set)?;
        before.push((slice.from, own, set, work.follow(slice.from, set)?));
    }
    work.turn_to(new);
    let mut diff = Diff::default();
    for (from, own, set, before) in before {
        let after = work.follow(from, set)?;
        let zones = new.fabric().network.zones().map(|(zone, _)| Some(zone));
        for to in zones.chain([None]) {
            let (old, new) = (arriving(&mut work, &before, to)?, arriving(&mut work, &after, to)?);
            for (appears, now, then) in [(true, new, old), (false, old, new)] {
                let set = work.arena.remove(now, then)?;
                for part in work.arena.survey(set, &Wishes::default()) {
                    let passing = work.arena.map(set, |trail| (trail == part.terminal).then_some(0))?;
                    let rule = work.blame.last(part.terminal);
                    diff.changes.push(Change {
                        appears,
                        from,
                        to,
                        own,
                        service: service(&work.arena, passing),
                        packets: part.packets,
                        rule: rule.map(RuleAt::from),
                        witness: B::packet(&part.witness),
                    });
                }
            }
        }
        if !(before.complete && after.complete) {
            diff.unproven.push(from);
        }
    }
    Ok(diff)
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
