//! Is every separation kept?

use std::collections::{BTreeMap, BTreeSet};

use model::lang::Text;

use super::cover::{Covered, Path, Standing, paths};
use super::finding::{Finding, Kind, RuleAt, Unproven, fix};
use super::service::service;
use super::slices::{Asked, Options, each, slices};
use super::unread::{nowhere, unread};
use crate::diagram::{BudgetSpent, Id, Order, Surveyed, Wishes};
use crate::engine::{Ended, Space, Work};
use crate::fabric::Fabric;
use crate::network::{Demand, Tier, ZoneId};
use crate::packet::Family;
use crate::trace::End;

/// The answer of [`check`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong, worst kinds first, then by zones and rules.
    pub findings: Vec<Finding>,
    /// Pairs of zones that are proved to be separated as demanded.
    pub proved: Vec<(ZoneId, ZoneId)>,
    /// What cannot be said, and why.
    pub unproven: Vec<Unproven>,
}

/// Asks of every demand whether it is kept: whatever passes must be covered by a permitted path that the model allows and whose approval
/// has not ended. A pair of zones is proved only if every packet of every slice was followed to its end.
#[must_use]
pub fn check(fabric: &Fabric, demands: &[Demand], options: Options) -> Checked {
    let zones: Vec<ZoneId> = demands
        .iter()
        .map(|demand| demand.from)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let asked = slices(&fabric.network, &zones);
    let answers = each(&asked, options, |asked, order, budget| match asked.family {
        Family::V4 => slice::<u32>(fabric, demands, asked, options, order, budget),
        Family::V6 => slice::<u128>(fabric, demands, asked, options, order, budget),
    });
    let mut checked = Checked::default();
    let mut used = BTreeSet::new();
    let mut found = BTreeMap::new();
    for (asked, answer) in asked.iter().zip(answers) {
        match answer {
            Ok(part) => {
                used.extend(part.used);
                part.findings.into_iter().for_each(|finding| merge(&mut found, finding));
                for reason in part.unproven {
                    all_from(demands, asked.slice.from, &reason, &mut checked.unproven);
                }
            }
            Err(BudgetSpent) => all_from(demands, asked.slice.from, &too_much(), &mut checked.unproven),
        }
    }
    for demand in demands {
        checked.unproven.extend(unread(fabric, demand.from, demand.to));
        if let Some(reason) = nowhere(fabric, demand.from) {
            push(&mut checked.unproven, demand, &reason);
        }
    }
    checked.findings = found.into_values().collect();
    checked
        .findings
        .extend(unused(fabric, demands, &used, &checked.unproven));
    checked.findings.sort_by_key(|finding| finding.kind);
    for demand in demands {
        let pair = (demand.from, demand.to);
        let broken = |finding: &Finding| (finding.from, finding.to) == pair && finding.kind.breaks();
        let open = checked.unproven.iter().any(|open| (open.from, open.to) == pair);
        if !open && !checked.findings.iter().any(broken) {
            checked.proved.push(pair);
        }
    }
    checked
}

/// What one slice says.
struct Part {
    findings: Vec<Finding>,
    used: Vec<usize>,
    /// Reasons that hold for all zones that its packets might have arrived in.
    unproven: Vec<Text>,
}

fn slice<B: Space>(
    fabric: &Fabric,
    demands: &[Demand],
    asked: &Asked,
    options: Options,
    order: Order,
    budget: u64,
) -> Result<Part, BudgetSpent> {
    let mut work = Work::<B>::new(fabric, order, budget);
    let reach = work.reach(&asked.slice)?;
    let mut part = Part {
        findings: Vec::new(),
        used: Vec::new(),
        unproven: Vec::new(),
    };
    if !reach.complete {
        part.unproven.push(too_much());
    }
    for ended in &reach.ends {
        match ended.end {
            End::Arrives(to) => {
                let from = asked.slice.from;
                if let Some(demand) = demands.iter().find(|demand| (demand.from, demand.to) == (from, to)) {
                    arrival(&mut work, fabric, demand, asked.own, options, ended, &mut part)?;
                }
            }
            End::Unknown => part.unproven.push(unknown_end(fabric, ended)),
            _ => {}
        }
    }
    Ok(part)
}

