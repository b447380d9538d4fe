//! Services and addresses of a plan as the parts that access lists are made of.

use std::net::IpAddr;

use crate::device::Service;
use crate::packet::{Family, protocol};
use crate::ranges::{Bound, Ranges};

/// Packets that one entry of an access list can be about, addresses aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Packets {
    /// All of the family.
    All,
    /// All of a protocol.
    Protocol(u8),
    /// A protocol with ports: from these, to these.
    Ports(u8, Ranges<u16>, Ranges<u16>),
    /// Control messages of the family: types and codes.
    Icmp(Ranges<u16>, Ranges<u16>),
}

/// What the packets of a service in a family are made of. What entries cannot say (flags of TCP) is left out, never let through.
pub(super) fn packets(family: Family, service: &Service) -> Vec<Packets> {
    if *service == Service::anything() {
        return vec![Packets::All];
    }
    if !service.flags.is_all() {
        return Vec::new();
    }
    let other = if family == Family::V4 { Family::V6 } else { Family::V4 };
    let (from, to) = (&service.source_ports, &service.destination_ports);
    let numbers = service.protocols.iter().flat_map(|(first, last)| first..=last);
    numbers
        .filter(|number| *number != other.icmp())
        .filter_map(|number| match number {
            _ if from.is_all() && to.is_all() => Some(Packets::Protocol(number)),
            protocol::TCP | protocol::UDP => Some(Packets::Ports(number, from.clone(), to.clone())),
            icmp if icmp == family.icmp() => Some(Packets::Icmp(from.clone(), to.clone())),
            // Their ports are not looked at by these languages, or they have none: packets then have 0 as both.
            other if protocol::WITH_PORTS.contains(&other) => None,
            other => (from.contains(0) && to.contains(0)).then_some(Packets::Protocol(other)),
        })
        .collect()
}

/// The networks that a set of addresses is made of: the fewest.
pub(super) fn networks(family: Family, set: &Ranges<u128>) -> Vec<(IpAddr, u8)> {
    let mut networks = Vec::new();
    for (mut first, last) in set.iter() {
        loop {
            let mut free = first.trailing_zeros().min(u32::from(family.bits()));
            let size = |free: u32| 1_u128.checked_shl(free).map_or(u128::MAX, |one| one - 1);
            while size(free) > last - first {
                free -= 1;
            }
            let length = u32::from(family.bits()).saturating_sub(free);
            networks.push((family.address(first), u8::try_from(length).unwrap_or(u8::MAX)));
            match first.checked_add(size(free)).and_then(|end| end.checked_add(1)) {
                Some(next) if next <= last => first = next,
                _ => break,
            }
        }
    }
    networks
}

/// Each range of numbers, as one or two of them.
pub(super) fn ranges<T: Bound + ToString>(set: &Ranges<T>, between: &str) -> Vec<String> {
    let written = set.iter().map(|(first, last)| {
        if first == last {
            first.to_string()
        } else {
            format!("{}{between}{}", first.to_string(), last.to_string())
        }
    });
    written.collect()
}
