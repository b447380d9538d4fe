//! Services in words.

use std::fmt::Write as _;

use crate::diagram::{Arena, Field, Id, Width};
use crate::packet::{Packet, protocol};
use crate::ranges::Ranges;

/// Protocols and destination ports of a set: `tcp/443`, `tcp,udp/53`, `any`. More than four of either are told as their span.
pub(super) fn service<B: Width>(arena: &Arena<B>, set: Id) -> String {
    let [protocols, ports] = arena.values_of_each(set, [Field::Protocol, Field::DestinationPort]);
    of(&numbers(&protocols), &numbers(&ports))
}

/// The same of one packet.
pub(super) fn service_of(packet: &Packet) -> String {
    let one = |number: u128| [(number, number)];
    of(&one(packet.protocol.into()), &one(packet.destination_port.into()))
}

fn numbers<B: Width>(ranges: &Ranges<B>) -> Vec<(u128, u128)> {
    ranges.iter().map(|(first, last)| (first.into(), last.into())).collect()
}

fn of(protocols: &[(u128, u128)], ports: &[(u128, u128)]) -> String {
    let mut text = match protocols {
        [(0, 255)] => "any".to_owned(),
        many => listed(many, |number| match u8::try_from(number) {
            Ok(protocol::TCP) => "tcp".to_owned(),
            Ok(protocol::UDP) => "udp".to_owned(),
            Ok(protocol::ICMP) => "icmp".to_owned(),
            Ok(protocol::ICMP_V6) => "icmpv6".to_owned(),
            Ok(protocol::GRE) => "gre".to_owned(),
            Ok(protocol::ESP) => "esp".to_owned(),
            Ok(protocol::SCTP) => "sctp".to_owned(),
            _ => number.to_string(),
        }),
    };
    let has_ports = protocols.iter().any(|(first, last)| {
        let with_ports = protocol::WITH_PORTS.iter();
        with_ports
            .map(|number| u128::from(*number))
            .any(|number| (*first..=*last).contains(&number))
    });
    if has_ports && ports != [(0, 65_535)] {
        _ = write!(text, "/{}", listed(ports, |number| number.to_string()));
    }
    text
}

fn listed(ranges: &[(u128, u128)], name: impl Fn(u128) -> String) -> String {
    let span = match (ranges.first(), ranges.last()) {
        (Some((first, _)), Some((_, last))) if ranges.len() > 4 => vec![(*first, *last)],
        _ => ranges.to_vec(),
    };
    let parts = span.iter().map(|(first, last)| {
        if first == last {
            name(*first)
        } else {
            format!("{}-{}", name(*first), name(*last))
        }
    });
    parts.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn services_read_as_people_write_them() {
        assert_eq!(of(&[(6, 6)], &[(443, 443)]), "tcp/443");
        assert_eq!(of(&[(6, 6), (17, 17)], &[(53, 53)]), "tcp,udp/53");
        assert_eq!(of(&[(0, 255)], &[(0, 65_535)]), "any");
        assert_eq!(of(&[(1, 1)], &[(0, 255)]), "icmp");
        assert_eq!(of(&[(6, 6)], &[(1, 1), (3, 3), (5, 5), (7, 7), (9, 12)]), "tcp/1-12");
    }
}
