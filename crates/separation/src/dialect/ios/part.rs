//! Parts of an entry of an access list: addresses, protocols, ports.

use std::collections::BTreeMap;

use model::lang::Text;

use crate::device::{Addresses, Service};
use crate::dialect::names;
use crate::dialect::statement::{Refusal, Statement, masked, no_address, number, prefix, unknown_word, v4};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Groups of objects, by name.
#[derive(Default)]
pub(super) struct Groups {
    pub(super) networks: BTreeMap<String, Vec<Network>>,
    pub(super) services: BTreeMap<String, Vec<Member>>,
    pub(super) ports: BTreeMap<String, Vec<Ranges<u16>>>,
}

/// A member of a group of networks.
pub(super) enum Network {
    These(Addresses),
    Group(String),
}

/// A member of a group of services.
pub(super) enum Member {
    These(Service),
    Group(String),
}

/// Ports of an entry; a group may be defined later.
pub(super) enum Ports {
    These(Ranges<u16>),
    Group(String),
}

/// Addresses of an entry; a group may be defined later.
pub(super) enum Side {
    These(Addresses),
    Group(String),
}

/// Groups in groups deeper than this hold each other in a circle.
const DEEPEST: usize = 16;

impl Groups {
    /// What a side means.
    pub(super) fn addresses(&self, side: &Side) -> Result<Addresses, Refusal> {
        match side {
            Side::These(these) => Ok(these.clone()),
            Side::Group(name) => self.networks(name, 0),
        }
    }

    fn networks(&self, name: &str, depth: usize) -> Result<Addresses, Refusal> {
        let members = self
            .networks
            .get(name)
            .filter(|_| depth <= DEEPEST)
            .ok_or_else(|| undefined(name))?;
        let mut all = Addresses::none();
        for member in members {
            all = all.union(&match member {
                Network::These(these) => these.clone(),
                Network::Group(name) => self.networks(name, depth + 1)?,
            });
        }
        Ok(all)
    }

    /// What a group of services means.
    pub(super) fn services(&self, name: &str) -> Result<Vec<Service>, Refusal> {
        let mut all = Vec::new();
        self.collect(name, 0, &mut all)?;
        Ok(all)
    }

    /// What a group of ports means. Nobody says what one without members does.
    pub(super) fn ports(&self, name: &str) -> Result<Ranges<u16>, Refusal> {
        let members = self.ports.get(name).filter(|members| !members.is_empty());
        let members = members.ok_or_else(|| undefined(name))?;
        Ok(members.iter().fold(Ranges::none(), |all, one| all.union(one)))
    }

    fn collect(&self, name: &str, depth: usize, all: &mut Vec<Service>) -> Result<(), Refusal> {
        let members = self
            .services
            .get(name)
            .filter(|_| depth <= DEEPEST)
            .ok_or_else(|| undefined(name))?;
        for member in members {
            match member {
                Member::These(service) => all.push(service.clone()),
                Member::Group(name) => self.collect(name, depth + 1, all)?,
            }
        }
        Ok(())
    }
}

fn undefined(name: &str) -> Text {
    Text::new(
        format!("オブジェクトグループ「{name}」が定義されていない、又は互いを含む"),
        format!("object group `{name}` is defined nowhere, or groups hold each other"),
    )
}

/// A name of a list, a group, a map.
pub(super) fn name(word: &str) -> Option<String> {
    let fits = word.chars().all(|c| c.is_alphanumeric() || "-_.:/+@#".contains(c));
    (fits && !word.is_empty() && word.len() <= 100).then(|| word.to_owned())
}

/// `any`, `host 192.0.2.1`, `192.0.2.0 0.0.0.255`, `object-group NAME`, `net-group NAME`, `2001:db8::/32`
pub(super) fn side(statement: &mut Statement<'_>, family: Family) -> Result<Side, Refusal> {
    if statement.is("any") {
        return Ok(Side::These(Addresses::all_of(family)));
    }
    if ["object-group", "net-group"].iter().any(|word| statement.is(word)) {
        return Ok(Side::Group(statement.parse(name).ok_or(unknown_word())?));
    }
    let of_family = |address: &std::net::IpAddr| address.is_ipv4() == (family == Family::V4);
    if statement.is("host") {
        let host = statement
            .parse(|word| word.parse().ok().filter(of_family))
            .ok_or(no_address())?;
        return Ok(Side::These(Addresses::one(host)));
    }
    if family == Family::V6 {
        let (address, length) = statement
            .parse(|word| prefix(word).filter(|(address, _)| of_family(address)))
            .ok_or(no_address())?;
        return Ok(Side::These(Addresses::network(address, length)));
    }
    let address = statement.parse(v4).ok_or(no_address())?;
    let free = statement.parse(v4).ok_or(no_address())?;
    let these = masked(address.to_bits(), !free.to_bits()).ok_or(Text::fixed(
        "ワイルドカードの穴が多すぎる",
        "the wildcard has too many holes",
    ))?;
    Ok(Side::These(Addresses::of_v4(these)))
}

/// `ip`, `tcp`, `47`; `None` stands for all.
#[expect(
    clippy::option_option,
    reason = "the outer option is whether it can be read, the inner whether it is one protocol"
)]
pub(super) fn protocol_of(word: &str, family: Family) -> Option<Option<u8>> {
    Some(match word {
        "ip" if family == Family::V4 => None,
        "ipv6" if family == Family::V6 => None,
        "icmp" => Some(family.icmp()),
        "ahp" => Some(protocol::AH),
        "nos" => Some(94),
        "ipinip" => Some(4),
        "pcp" => Some(108),
        _ => Some(number(word).or_else(|| {
            ["tcp", "udp", "gre", "esp", "igmp", "ospf", "eigrp", "pim", "sctp"]
                .contains(&word)
                .then(|| names::protocol(word))
                .flatten()
        })?),
    })
}

