//! Where a device sends a packet.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;

use model::lang::Text;

use super::filter::{Between, meets, supposition};
use crate::device::route::Next;
use crate::device::{Device, InterfaceId, Line, Match, Route, Way};
use crate::fabric::Neighbour;
use crate::packet::{Family, Packet, number};

/// One way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Out {
    /// By an interface, to somebody there.
    Via {
        egress: InterfaceId,
        neighbour: Neighbour,
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

/// A way out, and what it supposes of conditions that no packet shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) out: Out,
    pub(super) supposes: Vec<Text>,
}

/// Where routes lead.
struct Found {
    /// Every way out, of whatever is supposed.
    ways: Vec<Chosen>,
    /// What is supposed where they lead nowhere, so that others are tried; `None` where they surely lead somewhere.
    nothing: Option<Vec<Text>>,
}

/// Every way out: of equal worth, and of each manner in which what is unknown may turn out.
pub(super) fn outs(device: &Device, packet: &Packet, ingress: InterfaceId) -> Vec<Chosen> {
    let router = Router {
        device,
        packet,
        ingress,
    };
    if router.is_own() {
        return vec![Chosen::new(Out::Own)];
    }
    let mut chosen = Vec::new();
    let mut supposes = Vec::new();
    let mut decided = false;
    for route in &device.policy_routes {
        if !meets(&route.condition, packet, router.between()) {
            continue;
        }
        let (mut taken, sure) = (supposes.clone(), route.condition.unknown.is_empty());
        taken.extend(supposed(&route.condition, true));
        if route.ways.is_empty() {
            // By the table after all: the same as if no other were met.
            chosen.extend(router.by_table(&taken));
            decided = sure;
        } else {
            let found = router.ways(&route.ways, route.line, 0);
            let (nowhere, somewhere): (Vec<_>, Vec<_>) =
                found.ways.into_iter().partition(|chosen| chosen.out == Out::None);
            decided = sure && nowhere.is_empty() && found.nothing.is_none();
            chosen.extend(somewhere.into_iter().map(|chosen| chosen.under(&taken)));
            if let (true, Some(nothing)) = (sure, found.nothing) {
                supposes.extend(nothing);
            }
        }
        if decided {
            break;
        }
        supposes.extend(supposed(&route.condition, false));
    }
    if !decided {
        chosen.extend(router.by_table(&supposes));
    }
    chosen
}

/// That what is unknown of a condition turns out so.
fn supposed(condition: &Match, met: bool) -> Option<Text> {
    condition.unknown.first().map(|unknown| supposition(unknown, met))
}

impl Chosen {
    const fn new(out: Out) -> Self {
        Self {
            out,
            supposes: Vec::new(),
        }
    }

    fn under(mut self, supposes: &[Text]) -> Self {
        self.supposes.splice(0..0, supposes.iter().cloned());
        self
    }
}

impl Found {
    fn one(out: Out) -> Self {
        Self {
            ways: vec![Chosen::new(out)],
            nothing: None,
        }
    }

    /// These ways, or nothing if there are none.
    fn of(ways: Vec<Chosen>) -> Self {
        let nothing = ways.is_empty().then(Vec::new);
        Self { ways, nothing }
    }
}

struct Router<'d> {
    device: &'d Device,
    packet: &'d Packet,
    ingress: InterfaceId,
}

