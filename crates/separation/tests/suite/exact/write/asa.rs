//! Access lists of Cisco ASA, with objects and groups. All interfaces are trusted the same, so that only lists decide.

use std::fmt::Write;

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::sheet::{At, Entry, Hosts, Kind, Ports, Shapes, Sheet};
use super::{Writer, ip, mask};

pub(super) struct Asa;

impl Writer for Asa {
    fn name(&self) -> &'static str {
        "asa"
    }

    fn shapes(&self, family: Family) -> Shapes {
        Shapes {
            at_interfaces: true,
            spans: true,
            nots: false,
            masks: if family == Family::V4 {
                &[0xffff_00ff, 0xff00_ffff, 0xbfff_ff01]
            } else {
                &[]
            },
            several: true,
            mixed_ports: true,
            source_ports: true,
            tcp_and_udp: true,
            other_protocols: true,
            loose: false,
            acked: None,
            flags: false,
            open_end: false,
        }
    }

    fn ends(&self) -> [&'static str; 3] {
        ["inside", "dmz", "outside"]
    }

    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String> {
        let family = sheet.family;
        let mut file = "ASA Version 9.16(4)\nhostname gate\n".to_owned();
        for (at, (name, end)) in self.ends().iter().zip(&sheet.ends).enumerate() {
            let address = ip(family, end.address);
            let address = match family {
                Family::V4 => format!("ip address {address} {}", mask(end.length)),
                Family::V6 => format!("ipv6 address {address}/{}", end.length),
            };
            _ = writeln!(
                file,
                "interface GigabitEthernet0/{at}\n nameif {name}\n security-level 50\n {address}"
            );
        }
        file.push_str("same-security-traffic permit inter-interface\nsame-security-traffic permit intra-interface\n");
        let mut told = Told {
            family,
            objects: String::new(),
            made: 0,
        };
        let (mut lists, mut bindings) = (String::new(), String::new());
        for (number, list) in sheet.lists.iter().enumerate() {
            let (end, direction) = match list.at {
                At::In(end) => (end, "in"),
                At::Out(end) => (end, "out"),
                At::Between => unreachable!(),
            };
            for entry in &list.entries {
                let told = told.entry(entry, stream);
                _ = writeln!(lists, "access-list LIST{number} extended {told}");
            }
            _ = writeln!(
                bindings,
                "access-group LIST{number} {direction} interface {}",
                self.ends()[end]
            );
        }
        let mut routes = String::new();
        for way in &sheet.routes {
            let (network, gateway, name) = (ip(family, way.network), ip(family, way.gateway), self.ends()[way.by]);
            _ = match family {
                Family::V4 => writeln!(routes, "route {name} {network} {} {gateway} 1", mask(way.length)),
                Family::V6 => writeln!(routes, "ipv6 route {name} {network}/{} {gateway}", way.length),
            };
        }
        vec![format!("{file}{}{lists}{bindings}{routes}", told.objects)]
    }
}

/// Entries, and the objects that they name.
struct Told {
    family: Family,
    objects: String,
    made: usize,
}

