//! Static routes. Each says by which interface it goes.

use std::net::{IpAddr, Ipv4Addr};

use super::part::name;
use crate::device::route::Next;
use crate::device::{Addresses, InterfaceId, Interfaces, Line, Match, PolicyRoute, Way};
use crate::dialect::draft::{Draft, unknown};
use crate::dialect::statement::{Refusal, Statement, mask_length, no_address, number, prefix, unknown_word, v4};
use crate::packet::Family;

/// A route while the names of interfaces are not all known.
pub(super) struct Written {
    /// The name of an interface; `None` for a route that discards.
    out: Option<String>,
    network: IpAddr,
    length: u8,
    gateway: Option<IpAddr>,
    /// Whether it is only for what came through a VPN and has no other route.
    pub(super) tunneled: bool,
    line: Line,
}

/// What follows `route` or `ipv6 route`.
pub(super) fn read(statement: &mut Statement<'_>, family: Family) -> Result<Written, Refusal> {
    let line = statement.line();
    let out = if statement.is("Null0") {
        None
    } else {
        Some(statement.parse(name).ok_or(unknown_word())?)
    };
    let zero = |word: &str| (word == "0").then_some(Ipv4Addr::UNSPECIFIED);
    let (network, length): (IpAddr, u8) = match family {
        Family::V4 => {
            let network = statement.parse(|word| zero(word).or_else(|| v4(word)));
            let mask = statement.parse(|word| mask_length(zero(word).or_else(|| v4(word))?));
            (network.ok_or(no_address())?.into(), mask.ok_or(no_address())?)
        }
        Family::V6 => statement
            .parse(|word| prefix(word).filter(|(network, _)| network.is_ipv6()))
            .ok_or(no_address())?,
    };
    let gateway = statement.parse(|word| word.parse::<IpAddr>().ok());
    if out.is_some() && gateway.is_none() {
        return Err(no_address());
    }
    let mut tunneled = false;
    while !statement.is_done() {
        if statement.is("tunneled") {
            tunneled = true;
        } else if statement.is("track") {
            statement.parse(number::<u32>).ok_or(unknown_word())?;
        } else {
            statement.parse(number::<u8>).ok_or(unknown_word())?;
        }
    }
    Ok(Written {
        out,
        network,
        length,
        gateway: gateway.filter(|gateway| !gateway.is_unspecified()),
        tunneled,
        line,
    })
}

impl Written {
    fn ways(&self, draft: &mut Draft) -> Vec<Way> {
        let next = match (&self.out, self.gateway) {
            (None, _) => Next::Discard,
            (Some(out), None) => Next::Interface(draft.interface(out, self.line)),
            (Some(out), Some(gateway)) => Next::GatewayOn(gateway, draft.interface(out, self.line)),
        };
        vec![Way { condition: None, next }]
    }
}

/// Puts a route into the device. One of a larger distance takes over when the other is gone: all are followed.
pub(super) fn lower(route: &Written, draft: &mut Draft) {
    let ways = route.ways(draft);
    draft.route(route.network, route.length, ways, route.line);
}

/// Puts a route into the device that is only for what came through a VPN by one of `ingress`.
pub(super) fn lower_tunneled(route: &Written, ingress: Vec<InterfaceId>, draft: &mut Draft) {
    let ways = route.ways(draft);
    let network = Addresses::network(route.network, route.length);
    let own = draft
        .device
        .interfaces
        .iter()
        .flat_map(|interface| &interface.addresses);
    let routes = draft.device.routes.iter();
    let closer = own
        .map(|(own, length)| (*own, *length))
        .chain(routes.map(|route| (route.network, route.length)))
        .filter(|(_, length)| *length > route.length);
    let destination = closer.fold(network, |left, (network, length)| {
        left.minus(&Addresses::network(network, length))
    });
    draft.device.policy_routes.push(PolicyRoute {
        condition: Match {
            ingress: Interfaces::These(ingress),
            destination,
            unknown: vec![unknown(
                "VPN を通って来たかどうか",
                "whether the packet came through a VPN",
            )],
            ..Match::everything()
        },
        ways,
        line: route.line,
    });
}

/// Whether the routes send all of `addresses` out of one of `interfaces`, or nowhere.
pub(super) fn lead(addresses: &Addresses, interfaces: &Interfaces, draft: &Draft) -> bool {
    let mut known: Vec<(u8, Addresses, Option<InterfaceId>)> = Vec::new();
    for (id, interface) in (0..).map(InterfaceId).zip(&draft.device.interfaces) {
        let networks = interface.addresses.iter();
        known.extend(networks.map(|(own, length)| (*length, Addresses::network(*own, *length), Some(id))));
    }
    for route in &draft.device.routes {
        for way in &route.ways {
            let out = match way.next {
                Next::Interface(out) | Next::GatewayOn(_, out) => Some(out),
                Next::Discard => continue,
                _ => None,
            };
            known.push((route.length, Addresses::network(route.network, route.length), out));
        }
    }
    known.sort_by_key(|(length, ..)| std::cmp::Reverse(*length));
    let mut left = addresses.clone();
    for (at, (length, network, out)) in known.iter().enumerate() {
        let here = left.intersect(network);
        if here.is_empty() {
            continue;
        }
        if !out.is_some_and(|out| interfaces.contains(out)) {
            return false;
        }
        // Another route to the same network is followed too.
        let is_last = known
            .get(at + 1)
            .is_none_or(|(next, other, _)| (next, other) != (length, network));
        if is_last {
            left = left.minus(network);
        }
    }
    true
}
