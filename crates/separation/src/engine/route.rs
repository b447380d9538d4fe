//! Where a device sends the packets of a set: [`crate::trace`]'s choice of the way out, for all of them at once.

use std::cmp::Reverse;
use std::net::IpAddr;

use super::lower::{Between, Clip, meet};
use super::{Space, Work};
use crate::device::route::Next;
use crate::device::{Addresses, Device, InterfaceId, Route, Way};
use crate::diagram::{BudgetSpent, Field, Id, Product};
use crate::fabric::Neighbour;

/// One way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Out {
    /// By an interface, to somebody there.
    Via(InterfaceId, Neighbour),
    /// Dropped by a route.
    Discarded,
    /// The destination is the device itself.
    Own,
    /// No route.
    None,
}

/// Tables that send to tables, and gateways behind gateways, end here. The same as in [`crate::trace`].
const DEEPEST: usize = 8;

type Outs = Vec<(Id, Out)>;

/// Where routes lead the packets of a set. A packet may have several ways out, of equal worth or by how what is unknown turns out.
struct Found {
    outs: Outs,
    /// Packets that they may lead nowhere, so that others are tried.
    nothing: Id,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            outs: Outs::new(),
            nothing: Id::NONE,
        }
    }
}

/// Routes of packets that came in by one interface.
struct Router<'d> {
    device: &'d Device,
    between: Between,
    table: &'d str,
}

/// By what a table is asked.
#[derive(Clone, Copy)]
enum By {
    Destination,
    Address(IpAddr),
}