fn arrival<B: Space>(
    work: &mut Work<'_, B>,
    fabric: &Fabric,
    demand: &Demand,
    own: bool,
    options: Options,
    ended: &Ended<B>,
    part: &mut Part,
) -> Result<(), BudgetSpent> {
    let mut left = ended.sent;
    let mut carriers: Vec<(RuleAt, String)> = Vec::new();
    let paths = paths(&fabric.network, demand.from, demand.to, demand.crossing, options.today);
    let mut covered: Vec<(&Path<'_>, Covered)> = Vec::new();
    for path in &paths {
        let by_path = path.covered(work, ended)?;
        if by_path.registered != Id::NONE {
            part.used.push(path.index);
            for trail in work.arena.terminals(by_path.registered) {
                let rules = work.blame.trail(trail).into_iter();
                carriers.extend(rules.map(|verdict| (RuleAt::from(verdict), path.path.id.clone())));
            }
        }
        if path.standing == Standing::Good {
            left = work.arena.remove(left, by_path.allowed)?;
        }
        covered.push((path, by_path));
    }
    for (path, by_path) in covered {
        let set = work.arena.keep(left, by_path.registered)?;
        left = work.arena.remove(left, by_path.registered)?;
        let kind = match path.standing {
            Standing::Expired => Kind::Expired,
            Standing::Good | Standing::NotAllowed => Kind::NotAllowed,
        };
        groups(work, fabric, demand, ended, set, part, |_| {
            (kind, Some(path.path.id.clone()))
        })?;
    }
    let outside = fabric
        .network
        .zone(demand.to)
        .is_some_and(|zone| zone.tier == Tier::Outside);
    let plain = match demand.fact {
        _ if !own => Kind::Spoofable,
        "internet_single_exit" if outside => Kind::SecondExit,
        _ => Kind::Crossing,
    };
    groups(work, fabric, demand, ended, left, part, |rule| {
        let carried = carriers.iter().find(|(carrier, _)| Some(*carrier) == rule);
        match carried {
            Some((_, path)) if own => (Kind::Wider, Some(path.clone())),
            _ => (plain, None),
        }
    })
}

/// Sets with more rules than this have the service of the witness told, not that of all packets.
const DESCRIBED: usize = 32;

fn groups<B: Space>(
    work: &mut Work<'_, B>,
    fabric: &Fabric,
    demand: &Demand,
    ended: &Ended<B>,
    set: Id,
    part: &mut Part,
    kind: impl Fn(Option<RuleAt>) -> (Kind, Option<String>),
) -> Result<(), BudgetSpent> {
    if set == Id::NONE {
        return Ok(());
    }
    // By the last rule, not by the trail: it is one line to change, however packets came to it.
    let mut rules: Vec<Option<RuleAt>> = Vec::new();
    let (mut numbered, mut numbers) = (BTreeMap::new(), BTreeMap::new());
    for trail in work.arena.terminals(set) {
        let rule = work.blame.trail(trail).last().map(|verdict| RuleAt::from(*verdict));
        let next = u32::try_from(rules.len()).map_err(|_| BudgetSpent)?;
        let number = *numbered.entry(rule).or_insert(next);
        if number == next {
            rules.push(rule);
        }
        numbers.insert(trail, number);
    }
    let by_rule = work.arena.map(set, |trail| numbers.get(&trail).copied())?;
    let wishes = wishes::<B>(fabric, demand);
    let surveyed = work.arena.survey(by_rule, &wishes);
    let few = surveyed.len() <= DESCRIBED;
    for Surveyed {
        terminal,
        packets,
        witness,
        ..
    } in surveyed
    {
        let rule = rules.get(terminal as usize).copied().flatten();
        let told = if few {
            work.arena.map(by_rule, |other| (other == terminal).then_some(0))?
        } else {
            work.only(&witness)?
        };
        let (kind, path) = kind(rule);
        part.findings.push(Finding {
            kind,
            from: demand.from,
            to: demand.to,
            service: service(&work.arena, told),
            packets,
            rule,
            way: ended.way.clone(),
            witness: Some(B::packet(&witness)),
            fix: fix(kind, path.as_deref()),
            path,
            supposes: ended.supposes.clone(),
        });
    }
    Ok(())
}

/// Hosts of the two zones, so that a witness is a packet that somebody may really send.
fn wishes<B: Space>(fabric: &Fabric, demand: &Demand) -> Wishes {
    let hosts = |zone: ZoneId| {
        let ranges = fabric.network.zone(zone).map(|zone| B::of(&zone.addresses).clone());
        let first = |(first, last): (B, B)| (first.into().saturating_add(1).min(last.into()), last.into());
        ranges.map_or_else(Vec::new, |ranges| ranges.iter().take(4).map(first).collect())
    };
    Wishes::default().hosts(hosts(demand.from), hosts(demand.to))
}

type Key = (Kind, ZoneId, ZoneId, Option<RuleAt>, String);

/// One finding for each rule, pair of zones and service, whatever slice it was seen in. The counts of slices add up: no packet is in two
/// slices (a packet that takes two ways in one slice counts twice).
fn merge(found: &mut BTreeMap<Key, Finding>, finding: Finding) {
    let key = (
        finding.kind,
        finding.from,
        finding.to,
        finding.rule,
        finding.service.clone(),
    );
    match found.entry(key) {
        std::collections::btree_map::Entry::Vacant(entry) => drop(entry.insert(finding)),
        std::collections::btree_map::Entry::Occupied(mut entry) => {
            let known = entry.get_mut();
            known.packets += finding.packets;
            // What holds under fewer suppositions is the stronger.
            if finding.supposes.len() < known.supposes.len() {
                (known.supposes, known.witness, known.way) = (finding.supposes, finding.witness, finding.way);
            }
        }
    }
}

/// Permitted paths that nothing carries. Where the pair is unproven nobody can say so.
fn unused(fabric: &Fabric, demands: &[Demand], used: &BTreeSet<usize>, unproven: &[Unproven]) -> Vec<Finding> {
    let permitted = fabric.network.permitted.iter().enumerate();
    permitted
        .filter(|(index, path)| {
            let pair = (path.from, path.to);
            !used.contains(index)
                && demands.iter().any(|demand| (demand.from, demand.to) == pair)
                && !unproven.iter().any(|open| (open.from, open.to) == pair)
        })
        .map(|(_, path)| Finding {
            kind: Kind::Unused,
            from: path.from,
            to: path.to,
            service: String::new(),
            packets: num_bigint::BigUint::ZERO,
            rule: None,
            way: Vec::new(),
            witness: None,
            path: Some(path.id.clone()),
            supposes: Vec::new(),
            fix: fix(Kind::Unused, Some(&path.id)),
        })
        .collect()
}

fn all_from(demands: &[Demand], from: ZoneId, reason: &Text, unproven: &mut Vec<Unproven>) {
    for demand in demands.iter().filter(|demand| demand.from == from) {
        push(unproven, demand, reason);
    }
}

fn push(unproven: &mut Vec<Unproven>, demand: &Demand, reason: &Text) {
    let open = Unproven {
        from: demand.from,
        to: demand.to,
        reason: reason.clone(),
        at: None,
    };
    if !unproven.contains(&open) {
        unproven.push(open);
    }
}

fn too_much() -> Text {
    Text::fixed(
        "規則の組合せが多く、決められた手間の中で調べ終わりませんでした。",
        "there are more combinations of rules than could be looked at within the budget",
    )
}

fn unknown_end<B>(fabric: &Fabric, ended: &Ended<B>) -> Text {
    let last = ended.way.last();
    let device = last
        .and_then(|hop| fabric.placed(hop.node))
        .map_or("", |placed| &placed.name);
    let interface = last
        .and_then(|hop| fabric.node(hop.node)?.device.interfaces.get(usize::from(hop.egress?.0)))
        .map_or("", |interface| &interface.name);
    Text::new(
        format!("機器「{device}」のインタフェース「{interface}」の先が、ネットワークの記述にありません。"),
        format!("nothing says where interface `{interface}` of `{device}` leads"),
    )
}
