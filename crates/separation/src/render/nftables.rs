//! A plan as a file of nftables.
//!
//! The file holds one table, which it replaces as a whole (`nft -f` is one transaction) and leaves tables of others alone. IPv4 and IPv6
//! are in the same chain. What it lets through is what the [`Plan`] says; the last rules write what was kept out to the log, and the
//! chain's policy drops it.

use std::fmt::Write;
use std::net::IpAddr;

use super::{Allowed, Plan, one_line, reason};
use crate::device::Service;
use crate::packet::{Family, protocol};
use crate::ranges::{Bound, Ranges};

/// The table that the file is about.
pub const TABLE: &str = "sanmon_separation";

/// Writes the file.
#[must_use]
pub fn render(plan: &Plan) -> String {
    let mut file = String::new();
    let mut line = |text: &str| {
        file.push_str(text);
        file.push('\n');
    };
    line("#!/usr/sbin/nft -f");
    line(&format!(
        "# 機器「{}」の通信経路の分割。network.toml から作成したもので、手では直さない。",
        one_line(&plan.device)
    ));
    for (path, why) in &plan.left_out {
        line(&format!(
            "# 特定通信 {} は入れていない: {}",
            one_line(path),
            reason(*why)
        ));
    }
    line(&format!("table inet {TABLE}"));
    line(&format!("delete table inet {TABLE}"));
    line(&format!("table inet {TABLE} {{"));
    line("\tchain forward {");
    line("\t\ttype filter hook forward priority filter; policy drop;");
    line("\t\tct state established,related accept comment \"answers\"");
    line("\t\tct state invalid counter drop");
    line("\t\t# 送信元のアドレスが、入ってきた側の領域のものでない");
    for behind in &plan.interfaces {
        for family in Family::ALL {
            let own = behind.addresses.of(family);
            let others = Ranges::span(0, family.last_address()).minus(&own);
            if others.is_empty() {
                continue;
            }
            let shorter = !own.is_empty() && own.iter().len() <= others.iter().len();
            let (not, set) = if shorter { ("!= ", &own) } else { ("", &others) };
            let (interface, word, set) = (quoted(&behind.interface), word(family), addresses(family, set));
            line(&format!(
                "\t\tiifname {interface} {word} saddr {not}{set} counter drop comment \"spoofed\""
            ));
        }
    }
    for allowed in &plan.allowed {
        line(&match &allowed.path {
            Some(path) => format!("\t\t# 特定通信 {} ({})", one_line(path), allowed.serves),
            None => "\t\t# 求めのない領域のあいだ".to_owned(),
        });
        for rule in rules(allowed) {
            line(&format!("\t\t{rule}"));
        }
    }
    line("\t\tlimit rate 10/second burst 20 packets log prefix \"sanmon-kept-out \" group 1");
    line("\t\tcounter drop");
    line("\t}");
    line("}");
    file
}

/// A rule for each family and service that it has packets of.
fn rules(allowed: &Allowed) -> Vec<String> {
    let mut rules = Vec::new();
    for family in Family::ALL {
        let (source, destination) = (allowed.source.of(family), allowed.destination.of(family));
        if source.is_empty() || destination.is_empty() {
            continue;
        }
        for condition in allowed.services.iter().flat_map(|service| services(family, service)) {
            let word = word(family);
            let mut rule = format!(
                "iifname {} oifname {}",
                interfaces(&allowed.ingress),
                interfaces(&allowed.egress)
            );
            let _ = write!(
                rule,
                " {word} saddr {} {word} daddr {}",
                addresses(family, &source),
                addresses(family, &destination)
            );
            if !condition.is_empty() {
                let _ = write!(rule, " {condition}");
            }
            rule.push_str(" ct state new counter accept");
            if let Some(path) = &allowed.path {
                let _ = write!(rule, " comment \"{}\"", comment(path));
            }
            rules.push(rule);
        }
    }
    rules
}

