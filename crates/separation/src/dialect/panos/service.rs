//! Services and the default ports of applications.

use super::super::braced::Node;
use super::super::braced::reading::Reading;
use super::super::statement::{number, unknown_word};
use crate::device::{Affects, Service};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Takes the words of a service's protocol.
pub(super) fn take(reading: &mut Reading<'_, '_>, protocol: &Node) {
    for kind in protocol.children() {
        if !reading.is(kind, "tcp udp sctp") {
            reading.unread(kind, unknown_word(), Affects::Everything);
        }
        for key in kind.children() {
            if reading.is(key, "port source-port") {
                key.children().for_each(|value| reading.take(value));
            } else if !reading.is(key, "override") {
                reading.unread(key, unknown_word(), Affects::Everything);
            }
        }
    }
}

/// Takes the words of an application's default.
pub(super) fn take_default(reading: &mut Reading<'_, '_>, default: &Node) {
    reading.take(default);
    for kind in default.children() {
        if reading.is(kind, "port ident-by-ip-protocol") {
            kind.children().for_each(|value| reading.take(value));
        } else if !reading.is(kind, "ident-by-icmp-type ident-by-icmp6-type") {
            reading.unread(kind, unknown_word(), Affects::Everything);
        }
    }
}

/// A service of the city's own; `None` where it cannot be read.
pub(super) fn own(entry: &Node) -> Option<Vec<Service>> {
    let mut all = Vec::new();
    for kind in entry.child("protocol")?.children() {
        let number = match &*kind.word {
            "tcp" => protocol::TCP,
            "udp" => protocol::UDP,
            "sctp" => protocol::SCTP,
            _ => return None,
        };
        let mut service = Service::protocol(number);
        for key in kind.children() {
            match &*key.word {
                "port" => service.destination_ports = of_values(key)?,
                "source-port" => service.source_ports = of_values(key)?,
                "override" => {}
                _ => return None,
            }
        }
        all.push(service);
    }
    (!all.is_empty()).then_some(all)
}

fn of_values(key: &Node) -> Option<Ranges<u16>> {
    let mut all = Ranges::none();
    for value in key.children() {
        all = all.union(&ports(&value.word)?);
    }
    (!all.is_empty()).then_some(all)
}

/// `80`, `80,443`, `8000-8010,9000`
pub(super) fn ports(word: &str) -> Option<Ranges<u16>> {
    let mut all = Ranges::none();
    for part in word.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let span = Ranges::span(number(first)?, number(last)?);
        (!span.is_empty()).then_some(())?;
        all = all.union(&span);
    }
    Some(all)
}

/// A service that the device brings with it.
pub(super) fn predefined(name: &str) -> Option<Vec<Service>> {
    let tcp = |ports: &[(u16, u16)]| {
        Some(vec![Service::to_ports(
            protocol::TCP,
            Ranges::of(ports.iter().copied()),
        )])
    };
    match name {
        "any" => Some(vec![Service::anything()]),
        "service-http" => tcp(&[(80, 80), (8080, 8080)]),
        "service-https" => tcp(&[(443, 443)]),
        _ => None,
    }
}

/// The default ports of a city's own application; `None` where they cannot be told.
pub(super) fn of_application(entry: &Node) -> Option<Vec<Service>> {
    let mut all = Vec::new();
    for kind in entry.child("default")?.children() {
        for value in kind.children() {
            match &*kind.word {
                "port" => {
                    let (name, word) = value.word.split_once('/')?;
                    let number = match name {
                        "tcp" => protocol::TCP,
                        "udp" => protocol::UDP,
                        _ => return None,
                    };
                    all.push(Service::to_ports(number, ports(word)?));
                }
                "ident-by-ip-protocol" => all.push(Service::protocol(number(&value.word)?)),
                _ => return None,
            }
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Ranges of ports.
type Spans = &'static [(u16, u16)];

/// Default ports of TCP and UDP of some applications that the device tells apart.
const APPLICATIONS: &[(&str, Spans, Spans)] = &[
    ("bgp", &[(179, 179)], &[]),
    ("dns", &[(53, 53)], &[(53, 53)]),
    ("ftp", &[(21, 21)], &[]),
    ("ike", &[], &[(500, 500), (4500, 4500)]),
    ("imap", &[(143, 143)], &[]),
    ("mysql", &[(3306, 3306)], &[]),
    ("ntp", &[], &[(123, 123)]),
    ("pop3", &[(110, 110)], &[]),
    ("snmp", &[(161, 162)], &[(161, 162)]),
    ("ssh", &[(22, 22)], &[]),
    ("ssl", &[(443, 443)], &[]),
    ("telnet", &[(23, 23)], &[]),
    ("tftp", &[], &[(69, 69)]),
    ("web-browsing", &[(80, 80)], &[]),
];

/// The default ports of an application that the device brings with it; `None` for one whose ports are not known here.
pub(super) fn application(name: &str) -> Option<Vec<Service>> {
    if name == "ping" {
        return Some(vec![Service::icmp(Family::V4, Some(8), None)]);
    }
    let (_, tcp, udp) = APPLICATIONS.iter().find(|(known, ..)| *known == name)?;
    let all = [(protocol::TCP, tcp), (protocol::UDP, udp)].into_iter();
    let all = all.filter(|(_, ports)| !ports.is_empty());
    Some(
        all.map(|(number, ports)| Service::to_ports(number, Ranges::of(ports.iter().copied())))
            .collect(),
    )
}
