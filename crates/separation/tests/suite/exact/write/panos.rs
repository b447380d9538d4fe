//! Security rules of Palo Alto Networks, local ones and those that a central manager puts before and after them. A service is of TCP
//! or UDP; other protocols have no number in a rule.

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::sheet::{Entry, Hosts, Kind, Ports, Shapes, Sheet, below};
use super::{Writer, braced, ip, joined, port};

pub(super) struct Panos;

const ZONES: [&str; 3] = ["trust", "dmz", "untrust"];

const ENDS: [&str; 3] = ["ethernet1/1", "ethernet1/2", "ethernet1/3.30"];

impl Writer for Panos {
    fn name(&self) -> &'static str {
        "panos"
    }

    fn shapes(&self, family: Family) -> Shapes {
        Shapes {
            at_interfaces: false,
            spans: true,
            nots: true,
            masks: if family == Family::V4 {
                &[0xffff_00ff, 0xff00_ffff, 0xffff_ff01]
            } else {
                &[]
            },
            several: true,
            mixed_ports: true,
            source_ports: true,
            tcp_and_udp: true,
            other_protocols: false,
            loose: false,
            acked: None,
            flags: false,
            open_end: true,
        }
    }

    fn ends(&self) -> [&'static str; 3] {
        ENDS
    }

    /// Within a zone everything passes that no rule is about.
    fn complete(&self, sheet: &mut Sheet) {
        let ends = sheet.ends.len();
        for list in &mut sheet.lists {
            list.entries.extend((0..ends).map(within));
        }
    }

    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String> {
        let mut lines = beside(sheet);
        for (zone, end) in ZONES.iter().zip(ENDS).take(sheet.ends.len()) {
            lines.push(format!("zone {zone} network layer3 {end}"));
        }
        let mut told = Told {
            family: sheet.family,
            lines,
            made: 0,
        };
        for list in &sheet.lists {
            let mut entries = list.entries.as_slice();
            while let Some((last, others)) = entries.split_last()
                && last.ingress.is_some_and(|end| *last == within(end))
            {
                entries = others;
            }
            let (before, rest) = entries.split_at(below(stream, entries.len() + 1));
            let (own, after) = rest.split_at(below(stream, rest.len() + 1));
            let manager = stream.chance(40);
            for (base, entries) in [("pre-", before), ("", own), ("post-", after)] {
                let base = if manager && !base.is_empty() {
                    format!("policy panorama {base}rulebase")
                } else {
                    "rulebase".to_owned()
                };
                for entry in entries {
                    told.rule(&format!("{base} security rules"), entry, stream);
                }
            }
            if list.otherwise {
                told.lines
                    .push("rulebase default-security-rules rules interzone-default action allow".to_owned());
            }
        }
        let file = if stream.chance(40) {
            braced::document(&told.lines)
        } else {
            braced::file(&told.lines, stream)
        };
        vec![file]
    }
}

fn within(end: usize) -> Entry {
    Entry {
        permits: true,
        ingress: Some(end),
        egress: Some(end),
        source: Hosts::Any,
        destination: Hosts::Any,
        kind: Kind::Any,
    }
}

/// Interfaces with their addresses, and routes.
fn beside(sheet: &Sheet) -> Vec<String> {
    let family = sheet.family;
    let (v4, mut lines) = (
        family == Family::V4,
        vec!["deviceconfig system hostname gate".to_owned()],
    );
    for (name, end) in ENDS.iter().zip(&sheet.ends) {
        let place = match name.split_once('.') {
            None => format!("{name} layer3"),
            Some((port, unit)) => format!("{port} layer3 units {name} tag {unit}"),
        };
        let word = if v4 { "ip" } else { "ipv6 address" };
        let place = place.split(" tag ").next().unwrap_or_default();
        lines.push(format!(
            "network interface ethernet {place} {word} {}/{}",
            ip(family, end.address),
            end.length
        ));
        lines.push(format!("network virtual-router default interface {name}"));
    }
    let table = if v4 { "ip" } else { "ipv6" };
    for (number, way) in sheet.routes.iter().enumerate() {
        let route = format!("network virtual-router default routing-table {table} static-route route-{number}");
        let hop = if v4 { "ip-address" } else { "ipv6-address" };
        lines.extend([
            format!("{route} destination {}/{}", ip(family, way.network), way.length),
            format!("{route} nexthop {hop} {}", ip(family, way.gateway)),
            format!("{route} interface {}", ENDS[way.by]),
        ]);
    }
    lines
}

struct Told {
    family: Family,
    lines: Vec<String>,
    made: usize,
}

