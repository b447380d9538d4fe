//! A plan as access lists of Cisco IOS.
//!
//! The lines replace the lists of the plan's interfaces: each gets one for what comes in and one for what goes out, of both families.
//! Inspection lets the answers of TCP, UDP and ICMP back. What is meant for the router itself (its own administration, say) is in no
//! plan: a list at the interface keeps it out, too.

use std::net::IpAddr;

use super::packets::{Packets, networks, packets};
use super::{Allowed, Plan};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// What neighbours on a wire say to each other: their sources or destinations are of the wire.
const NEIGHBOURS: [&str; 3] = ["fe80::/10 any", "any fe80::/10", "any ff02::/16"];

/// Writes the lines.
#[must_use]
pub fn render(plan: &Plan) -> String {
    let mut lines = vec![format!(
        "! 機器「{}」の通信経路の分割。network.toml から作成したもので、手では直さない。",
        super::one_line(&plan.device)
    )];
    for (path, why) in &plan.left_out {
        lines.push(format!(
            "! 特定通信 {} は入れていない: {}",
            super::one_line(path),
            super::reason(*why)
        ));
    }
    for word in ["ip", "ipv6"] {
        let inspected = ["tcp", "udp", "icmp"].map(|name| format!("{word} inspect name SANMON {name}"));
        lines.extend(inspected);
    }
    for (number, behind) in (1..).zip(&plan.interfaces) {
        let mut bound = vec![format!("interface {}", super::one_line(&behind.interface))];
        for (direction, inwards) in [("in", true), ("out", false)] {
            let here: Vec<&Allowed> = plan
                .allowed
                .iter()
                .filter(|allowed| {
                    let ends = if inwards { &allowed.ingress } else { &allowed.egress };
                    ends.contains(&behind.interface)
                })
                .collect();
            for family in Family::ALL {
                let name = format!("SANMON-{number}-{}", direction.to_ascii_uppercase());
                lines.extend(list(family, &name, &here));
                bound.push(match family {
                    Family::V4 => format!(" ip access-group {name} {direction}"),
                    Family::V6 => format!(" ipv6 traffic-filter {name}-V6 {direction}"),
                });
            }
        }
        bound.extend(["ip", "ipv6"].map(|word| format!(" {word} inspect SANMON in")));
        lines.extend(bound);
    }
    lines.join("\n") + "\n"
}

fn list(family: Family, name: &str, allowed: &[&Allowed]) -> Vec<String> {
    let mut lines = vec![match family {
        Family::V4 => format!("ip access-list extended {name}"),
        Family::V6 => format!("ipv6 access-list {name}-V6"),
    }];
    for allowed in allowed {
        lines.push(match &allowed.path {
            Some(path) => format!(" remark {} ({})", super::one_line(path), allowed.serves),
            None => " remark free".to_owned(),
        });
        let sources = networks(family, &allowed.source.of(family));
        let destinations = networks(family, &allowed.destination.of(family));
        for packets in allowed.services.iter().flat_map(|service| packets(family, service)) {
            for (source, destination) in sources
                .iter()
                .flat_map(|one| destinations.iter().map(move |other| (one, other)))
            {
                lines.extend(entries(family, *source, *destination, &packets));
            }
        }
    }
    if family == Family::V6 {
        for ends in NEIGHBOURS {
            lines.extend(["nd-ns", "nd-na"].map(|kind| format!(" permit icmp {ends} {kind}")));
        }
    }
    let all = if family == Family::V4 { "ip" } else { "ipv6" };
    lines.push(format!(" deny {all} any any log"));
    lines
}

type Network = (IpAddr, u8);

fn entries(family: Family, source: Network, destination: Network, packets: &Packets) -> Vec<String> {
    let (source, destination) = (side(family, source), side(family, destination));
    let several = |name: &str, from: &Ranges<u16>, to: &Ranges<u16>| -> Vec<String> {
        let all = |of: &Ranges<u16>| if of.is_all() { vec![String::new()] } else { ports(of) };
        let (from, to) = (all(from), all(to));
        from.iter()
            .flat_map(|from| to.iter().map(move |to| (from, to)))
            .map(|(from, to)| format!(" permit {name} {source}{from} {destination}{to}"))
            .collect()
    };
    match packets {
        Packets::All if family == Family::V4 => vec![format!(" permit ip {source} {destination}")],
        Packets::All => vec![format!(" permit ipv6 {source} {destination}")],
        Packets::Protocol(number) if *number == family.icmp() => vec![format!(" permit icmp {source} {destination}")],
        Packets::Protocol(number) => vec![format!(" permit {number} {source} {destination}")],
        Packets::Ports(protocol::TCP, from, to) => several("tcp", from, to),
        Packets::Ports(_, from, to) => several("udp", from, to),
        Packets::Icmp(kinds, codes) => {
            let numbers = |set: &Ranges<u16>| -> Vec<u16> {
                let bytes = set.iter().flat_map(|(first, last)| first..=last.min(255));
                bytes.collect()
            };
            let code = |kind: u16, code: Option<u16>| match code {
                Some(code) => format!(" permit icmp {source} {destination} {kind} {code}"),
                None => format!(" permit icmp {source} {destination} {kind}"),
            };
            let kinds = numbers(kinds);
            if codes.is_all() {
                return kinds.into_iter().map(|kind| code(kind, None)).collect();
            }
            let codes = numbers(codes);
            kinds
                .iter()
                .flat_map(|kind| codes.iter().map(|number| code(*kind, Some(*number))))
                .collect()
        }
    }
}

fn ports(set: &Ranges<u16>) -> Vec<String> {
    let entry = |(first, last)| {
        if first == last {
            format!(" eq {first}")
        } else {
            format!(" range {first} {last}")
        }
    };
    set.iter().map(entry).collect()
}

fn side(family: Family, (network, length): Network) -> String {
    match (network, length) {
        (_, 0) => "any".to_owned(),
        (host, length) if length == family.bits() => format!("host {host}"),
        (IpAddr::V6(network), length) => format!("{network}/{length}"),
        (IpAddr::V4(network), length) => {
            let free = u32::MAX.checked_shr(u32::from(length)).unwrap_or(0);
            format!("{network} {}", std::net::Ipv4Addr::from_bits(free))
        }
    }
}
