//! What written translations do to packets.
//!
//! A destination is changed on the way in, before the way out is chosen and any list is asked; a source is changed last. A translation of
//! both ends decides of a connection alone, so its entries that change nothing keep later ones away.
//!
//! Not followed: that a device drops what comes to the real address of a host that is translated; so more seems to pass than does.

use model::lang::Text;

use super::nat::{Nat, Services, What, Written};
use super::object::{Objects, undefined};
use super::{part, route};
use crate::device::{Addresses, Affects, Change, Interfaces, Match, Service, Translation, Unread};
use crate::dialect::draft::{Draft, unknown};
use crate::dialect::statement::Refusal;
use crate::packet::Family;
use crate::ranges::{Bound, Ranges};

/// Ports that a device takes for flows whose source it changes.
const PORTS: (u16, u16) = (1, u16::MAX);

/// Turns translations into entries.
pub(super) struct Translating<'r> {
    pub(super) objects: &'r Objects,
    /// The own addresses of an interface; `None` where nobody knows them.
    pub(super) own: &'r dyn Fn(&str) -> Option<Addresses>,
    pub(super) draft: &'r mut Draft,
}

/// Entries for packets that come in, and for packets that go out.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) inward: Vec<Translation>,
    pub(super) outward: Vec<Translation>,
}

/// Ports of a translation: of the hosts (real, seen) and of the other end (seen, real).
struct Ports {
    protocols: Ranges<u8>,
    host: (Ranges<u16>, Ranges<u16>),
    other: (Ranges<u16>, Ranges<u16>),
}

/// A translation whose names are resolved, of one family.
struct Resolved<'w> {
    written: &'w Written,
    family: Family,
    from: Interfaces,
    to: Interfaces,
    real: Addresses,
    mapped: Addresses,
    /// Whether `mapped` is all that it may be, since it is given by someone else.
    unsure: bool,
    /// What the hosts see of the other end, and what it is.
    other: Option<(Addresses, Addresses)>,
    ports: Ports,
    /// Whether the device chooses the source port.
    by_port: bool,
}

