//! What cannot be said because a line was not understood.

use model::lang::Text;

use super::finding::Unproven;
use crate::device::{Action, Affects, ChainId, Device, Filter, InterfaceId, Stage};
use crate::fabric::{Fabric, NodeId, Port};
use crate::network::{Place, ZoneId};

/// Every line that was not understood and may matter to packets from one zone to another. A line may open what looks shut, so it counts
/// by where packets could go if nothing kept them out.
pub(super) fn unread(fabric: &Fabric, from: ZoneId, to: ZoneId) -> Vec<Unproven> {
    let mut unproven = Vec::new();
    for (id, node) in fabric.nodes() {
        if node.device.unread.is_empty() {
            continue;
        }
        let (ins, outs) = (ports_towards(fabric, id, from), ports_towards(fabric, id, to));
        if ins.is_empty() || outs.is_empty() {
            continue;
        }
        for unread in &node.device.unread {
            let matters = match unread.affects {
                Affects::Everything | Affects::Translations | Affects::Routes => true,
                Affects::Interface(interface) => ins.contains(&interface) || outs.contains(&interface),
                Affects::Chain(chain) => asks(&node.device, chain, &ins, &outs),
            };
            if matters {
                unproven.push(Unproven {
                    from,
                    to,
                    reason: unread.why.clone(),
                    at: Some((id, unread.line)),
                });
            }
        }
    }
    unproven
}

/// Whether packets that come in by `ins` and go out by `outs` may be asked a chain.
pub(super) fn asks(device: &Device, chain: ChainId, ins: &[InterfaceId], outs: &[InterfaceId]) -> bool {
    let in_scope = |filter: &&Filter| {
        ins.iter().any(|interface| filter.scope.ingress.contains(*interface))
            && outs.iter().any(|interface| filter.scope.egress.contains(*interface))
    };
    let stages = device.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
    let bound = stages.filter_map(|stage| match stage {
        Stage::Filter(filter) => Some(filter),
        _ => None,
    });
    let mut open: Vec<ChainId> = bound.filter(in_scope).map(|filter| filter.chain).collect();
    let mut seen = Vec::new();
    while let Some(at) = open.pop() {
        if seen.contains(&at) {
            continue;
        }
        seen.push(at);
        let rules = device.chain(at).into_iter().flat_map(|chain| &chain.rules);
        open.extend(rules.filter_map(|rule| match rule.action {
            Action::Jump(target) | Action::Goto(target) => Some(target),
            _ => None,
        }));
    }
    seen.contains(&chain)
}

/// The interfaces of a device by which a zone can be reached without going through the device again.
pub(super) fn ports_towards(fabric: &Fabric, of: NodeId, zone: ZoneId) -> Vec<InterfaceId> {
    let interfaces = fabric.node(of).map_or(0, |node| node.places.len());
    let reaches = |interface: &InterfaceId| {
        let start = fabric.place(Port {
            node: of,
            interface: *interface,
        });
        let mut seen: Vec<Place> = Vec::new();
        let mut open: Vec<Place> = start.into_iter().collect();
        while let Some(place) = open.pop() {
            if place == Place::Zone(zone) {
                return true;
            }
            if seen.contains(&place) {
                continue;
            }
            seen.push(place);
            for port in fabric.ports_at(place).filter(|port| port.node != of) {
                open.extend(
                    fabric
                        .node(port.node)
                        .into_iter()
                        .flat_map(|node| node.places.iter().flatten()),
                );
            }
        }
        false
    };
    (0..interfaces)
        .filter_map(|at| u16::try_from(at).ok().map(InterfaceId))
        .filter(reaches)
        .collect()
}

/// Why a zone's separation cannot be proved by its place in the network alone.
pub(super) fn nowhere(fabric: &Fabric, from: ZoneId) -> Option<Text> {
    fabric.ports_at(Place::Zone(from)).next().is_none().then(|| {
        Text::fixed(
            "この領域につながる機器が、ネットワークの記述にありません。",
            "no device of the network stands on this zone",
        )
    })
}
