//! Policies: those between two zones are asked first, then those for all.

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::super::sheet::{At, Entry, Hosts, Kind, Nat, Ports, Shapes, Sheet, below};
use super::super::{Writer, braced, ip, port};
use super::{ENDS, beside, mixed};

pub(in super::super) struct Policies;

const ZONES: [&str; 3] = ["trust", "dmz", "untrust"];

impl Writer for Policies {
    fn name(&self) -> &'static str {
        "junos"
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
            other_protocols: true,
            loose: false,
            acked: None,
            flags: false,
            open_end: true,
        }
    }

    fn ends(&self) -> [&'static str; 3] {
        ENDS
    }

    fn translates(&self, _family: Family) -> Option<u16> {
        Some(1_024)
    }

    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String> {
        let ends = sheet.ends.len();
        let mut lines = beside(sheet);
        for (zone, name) in ZONES.iter().zip(ENDS).take(ends) {
            lines.push(format!("security zones security-zone {zone} interfaces {name}"));
        }
        let mut told = Told {
            family: sheet.family,
            lines,
            made: 0,
        };
        for nat in &sheet.nats {
            told.translation(nat, ends);
        }
        for list in &sheet.lists {
            assert_eq!(list.at, At::Between);
            // The first of the list stand between each two zones, the others for all.
            let (first, others) = list.entries.split_at(below(stream, list.entries.len() + 1));
            for (ingress, from) in ZONES.iter().enumerate().take(ends) {
                for (egress, to) in ZONES.iter().enumerate().take(ends) {
                    let fits = |of: Option<usize>, end| of.is_none_or(|of| of == end);
                    let fitting = first
                        .iter()
                        .filter(|entry| fits(entry.ingress, ingress) && fits(entry.egress, egress));
                    for entry in fitting {
                        let place = format!("from-zone {from} to-zone {to}");
                        told.policy(&place, Some((from, to)), entry, stream);
                    }
                }
            }
            for entry in others {
                let name = told.policy("global", None, entry, stream);
                for (word, end) in [("from-zone", entry.ingress), ("to-zone", entry.egress)] {
                    if let Some(end) = end {
                        let zone = ZONES[end];
                        told.lines
                            .push(format!("security policies global policy {name} match {word} {zone}"));
                    }
                }
            }
            if list.otherwise {
                told.lines
                    .push("security policies default-policy permit-all".to_owned());
            }
        }
        let lines = mixed(told.lines, stream);
        vec![braced::file(&lines, stream)]
    }
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

    /// A policy; its name.
    fn policy(&mut self, place: &str, zones: Option<(&str, &str)>, entry: &Entry, stream: &mut Stream) -> String {
        let name = self.name();
        let policy = format!("security policies {place} policy {name}");
        for (side, zone, hosts) in [
            ("source", zones.map(|(from, _)| from), &entry.source),
            ("destination", zones.map(|(_, to)| to), &entry.destination),
        ] {
            let (not, hosts) = match hosts {
                Hosts::Not(inner) => (true, &**inner),
                other => (false, other),
            };
            for name in self.hosts(hosts, zone, stream) {
                self.lines.push(format!("{policy} match {side}-address {name}"));
            }
            if not {
                self.lines.push(format!("{policy} match {side}-address-excluded"));
            }
        }
        for application in self.applications(&entry.kind, stream) {
            self.lines.push(format!("{policy} match application {application}"));
        }
        let action = match entry.permits {
            true => "permit",
            false => ["deny", "reject"][below(stream, 2)],
        };
        self.lines.push(format!("{policy} then {action}"));
        if stream.chance(10) {
            self.lines.push(format!("{policy} then log session-close"));
        }
        name
    }

    /// Names of addresses, in the book of a zone or in the one of all.
    fn hosts(&mut self, hosts: &Hosts, zone: Option<&str>, stream: &mut Stream) -> Vec<String> {
        if matches!(hosts, Hosts::Any) {
            return vec!["any".to_owned()];
        }
        let book = match zone {
            Some(zone) if stream.chance(40) => format!("security zones security-zone {zone} address-book"),
            _ => "security address-book global".to_owned(),
        };
        let Hosts::Several(all) = hosts else {
            return vec![self.address(&book, hosts)];
        };
        let names: Vec<String> = all.iter().map(|one| self.address(&book, one)).collect();
        if stream.chance(50) {
            return names;
        }
        let set = self.name();
        for name in names {
            self.lines.push(format!("{book} address-set {set} address {name}"));
        }
        if stream.chance(30) {
            let outer = self.name();
            self.lines.push(format!("{book} address-set {outer} address-set {set}"));
            return vec![outer];
        }
        vec![set]
    }

    fn address(&mut self, book: &str, hosts: &Hosts) -> String {
        let name = self.name();
        let ip = |address| ip(self.family, address);
        let told = match hosts {
            Hosts::Net(network, length) => format!("{}/{length}", ip(*network)),
            Hosts::Span(first, last) => format!("range-address {} to {}", ip(*first), ip(*last)),
            Hosts::Masked(value, mask) => format!("wildcard-address {}/{}", ip(value & mask), ip(*mask)),
            other => unreachable!("{other:?}"),
        };
        self.lines.push(format!("{book} address {name} {told}"));
        name
    }

    fn applications(&mut self, kind: &Kind, stream: &mut Stream) -> Vec<String> {
        let terms: Vec<String> = match kind {
            Kind::Any => return vec!["any".to_owned()],
            Kind::Protocol(number) => vec![format!("protocol {number}")],
            Kind::Icmp(kind, code) => {
                let (icmp, six) = match self.family {
                    Family::V4 => ("icmp", ""),
                    Family::V6 => ("icmp6", "6"),
                };
                let mut term = format!("protocol {icmp}");
                for (word, value) in [("type", kind), ("code", code)] {
                    if let Some(value) = value {
                        term.push_str(&format!(" icmp{six}-{word} {value}"));
                    }
                }
                vec![term]
            }
            Kind::Ports(protocols, source, destination) => {
                let mut terms = Vec::new();
                for protocol in protocols {
                    let protocol = if *protocol == 6 { "tcp" } else { "udp" };
                    for from in ports("source-port", source) {
                        for to in ports("destination-port", destination) {
                            terms.push(format!("protocol {protocol}{from}{to}"));
                        }
                    }
                }
                terms
            }
            other => unreachable!("{other:?}"),
        };
        self.spread(&terms, stream)
    }

    /// Terms of one application, or applications of their own.
    fn spread(&mut self, terms: &[String], stream: &mut Stream) -> Vec<String> {
        let name = self.name();
        let settings = |term: &str| -> Vec<String> {
            let words: Vec<&str> = term.split(' ').collect();
            words.chunks(2).map(|pair| pair.join(" ")).collect()
        };
        if let [term] = terms
            && stream.chance(50)
        {
            for setting in settings(term) {
                self.lines.push(format!("applications application {name} {setting}"));
            }
            return vec![name];
        }
        if stream.chance(50) {
            for (number, term) in terms.iter().enumerate() {
                let said = if stream.chance(50) {
                    vec![term.clone()]
                } else {
                    settings(term)
                };
                for said in said {
                    self.lines
                        .push(format!("applications application {name} term t{number} {said}"));
                }
            }
            return vec![name];
        }
        let mut names = Vec::new();
        for term in terms {
            let one = self.name();
            for setting in settings(term) {
                self.lines.push(format!("applications application {one} {setting}"));
            }
            names.push(one);
        }
        if stream.chance(50) {
            return names;
        }
        for one in names {
            self.lines
                .push(format!("applications application-set {name} application {one}"));
        }
        vec![name]
    }

    fn translation(&mut self, nat: &Nat, ends: usize) {
        let name = self.name();
        let ip = |address| ip(self.family, address);
        let all = u32::from(self.family.bits());
        match *nat {
            Nat::Inward { by, outer, inner } => {
                let nat = "security nat destination";
                let rule = format!("{nat} rule-set in-{by} rule {name}");
                self.lines.extend([
                    format!("{nat} pool {name} address {}/{all}", ip(inner.0)),
                    format!("{nat} pool {name} address port {}", inner.1),
                    format!("{nat} rule-set in-{by} from interface {}", ENDS[by]),
                    format!("{rule} match destination-address {}/{all}", ip(outer.0)),
                    format!("{rule} match destination-port {}", outer.1),
                    format!("{rule} match protocol tcp"),
                    format!("{rule} then destination-nat pool {name}"),
                ]);
            }
            Nat::Outward { by, from, to, .. } => {
                let nat = "security nat source";
                let rule = format!("{nat} rule-set out-{by} rule {name}");
                let zones = ZONES.iter().take(ends);
                let zones = zones.map(|zone| format!("{nat} rule-set out-{by} from zone {zone}"));
                self.lines.extend(zones);
                self.lines.extend([
                    format!("{nat} pool {name} address {}/{all}", ip(to)),
                    format!("{nat} rule-set out-{by} to interface {}", ENDS[by]),
                    format!("{rule} match source-address {}/{}", ip(from.0), from.1),
                    format!("{rule} then source-nat pool {name}"),
                ]);
            }
        }
    }
}

fn ports(word: &str, ports: &Ports) -> Vec<String> {
    if ports.is_empty() {
        return vec![String::new()];
    }
    ports
        .iter()
        .map(|range| format!(" {word} {}", port(*range, "-")))
        .collect()
}
