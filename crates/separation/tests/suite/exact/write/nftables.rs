//! Rules of nftables, as `nft list ruleset` prints them.

use std::fmt::Write;

use separation::diagram::generate::Stream;
use separation::packet::Family;

use super::super::sheet::{Entry, Hosts, Kind, Nat, Ports, Shapes, Sheet};
use super::{Writer, ip, joined, linux, plain, port};

pub(super) struct Nftables;

impl Writer for Nftables {
    fn name(&self) -> &'static str {
        "nftables"
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
            flags: true,
            open_end: true,
        }
    }

    fn ends(&self) -> [&'static str; 3] {
        linux::ENDS
    }

    fn translates(&self, _family: Family) -> Option<u16> {
        Some(1)
    }

    fn write(&self, sheet: &Sheet, stream: &mut Stream) -> Vec<String> {
        let family = sheet.family;
        let own = if family == Family::V4 { "ip" } else { "ip6" };
        let table = if stream.chance(50) { "inet" } else { own };
        let (mut sets, mut called) = (String::new(), String::new());
        let mut forward = String::new();
        for list in &sheet.lists {
            let policy = if list.otherwise { "accept" } else { "drop" };
            _ = writeln!(
                forward,
                "\t\ttype filter hook forward priority filter; policy {policy};"
            );
            // The rest of a list in a chain of its own is the same list.
            let cut = super::super::sheet::below(stream, list.entries.len() + 1);
            let apart = stream.chance(40);
            for (number, entry) in list.entries.iter().enumerate() {
                if number == cut && apart {
                    forward.push_str("\t\tjump rest\n");
                }
                let chain = if number >= cut && apart {
                    &mut called
                } else {
                    &mut forward
                };
                let verdict = if entry.permits { "accept" } else { "drop" };
                let counter = if stream.chance(20) {
                    "counter packets 0 bytes 0 "
                } else {
                    ""
                };
                let condition = condition(family, entry, &mut sets, stream);
                _ = writeln!(chain, "\t\t{condition}{counter}{verdict}");
            }
            if apart {
                called = format!("\tchain rest {{\n{called}\t}}\n\n");
            }
        }
        let mut file = format!("table {table} gate {{\n{sets}{called}\tchain forward {{\n{forward}\t}}\n}}\n");
        if !sheet.nats.is_empty() {
            _ = write!(file, "{}", translations(family, own, &sheet.nats));
        }
        let [addresses, routes] = linux::beside(sheet);
        vec![file, addresses, routes]
    }
}

fn condition(family: Family, entry: &Entry, sets: &mut String, stream: &mut Stream) -> String {
    let mut told = String::new();
    for (word, end) in [("iifname", entry.ingress), ("oifname", entry.egress)] {
        if let Some(end) = end {
            _ = write!(told, "{word} \"{}\" ", linux::ENDS[end]);
        }
    }
    let word = if family == Family::V4 { "ip" } else { "ip6" };
    for (side, hosts) in [("saddr", &entry.source), ("daddr", &entry.destination)] {
        let (not, hosts) = match hosts {
            Hosts::Not(inner) => ("!= ", &**inner),
            other => ("", other),
        };
        let elements = match hosts {
            Hosts::Any => continue,
            Hosts::Several(all) => joined(all.iter().map(|one| plain(family, one, "")), ", "),
            one => plain(family, one, ""),
        };
        let several = matches!(hosts, Hosts::Several(_));
        let set = if several && stream.chance(50) {
            let name = format!("set{}", sets.len());
            let kind = if family == Family::V4 { "ipv4_addr" } else { "ipv6_addr" };
            _ = writeln!(
                sets,
                "\tset {name} {{\n\t\ttype {kind}\n\t\tflags interval\n\t\telements = {{ {elements} }}\n\t}}\n"
            );
            format!("@{name}")
        } else if several {
            format!("{{ {elements} }}")
        } else {
            elements
        };
        _ = write!(told, "{word} {side} {not}{set} ");
    }
    let icmp = if family == Family::V4 { "icmp" } else { "icmpv6" };
    _ = match &entry.kind {
        Kind::Any => Ok(()),
        Kind::Protocol(number) => write!(told, "meta l4proto {number} "),
        Kind::Ports(protocols, source, destination) => {
            let header = match protocols.as_slice() {
                [6] => "tcp",
                [17] => "udp",
                _ => {
                    told.push_str("meta l4proto { tcp, udp } ");
                    "th"
                }
            };
            if source.is_empty() && destination.is_empty() && header != "th" {
                _ = write!(told, "meta l4proto {header} ");
            }
            let parts = [("sport", source), ("dport", destination)];
            let parts = parts.into_iter().filter(|(_, ports)| !ports.is_empty());
            let parts = parts.map(|(side, ports)| format!("{header} {side} {} ", list(ports)));
            write!(told, "{}", joined(parts, ""))
        }
        Kind::Icmp(kind, code) => {
            let parts = [("type", kind), ("code", code)].into_iter();
            let parts = parts.filter_map(|(field, value)| Some(format!("{icmp} {field} {} ", (*value)?)));
            write!(told, "{}", joined(parts, ""))
        }
        Kind::Flags(mask, value) => write!(told, "tcp flags & ({}) == {} ", flags(*mask), flags(*value)),
        other => unreachable!("{other:?}"),
    };
    told
}

fn list(ports: &Ports) -> String {
    let all = joined(ports.iter().map(|range| port(*range, "-")), ", ");
    if ports.len() == 1 { all } else { format!("{{ {all} }}") }
}

fn flags(bits: u8) -> String {
    const NAMES: [&str; 6] = ["fin", "syn", "rst", "psh", "ack", "urg"];
    let names = NAMES.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    let names = joined(names.map(|(_, name)| (*name).to_owned()), " | ");
    if names.is_empty() { "0x0".to_owned() } else { names }
}

fn translations(family: Family, word: &str, nats: &[Nat]) -> String {
    let (mut before, mut after) = (String::new(), String::new());
    for nat in nats {
        _ = match *nat {
            Nat::Inward { by, outer, inner } => {
                let to = match family {
                    Family::V4 => format!("{}:{}", ip(family, inner.0), inner.1),
                    Family::V6 => format!("[{}]:{}", ip(family, inner.0), inner.1),
                };
                writeln!(
                    before,
                    "\t\tiifname \"{}\" {word} daddr {} tcp dport {} dnat to {to}",
                    linux::ENDS[by],
                    ip(family, outer.0),
                    outer.1
                )
            }
            Nat::Outward { by, from, to, .. } => writeln!(
                after,
                "\t\toifname \"{}\" {word} saddr {}/{} snat to {}",
                linux::ENDS[by],
                ip(family, from.0),
                from.1,
                ip(family, to)
            ),
        };
    }
    format!(
        "table {word} nat {{\n\tchain prerouting {{\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n{before}\t}}\n\n\
         \tchain postrouting {{\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n{after}\t}}\n}}\n"
    )
}
