//! Is every separation kept?

use std::collections::BTreeSet;

use model::lang::Text;

use super::arrival::arrivals;
use super::finding::{Finding, Kind, Unproven, fix};
use super::slices::{Options, each, slices, together};
use super::unread::{nowhere, unread};
use super::weakness::{Weakness, plain};
use crate::device::PolicyRoute;
use crate::diagram::BudgetSpent;
use crate::engine::Prepared;
use crate::fabric::{Fabric, Node};
use crate::network::{Demand, Network, ZoneId};
use crate::packet::{Family, Packet};
use crate::trace::{self, End};

/// The answer of [`check`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong, worst kinds first, then by zones and rules.
    pub findings: Vec<Finding>,
    /// Pairs of zones that are proved to be separated as demanded.
    pub proved: Vec<(ZoneId, ZoneId)>,
    /// What cannot be said, and why.
    pub unproven: Vec<Unproven>,
    /// What is weak in itself and breaks nothing by that; [`super::weaknesses`] tells the rules that decide nothing, too.
    pub weaknesses: Vec<Weakness>,
}

/// Asks of every demand whether it is kept: whatever passes must be covered by a permitted path that the model allows and whose approval
/// has not ended. A pair of zones is proved only if every packet of every slice was followed to its end.
///
/// What passes only by routes that a device learns from others is no finding, since nobody knows whether they are told: it leaves the
/// pair unproven.
#[must_use]
pub fn check(fabric: &Fabric, demands: &[Demand], options: Options) -> Checked {
    match without_learnt(fabric) {
        None => by_routes(fabric, demands, options),
        Some(written) => learnt(
            fabric,
            by_routes(&written, demands, options),
            by_routes(fabric, demands, options),
        ),
    }
}

/// The answer by the routes that are written, as far as it holds whatever other devices tell.
fn learnt(fabric: &Fabric, written: Checked, told: Checked) -> Checked {
    let is_in = |findings: &[Finding], other: &Finding| {
        let alike =
            |one: &Finding| (one.kind, one.from, one.to, &one.path) == (other.kind, other.from, other.to, &other.path);
        findings.iter().any(alike)
    };
    let mut checked = written;
    for finding in told.findings.iter().filter(|finding| finding.kind.breaks()) {
        if is_in(&checked.findings, finding) {
            continue;
        }
        let nodes = fabric
            .nodes()
            .filter(|(id, _)| finding.way.iter().any(|hop| hop.node == *id));
        let mut learnt: Vec<_> = nodes
            .flat_map(|(id, node)| node.device.policy_routes.iter().map(move |route| (id, route)))
            .filter(|(_, route)| route.is_learnt())
            .map(|(id, route)| Some((id, route.line)))
            .collect();
        if learnt.is_empty() {
            learnt.push(None);
        }
        checked.unproven.extend(learnt.into_iter().map(|at| Unproven {
            from: finding.from,
            to: finding.to,
            reason: by_learnt_routes(),
            at,
        }));
    }
    checked.unproven.extend(told.unproven);
    // Those of one pair stand together after this, and the same ones beside each other.
    checked
        .unproven
        .sort_by_key(|open| (open.from, open.to, open.at, open.reason.en.clone()));
    checked.unproven.dedup();
    checked.proved.retain(|pair| told.proved.contains(pair));
    // What nothing carries by written routes may go by others.
    let findings = std::mem::take(&mut checked.findings).into_iter();
    checked.findings = findings
        .filter(|finding| finding.kind != Kind::Unused || is_in(&told.findings, finding))
        .collect();
    checked
}

fn by_learnt_routes() -> Text {
    Text::fixed(
        "他の機器から受け取る経路によっては、許可されていない通信が届く。その経路は設定にない",
        "routes that are learnt from other devices may let through what is not permitted, and are not in the file",
    )
}

/// The network as it were if no device learnt a route; `None` where none does.
fn without_learnt(fabric: &Fabric) -> Option<Fabric> {
    let learns = |node: &Node| node.device.policy_routes.iter().any(PolicyRoute::is_learnt);
    if !fabric.nodes.iter().any(learns) {
        return None;
    }
    let nodes = fabric.nodes.iter().map(|node| {
        let mut device = node.device.clone();
        device.policy_routes.retain(|route| !route.is_learnt());
        Node {
            device,
            places: node.places.clone(),
        }
    });
    Some(Fabric {
        network: fabric.network.clone(),
        nodes: nodes.collect(),
    })
}