impl<B: Space> Work<'_, B> {
    /// Every way out of the packets of `set`. Sets of different ways may share packets: routes of equal worth are all followed.
    pub(super) fn outs(&mut self, device: &Device, set: Id, ingress: InterfaceId) -> Result<Outs, BudgetSpent> {
        let router = Router {
            device,
            between: Between { ingress, egress: None },
            table: device
                .interfaces
                .get(usize::from(ingress.0))
                .map_or("", |interface| &interface.table),
        };
        let own = device
            .interfaces
            .iter()
            .flat_map(|interface| &interface.addresses)
            .fold(Addresses::none(), |own, (address, _)| {
                own.union(&Addresses::one(*address))
            });
        let own = self.to(set, &own)?;
        let mut left = self.arena.remove(set, own)?;
        let mut outs = vec![(own, Out::Own)];
        let clip = Clip::of(&self.arena, left);
        let mut by_table = Id::NONE;
        for route in &device.policy_routes {
            if left == Id::NONE {
                break;
            }
            let matched = self.meeting(left, &route.condition, router.between, &clip)?;
            if matched == Id::NONE {
                continue;
            }
            let nowhere = if route.ways.is_empty() {
                by_table = self.arena.over(by_table, matched)?;
                Id::NONE
            } else {
                let found = self.ways(&router, matched, &route.ways, 0)?;
                let mut nowhere = found.nothing;
                for (set, out) in found.outs {
                    if out == Out::None {
                        nowhere = self.arena.over(nowhere, set)?;
                    } else {
                        outs.push((set, out));
                    }
                }
                nowhere
            };
            // Where nobody knows whether it matches, all may go on to the next one.
            if route.condition.unknown.is_empty() {
                left = self.arena.remove(left, matched)?;
                left = self.arena.over(left, nowhere)?;
            }
        }
        let left = self.arena.over(left, by_table)?;
        outs.extend(self.table(&router, left, router.table, By::Destination, 0)?);
        outs.retain(|(set, _)| *set != Id::NONE);
        self.together(outs)
    }

    /// Ways that are the same, once.
    fn together(&mut self, outs: Outs) -> Result<Outs, BudgetSpent> {
        let mut joined: Outs = Vec::new();
        for (set, out) in outs {
            match joined.iter_mut().find(|(_, other)| *other == out) {
                Some((known, _)) => *known = self.arena.over(*known, set)?,
                None => joined.push((set, out)),
            }
        }
        Ok(joined)
    }

    /// Those of `set` with a destination among `addresses`.
    pub(super) fn to(&mut self, set: Id, addresses: &Addresses) -> Result<Id, BudgetSpent> {
        let product = Product::everything().with(Field::Destination, B::of(addresses));
        let to = self.arena.product(&product, 0)?;
        self.arena.keep(set, to)
    }

    /// The first way whose condition holds, else all of those without one; both where nobody knows whether a condition holds.
    fn ways(&mut self, router: &Router<'_>, set: Id, ways: &[Way], depth: usize) -> Result<Found, BudgetSpent> {
        let mut left = set;
        let mut all = Found::default();
        let clip = Clip::of(&self.arena, set);
        for way in ways {
            let Some(condition) = &way.condition else { continue };
            let matched = self.meeting(left, condition, router.between, &clip)?;
            let found = self.next(router, matched, &way.next, depth)?;
            all.outs.extend(found.outs);
            all.nothing = self.arena.over(all.nothing, found.nothing)?;
            if condition.unknown.is_empty() {
                left = self.arena.remove(left, matched)?;
            }
        }
        let mut nothing = left;
        for way in ways.iter().filter(|way| way.condition.is_none()) {
            let found = self.next(router, left, &way.next, depth)?;
            all.outs.extend(found.outs);
            nothing = self.arena.keep(nothing, found.nothing)?;
        }
        all.nothing = self.arena.over(all.nothing, nothing)?;
        all.outs.retain(|(set, _)| *set != Id::NONE);
        Ok(all)
    }

    fn next(&mut self, router: &Router<'_>, set: Id, next: &Next, depth: usize) -> Result<Found, BudgetSpent> {
        if set == Id::NONE {
            return Ok(Found::default());
        }
        let outs = match next {
            Next::Interface(egress) => vec![(set, Out::Via(*egress, Neighbour::Destination))],
            Next::GatewayOn(gateway, egress) => vec![(set, Out::Via(*egress, Neighbour::Named(*gateway)))],
            Next::Gateway(gateway) => return self.gateway(router, set, *gateway, depth),
            Next::Table(table) if depth < DEEPEST => self.table(router, set, table, By::Destination, depth + 1)?,
            Next::Discard => vec![(set, Out::Discarded)],
            Next::Table(_) => vec![(set, Out::None)],
            Next::Anywhere => (0..)
                .map(InterfaceId)
                .zip(&router.device.interfaces)
                .map(|(egress, _)| (set, Out::Via(egress, Neighbour::Anyone)))
                .collect(),
        };
        let nothing = if outs.is_empty() { set } else { Id::NONE };
        Ok(Found { outs, nothing })
    }

    /// A neighbour on the network of an interface, else whatever the routes to it say.
    fn gateway(&mut self, router: &Router<'_>, set: Id, gateway: IpAddr, depth: usize) -> Result<Found, BudgetSpent> {
        let on: Outs = (0..)
            .map(InterfaceId)
            .zip(&router.device.interfaces)
            .filter(|(_, interface)| {
                let mut networks = interface.addresses.iter();
                networks.any(|(own, length)| Addresses::network(*own, *length).contains(gateway))
            })
            .map(|(egress, _)| (set, Out::Via(egress, Neighbour::Named(gateway))))
            .collect();
        if !on.is_empty() || depth >= DEEPEST {
            let nothing = if on.is_empty() { set } else { Id::NONE };
            return Ok(Found { outs: on, nothing });
        }
        let mut found = Found::default();
        for (set, out) in self.table(router, set, router.table, By::Address(gateway), depth + 1)? {
            if matches!(out, Out::Via(..)) {
                found.outs.push((set, out));
            } else {
                found.nothing = self.arena.over(found.nothing, set)?;
            }
        }
        Ok(found)
    }

    /// The longest prefix, then the smallest preference; the networks of the device's own interfaces count with preference 0.
    fn table(&mut self, router: &Router<'_>, set: Id, table: &str, by: By, depth: usize) -> Result<Outs, BudgetSpent> {
        let mut offers: Vec<(u8, Reverse<u32>, Addresses, Offer<'_>)> = Vec::new();
        for (egress, interface) in (0..).map(InterfaceId).zip(&router.device.interfaces) {
            for (own, length) in interface.addresses.iter().filter(|_| interface.table == table) {
                let network = Addresses::network(*own, *length);
                offers.push((*length, Reverse(0), network, Offer::Connected(egress)));
            }
        }
        for route in router.device.routes.iter().filter(|route| route.table == table) {
            let network = Addresses::network(route.network, route.length);
            offers.push((route.length, Reverse(route.preference), network, Offer::Routed(route)));
        }
        offers.sort_by_key(|(length, preference, ..)| Reverse((*length, *preference)));
        let mut left = set;
        let mut outs = Vec::new();
        for equal in offers.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let destinations = self.arena.values_of(left, Field::Destination);
            let mut surely = Id::NONE;
            for (_, _, network, offer) in equal {
                let inside = match by {
                    By::Destination if !meet(B::of(network), &destinations) => Id::NONE,
                    By::Destination => self.to(left, network)?,
                    By::Address(address) if network.contains(address) => left,
                    By::Address(_) => Id::NONE,
                };
                if inside == Id::NONE {
                    continue;
                }
                let found = match offer {
                    Offer::Connected(egress) => Found {
                        outs: vec![(inside, Out::Via(*egress, Neighbour::Destination))],
                        nothing: Id::NONE,
                    },
                    Offer::Routed(route) => self.ways(router, inside, &route.ways, depth)?,
                };
                let somewhere = self.arena.remove(inside, found.nothing)?;
                surely = self.arena.over(surely, somewhere)?;
                outs.extend(found.outs);
            }
            left = self.arena.remove(left, surely)?;
            if left == Id::NONE {
                return Ok(outs);
            }
        }
        outs.push((left, Out::None));
        Ok(outs)
    }
}

#[derive(Clone, Copy)]
enum Offer<'d> {
    Connected(InterfaceId),
    Routed(&'d Route),
}
