//! Members of groups of objects.

use super::part::{self, Member, Network, Side};
use crate::device::{Addresses, Service};
use crate::dialect::statement::{Refusal, Statement, mask_length, no_address, prefix, unknown_word, v4};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// A member of a group of networks: `host 192.0.2.1`, `192.0.2.0 255.255.255.0`, `range A B`, `group-object NAME`.
pub(super) fn network(statement: &mut Statement<'_>, family: Family) -> Result<Network, Refusal> {
    if statement.is("group-object") {
        return Ok(Network::Group(statement.parse(part::name).ok_or(unknown_word())?));
    }
    statement.is("network-object");
    if statement.is("range") {
        let (first, last) = (
            statement.parse(v4).ok_or(no_address())?,
            statement.parse(v4).ok_or(no_address())?,
        );
        return Ok(Network::These(Addresses::span(first.into(), last.into())));
    }
    if statement.peek() == Some("host") || statement.peek() == Some("any") {
        return match part::side(statement, family)? {
            Side::These(these) => Ok(Network::These(these)),
            Side::Group(name) => Ok(Network::Group(name)),
        };
    }
    let prefix = statement.parse(|word| word.contains('/').then(|| prefix(word)).flatten());
    let prefix = prefix.filter(|(address, _)| address.is_ipv4() == (family == Family::V4));
    if let Some((address, length)) = prefix {
        return Ok(Network::These(Addresses::network(address, length)));
    }
    let address = statement.parse(v4).ok_or(no_address())?;
    let length = statement.parse(|word| mask_length(v4(word)?)).ok_or(no_address())?;
    Ok(Network::These(Addresses::network(address.into(), length)))
}

/// A member of a group of ports: `eq 443`, `range 1024 65535`.
pub(super) fn port(statement: &mut Statement<'_>) -> Result<Ranges<u16>, Refusal> {
    if statement.is_done() {
        return Err(unknown_word());
    }
    part::ports(statement)
}

/// A member of a group of protocols: `protocol-object tcp`.
pub(super) fn protocol(statement: &mut Statement<'_>) -> Result<Member, Refusal> {
    if statement.is("group-object") {
        return Ok(Member::Group(statement.parse(part::name).ok_or(unknown_word())?));
    }
    if !statement.is("protocol-object") {
        return Err(unknown_word());
    }
    let of = statement.parse(|word| part::protocol_of(word, Family::V4));
    let of = of.ok_or(unknown_word())?;
    Ok(Member::These(of.map_or_else(Service::anything, Service::protocol)))
}

/// A member of a group of services: `tcp source gt 1023 eq 443`, `icmp echo`, `group-object NAME`.
pub(super) fn service(statement: &mut Statement<'_>, family: Family) -> Result<Member, Refusal> {
    if statement.is("group-object") {
        return Ok(Member::Group(statement.parse(part::name).ok_or(unknown_word())?));
    }
    if statement.is("tcp-udp") {
        let mut service = Service::protocols(Ranges::of([
            (protocol::TCP, protocol::TCP),
            (protocol::UDP, protocol::UDP),
        ]));
        if statement.is("source") {
            service.source_ports = part::ports(statement)?;
        }
        service.destination_ports = part::ports(statement)?;
        return Ok(Member::These(service));
    }
    let of = statement
        .parse(|word| part::protocol_of(word, family))
        .ok_or(unknown_word())?;
    let mut service = of.map_or_else(Service::anything, Service::protocol);
    if of == Some(family.icmp()) {
        service = part::message(statement, family);
    }
    if of.is_some_and(|of| protocol::WITH_PORTS.contains(&of)) {
        if statement.is("source") {
            service.source_ports = part::ports(statement)?;
        }
        service.destination_ports = part::ports(statement)?;
    }
    Ok(Member::These(service))
}