/// The answer by all routes of the devices.
fn by_routes(fabric: &Fabric, demands: &[Demand], options: Options) -> Checked {
    let zones: Vec<ZoneId> = demands
        .iter()
        .map(|demand| demand.from)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let asked = slices(&fabric.network, &zones);
    let prepared = Prepared::new(fabric);
    let answers = each(
        &asked,
        together(options, zones.len()),
        |asked, order, budget| match asked.family {
            Family::V4 => arrivals::<u32>(&prepared, demands, asked, options.today, order, budget),
            Family::V6 => arrivals::<u128>(&prepared, demands, asked, options.today, order, budget),
        },
    );
    let mut checked = Checked {
        weaknesses: plain(fabric, demands),
        ..Checked::default()
    };
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    for (asked, answer) in asked.iter().zip(answers) {
        match answer {
            Ok(part) => {
                used.extend(part.used);
                found.extend(part.findings);
                for (from, reason) in part.unproven {
                    all_from(demands, from, &reason, &mut checked.unproven);
                }
            }
            Err(BudgetSpent) => {
                for from in &asked.from {
                    all_from(demands, *from, &too_much(), &mut checked.unproven);
                }
            }
        }
    }
    for demand in demands {
        checked.unproven.extend(unread(fabric, demand.from, demand.to));
        if let Some(reason) = nowhere(fabric, demand.from) {
            push(&mut checked.unproven, demand, &reason);
        }
    }
    checked.unproven.sort_by_key(|open| (open.from, open.to));
    found.extend(unused(fabric, demands, &used, &checked.unproven));
    checked.findings = merged(&fabric.network, found);
    for finding in &mut checked.findings {
        if passes_anyway(fabric, finding) {
            finding.supposes.clear();
        }
    }
    let breaking = checked.findings.iter().filter(|finding| finding.kind.breaks());
    let broken: BTreeSet<_> = breaking.map(|finding| (finding.from, finding.to)).collect();
    let open: BTreeSet<_> = checked.unproven.iter().map(|open| (open.from, open.to)).collect();
    let pairs = demands.iter().map(|demand| (demand.from, demand.to));
    checked.proved = pairs
        .filter(|pair| !open.contains(pair) && !broken.contains(pair))
        .collect();
    checked
}

/// One finding for each rule, pair of zones and service, whatever slice it was seen in. The counts of slices add up: no packet is in two
/// slices (a packet that takes two ways in one slice counts twice).
fn merged(network: &Network, found: Vec<Finding>) -> Vec<Finding> {
    let key = |finding: &Finding| (finding.kind, finding.from, finding.to, finding.rule);
    let alike = |one: &Finding, other: &Finding| {
        let services = (&one.service, &one.path).cmp(&(&other.service, &other.path));
        key(one).cmp(&key(other)).then(services)
    };
    let ends = |finding: &Finding| goes_between(network, finding);
    // There may be very many, and they are large: their places are sorted, not they.
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|one, other| match (found.get(*one), found.get(*other)) {
        (Some(one), Some(other)) => alike(one, other),
        _ => one.cmp(other),
    });
    let mut found: Vec<Option<Finding>> = found.into_iter().map(Some).collect();
    let mut merged: Vec<Finding> = Vec::new();
    for finding in order.into_iter().filter_map(|at| found.get_mut(at)?.take()) {
        match merged.last_mut() {
            Some(known) if alike(known, &finding).is_eq() => {
                known.packets += &finding.packets;
                // What holds under fewer suppositions is the stronger; then what somebody would really send.
                if (finding.supposes.len(), !ends(&finding)) < (known.supposes.len(), !ends(known)) {
                    (known.supposes, known.witness, known.way) = (finding.supposes, finding.witness, finding.way);
                }
            }
            _ => merged.push(finding),
        }
    }
    merged
}

/// Whether the witness of a finding that supposes something arrives whatever is supposed, by the device that it was seen to come in by.
fn passes_anyway(fabric: &Fabric, finding: &Finding) -> bool {
    let (false, Some(witness), Some(first)) = (finding.supposes.is_empty(), finding.witness, finding.way.first())
    else {
        return false;
    };
    let walk = trace::walk(fabric, finding.from, witness, &|lowest, _| lowest);
    let mut ends = walk.branches.iter().filter_map(|branch| {
        let hop = branch.hops.first()?;
        ((hop.node, hop.ingress) == (first.node, first.ingress)).then_some(branch.end)
    });
    walk.complete && ends.all(|end| end == End::Arrives(finding.to))
}

/// Whether the witness of a finding has addresses of both its zones.
fn goes_between(network: &Network, finding: &Finding) -> bool {
    let holds = |zone: ZoneId, packet: &Packet, address: u128| {
        let zone = network.zone(zone);
        zone.is_some_and(|zone| zone.addresses.contains(packet.family.address(address)))
    };
    finding.witness.as_ref().is_some_and(|packet| {
        holds(finding.from, packet, packet.source) && holds(finding.to, packet, packet.destination)
    })
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

pub(super) fn too_much() -> Text {
    Text::fixed(
        "規則の組合せが多く、決められた手間の中で調べ終わりませんでした。",
        "there are more combinations of rules than could be looked at within the budget",
    )
}