impl Router<'_> {
    const fn between(&self) -> Between {
        Between {
            ingress: self.ingress,
            egress: None,
        }
    }

    fn destination(&self) -> IpAddr {
        self.packet.family.address(self.packet.destination)
    }

    fn is_own(&self) -> bool {
        let destination = self.destination();
        let mut interfaces = self.device.interfaces.iter();
        interfaces.any(|interface| interface.addresses.iter().any(|(own, _)| *own == destination))
    }

    /// The table of the interface that the packet came in by.
    fn own_table(&self) -> &str {
        let interface = self.device.interfaces.get(usize::from(self.ingress.0));
        interface.map_or("", |interface| &interface.table)
    }

    fn by_table(&self, supposes: &[Text]) -> impl Iterator<Item = Chosen> {
        let ways = self.table(self.own_table(), self.destination(), 0).into_iter();
        ways.map(|chosen| chosen.under(supposes))
    }

    /// Ways of a route: the first whose condition holds, else all of those without one. Where nobody knows whether a condition holds,
    /// both.
    fn ways(&self, ways: &[Way], line: Line, depth: usize) -> Found {
        let mut all = Found {
            ways: Vec::new(),
            nothing: None,
        };
        let mut supposes = Vec::new();
        for way in ways {
            let Some(condition) = &way.condition else { continue };
            if !meets(condition, self.packet, self.between()) {
                continue;
            }
            let found = self.next(&way.next, line, depth);
            let mut taken = supposes.clone();
            taken.extend(supposed(condition, true));
            all.ways
                .extend(found.ways.into_iter().map(|chosen| chosen.under(&taken)));
            if let Some(nothing) = found.nothing {
                taken.extend(nothing);
                all.nothing.get_or_insert(taken);
            }
            if condition.unknown.is_empty() {
                return all;
            }
            supposes.extend(supposed(condition, false));
        }
        let mut nothing = Some(supposes.clone());
        for way in ways.iter().filter(|way| way.condition.is_none()) {
            let found = self.next(&way.next, line, depth);
            all.ways
                .extend(found.ways.into_iter().map(|chosen| chosen.under(&supposes)));
            nothing = nothing.filter(|_| found.nothing.is_some());
        }
        all.nothing = all.nothing.or(nothing);
        all
    }

    fn next(&self, next: &Next, line: Line, depth: usize) -> Found {
        let via = |egress, neighbour| Out::Via {
            egress,
            neighbour,
            line: Some(line),
        };
        match next {
            Next::Interface(egress) => Found::one(via(*egress, Neighbour::Destination)),
            Next::GatewayOn(gateway, egress) => Found::one(via(*egress, Neighbour::Named(*gateway))),
            Next::Gateway(gateway) => self.gateway(*gateway, line, depth),
            Next::Table(table) if depth < DEEPEST => Found::of(self.table(table, self.destination(), depth + 1)),
            Next::Discard => Found::one(Out::Discarded(line)),
            Next::Table(_) => Found::one(Out::None),
            Next::Anywhere => Found::of(
                (0..)
                    .map(InterfaceId)
                    .zip(&self.device.interfaces)
                    .map(|(egress, _)| Chosen::new(via(egress, Neighbour::Anyone)))
                    .collect(),
            ),
        }
    }

    /// A neighbour on the network of an interface, else whatever the routes to it say.
    fn gateway(&self, gateway: IpAddr, line: Line, depth: usize) -> Found {
        let on = self.connected(gateway).map(|egress| Out::Via {
            egress,
            neighbour: Neighbour::Named(gateway),
            line: Some(line),
        });
        let on: Vec<Chosen> = on.map(Chosen::new).collect();
        if !on.is_empty() || depth >= DEEPEST {
            return Found::of(on);
        }
        let (ways, others): (Vec<_>, Vec<_>) = self
            .table(self.own_table(), gateway, depth + 1)
            .into_iter()
            .partition(|chosen| matches!(chosen.out, Out::Via { .. }));
        Found {
            ways,
            nothing: others.into_iter().next().map(|chosen| chosen.supposes),
        }
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

    /// The longest prefix, then the smallest preference; the networks of the device's own interfaces count with preference 0. The next
    /// best are tried where the best lead nowhere.
    fn table(&self, table: &str, destination: IpAddr, depth: usize) -> Vec<Chosen> {
        let mut offers: BTreeMap<(Reverse<u8>, u32), Vec<Found>> = BTreeMap::new();
        for (egress, interface) in (0..).map(InterfaceId).zip(&self.device.interfaces) {
            for (own, length) in &interface.addresses {
                if interface.table == table && within(destination, *own, *length) {
                    let out = Out::Via {
                        egress,
                        neighbour: Neighbour::Destination,
                        line: None,
                    };
                    offers.entry((Reverse(*length), 0)).or_default().push(Found::one(out));
                }
            }
        }
        for route in self
            .device
            .routes
            .iter()
            .filter(|route| leads(route, table, destination))
        {
            let found = self.ways(&route.ways, route.line, depth);
            let worth = (Reverse(route.length), route.preference);
            offers.entry(worth).or_default().push(found);
        }
        let (mut chosen, mut supposes) = (Vec::new(), Vec::new());
        for equal in offers.into_values() {
            let mut nothing = Some(Vec::new());
            for found in equal {
                chosen.extend(found.ways.into_iter().map(|way| way.under(&supposes)));
                nothing = nothing.and_then(|mut before: Vec<Text>| {
                    before.extend(found.nothing?);
                    Some(before)
                });
            }
            match nothing {
                Some(nothing) => supposes.extend(nothing),
                None => return chosen,
            }
        }
        chosen.push(Chosen::new(Out::None).under(&supposes));
        chosen
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
