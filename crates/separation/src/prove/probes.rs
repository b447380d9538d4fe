//! Which packets are sent.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::device::{InterfaceId, Interfaces, Rule};
use crate::fabric::{Fabric, NodeId, Port};
use crate::packet::{Family, Packet, State, flag, number, protocol};
use crate::ranges::Ranges;
use crate::trace::through_device;

/// A packet to send, and what is predicted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// The packet that begins a flow.
    pub packet: Packet,
    /// The wire that it is sent into: the index of one of the gateway's interfaces.
    pub ingress: usize,
    /// The one that it leaves by.
    pub egress: Option<usize>,
    /// What the packets of its flow have in common: their numbers (TCP), their name (ICMP).
    pub flow: u32,
    /// Whether its answer can be told from it: not where an address was translated on the way.
    pub answered: bool,
}

impl Probe {
    /// The answer of a flow that was let through: it comes back by where the flow came from.
    #[must_use]
    pub fn answer(&self) -> Option<Self> {
        let egress = self.egress.filter(|_| self.answered)?;
        let packet = self.packet;
        let (source_port, destination_port, flags) = match packet.protocol {
            protocol::TCP => (packet.destination_port, packet.source_port, flag::SYN | flag::ACK),
            protocol::UDP => (packet.destination_port, packet.source_port, 0),
            protocol::ICMP => (0, 0, 0),
            protocol::ICMP_V6 => (129, 0, 0),
            _ => (0, 0, 0),
        };
        Some(Self {
            packet: Packet {
                source: packet.destination,
                destination: packet.source,
                source_port,
                destination_port,
                flags,
                state: State::Established,
                ..packet
            },
            ingress: egress,
            egress: Some(self.ingress),
            ..*self
        })
    }
}

/// Addresses that no kernel forwards, whatever its rules: of this host, of one wire, of groups, of nobody.
fn forwarded(family: Family) -> Ranges<u128> {
    let network = |text: &str, length: u8| {
        let address: Option<IpAddr> = text.parse().ok();
        address
            .map(|address| crate::device::Addresses::network(address, length).of(family))
            .unwrap_or_else(Ranges::none)
    };
    let never = match family {
        Family::V4 => vec![("0.0.0.0", 8), ("127.0.0.0", 8), ("169.254.0.0", 16), ("224.0.0.0", 3)],
        Family::V6 => vec![("::", 8), ("fe80::", 9), ("ff00::", 8)],
    };
    let never = never
        .into_iter()
        .fold(Ranges::none(), |all, (text, length)| all.union(&network(text, length)));
    Ranges::span(0, family.last_address()).minus(&never)
}

/// About `count` probes for a gateway: corners of each rule in turn and packets beside them, and every other one drawn from the corners
/// of all. `draw` gives a number below its argument.
#[must_use]
pub fn probes(fabric: &Fabric, gate: NodeId, count: usize, draw: &mut dyn FnMut(u64) -> u64) -> Vec<Probe> {
    let Some(node) = fabric.node(gate) else {
        return Vec::new();
    };
    let wires: Vec<usize> = (0..node.places.len())
        .filter(|at| node.places.get(*at).copied().flatten().is_some())
        .collect();
    let rules = || node.device.chains.iter().flat_map(|chain| &chain.rules);
    let families = Family::ALL.map(|family| {
        let may = forwarded(family).minus(&own(fabric, gate, family));
        let each: Vec<Corners> = rules().filter_map(|rule| Corners::of([rule], family, &may)).collect();
        (family, Corners::of(rules(), family, &may), each)
    });
    let mut drawing = Drawing {
        fabric,
        gate,
        wires,
        port: 0,
        between: BTreeSet::new(),
        probes: Vec::with_capacity(count),
    };
    for turn in 0..count.saturating_mul(20) {
        for (family, all, each) in &families {
            let of_one = if each.is_empty() {
                None
            } else {
                each.get(turn % each.len())
            };
            for corners in all.iter().chain(of_one) {
                if drawing.probes.len() < count {
                    drawing.one(*family, corners, draw);
                }
            }
        }
        if drawing.probes.len() >= count {
            break;
        }
    }
    drawing.probes
}

struct Drawing<'f> {
    fabric: &'f Fabric,
    gate: NodeId,
    wires: Vec<usize>,
    port: u16,
    /// Hosts between which a protocol without ports was sent already.
    between: BTreeSet<(u128, u128, u8)>,
    probes: Vec<Probe>,
}

