//! Translation: of an interface where packets go out and answers come in.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::list::{name, port, protocol_of};
use crate::device::{Addresses, Change, InterfaceId, Interfaces, Line, Match, Service, Translation};
use crate::dialect::draft::{Draft, unknown};
use crate::dialect::statement::{Refusal, Statement, number, prefix, unknown_word, v4};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Ports that a device takes for flows whose source it changes.
const PORTS: (u16, u16) = (1, u16::MAX);

/// Translations of all interfaces.
#[derive(Default)]
pub(super) struct Nat {
    pub(super) pools: BTreeMap<String, (u32, u32)>,
    pub(super) of: BTreeMap<InterfaceId, Of>,
}

/// Of one interface.
#[derive(Default)]
pub(super) struct Of {
    /// Where it is switched on: addresses with ports, addresses alone.
    ports: Option<Line>,
    addresses: Option<Line>,
    /// The outer address, where it is not the interface's own.
    address: Option<Ipv4Addr>,
    /// Whose packets are translated; all where nothing is said.
    inside: Option<String>,
    fixed: Vec<Fixed>,
    pairs: Vec<Pair>,
    dynamic: Vec<(String, String, Line)>,
    hairpin: bool,
}

/// What is handed to one host.
struct Fixed {
    /// `None` for the device itself.
    host: Option<u32>,
    service: Service,
    line: Line,
}

/// Addresses one for one.
struct Pair {
    inner: (u32, u32),
    outer: (u32, u32),
    line: Line,
}

impl Of {
    /// What follows `ip napt` below an interface.
    pub(super) fn napt(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let line = statement.line();
        if statement.is("enable") {
            self.ports = Some(line);
            return statement.end();
        }
        if statement.is("hairpinning") {
            self.hairpin = true;
            return statement.end();
        }
        if statement.is("address") {
            self.address = Some(statement.parse(v4).ok_or(unknown_word())?);
            return statement.end();
        }
        if statement.are("inside list") {
            self.inside = Some(statement.parse(name).ok_or(unknown_word())?);
            return statement.end();
        }
        if statement.is("static") {
            let host = host(statement)?;
            let service = service(statement)?;
            statement.end()?;
            self.fixed.push(Fixed { host, service, line });
            return Ok(());
        }
        if statement.is("service") {
            let known = statement.peek().and_then(well_known);
            statement.parse(name).ok_or(unknown_word())?;
            let host = host(statement)?;
            let service = if statement.is("none") {
                service(statement)?
            } else {
                known.ok_or(unknown_word())?
            };
            statement.end()?;
            self.fixed.push(Fixed { host, service, line });
            return Ok(());
        }
        if ["translation", "alg", "eim-mode"].iter().any(|word| statement.is(word)) {
            statement.pass_rest();
            return Ok(());
        }
        Err(unknown_word())
    }

    /// What follows `ip nat` below an interface.
    pub(super) fn nat(&mut self, statement: &mut Statement<'_>) -> Result<(), Refusal> {
        let line = statement.line();
        if statement.is("enable") {
            self.addresses = Some(line);
            return statement.end();
        }
        if statement.is("static") {
            let mut side = || statement.parse(span).ok_or(unknown_word());
            let (inner, outer) = (side()?, side()?);
            statement.end()?;
            if inner.1 - inner.0 != outer.1 - outer.0 {
                return Err(unknown_word());
            }
            self.pairs.push(Pair { inner, outer, line });
            return Ok(());
        }
        if statement.are("inside list") {
            let list = statement.parse(name).ok_or(unknown_word())?;
            if !statement.is("pool") {
                return Err(unknown_word());
            }
            let pool = statement.parse(name).ok_or(unknown_word())?;
            statement.end()?;
            self.dynamic.push((list, pool, line));
            return Ok(());
        }
        if statement.is("translation") {
            statement.pass_rest();
            return Ok(());
        }
        Err(unknown_word())
    }
}