impl Translating<'_> {
    /// All entries in order.
    pub(super) fn all(&mut self, nat: &Nat) -> Entries {
        let objects = self.objects;
        // Static ones first, then those of fewer hosts, then the smaller address, then the name.
        let weight = |written: &Written| {
            let name = match &written.real {
                What::Named(name) => name.clone(),
                What::Any | What::Interface(_) => String::new(),
            };
            let (count, first) = objects.addresses(&name).map_or((0, 0), |found| {
                let of = if found.addresses.v4.is_empty() {
                    Family::V6
                } else {
                    Family::V4
                };
                let numbers = found.addresses.of(of);
                (count(&numbers), numbers.first().unwrap_or(0))
            });
            (!written.is_static, count, first, name)
        };
        let mut entries = Entries::default();
        for written in nat.in_order(weight) {
            match self.resolve(written) {
                Ok(resolved) => resolved.iter().for_each(|one| self.add(one, &mut entries)),
                Err(why) => self.unread(written, why, Affects::Translations),
            }
        }
        entries
    }

    fn unread(&mut self, written: &Written, why: Refusal, affects: Affects) {
        self.draft.device.unread.push(Unread {
            line: written.line,
            text: written.shown.clone(),
            why,
            affects,
        });
    }

    fn resolve<'w>(&mut self, written: &'w Written) -> Result<Vec<Resolved<'w>>, Refusal> {
        let mut on = |name: &Option<String>| match name {
            None => Interfaces::Any,
            Some(name) => Interfaces::These(vec![self.draft.interface(name, written.line)]),
        };
        let (from, to) = (on(&written.from), on(&written.to));
        let real = self.addresses(&written.real, written.from.as_deref())?;
        let mut mapped = match &written.mapped {
            What::Named(name) if written.is_static && !self.objects.is_defined(name) => beginning_at(name, &real)?,
            What::Any if written.real != What::Any => return Err(cannot()),
            what => self.mapped(what, written)?,
        };
        if let Some(own) = &written.or_interface {
            let own = self.mapped(own, written)?;
            mapped = mapped.union(&own);
        }
        let other = match &written.destination {
            None => None,
            Some((seen, real)) => Some((
                self.addresses(seen, written.from.as_deref())?,
                self.addresses(real, written.to.as_deref())?,
            )),
        };
        let mut all = Vec::new();
        for family in Family::ALL {
            let of = |addresses: &Addresses| addresses.intersect(&Addresses::all_of(family));
            let (real, mapped) = (of(&real), of(&mapped));
            let other = other.as_ref().map(|(seen, real)| (of(seen), of(real)));
            let is_empty = |(seen, real): &(Addresses, Addresses)| seen.is_empty() || real.is_empty();
            if real.is_empty() {
                continue;
            }
            if mapped.is_empty() || other.as_ref().is_some_and(is_empty) {
                if written.real == What::Any {
                    continue;
                }
                return Err(Text::fixed(
                    "IPv4 と IPv6 の間の変換は読めない",
                    "translation between IPv4 and IPv6 is not read",
                ));
            }
            let one = count(&mapped.of(family)) == 1;
            let chosen = one || matches!(written.mapped, What::Interface(_));
            all.push(Resolved {
                written,
                family,
                from: from.clone(),
                to: to.clone(),
                by_port: !written.is_static && (chosen || written.pool || written.or_interface.is_some()),
                unsure: written.is_static && matches!(&written.mapped, What::Interface(_)) && !one,
                real,
                mapped,
                other,
                ports: self.ports(written)?,
            });
        }
        if all.is_empty() { Err(cannot()) } else { Ok(all) }
    }

    /// What sources become; any address where it is that of an interface and nobody knows it.
    fn mapped(&self, what: &What, written: &Written) -> Result<Addresses, Refusal> {
        let mapped = self.addresses(what, written.to.as_deref());
        match what {
            What::Interface(family) => Ok(mapped.unwrap_or(Addresses::all_of(*family))),
            What::Any | What::Named(_) => mapped,
        }
    }

    fn addresses(&self, what: &What, interface: Option<&str>) -> Result<Addresses, Refusal> {
        match what {
            What::Any => Ok(Addresses::all()),
            What::Interface(family) => {
                let own = interface.and_then(self.own).unwrap_or(Addresses::none());
                let own = own.intersect(&Addresses::all_of(*family));
                (!own.is_empty()).then_some(own).ok_or(Text::fixed(
                    "変換に使うインタフェースのアドレスが分からない",
                    "the address of the interface that a translation uses is not known",
                ))
            }
            What::Named(name) if self.objects.is_defined(name) => {
                let found = self.objects.addresses(name).map_err(part::Refused::why)?;
                found.unknown.is_empty().then_some(found.addresses).ok_or(cannot())
            }
            What::Named(name) => match self.objects.hosts.get(name).copied().or_else(|| name.parse().ok()) {
                Some(address) => Ok(Addresses::one(address)),
                None => Err(undefined(name).why()),
            },
        }
    }

    fn ports(&self, written: &Written) -> Result<Ports, Refusal> {
        let all = || (Ranges::all(), Ranges::all());
        match &written.service {
            Services::All => Ok(Ports {
                protocols: Ranges::all(),
                host: all(),
                other: all(),
            }),
            Services::Port(protocols, real, seen) => Ok(Ports {
                protocols: protocols.clone(),
                host: (Ranges::one(*real), Ranges::one(*seen)),
                other: all(),
            }),
            Services::Objects(before, after) => {
                let one = |name: &str| {
                    let services = self.objects.services(name).map_err(part::Refused::why)?;
                    match services.as_slice() {
                        [one] if part::with_ports(&one.protocols) => Ok(one.clone()),
                        _ => Err(cannot()),
                    }
                };
                let (before, after) = (one(before)?, one(after)?);
                if before.protocols != after.protocols {
                    return Err(cannot());
                }
                Ok(Ports {
                    protocols: before.protocols,
                    host: (before.source_ports, after.source_ports),
                    other: (before.destination_ports, after.destination_ports),
                })
            }
        }
    }

    fn add(&mut self, one: &Resolved<'_>, entries: &mut Entries) {
        let written = one.written;
        let back = !written.one_way && !one.by_port;
        if one.other.is_some() || !one.ports.other.0.is_all() {
            entries.inward.push(one.forth_destination());
            self.check_way(one, one.other.as_ref().map(|(_, real)| real), &one.to);
        }
        entries.outward.push(one.forth_source());
        if back {
            entries.inward.push(one.back_destination());
            self.check_way(one, Some(&one.real), &one.from);
            if written.is_twice {
                entries.outward.push(one.back_source());
            }
        }
    }

    /// A translation that changes a destination sends it to its own interface, whatever the routes say. Here the routes are followed, which
    /// must come to the same.
    fn check_way(&mut self, one: &Resolved<'_>, leads: Option<&Addresses>, interfaces: &Interfaces) {
        let Some(addresses) = leads.filter(|_| !one.written.by_route && *interfaces != Interfaces::Any) else {
            return;
        };
        if !route::lead(addresses, interfaces, self.draft) {
            let why = Text::fixed(
                "この変換の出口が経路と食い違う",
                "this translation sends to another interface than the routes do",
            );
            self.unread(one.written, why, Affects::Routes);
        }
    }
}