impl Told {
    fn name(&mut self) -> String {
        self.made += 1;
        format!("made-{}", self.made)
    }

    fn rule(&mut self, place: &str, entry: &Entry, stream: &mut Stream) {
        let rule = format!("{place} {}", self.name());
        for (word, end) in [("from", entry.ingress), ("to", entry.egress)] {
            let zone = end.map_or("any", |end| ZONES[end]);
            self.lines.push(format!("{rule} {word} {zone}"));
        }
        for (word, hosts) in [("source", &entry.source), ("destination", &entry.destination)] {
            let (not, hosts) = match hosts {
                Hosts::Not(inner) => (true, &**inner),
                other => (false, other),
            };
            for name in self.hosts(hosts, stream) {
                self.lines.push(format!("{rule} {word} {name}"));
            }
            if not || stream.chance(10) {
                let not = if not { "yes" } else { "no" };
                self.lines.push(format!("{rule} negate-{word} {not}"));
            }
        }
        self.lines.push(format!("{rule} application any"));
        for service in self.services(&entry.kind, stream) {
            self.lines.push(format!("{rule} service {service}"));
        }
        let action = match entry.permits {
            true => "allow",
            false => ["deny", "drop", "reset-client", "reset-both"][below(stream, 4)],
        };
        self.lines.push(format!("{rule} action {action}"));
        if stream.chance(10) {
            // One that is switched off changes nothing.
            let off = format!("{place} {}", self.name());
            let settings = [
                "from any",
                "to any",
                "source any",
                "destination any",
                "application any",
                "service any",
            ];
            self.lines
                .extend(settings.iter().map(|setting| format!("{off} {setting}")));
            self.lines.push(format!("{off} action allow"));
            self.lines.push(format!("{off} disabled yes"));
        }
    }

    fn hosts(&mut self, hosts: &Hosts, stream: &mut Stream) -> Vec<String> {
        let Hosts::Several(all) = hosts else {
            return vec![self.host(hosts, stream)];
        };
        let names: Vec<String> = all.iter().map(|one| self.host(one, stream)).collect();
        if stream.chance(40) {
            return names;
        }
        let group = self.name();
        for name in names {
            self.lines.push(format!("address-group {group} static {name}"));
        }
        if stream.chance(30) {
            let outer = self.name();
            self.lines.push(format!("address-group {outer} static {group}"));
            return vec![outer];
        }
        vec![group]
    }

    /// An address in the rule itself, or the name of one.
    fn host(&mut self, hosts: &Hosts, stream: &mut Stream) -> String {
        let ip = |address| ip(self.family, address);
        let (kind, told) = match hosts {
            Hosts::Any => return "any".to_owned(),
            Hosts::Net(network, length) => ("ip-netmask", format!("{}/{length}", ip(*network))),
            Hosts::Span(first, last) => ("ip-range", format!("{}-{}", ip(*first), ip(*last))),
            Hosts::Masked(value, mask) => (
                "ip-wildcard",
                format!("{}/{}", ip(value & mask), ip(!mask & 0xffff_ffff)),
            ),
            other => unreachable!("{other:?}"),
        };
        if kind != "ip-wildcard" && stream.chance(30) {
            return told;
        }
        let name = self.name();
        let place = if stream.chance(20) { "shared address" } else { "address" };
        self.lines.push(format!("{place} {name} {kind} {told}"));
        name
    }

    fn services(&mut self, kind: &Kind, stream: &mut Stream) -> Vec<String> {
        let Kind::Ports(protocols, from, to) = kind else {
            assert_eq!(*kind, Kind::Any);
            return vec!["any".to_owned()];
        };
        if protocols == &[6] && from.is_empty() && to == &[(443, 443)] && stream.chance(50) {
            return vec!["service-https".to_owned()];
        }
        let list = |ports: &Ports| joined(ports.iter().map(|range| port(*range, "-")), ",");
        let mut names = Vec::new();
        for protocol in protocols {
            let name = self.name();
            let service = format!("service {name} protocol {}", if *protocol == 6 { "tcp" } else { "udp" });
            let all = vec![(0, u16::MAX)];
            let to = if to.is_empty() { &all } else { to };
            self.lines.push(format!("{service} port {}", list(to)));
            if !from.is_empty() {
                self.lines.push(format!("{service} source-port {}", list(from)));
            }
            names.push(name);
        }
        if stream.chance(60) {
            return names;
        }
        let group = self.name();
        for name in names {
            self.lines.push(format!("service-group {group} members {name}"));
        }
        vec![group]
    }
}
