//! Policies of FortiGate, with an object for everything.

use std::fmt::Write;

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::sheet::{Entry, Hosts, Kind, Ports, Shapes, Sheet};
use super::{Writer, ip, joined, mask, port};

pub(super) struct Fortios;

impl Writer for Fortios {
    fn name(&self) -> &'static str {
        "fortios"
    }

    fn shapes(&self, _family: Family) -> Shapes {
        Shapes {
            at_interfaces: false,
            spans: true,
            nots: true,
            masks: &[],
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
        ["lan", "dmz", "wan1"]
    }

    fn write(&self, sheet: &Sheet, _stream: &mut Stream) -> Vec<String> {
        let family = sheet.family;
        let mut file =
            "#config-version=FGT60F-7.2.8-FW-build1639-240313:opmode=0:vdom=0\nconfig system interface\n".to_owned();
        for (name, end) in self.ends().iter().zip(&sheet.ends) {
            let address = ip(family, end.address);
            _ = match family {
                Family::V4 => writeln!(file, "edit \"{name}\"\nset ip {address} {}\nnext", mask(end.length)),
                Family::V6 => writeln!(
                    file,
                    "edit \"{name}\"\nconfig ipv6\nset ip6-address {address}/{}\nend\nnext",
                    end.length
                ),
            };
        }
        let routes = if family == Family::V4 { "static" } else { "static6" };
        _ = writeln!(file, "end\nconfig router {routes}");
        for (number, way) in (1..).zip(&sheet.routes) {
            _ = writeln!(
                file,
                "edit {number}\nset dst {}/{}\nset gateway {}\nset device \"{}\"\nnext",
                ip(family, way.network),
                way.length,
                ip(family, way.gateway),
                self.ends()[way.by]
            );
        }
        let mut objects = Objects {
            family,
            addresses: String::new(),
            services: String::new(),
            made: 0,
        };
        let mut policies = String::new();
        let entries = sheet.lists.iter().flat_map(|list| &list.entries);
        for (number, entry) in (1..).zip(entries) {
            objects.policy(&mut policies, number, entry, self.ends());
        }
        let six = if family == Family::V4 { "" } else { "6" };
        _ = write!(
            file,
            "end\nconfig firewall address{six}\n{}end\nconfig firewall service custom\n{}end\nconfig firewall policy\n{policies}end\n",
            objects.addresses, objects.services
        );
        vec![file]
    }
}

struct Objects {
    family: Family,
    addresses: String,
    services: String,
    made: usize,
}

impl Objects {
    fn policy(&mut self, policies: &mut String, number: usize, entry: &Entry, ends: [&str; 3]) {
        let end = |end: Option<usize>| end.map_or("any", |end| ends[end]);
        let (from, to) = (end(entry.ingress), end(entry.egress));
        _ = writeln!(policies, "edit {number}\nset srcintf \"{from}\"\nset dstintf \"{to}\"");
        if entry.permits {
            policies.push_str("set action accept\n");
        }
        let six = if self.family == Family::V4 { "" } else { "6" };
        for (key, hosts) in [("src", &entry.source), ("dst", &entry.destination)] {
            let (negated, hosts) = match hosts {
                Hosts::Not(inner) => (true, &**inner),
                other => (false, other),
            };
            let names = match hosts {
                Hosts::Several(all) => joined(all.iter().map(|one| self.address(one)), " "),
                one => self.address(one),
            };
            _ = writeln!(policies, "set {key}addr{six} {names}");
            if negated {
                _ = writeln!(policies, "set {key}addr{six}-negate enable");
            }
        }
        let services = joined(self.service(&entry.kind).into_iter(), " ");
        _ = writeln!(policies, "set schedule \"always\"\nset service {services}\nnext");
    }

    fn name(&mut self) -> String {
        self.made += 1;
        format!("\"object {}\"", self.made)
    }

    fn address(&mut self, hosts: &Hosts) -> String {
        if matches!(hosts, Hosts::Any) {
            return "\"all\"".to_owned();
        }
        let name = self.name();
        let family = self.family;
        let told = match (hosts, family) {
            (Hosts::Net(network, length), Family::V4) => {
                format!("set subnet {} {}", ip(family, *network), mask(*length))
            }
            (Hosts::Net(network, length), Family::V6) => format!("set ip6 {}/{length}", ip(family, *network)),
            (Hosts::Span(first, last), _) => format!(
                "set type iprange\nset start-ip {}\nset end-ip {}",
                ip(family, *first),
                ip(family, *last)
            ),
            other => unreachable!("{other:?}"),
        };
        _ = writeln!(self.addresses, "edit {name}\n{told}\nnext");
        name
    }

    fn service(&mut self, kind: &Kind) -> Vec<String> {
        let icmp = if self.family == Family::V4 { "ICMP" } else { "ICMP6" };
        let mut made = |told: String| {
            let name = self.name();
            _ = writeln!(self.services, "edit {name}\n{told}\nnext");
            name
        };
        match kind {
            Kind::Any => vec!["\"ALL\"".to_owned()],
            Kind::Protocol(number) => vec![made(format!("set protocol IP\nset protocol-number {number}"))],
            Kind::Icmp(kind, code) => {
                let mut told = format!("set protocol {icmp}");
                for (key, value) in [("icmptype", kind), ("icmpcode", code)] {
                    if let Some(value) = value {
                        _ = write!(told, "\nset {key} {value}");
                    }
                }
                vec![made(told)]
            }
            Kind::Ports(protocols, source, destination) => {
                let told = protocols.iter().map(|number| {
                    let key = if *number == 6 { "tcp" } else { "udp" };
                    format!("set {key}-portrange {}", ranges(source, destination))
                });
                vec![made(joined(told, "\n"))]
            }
            other => unreachable!("{other:?}"),
        }
    }
}

/// `80:1024-65535 443:1024-65535`
fn ranges(source: &Ports, destination: &Ports) -> String {
    const ALL: &[(u16, u16)] = &[(0, 65_535)];
    let of = |ports: &Ports| if ports.is_empty() { ALL.to_vec() } else { ports.clone() };
    let mut told = Vec::new();
    for to in of(destination) {
        if source.is_empty() {
            told.push(port(to, "-"));
        }
        told.extend(
            source
                .iter()
                .map(|from| format!("{}:{}", port(to, "-"), port(*from, "-"))),
        );
    }
    told.join(" ")
}
