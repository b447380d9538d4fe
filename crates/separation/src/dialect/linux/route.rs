//! `ip route show table all` and `ip rule show`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::lang::Text;

use super::{interface, unread};
use crate::device::route::Next;
use crate::device::{Addresses, Affects, Device, InterfaceId, Interfaces, Line, Match, PolicyRoute, Route, Way};
use crate::packet::Family;
use crate::source::{Source, Words};

/// Kinds of routes that drop packets.
const DROPPED: [&str; 4] = ["blackhole", "unreachable", "prohibit", "throw"];
/// Kinds of routes that are no way through: to the device itself, to everybody on a wire.
const LOCAL: [&str; 4] = ["local", "broadcast", "multicast", "anycast"];
/// Words of a route with a value that does not change where it leads.
const VALUED: [&str; 14] = [
    "proto", "scope", "src", "pref", "mtu", "advmss", "hoplimit", "expires", "error", "realm", "initcwnd", "initrwnd",
    "rtt", "nhid",
];
/// Words of a route without a value, likewise.
const BARE: [&str; 6] = ["linkdown", "onlink", "dead", "offload", "trap", "rt_trap"];

/// A line of `ip route`: a kind, `default`, or a network; `via`, `dev` or a kind makes it one.
pub(super) fn is_route(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    let network = first
        .split('/')
        .next()
        .is_some_and(|address| address.parse::<IpAddr>().is_ok());
    let kind = DROPPED.contains(&first) || LOCAL.contains(&first) || first == "unicast";
    kind || ((first == "default" || network)
        && line
            .split_whitespace()
            .any(|word| ["via", "dev", "nexthop"].contains(&word)))
}

/// A line of `ip rule`: `0: from all lookup local`.
pub(super) fn is_rule(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number = words.next().and_then(|word| word.strip_suffix(':'));
    number.is_some_and(|number| number.parse::<u32>().is_ok()) && matches!(words.next(), Some("from" | "not"))
}

pub(super) fn read(file: u16, source: &Source, device: &mut Device) {
    let mut open: Option<Route> = None;
    for mut words in source.lines() {
        let line = Line {
            file,
            number: words.number(),
        };
        if words.peek() == Some("nexthop") {
            words.take();
            let way = Rest::read(&mut words).and_then(|rest| rest.way(device, line));
            match (open.as_mut(), way) {
                (Some(route), Some(way)) => route.ways.push(way),
                _ => not_a_route(device, &words, file),
            }
            continue;
        }
        device.routes.extend(open.take());
        if words.is_done() {
            continue;
        }
        match route(&mut words, device, line) {
            Some(found) => open = found,
            None => not_a_route(device, &words, file),
        }
    }
    device.routes.extend(open);
}

fn not_a_route(device: &mut Device, words: &Words<'_>, file: u16) {
    let why = Text::fixed("経路として読めない", "cannot be read as a route");
    unread(device, words, file, Affects::Routes, why);
}