/// A host, or the name of an interface for the device itself.
fn host(statement: &mut Statement<'_>) -> Result<Option<u32>, Refusal> {
    if let Some(host) = statement.parse(v4) {
        return Ok(Some(host.to_bits()));
    }
    let own = statement.parse(|word| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            .then(|| name(word))
            .flatten()
    });
    own.map(|_| None).ok_or(unknown_word())
}

/// `tcp 443`, `udp any`, `50`
fn service(statement: &mut Statement<'_>) -> Result<Service, Refusal> {
    let of = statement
        .parse(|word| (word != "ip").then(|| protocol_of(word, Family::V4)).flatten())
        .ok_or(unknown_word())?;
    let with_ports = of == Ranges::one(protocol::TCP) || of == Ranges::one(protocol::UDP);
    let mut service = Service::protocols(of);
    if !statement.is("any") && with_ports {
        service.destination_ports = Ranges::one(statement.parse(port).ok_or(unknown_word())?);
    }
    Ok(service)
}

/// Services that have a name.
fn well_known(word: &str) -> Option<Service> {
    match word {
        "http" | "https" | "ftp" | "pop3" | "smtp" | "ssh" | "telnet" => {
            Some(Service::to_ports(protocol::TCP, Ranges::one(port(word)?)))
        }
        "ntp" | "tftp" => Some(Service::to_ports(protocol::UDP, Ranges::one(port(word)?))),
        "ping" => Some(Service::protocol(protocol::ICMP)),
        _ => None,
    }
}

fn span(word: &str) -> Option<(u32, u32)> {
    let (address, length) = prefix(word)?;
    let network = Addresses::network(address, length).v4;
    network.iter().next()
}

/// What follows `ip nat pool`: `NAME 198.51.100.4 198.51.100.6`.
pub(super) fn pool(statement: &mut Statement<'_>) -> Result<(String, (u32, u32)), Refusal> {
    let pool = statement.parse(name).ok_or(unknown_word())?;
    let mut end = || statement.parse(v4).ok_or(unknown_word());
    let (first, last) = (end()?.to_bits(), end()?.to_bits());
    if statement.is("prefix-length") {
        statement.parse(number::<u8>).ok_or(unknown_word())?;
    }
    statement.end()?;
    if first > last {
        return Err(unknown_word());
    }
    Ok((pool, (first, last)))
}

/// Entries for packets that come in, and for packets that go out.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) inward: Vec<Translation>,
    pub(super) outward: Vec<Translation>,
}

/// What a list selects: conditions in order, and whether each is for it or against it; `None` where it is unclear.
pub(super) type Selected<'r> = &'r dyn Fn(&str) -> Option<Vec<(Match, bool)>>;

impl Nat {
    /// All entries; with an error, the line of one that cannot be resolved.
    pub(super) fn entries(&self, draft: &Draft, selected: Selected<'_>) -> Result<Entries, Line> {
        let mut entries = Entries::default();
        for (id, of) in &self.of {
            if of.addresses.is_some() {
                of.by_address(*id, self, selected, &mut entries)?;
            }
            if let Some(line) = of.ports {
                of.by_port(*id, line, draft, selected, &mut entries)?;
            }
        }
        Ok(entries)
    }
}

