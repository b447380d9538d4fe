//! Access lists of NEC UNIVERGE IX. What an entry cannot say at once is said in several; a list may be bound in two parts.

use std::fmt::Write;

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::sheet::{At, Entry, Hosts, Kind, Ports, Shapes, Sheet, below};
use super::{Writer, ip, plain};

pub(super) struct Ix;

impl Writer for Ix {
    fn name(&self) -> &'static str {
        "ix"
    }

    fn shapes(&self, _family: Family) -> Shapes {
        Shapes {
            at_interfaces: true,
            spans: false,
            nots: false,
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
        ["GigaEthernet1.0", "GigaEthernet2:1.0", "GigaEthernet0.1"]
    }

    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String> {
        let family = sheet.family;
        let word = if family == Family::V4 { "ip" } else { "ipv6" };
        let mut file = "! NEC Portable Internetwork Core Operating System Software\nhostname gate\n".to_owned();
        for way in &sheet.routes {
            let to = match way.length {
                0 => "default".to_owned(),
                length => format!("{}/{length}", ip(family, way.network)),
            };
            _ = writeln!(
                file,
                "{word} route {to} {} {}",
                ip(family, way.gateway),
                self.ends()[way.by]
            );
        }
        let mut ends: Vec<String> = self
            .ends()
            .iter()
            .zip(&sheet.ends)
            .map(|(name, end)| {
                format!(
                    "interface {name}\n  {word} address {}/{}\n",
                    ip(family, end.address),
                    end.length
                )
            })
            .collect();
        for (number, list) in sheet.lists.iter().enumerate() {
            let (end, direction) = match list.at {
                At::In(end) => (end, "in"),
                At::Out(end) => (end, "out"),
                At::Between => unreachable!(),
            };
            let (first, second) = list.entries.split_at(below(stream, list.entries.len()));
            let parts = [(first, 10), (second, 20)];
            let mut parts: Vec<_> = parts.iter().filter(|(entries, _)| !entries.is_empty()).collect();
            // Their numbers say in which order they are asked.
            parts.reverse();
            for (entries, order) in parts {
                let name = format!("list{number}-{order}");
                for entry in entries.iter() {
                    for told in told(family, entry) {
                        _ = writeln!(file, "{word} access-list {name} {told}");
                    }
                }
                _ = writeln!(ends[end], "  {word} filter {name} {order} {direction}");
            }
        }
        file.extend(ends);
        vec![file]
    }
}

fn told(family: Family, entry: &Entry) -> Vec<String> {
    let action = if entry.permits { "permit" } else { "deny" };
    let mut all = Vec::new();
    for source in hosts(family, &entry.source) {
        for destination in hosts(family, &entry.destination) {
            let mut plainly = |of: &str| all.push(format!("{action} {of} src {source} dest {destination}"));
            match &entry.kind {
                Kind::Any => plainly("ip"),
                Kind::Protocol(number) if *number == family.icmp() => plainly("icmp"),
                Kind::Protocol(number) => plainly(&number.to_string()),
                Kind::Icmp(kind, code) => {
                    let kind = kind.map_or(String::new(), |kind| format!(" type {kind}"));
                    let code = code.map_or(String::new(), |code| format!(" code {code}"));
                    plainly(&format!("icmp{kind}{code}"));
                }
                Kind::Ports(protocols, from, to) => {
                    for protocol in protocols {
                        let protocol = if *protocol == 6 { "tcp" } else { "udp" };
                        for from in ports("sport", from) {
                            all.extend(
                                ports("dport", to)
                                    .iter()
                                    .map(|to| format!("{action} {protocol} src {source}{from} dest {destination}{to}")),
                            );
                        }
                    }
                }
                other => unreachable!("{other:?}"),
            }
        }
    }
    all
}

fn hosts(family: Family, hosts: &Hosts) -> Vec<String> {
    match hosts {
        Hosts::Several(all) => all.iter().flat_map(|one| self::hosts(family, one)).collect(),
        other => vec![plain(family, other, "any")],
    }
}

fn ports(word: &str, ports: &Ports) -> Vec<String> {
    if ports.is_empty() {
        return vec![String::new()];
    }
    let told = |(first, last): &(u16, u16)| match (first, last) {
        (0, 65_535) => format!(" {word} any"),
        (first, last) if first == last => format!(" {word} eq {first}"),
        (first, last) => format!(" {word} range {first} {last}"),
    };
    ports.iter().map(told).collect()
}