/// Names of ports where a device has its own.
const PORTS: &[(&str, u16)] = &[
    ("biff", 512),
    ("cmd", 514),
    ("connectedapps-plain", 15001),
    ("dnsix", 195),
    ("drip", 3949),
    ("exec", 512),
    ("hostname", 101),
    ("ident", 113),
    ("klogin", 543),
    ("kshell", 544),
    ("lpd", 515),
    ("mobile-ip", 434),
    ("nameserver", 42),
    ("netbios-ss", 139),
    ("non500-isakmp", 4500),
    ("pim-auto-rp", 496),
    ("pop2", 109),
    ("rip", 520),
    ("msrpc", 135),
    ("ripv6", 521),
    ("rsh", 514),
    ("talk", 517),
    ("uucp", 540),
    ("who", 513),
    ("bootpc", 68),
    ("bootps", 67),
    ("smtp", 25),
    ("www", 80),
    ("irc", 194),
    ("login", 513),
    ("snmptrap", 162),
    ("syslog", 514),
];

fn port(word: &str) -> Option<u16> {
    let own = PORTS.iter().find(|(name, _)| *name == word).map(|(_, port)| *port);
    own.or_else(|| number(word)).or_else(|| names::port(word))
}

/// What [`ports`] reads, or `portgroup NAME`.
pub(super) fn ports_or_group(statement: &mut Statement<'_>) -> Result<Ports, Refusal> {
    if ["portgroup", "port-group"].iter().any(|word| statement.is(word)) {
        return Ok(Ports::Group(statement.parse(name).ok_or(unknown_word())?));
    }
    Ok(Ports::These(ports(statement)?))
}

/// `eq 80 443`, `range 1 9`, `gt 1023`, `lt 10`, `neq 5`; all where there is none of them.
pub(super) fn ports(statement: &mut Statement<'_>) -> Result<Ranges<u16>, Refusal> {
    let take = |statement: &mut Statement<'_>| {
        statement
            .parse(port)
            .ok_or(Text::fixed("ポートとして読めない", "not a port"))
    };
    if statement.is("range") {
        let (first, last) = (take(statement)?, take(statement)?);
        return Ok(Ranges::span(first.min(last), first.max(last)));
    }
    if statement.is("gt") {
        let above = take(statement)?;
        return Ok(Ranges::span(above, u16::MAX).minus(&Ranges::one(above)));
    }
    if statement.is("lt") {
        let below = take(statement)?;
        return Ok(Ranges::span(0, below).minus(&Ranges::one(below)));
    }
    let equal = statement.is("eq");
    if !equal && !statement.is("neq") {
        return Ok(Ranges::all());
    }
    let mut these = vec![take(statement)?];
    while let Some(more) = statement.parse(port) {
        these.push(more);
    }
    let these = Ranges::of(these.into_iter().map(|port| (port, port)));
    Ok(if equal { these } else { these.complement() })
}

/// Messages of ICMP by name: type and code.
const MESSAGES: &[(&str, u8, Option<u8>)] = &[
    ("administratively-prohibited", 3, Some(13)),
    ("echo", 8, None),
    ("echo-reply", 0, None),
    ("host-unreachable", 3, Some(1)),
    ("information-reply", 16, None),
    ("information-request", 15, None),
    ("mask-reply", 18, None),
    ("mask-request", 17, None),
    ("net-unreachable", 3, Some(0)),
    ("packet-too-big", 3, Some(4)),
    ("parameter-problem", 12, None),
    ("port-unreachable", 3, Some(3)),
    ("protocol-unreachable", 3, Some(2)),
    ("reassembly-timeout", 11, Some(1)),
    ("redirect", 5, None),
    ("router-advertisement", 9, None),
    ("router-solicitation", 10, None),
    ("source-quench", 4, None),
    ("time-exceeded", 11, None),
    ("timestamp-reply", 14, None),
    ("timestamp-request", 13, None),
    ("traceroute", 30, None),
    ("ttl-exceeded", 11, Some(0)),
    ("unreachable", 3, None),
];

/// Messages of ICMPv6 by name.
const MESSAGES_V6: &[(&str, u8, Option<u8>)] = &[
    ("echo-reply", 129, None),
    ("echo-request", 128, None),
    ("nd-na", 136, None),
    ("nd-ns", 135, None),
    ("packet-too-big", 2, None),
    ("parameter-problem", 4, None),
    ("unreachable", 1, None),
    ("destination-unreachable", 1, None),
    ("router-advertisement", 134, None),
    ("router-solicitation", 133, None),
    ("time-exceeded", 3, None),
    ("redirect", 137, None),
    ("mld-query", 130, None),
    ("mld-report", 131, None),
    ("mld-reduction", 132, None),
];

/// A message of ICMP, if one is named: `echo`, `3 4`.
pub(super) fn message(statement: &mut Statement<'_>, family: Family) -> Service {
    let table = if family == Family::V4 { MESSAGES } else { MESSAGES_V6 };
    let named = statement.parse(|word| {
        table
            .iter()
            .find(|(name, ..)| *name == word)
            .map(|(_, kind, code)| (*kind, *code))
    });
    if let Some((kind, code)) = named {
        return Service::icmp(family, Some(kind), code);
    }
    let kind = statement.parse(number::<u8>);
    let code = kind.and_then(|_| statement.parse(number::<u8>));
    Service::icmp(family, kind, code)
}
