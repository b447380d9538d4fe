//! Packets to try on made-up rules.

use separation::diagram::generate::Stream;
use separation::packet::{Family, Packet};

use super::sheet::{Entry, Hosts, Kind, Nat, PORTS, Ports, Sheet, below, host, pick};

/// Packets at and around what a sheet speaks of.
pub(crate) fn packets(stream: &mut Stream, sheets: &[&Sheet], count: usize) -> Vec<Packet> {
    let family = sheets[0].family;
    let entries: Vec<&Entry> = sheets
        .iter()
        .flat_map(|sheet| sheet.lists.iter().flat_map(|list| &list.entries))
        .collect();
    let nats: Vec<&Nat> = sheets.iter().flat_map(|sheet| &sheet.nats).collect();
    let mut made = Vec::new();
    while made.len() < count {
        // Fields of two rules, so that they meet at their borders.
        let entry = |stream: &mut Stream| (!entries.is_empty()).then(|| entries[below(stream, entries.len())]);
        let (one, other) = (entry(stream), entry(stream));
        let mut packet = Packet {
            family,
            source: near(stream, family, one.map(|entry| &entry.source)),
            destination: near(stream, family, other.map(|entry| &entry.destination)),
            protocol: 6,
            source_port: pick(stream, &PORTS),
            destination_port: pick(stream, &PORTS),
            state: separation::packet::State::New,
            flags: 0,
        };
        let kind = if stream.chance(50) { one } else { other }.map_or(&Kind::Any, |entry| &entry.kind);
        packet.protocol = match kind {
            Kind::Protocol(number) => *number,
            Kind::Ports(protocols, ..) => pick(stream, protocols),
            Kind::Icmp(..) => family.icmp(),
            Kind::AnyFlag(_) | Kind::Flags(..) => 6,
            Kind::Any | Kind::Loose(..) => pick(stream, &[6, 17, family.icmp(), 47]),
        };
        if stream.chance(15) {
            packet.protocol = pick(stream, &[6, 17, 1, 58, 47, 50]);
        }
        if let Kind::Ports(_, source, destination) | Kind::Loose(source, destination) = kind {
            packet.source_port = beside(stream, source, packet.source_port);
            packet.destination_port = beside(stream, destination, packet.destination_port);
        }
        let nat = (!nats.is_empty()).then(|| nats[below(stream, nats.len())]);
        if let Some(Nat::Inward { outer, .. }) = nat.filter(|_| stream.chance(50)) {
            (packet.destination, packet.destination_port, packet.protocol) = (outer.0, outer.1, 6);
        }
        match packet.protocol {
            6 => packet.flags = pick(stream, &[0x02, 0x10, 0x12, 0x04, 0x14, 0x01, 0x00]),
            17 => {}
            number if number == family.icmp() => {
                let (kind, code) = match kind {
                    Kind::Icmp(kind, code) => (kind.unwrap_or(5), code.unwrap_or(1)),
                    _ => (8, 0),
                };
                packet.source_port = u16::from(if stream.chance(80) {
                    kind
                } else {
                    pick(stream, &[0, 3, 8, 128])
                });
                packet.destination_port = u16::from(if stream.chance(80) { code } else { pick(stream, &[0, 4]) });
            }
            _ => (packet.source_port, packet.destination_port) = (0, 0),
        }
        made.push(packet);
    }
    made
}

fn near(stream: &mut Stream, family: Family, hosts: Option<&Hosts>) -> u128 {
    let edge = match hosts {
        _ if stream.chance(20) => host(stream, family),
        None | Some(Hosts::Any) => host(stream, family),
        Some(Hosts::Net(network, length)) => {
            let free = u32::from(family.bits()) - length;
            let hosts = 1_u128.checked_shl(free).map_or(u128::MAX, |one| one - 1);
            pick(stream, &[*network, network | hosts, network | (hosts & 1)])
        }
        Some(Hosts::Span(first, last)) => pick(stream, &[*first, *last]),
        Some(Hosts::Masked(value, mask)) => (value & mask) | (host(stream, family) & !mask),
        Some(Hosts::Not(inner)) => near(stream, family, Some(inner)),
        Some(Hosts::Several(all)) => {
            let at = below(stream, all.len());
            near(stream, family, Some(&all[at]))
        }
    };
    let moved = match stream.below(6) {
        0 => edge.wrapping_add(1),
        1 => edge.wrapping_sub(1),
        _ => edge,
    };
    if family == Family::V4 {
        moved & u128::from(u32::MAX)
    } else {
        moved
    }
}

fn beside(stream: &mut Stream, ports: &Ports, otherwise: u16) -> u16 {
    let Some((first, last)) = (!ports.is_empty()).then(|| ports[below(stream, ports.len())]) else {
        return otherwise;
    };
    pick(
        stream,
        &[first, last, first.saturating_sub(1), last.saturating_add(1), otherwise],
    )
}