impl Told {
    fn entry(&mut self, entry: &Entry, stream: &mut Stream) -> String {
        let action = if entry.permits { "permit" } else { "deny" };
        let source = self.side(&entry.source, stream);
        let destination = self.side(&entry.destination, stream);
        let icmp = if self.family == Family::V4 { "icmp" } else { "icmp6" };
        match &entry.kind {
            Kind::Any => format!("{action} ip {source} {destination}"),
            Kind::Protocol(number) if *number == self.family.icmp() => {
                format!("{action} {icmp} {source} {destination}")
            }
            Kind::Protocol(number) => format!("{action} {number} {source} {destination}"),
            Kind::Icmp(kind, code) => {
                let numbers = [kind, code].into_iter().flatten();
                let numbers = numbers.fold(String::new(), |all, number| format!("{all} {number}"));
                format!("{action} {icmp} {source} {destination}{numbers}")
            }
            Kind::Ports(protocols, from, to) if stream.chance(50) => {
                let service = self.services(protocols, from, to);
                format!("{action} {service} {source} {destination}")
            }
            Kind::Ports(protocols, from, to) => {
                let protocol = match protocols.as_slice() {
                    [6] => "tcp".to_owned(),
                    [17] => "udp".to_owned(),
                    _ => self.group("protocol", "", "protocol-object tcp\n protocol-object udp"),
                };
                let (from, to) = (self.ports(protocols, from), self.ports(protocols, to));
                format!("{action} {protocol} {source}{from} {destination}{to}")
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn name(&mut self) -> String {
        self.made += 1;
        format!("made-{}", self.made)
    }

    fn group(&mut self, kind: &str, of: &str, lines: &str) -> String {
        let name = self.name();
        _ = writeln!(self.objects, "object-group {kind} {name}{of}\n {lines}");
        format!("object-group {name}")
    }

    fn side(&mut self, hosts: &Hosts, stream: &mut Stream) -> String {
        match hosts {
            Hosts::Any => match (self.family, stream.below(2)) {
                (_, 0) => "any".to_owned(),
                (Family::V4, _) => "any4".to_owned(),
                (Family::V6, _) => "any6".to_owned(),
            },
            Hosts::Masked(value, mask) => {
                let v4 = |number: u128| ip(Family::V4, number);
                format!("{} {}", v4(value & mask), v4(*mask))
            }
            Hosts::Span(..) => self.object(hosts),
            Hosts::Net(..) if stream.chance(30) => self.object(hosts),
            Hosts::Net(network, length) => self.net(*network, *length),
            Hosts::Several(all) => {
                let lines: Vec<String> = all
                    .iter()
                    .map(|one| match one {
                        Hosts::Net(network, length) if stream.chance(50) => {
                            format!("network-object {}", self.net(*network, *length))
                        }
                        Hosts::Several(_) => format!("group-object {}", self.side(one, stream)),
                        one => format!("network-object {}", self.object(one)),
                    })
                    .collect();
                let inner = self.group("network", "", &lines.join("\n "));
                let inner = inner.trim_start_matches("object-group ");
                if stream.chance(30) {
                    self.group("network", "", &format!("group-object {inner}"))
                } else {
                    format!("object-group {inner}")
                }
            }
            other @ Hosts::Not(_) => unreachable!("{other:?}"),
        }
    }

    fn net(&self, network: u128, length: u32) -> String {
        let address = ip(self.family, network);
        match self.family {
            family if length == u32::from(family.bits()) => format!("host {address}"),
            Family::V4 => format!("{address} {}", mask(length)),
            Family::V6 => format!("{address}/{length}"),
        }
    }

    fn object(&mut self, hosts: &Hosts) -> String {
        let name = self.name();
        let told = match hosts {
            Hosts::Span(first, last) => format!("range {} {}", ip(self.family, *first), ip(self.family, *last)),
            Hosts::Net(network, length) => {
                let net = self.net(*network, *length);
                if net.starts_with("host ") {
                    net
                } else {
                    format!("subnet {net}")
                }
            }
            other => unreachable!("{other:?}"),
        };
        _ = writeln!(self.objects, "object network {name}\n {told}");
        format!("object {name}")
    }

    fn ports(&mut self, protocols: &[u8], ports: &Ports) -> String {
        match ports.as_slice() {
            [] => String::new(),
            [one] => format!(" {}", operator(*one)),
            several => {
                let lines: Vec<String> = several
                    .iter()
                    .map(|(first, last)| {
                        if first == last {
                            format!("port-object eq {first}")
                        } else {
                            format!("port-object range {first} {last}")
                        }
                    })
                    .collect();
                let of = match protocols {
                    [6] => " tcp",
                    [17] => " udp",
                    _ => " tcp-udp",
                };
                format!(" {}", self.group("service", of, &lines.join("\n ")))
            }
        }
    }

    /// A group of services, one for each pair of ranges.
    fn services(&mut self, protocols: &[u8], from: &Ports, to: &Ports) -> String {
        let protocol = match protocols {
            [6] => "tcp",
            [17] => "udp",
            _ => "tcp-udp",
        };
        let side = |word: &str, ports: &Ports| -> Vec<String> {
            if ports.is_empty() {
                return vec![String::new()];
            }
            ports.iter().map(|one| format!(" {word} {}", operator(*one))).collect()
        };
        let tos = side("destination", to);
        let lines: Vec<String> = side("source", from)
            .iter()
            .flat_map(|from| tos.iter().map(move |to| format!("service-object {protocol}{from}{to}")))
            .collect();
        self.group("service", "", &lines.join("\n "))
    }
}

fn operator((first, last): (u16, u16)) -> String {
    match (first, last) {
        (first, last) if first == last => format!("eq {first}"),
        (0, last) if last < 65_535 => format!("lt {}", last + 1),
        (first, 65_535) if first > 0 => format!("gt {}", first - 1),
        _ => format!("range {first} {last}"),
    }
}