impl Of {
    fn by_address(
        &self,
        id: InterfaceId,
        nat: &Nat,
        selected: Selected<'_>,
        entries: &mut Entries,
    ) -> Result<(), Line> {
        for pair in &self.pairs {
            let mut comes = entry("ip nat", pair.line, self.comes_in(id), Interfaces::Any);
            comes.condition.destination = Addresses::of_v4(Ranges::span(pair.outer.0, pair.outer.1));
            comes.destination = shift(pair.outer.0, pair.inner.0);
            let mut leaves = entry("ip nat", pair.line, Interfaces::Any, Interfaces::These(vec![id]));
            leaves.condition.source = Addresses::of_v4(Ranges::span(pair.inner.0, pair.inner.1));
            leaves.source = shift(pair.inner.0, pair.outer.0);
            entries.inward.push(comes);
            entries.outward.push(leaves);
        }
        for (list, pool, line) in &self.dynamic {
            let pool = *nat.pools.get(pool).ok_or(*line)?;
            for (condition, selects) in selected(list).ok_or(*line)? {
                let mut leaves = entry("ip nat", *line, Interfaces::Any, Interfaces::These(vec![id]));
                leaves.condition = leaves.condition.and(&condition);
                if selects {
                    leaves.source = into(pool);
                    // While a pair stands, the outer address is the host's for everybody.
                    let mut comes = entry("ip nat", *line, self.comes_in(id), Interfaces::Any);
                    comes.condition.destination = Addresses::of_v4(Ranges::span(pool.0, pool.1));
                    let hosts = &condition.source.v4;
                    let last = hosts.iter().last().map_or(u32::MAX, |(_, last)| last);
                    comes.destination = into((hosts.first().unwrap_or(0), last));
                    entries.inward.push(comes);
                }
                entries.outward.push(leaves);
            }
        }
        Ok(())
    }

    fn by_port(
        &self,
        id: InterfaceId,
        line: Line,
        draft: &Draft,
        selected: Selected<'_>,
        entries: &mut Entries,
    ) -> Result<(), Line> {
        let own = || {
            let interface = draft.device.interfaces.get(usize::from(id.0))?;
            interface.addresses.iter().find_map(|(own, _)| match own {
                std::net::IpAddr::V4(own) => Some(*own),
                std::net::IpAddr::V6(_) => None,
            })
        };
        let outer = self.address.or_else(own).map(Ipv4Addr::to_bits);
        for fixed in &self.fixed {
            let mut comes = entry("ip napt", fixed.line, self.comes_in(id), Interfaces::Any);
            comes.condition.services = vec![fixed.service.clone()];
            match outer {
                Some(outer) => comes.condition.destination = Addresses::of_v4(Ranges::one(outer)),
                None => comes
                    .condition
                    .unknown
                    .push(unknown("インタフェースのアドレス", "the address of an interface")),
            }
            if let Some(host) = fixed.host {
                comes.destination = into((host, host));
            }
            entries.inward.push(comes);
        }
        let all = vec![(Match::all_of(Family::V4), true)];
        let conditions = match &self.inside {
            Some(list) => selected(list).ok_or(line)?,
            None => all,
        };
        for (condition, selects) in conditions {
            let mut leaves = entry("ip napt", line, Interfaces::Any, Interfaces::These(vec![id]));
            leaves.condition = leaves.condition.and(&condition);
            if selects {
                leaves.source = into(outer.map_or((0, u32::MAX), |outer| (outer, outer)));
                leaves.source_port = Change::Into {
                    first: PORTS.0,
                    last: PORTS.1,
                };
            }
            entries.outward.push(leaves);
        }
        Ok(())
    }

    fn comes_in(&self, id: InterfaceId) -> Interfaces {
        if self.hairpin {
            Interfaces::Any
        } else {
            Interfaces::These(vec![id])
        }
    }
}

fn shift(from: u32, to: u32) -> Change<u128> {
    Change::Shift {
        from: from.into(),
        to: to.into(),
    }
}

fn into((first, last): (u32, u32)) -> Change<u128> {
    Change::Into {
        first: first.into(),
        last: last.into(),
    }
}

fn entry(name: &str, line: Line, ingress: Interfaces, egress: Interfaces) -> Translation {
    Translation {
        name: name.to_owned(),
        condition: Match {
            ingress,
            egress,
            ..Match::all_of(Family::V4)
        },
        source: Change::Keep,
        destination: Change::Keep,
        source_port: Change::Keep,
        destination_port: Change::Keep,
        line,
    }
}