/// Conditions on protocol and ports, as many rules as they need; none where the family has no packet of the service.
fn services(family: Family, service: &Service) -> Vec<String> {
    if *service == Service::anything() {
        return vec![String::new()];
    }
    let other = if family == Family::V4 { Family::V6 } else { Family::V4 };
    let protocols = service.protocols.minus(&Ranges::one(other.icmp()));
    let ports = service.source_ports.is_all() && service.destination_ports.is_all() && service.flags.is_all();
    if ports {
        return if protocols.is_empty() {
            Vec::new()
        } else {
            vec![format!("meta l4proto {}", numbers(&protocols))]
        };
    }
    let mut conditions = Vec::new();
    for (first, last) in protocols.iter() {
        for number in first..=last {
            let header = match number {
                protocol::TCP => "tcp",
                protocol::UDP => "udp",
                protocol::SCTP => "sctp",
                protocol::DCCP => "dccp",
                protocol::UDP_LITE => "udplite",
                icmp if icmp == family.icmp() => {
                    let header = if family == Family::V4 { "icmp" } else { "icmpv6" };
                    conditions.push(parts(
                        header,
                        [("type", &service.source_ports), ("code", &service.destination_ports)],
                    ));
                    continue;
                }
                // Without ports: packets of it have 0 as both.
                other => {
                    if service.source_ports.contains(0) && service.destination_ports.contains(0) {
                        conditions.push(format!("meta l4proto {other}"));
                    }
                    continue;
                }
            };
            let condition = parts(
                header,
                [("sport", &service.source_ports), ("dport", &service.destination_ports)],
            );
            conditions.push(if condition.is_empty() {
                format!("meta l4proto {number}")
            } else {
                condition
            });
        }
    }
    conditions
}

/// Conditions on two fields of a header, as far as they leave something out.
fn parts(header: &str, fields: [(&str, &Ranges<u16>); 2]) -> String {
    let fields = fields.into_iter().filter(|(_, numbers)| !numbers.is_all());
    let conditions = fields.map(|(field, values)| format!("{header} {field} {}", numbers(values)));
    conditions.collect::<Vec<_>>().join(" ")
}

const fn word(family: Family) -> &'static str {
    match family {
        Family::V4 => "ip",
        Family::V6 => "ip6",
    }
}

fn interfaces(names: &[String]) -> String {
    match names {
        [one] => quoted(one),
        several => format!(
            "{{ {} }}",
            several.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// A name in quotes; what no interface of Linux has in its name is left out.
fn quoted(name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace() && !"\"*{}\\".contains(*c))
        .collect();
    format!("\"{name}\"")
}

fn addresses(family: Family, set: &Ranges<u128>) -> String {
    let network = |first: u128, last: u128| -> String {
        let (begin, end): (IpAddr, IpAddr) = (family.address(first), family.address(last));
        let size = last - first;
        // A power of two that begins at a multiple of itself is a network.
        let length = (size & size.wrapping_add(1) == 0 && first & size == 0)
            .then(|| u32::from(family.bits()) - size.count_ones());
        match length {
            _ if first == last => begin.to_string(),
            Some(length) => format!("{begin}/{length}"),
            None => format!("{begin}-{end}"),
        }
    };
    braced(set.iter().map(|(first, last)| network(first, last)))
}

fn numbers<T: Bound + ToString>(set: &Ranges<T>) -> String {
    braced(set.iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{}-{}", first.to_string(), last.to_string()),
    }))
}

fn braced(parts: impl ExactSizeIterator<Item = String>) -> String {
    let one = parts.len() == 1;
    let parts = parts.collect::<Vec<_>>().join(", ");
    if one { parts } else { format!("{{ {parts} }}") }
}

/// A comment of nftables holds at most 128 bytes and no quotes.
fn comment(text: &str) -> String {
    let mut comment = String::new();
    for c in one_line(text).chars().filter(|c| *c != '"' && *c != '\\') {
        if comment.len() + c.len_utf8() > 100 {
            break;
        }
        comment.push(c);
    }
    comment
}
