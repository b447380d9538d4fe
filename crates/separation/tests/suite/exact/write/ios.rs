//! Access lists of Cisco IOS, bound to interfaces.

use std::fmt::Write;

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::sheet::{At, Entry, Hosts, Kind, Ports, Shapes, Sheet};
use super::{Writer, ip, joined, mask};

pub(super) struct Ios;

impl Writer for Ios {
    fn name(&self) -> &'static str {
        "ios"
    }

    fn shapes(&self, family: Family) -> Shapes {
        let v4 = family == Family::V4;
        Shapes {
            at_interfaces: true,
            spans: v4,
            nots: false,
            masks: if v4 {
                &[0xffff_00ff, 0xff00_ffff, 0xffff_ff01]
            } else {
                &[]
            },
            several: v4,
            mixed_ports: false,
            source_ports: true,
            tcp_and_udp: false,
            other_protocols: true,
            loose: false,
            acked: Some(0x14),
            flags: false,
            open_end: false,
        }
    }

    fn ends(&self) -> [&'static str; 3] {
        ["GigabitEthernet0/0", "GigabitEthernet0/1", "Vlan30"]
    }

    /// Lists of IPv6 let neighbours find each other before they deny the rest.
    fn complete(&self, sheet: &mut Sheet) {
        if sheet.family == Family::V6 {
            for list in &mut sheet.lists {
                list.entries.extend([135, 136].map(|kind| Entry {
                    permits: true,
                    ingress: None,
                    egress: None,
                    source: Hosts::Any,
                    destination: Hosts::Any,
                    kind: Kind::Icmp(Some(kind), None),
                }));
            }
        }
    }

    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String> {
        let family = sheet.family;
        let (mut ends, mut lists, mut groups) = (String::new(), String::new(), String::new());
        let implied = if family == Family::V6 { 2 } else { 0 };
        let mut made = 0;
        for (at, (name, end)) in self.ends().iter().zip(&sheet.ends).enumerate() {
            let address = ip(family, end.address);
            _ = match family {
                Family::V4 => writeln!(ends, "interface {name}\n ip address {address} {}", mask(end.length)),
                Family::V6 => writeln!(ends, "interface {name}\n ipv6 address {address}/{}", end.length),
            };
            for (number, list) in sheet.lists.iter().enumerate() {
                let direction = match list.at {
                    At::In(end) if end == at => "in",
                    At::Out(end) if end == at => "out",
                    _ => continue,
                };
                _ = match family {
                    Family::V4 => writeln!(ends, " ip access-group LIST{number} {direction}"),
                    Family::V6 => writeln!(ends, " ipv6 traffic-filter LIST{number} {direction}"),
                };
            }
        }
        for (number, list) in sheet.lists.iter().enumerate() {
            _ = match family {
                Family::V4 => writeln!(lists, "ip access-list extended LIST{number}"),
                Family::V6 => writeln!(lists, "ipv6 access-list LIST{number}"),
            };
            let written = list.entries.len() - implied;
            let mut entries: Vec<String> = (1..)
                .zip(&list.entries[..written])
                .map(|(sequence, entry)| {
                    let told = told(family, entry, &mut groups, &mut made);
                    match family {
                        Family::V4 => format!(" {} {told}", sequence * 10),
                        Family::V6 => format!(" sequence {} {told}", sequence * 10),
                    }
                })
                .collect();
            // Their numbers say in which order they are asked.
            for at in (1..entries.len()).rev() {
                entries.swap(at, super::super::sheet::below(stream, at + 1));
            }
            lists.push_str(&joined(entries.into_iter(), "\n"));
            lists.push('\n');
        }
        let mut routes = String::new();
        for way in &sheet.routes {
            let (network, gateway) = (ip(family, way.network), ip(family, way.gateway));
            _ = match family {
                Family::V4 => writeln!(routes, "ip route {network} {} {gateway}", mask(way.length)),
                Family::V6 => writeln!(routes, "ipv6 route {network}/{} {gateway}", way.length),
            };
        }
        vec![format!(
            "version 15.7\nhostname gate\n{groups}{ends}{routes}{lists}end\n"
        )]
    }
}

fn told(family: Family, entry: &Entry, groups: &mut String, made: &mut u32) -> String {
    let action = if entry.permits { "permit" } else { "deny" };
    let source = side(family, &entry.source, groups, made);
    let destination = side(family, &entry.destination, groups, made);
    let any = if family == Family::V4 { "ip" } else { "ipv6" };
    match &entry.kind {
        Kind::Any => format!("{action} {any} {source} {destination}"),
        Kind::Protocol(number) if *number == family.icmp() => format!("{action} icmp {source} {destination}"),
        Kind::Protocol(number) => format!("{action} {number} {source} {destination}"),
        Kind::Ports(protocols, from, to) => {
            let protocol = if protocols == &[6] { "tcp" } else { "udp" };
            format!("{action} {protocol} {source}{} {destination}{}", ports(from), ports(to))
        }
        Kind::Icmp(kind, code) => {
            let numbers = [kind, code].into_iter().flatten().map(u8::to_string);
            format!("{action} icmp {source} {destination} {}", joined(numbers, " "))
        }
        Kind::AnyFlag(_) => format!("{action} tcp {source} {destination} established"),
        other => unreachable!("{other:?}"),
    }
}

fn ports(ports: &Ports) -> String {
    match ports.as_slice() {
        [] => String::new(),
        [(first, last)] if first == last => format!(" eq {first}"),
        [(first, 65_535)] if *first > 0 => format!(" gt {}", first - 1),
        [(0, last)] if *last < 65_535 => format!(" lt {}", last + 1),
        [(first, last)] => format!(" range {first} {last}"),
        several => format!(" eq {}", joined(several.iter().map(|(port, _)| port.to_string()), " ")),
    }
}

fn side(family: Family, hosts: &Hosts, groups: &mut String, made: &mut u32) -> String {
    match hosts {
        Hosts::Any => "any".to_owned(),
        Hosts::Net(host, length) if *length == u32::from(family.bits()) => format!("host {}", ip(family, *host)),
        Hosts::Net(network, length) if family == Family::V6 => format!("{}/{length}", ip(family, *network)),
        Hosts::Net(network, length) => wild(*network, u128::from(u32::MAX) << (32 - length) & 0xffff_ffff),
        Hosts::Masked(value, mask) => wild(*value, *mask),
        Hosts::Span(..) => group(std::slice::from_ref(hosts), groups, made),
        Hosts::Several(all) if !all.iter().any(|one| matches!(one, Hosts::Masked(..))) => group(all, groups, made),
        other => unreachable!("{other:?}"),
    }
}

fn wild(value: u128, mask: u128) -> String {
    let v4 = |number: u128| ip(Family::V4, number);
    format!("{} {}", v4(value & mask), v4(!mask & 0xffff_ffff))
}

fn group(all: &[Hosts], groups: &mut String, made: &mut u32) -> String {
    *made += 1;
    let v4 = |number: u128| ip(Family::V4, number);
    _ = writeln!(groups, "object-group network GROUP{made}");
    for one in all {
        _ = match one {
            Hosts::Net(host, 32) => writeln!(groups, " host {}", v4(*host)),
            Hosts::Net(network, length) => writeln!(groups, " {} {}", v4(*network), mask(*length)),
            Hosts::Span(first, last) => writeln!(groups, " range {} {}", v4(*first), v4(*last)),
            other => unreachable!("{other:?}"),
        };
    }
    format!("object-group GROUP{made}")
}
