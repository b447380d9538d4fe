//! Where a device sends a packet.

use std::net::IpAddr;

use super::filter::{Between, meets};
use crate::device::route::Next;
use crate::device::{Device, InterfaceId, Line, Route, Way};
use crate::packet::{Family, Packet, number};

/// One way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Out {
    /// By an interface, to a neighbour or to whoever has the destination.
    Via {
        egress: InterfaceId,
        neighbour: Option<IpAddr>,
        line: Option<Line>,
    },
    /// Dropped by a route.
    Discarded(Line),
    /// The destination is the device itself.
    Own,
    /// No route.
    None,
}

/// Tables that send to tables, and gateways behind gateways, end here.
const DEEPEST: usize = 8;

/// Every way out of equal worth.
pub(super) fn outs(device: &Device, packet: &Packet, ingress: InterfaceId) -> Vec<Out> {
    let router = Router {
        device,
        packet,
        ingress,
    };
    if router.is_own() {
        return vec![Out::Own];
    }
    let between = Between { ingress, egress: None };
    for route in device
        .policy_routes
        .iter()
        .filter(|route| meets(&route.condition, packet, between))
    {
        if route.ways.is_empty() {
            break;
        }
        let outs = router.ways(&route.ways, route.line, 0);
        if outs.iter().any(|out| *out != Out::None) {
            return outs;
        }
    }
    let table = device
        .interfaces
        .get(usize::from(ingress.0))
        .map_or("", |interface| &interface.table);
    router.table(table, router.destination(), 0)
}

struct Router<'d> {
    device: &'d Device,
    packet: &'d Packet,
    ingress: InterfaceId,
}

impl Router<'_> {
    fn destination(&self) -> IpAddr {
        self.packet.family.address(self.packet.destination)
    }

    fn is_own(&self) -> bool {
        let destination = self.destination();
        let mut interfaces = self.device.interfaces.iter();
        interfaces.any(|interface| interface.addresses.iter().any(|(own, _)| *own == destination))
    }

    /// Ways of a route: the first whose condition holds, else all of those without one.
    fn ways(&self, ways: &[Way], line: Line, depth: usize) -> Vec<Out> {
        let between = Between {
            ingress: self.ingress,
            egress: None,
        };
        let conditional = ways.iter().find(|way| {
            way.condition
                .as_ref()
                .is_some_and(|condition| meets(condition, self.packet, between))
        });
        match conditional {
            Some(way) => self.next(&way.next, line, depth),
            None => {
                let open = ways.iter().filter(|way| way.condition.is_none());
                open.flat_map(|way| self.next(&way.next, line, depth)).collect()
            }
        }
    }

    fn next(&self, next: &Next, line: Line, depth: usize) -> Vec<Out> {
        let via = |egress, neighbour| {
            vec![Out::Via {
                egress,
                neighbour,
                line: Some(line),
            }]
        };
        match next {
            Next::Interface(egress) => via(*egress, None),
            Next::GatewayOn(gateway, egress) => via(*egress, Some(*gateway)),
            Next::Gateway(gateway) => self.gateway(*gateway, line, depth),
            Next::Table(table) if depth < DEEPEST => self.table(table, self.destination(), depth + 1),
            Next::Discard => vec![Out::Discarded(line)],
            Next::Table(_) => vec![Out::None],
            Next::Anywhere => (0..)
                .map(InterfaceId)
                .zip(&self.device.interfaces)
                .filter(|(egress, _)| *egress != self.ingress)
                .flat_map(|(egress, _)| via(egress, None))
                .collect(),
        }
    }

    /// A neighbour on the network of an interface, else whatever the routes to it say.
    fn gateway(&self, gateway: IpAddr, line: Line, depth: usize) -> Vec<Out> {
        let on: Vec<Out> = self
            .connected(gateway)
            .map(|egress| Out::Via {
                egress,
                neighbour: Some(gateway),
                line: Some(line),
            })
            .collect();
        if !on.is_empty() || depth >= DEEPEST {
            return on;
        }
        let table = self
            .device
            .interfaces
            .get(usize::from(self.ingress.0))
            .map_or("", |interface| &interface.table);
        self.table(table, gateway, depth + 1)
            .into_iter()
            .filter(|out| matches!(out, Out::Via { .. }))
            .collect()
    }

    fn connected(&self, address: IpAddr) -> impl Iterator<Item = InterfaceId> {
        (0..)
            .map(InterfaceId)
            .zip(&self.device.interfaces)
            .filter(move |(_, interface)| {
                interface
                    .addresses
                    .iter()
                    .any(|(own, length)| within(address, *own, *length))
            })
            .map(|(id, _)| id)
    }

    /// The longest prefix, then the smallest preference; the networks of the device's own interfaces count with preference 0.
    fn table(&self, table: &str, destination: IpAddr, depth: usize) -> Vec<Out> {
        let mut best: (u8, std::cmp::Reverse<u32>) = (0, std::cmp::Reverse(u32::MAX));
        let mut outs = Vec::new();
        let mut offer = |length: u8, preference: u32, out: &dyn Fn() -> Vec<Out>| {
            let worth = (length, std::cmp::Reverse(preference));
            if worth < best && !outs.is_empty() {
                return;
            }
            let found = out();
            if found.is_empty() {
                return;
            }
            if worth > best {
                outs.clear();
            }
            best = worth.max(best);
            outs.extend(found);
        };
        for (egress, interface) in (0..).map(InterfaceId).zip(&self.device.interfaces) {
            for (own, length) in &interface.addresses {
                if interface.table == table && within(destination, *own, *length) {
                    let out = || {
                        vec![Out::Via {
                            egress,
                            neighbour: None,
                            line: None,
                        }]
                    };
                    offer(*length, 0, &out);
                }
            }
        }
        for route in self
            .device
            .routes
            .iter()
            .filter(|route| leads(route, table, destination))
        {
            offer(route.length, route.preference, &|| {
                self.ways(&route.ways, route.line, depth)
            });
        }
        if outs.is_empty() { vec![Out::None] } else { outs }
    }
}

fn leads(route: &Route, table: &str, destination: IpAddr) -> bool {
    route.table == table && within(destination, route.network, route.length)
}

fn within(address: IpAddr, network: IpAddr, length: u8) -> bool {
    let ((family, address), (other, network)) = (number(address), number(network));
    let bits = match family {
        Family::V4 => 32,
        Family::V6 => 128,
    };
    let hosts = bits - u32::from(length).min(bits);
    family == other && address.checked_shr(hosts) == network.checked_shr(hosts)
}