impl Drawing<'_> {
    fn one(&mut self, family: Family, corners: &Corners, draw: &mut dyn FnMut(u64) -> u64) {
        let wires = self
            .wires
            .iter()
            .filter(|wire| corners.ingress.is_empty() || corners.ingress.contains(wire));
        let wires: Vec<usize> = wires.copied().collect();
        let (Some(ingress), Some(source), Some(destination)) = (
            pick(&wires, draw),
            pick(&corners.sources, draw),
            pick(&corners.destinations, draw),
        ) else {
            return;
        };
        let packet = self.packet(family, (*source, *destination), corners, draw);
        // Without ports, two hosts have one flow: the second packet would be one of the first, or its answer.
        let portless = packet.source_port == 0;
        let pair = (
            packet.source.min(packet.destination),
            packet.source.max(packet.destination),
            packet.protocol,
        );
        if portless && !self.between.insert(pair) {
            return;
        }
        let port = Port {
            node: self.gate,
            interface: InterfaceId(u16::try_from(*ingress).unwrap_or(u16::MAX)),
        };
        // Where the prediction is not one, there is nothing to compare.
        let Some(passed) = through_device(self.fabric, port, packet) else {
            return;
        };
        let egress = passed.map(|(egress, _)| usize::from(egress.0));
        // What would leave by a wire that leads nowhere is seen by nobody.
        if egress.is_some_and(|egress| !self.wires.contains(&egress)) {
            return;
        }
        self.probes.push(Probe {
            packet,
            ingress: *ingress,
            egress,
            flow: u32::try_from(self.probes.len()).unwrap_or(u32::MAX),
            answered: passed.is_some_and(|(_, left)| left == packet),
        });
    }

    fn packet(
        &mut self,
        family: Family,
        (source, destination): (u128, u128),
        corners: &Corners,
        draw: &mut dyn FnMut(u64) -> u64,
    ) -> Packet {
        let protocol = pick(&corners.protocols, draw).copied().unwrap_or(protocol::TCP);
        let to = pick(&corners.ports, draw).copied().unwrap_or(443);
        let (source_port, destination_port) = match protocol {
            // Only a question begins a flow: other messages are answers or errors of one.
            number if number == family.icmp() => (if family == Family::V4 { 8 } else { 128 }, 0),
            // No two probes are one flow.
            protocol::TCP | protocol::UDP => {
                self.port = (self.port + 1) % 30_000;
                (20_000 + self.port, to)
            }
            _ => (0, 0),
        };
        Packet {
            family,
            source,
            destination,
            protocol,
            source_port,
            destination_port,
            state: State::New,
            flags: if protocol == protocol::TCP { flag::SYN } else { 0 },
        }
    }
}

fn pick<'l, T>(list: &'l [T], draw: &mut dyn FnMut(u64) -> u64) -> Option<&'l T> {
    let length = u64::try_from(list.len()).ok().filter(|length| *length > 0)?;
    list.get(usize::try_from(draw(length)).ok()?)
}

/// Values at which rules change their mind.
struct Corners {
    /// Where the rules' packets come in; none for anywhere.
    ingress: Vec<usize>,
    sources: Vec<u128>,
    destinations: Vec<u128>,
    ports: Vec<u16>,
    protocols: Vec<u8>,
}

impl Corners {
    /// The corners of some rules; `None` where they have no packet of the family that may be sent.
    fn of<'r>(rules: impl IntoIterator<Item = &'r Rule>, family: Family, may: &Ranges<u128>) -> Option<Self> {
        let mut corners = Self {
            ingress: Vec::new(),
            sources: Vec::new(),
            destinations: Vec::new(),
            ports: Vec::new(),
            protocols: Vec::new(),
        };
        let mut anywhere = false;
        for Rule { condition, .. } in rules {
            match &condition.ingress {
                Interfaces::These(these) => corners.ingress.extend(these.iter().map(|id| usize::from(id.0))),
                _ => anywhere = true,
            }
            corners.sources.extend(around(&condition.source.of(family), family));
            corners
                .destinations
                .extend(around(&condition.destination.of(family), family));
            for service in &condition.services {
                let ports = service.destination_ports.iter();
                corners.ports.extend(
                    ports.flat_map(|(first, last)| [first.saturating_sub(1), first, last, last.saturating_add(1)]),
                );
                let single = service.protocols.iter().filter(|(first, last)| first == last);
                corners.protocols.extend(single.map(|(first, _)| first));
            }
        }
        if anywhere {
            corners.ingress.clear();
        }
        corners.protocols.retain(|number| sendable(family, *number));
        if corners.protocols.is_empty() {
            corners.protocols = vec![protocol::TCP, protocol::UDP, family.icmp()];
        }
        for list in [&mut corners.sources, &mut corners.destinations] {
            list.retain(|address| may.contains(*address));
            list.sort_unstable();
            list.dedup();
        }
        corners.ports.sort_unstable();
        corners.ports.dedup();
        (!corners.sources.is_empty() && !corners.destinations.is_empty()).then_some(corners)
    }
}

/// Both ends and the middle of every interval, and the numbers beside it.
fn around(set: &Ranges<u128>, family: Family) -> Vec<u128> {
    let around = set.iter().flat_map(|(first, last)| {
        let after = last.saturating_add(1).min(family.last_address());
        [first.saturating_sub(1), first, first + (last - first) / 2, last, after]
    });
    around.collect()
}

/// A kernel takes no packet that says it comes from itself, and forwards none that is for itself.
fn own(fabric: &Fabric, gate: NodeId, family: Family) -> Ranges<u128> {
    let interfaces = fabric.node(gate).into_iter().flat_map(|node| &node.device.interfaces);
    let own = interfaces
        .flat_map(|interface| &interface.addresses)
        .map(|(address, _)| number(*address));
    Ranges::of(
        own.filter(|(of, _)| *of == family)
            .map(|(_, address)| (address, address)),
    )
}

/// Protocols whose frames are made here, or that a kernel passes on without looking inside.
fn sendable(family: Family, number: u8) -> bool {
    let extension = [0, 43, 44, 59, 60, 135, 139, 140];
    let looked_into = [
        protocol::GRE,
        protocol::DCCP,
        protocol::SCTP,
        protocol::UDP_LITE,
        protocol::AH,
    ];
    let other_icmp = [protocol::ICMP, protocol::ICMP_V6]
        .into_iter()
        .filter(|icmp| *icmp != family.icmp());
    !extension.contains(&number) && !looked_into.contains(&number) && !other_icmp.into_iter().any(|icmp| icmp == number)
}
