//! Filters of Yamaha: a number each, listed at interfaces.

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::sheet::{At, Entry, Hosts, Kind, Ports, Shapes, Sheet};
use super::{Writer, ip, joined, plain, port};

pub(super) struct Yamaha;

impl Writer for Yamaha {
    fn name(&self) -> &'static str {
        "yamaha"
    }

    fn shapes(&self, family: Family) -> Shapes {
        Shapes {
            at_interfaces: true,
            spans: true,
            nots: false,
            masks: if family == Family::V4 {
                &[0xffff_00ff, 0xff00_ffff, 0x00ff_ff00]
            } else {
                &[]
            },
            several: family == Family::V4,
            mixed_ports: true,
            source_ports: true,
            tcp_and_udp: true,
            other_protocols: true,
            loose: true,
            acked: Some(0x10),
            flags: true,
            open_end: false,
        }
    }

    fn ends(&self) -> [&'static str; 3] {
        ["lan1", "lan2", "lan3"]
    }

    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String> {
        let family = sheet.family;
        let word = if family == Family::V4 { "ip" } else { "ipv6" };
        let mut lines = vec!["# RTX1210 Rev.14.01.42".to_owned()];
        for (name, end) in self.ends().iter().zip(&sheet.ends) {
            lines.push(format!(
                "{word} {name} address {}/{}",
                ip(family, end.address),
                end.length
            ));
        }
        for way in &sheet.routes {
            let to = match way.length {
                0 => "default".to_owned(),
                length => format!("{}/{length}", ip(family, way.network)),
            };
            lines.push(format!("{word} route {to} gateway {}", ip(family, way.gateway)));
        }
        let mut number = 1_000;
        for list in &sheet.lists {
            let numbers = list.entries.iter().map(|entry| {
                number += 1;
                // The order of the numbers is not that of the list.
                let of = if number % 2 == 0 { number } else { 9_000_000 - number };
                lines.push(format!("{word} filter {of} {}", filter(family, entry, stream)));
                of.to_string()
            });
            let numbers = joined(numbers, " ");
            let (end, direction) = match list.at {
                At::In(end) => (end, "in"),
                At::Out(end) => (end, "out"),
                At::Between => unreachable!(),
            };
            let name = self.ends()[end];
            lines.push(format!("{word} {name} secure filter {direction} {numbers}"));
        }
        vec![lines.join("\n") + "\n"]
    }
}

fn filter(family: Family, entry: &Entry, stream: &mut Stream) -> String {
    let action = match entry.permits {
        true => ["pass", "pass-log", "pass-nolog", "restrict"][stream.below(4) as usize],
        false => ["reject", "reject-log", "reject-nolog"][stream.below(3) as usize],
    };
    let ends = format!("{} {}", hosts(family, &entry.source), hosts(family, &entry.destination));
    let list = |ports: &Ports| match ports.is_empty() {
        true => "*".to_owned(),
        false => joined(ports.iter().map(|range| port(*range, "-")), ","),
    };
    let two = |first: String, second: String| match (&*first, &*second) {
        ("*", "*") => String::new(),
        (_, "*") => format!(" {first}"),
        _ => format!(" {first} {second}"),
    };
    let icmp = if family == Family::V4 { "icmp" } else { "icmp6" };
    let kind = match &entry.kind {
        Kind::Any => String::new(),
        Kind::Protocol(number) if *number == family.icmp() => icmp.to_owned(),
        Kind::Protocol(number) => number.to_string(),
        Kind::Ports(protocols, source, destination) => {
            let names = protocols
                .iter()
                .map(|number| if *number == 6 { "tcp" } else { "udp" }.to_owned());
            format!("{}{}", joined(names, ","), two(list(source), list(destination)))
        }
        Kind::Loose(source, destination) => format!("*{}", two(list(source), list(destination))),
        Kind::Icmp(kind, code) => {
            let one = |value: &Option<u8>| value.map_or("*".to_owned(), |value| value.to_string());
            format!("{icmp}{}", two(one(kind), one(code)))
        }
        Kind::AnyFlag(_) => "established".to_owned(),
        Kind::Flags(mask, value) => format!("tcpflag=0x{value:04x}/0x{mask:04x}"),
    };
    format!("{action} {ends} {kind}").trim_end().to_owned()
}

fn hosts(family: Family, hosts: &Hosts) -> String {
    match hosts {
        Hosts::Several(all) => joined(all.iter().map(|one| self::hosts(family, one)), ","),
        Hosts::Masked(value, mask) => {
            let octets = (0..4).rev().map(|octet| {
                if mask >> (8 * octet) & 0xff == 0 {
                    "*".to_owned()
                } else {
                    (value >> (8 * octet) & 0xff).to_string()
                }
            });
            joined(octets, ".")
        }
        Hosts::Net(host, length) if *length == u32::from(family.bits()) => ip(family, *host),
        other => plain(family, other, "*"),
    }
}