/// `Some(None)` for a route that is no way through.
fn route(words: &mut Words<'_>, device: &mut Device, line: Line) -> Option<Option<Route>> {
    let mut kind = "unicast";
    if let Some(word) = words.peek()
        && (DROPPED.contains(&word) || LOCAL.contains(&word) || word == "unicast")
    {
        kind = words.take()?;
    }
    let network = words.take()?;
    let rest = Rest::read(words)?;
    if LOCAL.contains(&kind) {
        return Some(None);
    }
    let (network, length) = match network {
        "default" => match rest.gateway {
            Some(IpAddr::V6(_)) => (IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0),
            _ if rest.pref => (IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0),
            _ => (IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
        },
        written => {
            let (address, length) = written.split_once('/').unwrap_or((written, ""));
            let address = address.parse::<IpAddr>().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let length = if length.is_empty() { most } else { length.parse().ok()? };
            (address, (length <= most).then_some(length)?)
        }
    };
    let mut ways = Vec::new();
    if DROPPED.contains(&kind) {
        ways.push(Way {
            condition: None,
            next: Next::Discard,
        });
    } else if rest.gateway.is_some() || rest.device.is_some() {
        ways.push(rest.way(device, line)?);
    }
    Some(Some(Route {
        table: rest.table.unwrap_or_default(),
        network,
        length,
        preference: rest.metric,
        ways,
        line,
    }))
}

/// What follows the network.
#[derive(Default)]
struct Rest {
    gateway: Option<IpAddr>,
    device: Option<String>,
    table: Option<String>,
    metric: u32,
    /// Whether it has a preference of router advertisements, which only IPv6 routes have.
    pref: bool,
}

impl Rest {
    fn read(words: &mut Words<'_>) -> Option<Self> {
        let mut rest = Self::default();
        while let Some(word) = words.take() {
            match word {
                "via" => {
                    let next = words.take()?;
                    let address = if next == "inet6" || next == "inet" {
                        words.take()?
                    } else {
                        next
                    };
                    rest.gateway = Some(address.parse().ok()?);
                }
                "dev" => rest.device = Some(words.take()?.to_owned()),
                "table" => rest.table = Some(table(words.take()?)),
                "metric" => rest.metric = words.take()?.parse().ok()?,
                "weight" => drop(words.take()?),
                word if VALUED.contains(&word) => {
                    rest.pref |= word == "pref";
                    words.take()?;
                }
                word if BARE.contains(&word) => {}
                _ => return None,
            }
        }
        Some(rest)
    }

    fn way(&self, device: &mut Device, line: Line) -> Option<Way> {
        let egress: Option<InterfaceId> = match &self.device {
            Some(name) => Some(interface(device, name, line)?),
            None => None,
        };
        Some(Way {
            condition: None,
            next: match (self.gateway, egress) {
                (Some(gateway), Some(egress)) => Next::GatewayOn(gateway, egress),
                (Some(gateway), None) => Next::Gateway(gateway),
                (None, Some(egress)) => Next::Interface(egress),
                (None, None) => return None,
            },
        })
    }
}

/// The main table has no name of its own here; those of the device's own addresses are no way through.
fn table(word: &str) -> String {
    match word {
        "main" | "254" | "default" | "253" => String::new(),
        other => other.to_owned(),
    }
}

pub(super) fn read_rules(file: u16, source: &Source, device: &mut Device) {
    for mut words in source.lines() {
        if words.is_done() {
            continue;
        }
        let line = Line {
            file,
            number: words.number(),
        };
        match rule(&mut words, device, line) {
            Some(routes) => device.policy_routes.extend(routes),
            None => {
                let why = Text::fixed(
                    "経路の選び方として読めない",
                    "cannot be read as a rule that chooses routes",
                );
                unread(device, &words, file, Affects::Routes, why);
            }
        }
    }
}

/// A rule that sends some packets to another table: one policy route for each family. None for those that every device has.
fn rule(words: &mut Words<'_>, device: &mut Device, line: Line) -> Option<Vec<PolicyRoute>> {
    words.take()?;
    let (mut from, mut to) = (Addresses::all(), Addresses::all());
    let mut ingress = Interfaces::Any;
    let mut next = None;
    while let Some(word) = words.take() {
        match word {
            "from" => from = addresses(words.take()?)?,
            "to" => to = addresses(words.take()?)?,
            "iif" => ingress = Interfaces::These(vec![interface(device, words.take()?, line)?]),
            "lookup" | "table" => next = Some(Next::Table(words.take()?.to_owned())),
            word if DROPPED.contains(&word) => next = Some(Next::Discard),
            "proto" => drop(words.take()?),
            _ => return None,
        }
    }
    let next = match next? {
        Next::Table(name) if ["local", "255", "main", "254", "default", "253"].contains(&&*name) => {
            return Some(Vec::new());
        }
        next => next,
    };
    let of = |family: Family| PolicyRoute {
        condition: Match {
            ingress: ingress.clone(),
            source: from.intersect(&Addresses::all_of(family)),
            destination: to.intersect(&Addresses::all_of(family)),
            ..Match::everything()
        },
        ways: vec![Way {
            condition: None,
            next: next.clone(),
        }],
        line,
    };
    Some(Family::ALL.map(of).into())
}

fn addresses(word: &str) -> Option<Addresses> {
    match word {
        "all" | "0.0.0.0/0" | "::/0" => Some(Addresses::all()),
        word => {
            let (address, length) = word.split_once('/').unwrap_or((word, ""));
            let address = address.parse::<IpAddr>().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            Some(Addresses::network(
                address,
                if length.is_empty() { most } else { length.parse().ok()? },
            ))
        }
    }
}