impl Resolved<'_> {
    /// What the hosts send, before the way out is chosen.
    fn forth_destination(&self) -> Translation {
        let (seen, real) = self.ends();
        let mut entry = self.entry(&self.ports.host.0, &self.ports.other.0);
        entry.condition.ingress = self.from.clone();
        entry.condition.source = self.real.clone();
        entry.condition.destination = seen.clone();
        entry.destination = self.change(&seen, &real);
        entry.destination_port = ports(&self.ports.other.0, &self.ports.other.1);
        entry
    }

    /// What the hosts send, on its way out.
    fn forth_source(&self) -> Translation {
        let (_, real) = self.ends();
        let mut entry = self.entry(&self.ports.host.0, &self.ports.other.1);
        entry.condition.ingress = self.from.clone();
        entry.condition.egress = self.to.clone();
        entry.condition.source = self.real.clone();
        entry.condition.destination = real;
        if self.written.is_static {
            entry.source = self.change(&self.real, &self.mapped);
            entry.source_port = ports(&self.ports.host.0, &self.ports.host.1);
        } else {
            entry.source = self.any_of(&self.mapped);
        }
        if self.by_port {
            entry.source_port = Change::Into {
                first: PORTS.0,
                last: PORTS.1,
            };
        }
        entry
    }

    /// What comes to the hosts, before the way out is chosen. While a dynamic pair stands, it is the same for everybody.
    fn back_destination(&self) -> Translation {
        let (_, other) = self.ends();
        let mut entry = self.entry(&self.ports.other.1, &self.ports.host.1);
        entry.condition.ingress = self.to.clone();
        entry.condition.source = other;
        entry.condition.destination = self.mapped.clone();
        if self.unsure {
            entry
                .condition
                .unknown
                .push(unknown("インタフェースのアドレス", "the address of an interface"));
        }
        entry.destination = if self.written.is_static {
            self.change(&self.mapped, &self.real)
        } else {
            self.any_of(&self.real)
        };
        entry.destination_port = ports(&self.ports.host.1, &self.ports.host.0);
        entry
    }

    /// What comes to the hosts, on its way out to them.
    fn back_source(&self) -> Translation {
        let (seen, other) = self.ends();
        let mut entry = self.entry(&self.ports.other.1, &self.ports.host.0);
        entry.condition.ingress = self.to.clone();
        entry.condition.egress = self.from.clone();
        entry.condition.source = other.clone();
        entry.condition.destination = self.real.clone();
        entry.source = self.change(&other, &seen);
        entry.source_port = ports(&self.ports.other.1, &self.ports.other.0);
        entry
    }

    /// The other end as the hosts see it, and as it is.
    fn ends(&self) -> (Addresses, Addresses) {
        let all = || Addresses::all_of(self.family);
        self.other.clone().unwrap_or_else(|| (all(), all()))
    }

    fn entry(&self, source: &Ranges<u16>, destination: &Ranges<u16>) -> Translation {
        let mut condition = Match::all_of(self.family);
        condition.services = vec![Service {
            source_ports: source.clone(),
            destination_ports: destination.clone(),
            ..Service::protocols(self.ports.protocols.clone())
        }];
        Translation {
            name: "nat".to_owned(),
            condition,
            source: Change::Keep,
            destination: Change::Keep,
            source_port: Change::Keep,
            destination_port: Change::Keep,
            line: self.written.line,
        }
    }

    fn change(&self, from: &Addresses, to: &Addresses) -> Change<u128> {
        moved(&from.of(self.family), &to.of(self.family))
    }

    fn any_of(&self, addresses: &Addresses) -> Change<u128> {
        any_of(&addresses.of(self.family))
    }
}

fn ports(from: &Ranges<u16>, to: &Ranges<u16>) -> Change<u16> {
    moved(from, to)
}

/// From one set to another: one for one where both are a single interval of the same size, else to any of it.
fn moved<T: Bound + Into<u128>>(from: &Ranges<T>, to: &Ranges<T>) -> Change<T> {
    if from == to {
        return Change::Keep;
    }
    let (mut ours, mut theirs) = (from.iter(), to.iter());
    match (ours.next(), theirs.next()) {
        (Some((a, b)), Some((c, d)))
            if ours.len() == 0 && theirs.len() == 0 && b.into() - a.into() == d.into() - c.into() =>
        {
            Change::Shift { from: a, to: c }
        }
        _ => any_of(to),
    }
}

fn any_of<T: Bound>(set: &Ranges<T>) -> Change<T> {
    Change::Into {
        first: set.first().unwrap_or(T::MIN),
        last: set.iter().last().map_or(T::MAX, |(_, last)| last),
    }
}

/// How many numbers a set holds; the most that can be counted where there are more.
fn count(set: &Ranges<u128>) -> u128 {
    set.iter()
        .map(|(first, last)| (last - first).saturating_add(1))
        .fold(0, u128::saturating_add)
}

/// As many addresses as `real` from the one that is named: the same network part for a network.
fn beginning_at(name: &str, real: &Addresses) -> Result<Addresses, Refusal> {
    let first: std::net::IpAddr = name.parse().map_err(|_| undefined(name).why())?;
    let (family, first) = crate::packet::number(first);
    let numbers = real.of(family);
    let mut spans = numbers.iter();
    let (Some((low, high)), None) = (spans.next(), spans.next()) else {
        return Err(cannot());
    };
    let more = high - low;
    let is_network = (more & more.wrapping_add(1)) == 0 && (low & more) == 0;
    let first = if is_network { first & !more } else { first };
    let last = first
        .checked_add(more)
        .filter(|last| *last <= family.last_address())
        .ok_or(cannot())?;
    Ok(Addresses::span(family.address(first), family.address(last)))
}

const fn cannot() -> Refusal {
    Text::fixed("この変換は読めない", "this translation cannot be read")
}
