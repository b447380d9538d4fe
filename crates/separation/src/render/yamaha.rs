//! A plan as filter lines of Yamaha RTX.
//!
//! The lines replace the filters of the plan's interfaces: each gets a list for what comes in and one for what goes out, of both families,
//! and what is in neither list is discarded. TCP and UDP are let through by dynamic filters, which let their answers back; other protocols
//! are let through one way only. Between zones of which nothing is demanded everything passes by a fixed filter, with dynamic ones beside
//! it: the manual does not say which is asked first, and answers come back only if those are. What is meant for the router itself (its own administration, say) is in no plan: a list at the interface keeps it out, too.

use std::fmt::Write;

use super::packets::{Packets, networks, packets, ranges};
use super::{Allowed, Plan};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;

/// Numbers of filters begin here; those of dynamic filters are the same numbers.
const FIRST: u32 = 800_000;

/// What neighbours on a wire say to each other: their sources or destinations are of the wire.
const NEIGHBOURS: [&str; 3] = ["fe80::/10 *", "* fe80::/10", "* ff02::/16"];

/// Writes the lines.
#[must_use]
pub fn render(plan: &Plan) -> String {
    let mut writing = Writing {
        file: String::new(),
        number: FIRST,
    };
    writing.line(&format!(
        "# 機器「{}」の通信経路の分割。network.toml から作成したもので、手では直さない。",
        super::one_line(&plan.device)
    ));
    for (path, why) in &plan.left_out {
        writing.line(&format!(
            "# 特定通信 {} は入れていない: {}",
            super::one_line(path),
            super::reason(*why)
        ));
    }
    let filters: Vec<(&Allowed, [Filters; 2])> = plan
        .allowed
        .iter()
        .map(|allowed| (allowed, writing.allowed(allowed)))
        .collect();
    let neighbours: Vec<u32> = NEIGHBOURS
        .iter()
        .map(|ends| writing.filter(Family::V6, &format!("pass {ends} icmp-nd")))
        .collect();
    // A list without an entry is no list. In others it might be asked before the dynamic filters.
    let nothing = Family::ALL.map(|family| writing.filter(family, "reject * *"));
    for behind in &plan.interfaces {
        for (direction, of) in [("in", true), ("out", false)] {
            for (at, family) in Family::ALL.into_iter().enumerate() {
                let here = filters.iter().filter(|(allowed, _)| {
                    let ends = if of { &allowed.ingress } else { &allowed.egress };
                    ends.contains(&behind.interface)
                });
                let mut list = Filters::default();
                for (_, filters) in here {
                    if let Some(filters) = filters.get(at) {
                        list.fixed.extend(&filters.fixed);
                        list.dynamic.extend(&filters.dynamic);
                    }
                }
                if family == Family::V6 {
                    list.fixed.extend(&neighbours);
                }
                if list.fixed.is_empty() && list.dynamic.is_empty() {
                    list.fixed.extend(nothing.get(at));
                }
                writing.bind(family, &behind.interface, direction, &list);
            }
        }
    }
    writing.file
}

/// Numbers of filters of one family.
#[derive(Default)]
struct Filters {
    fixed: Vec<u32>,
    dynamic: Vec<u32>,
}

struct Writing {
    file: String,
    number: u32,
}

impl Writing {
    fn line(&mut self, text: &str) {
        self.file.push_str(text);
        self.file.push('\n');
    }

    fn filter(&mut self, family: Family, text: &str) -> u32 {
        self.number += 1;
        let number = self.number;
        self.line(&format!("{} filter {number} {text}", word(family)));
        number
    }

    fn allowed(&mut self, allowed: &Allowed) -> [Filters; 2] {
        self.line(&match &allowed.path {
            Some(path) => format!("# 特定通信 {} ({})", super::one_line(path), allowed.serves),
            None => "# 求めのない領域のあいだ".to_owned(),
        });
        Family::ALL.map(|family| self.of_family(allowed, family))
    }

    fn of_family(&mut self, allowed: &Allowed, family: Family) -> Filters {
        let mut filters = Filters::default();
        let sources = sides(family, &allowed.source.of(family));
        let destinations = sides(family, &allowed.destination.of(family));
        for (source, destination) in sources
            .iter()
            .flat_map(|one| destinations.iter().map(move |other| (one, other)))
        {
            for packets in allowed.services.iter().flat_map(|service| packets(family, service)) {
                let ends = format!("{source} {destination}");
                let fixed = self.filter(family, &format!("pass {ends}{}", kind(&packets)));
                if let Packets::Ports(number, ..) | Packets::Protocol(number) = packets
                    && [protocol::TCP, protocol::UDP].contains(&number)
                {
                    // The fixed filter is what this one watches for. In the list it might let the first packet pass unseen, and its
                    // answers would not come back.
                    self.line(&format!(
                        "{} filter dynamic {fixed} {ends} filter {fixed}",
                        word(family)
                    ));
                    filters.dynamic.push(fixed);
                    continue;
                }
                filters.fixed.push(fixed);
                if packets == Packets::All {
                    for of in ["tcp", "udp"] {
                        self.number += 1;
                        let number = self.number;
                        self.line(&format!("{} filter dynamic {number} {ends} {of}", word(family)));
                        filters.dynamic.push(number);
                    }
                }
            }
        }
        filters
    }

    fn bind(&mut self, family: Family, interface: &str, direction: &str, list: &Filters) {
        let numbers = |numbers: &[u32]| numbers.iter().map(|number| format!(" {number}")).collect::<String>();
        let mut line = format!(
            "{} {} secure filter {direction}{}",
            word(family),
            super::one_line(interface),
            numbers(&list.fixed)
        );
        if !list.dynamic.is_empty() {
            let _ = write!(line, " dynamic{}", numbers(&list.dynamic));
        }
        self.line(&line);
    }
}

const fn word(family: Family) -> &'static str {
    match family {
        Family::V4 => "ip",
        Family::V6 => "ipv6",
    }
}

/// Addresses as parts of filters: of IPv4 a list in one part, of IPv6 one after the other.
fn sides(family: Family, set: &Ranges<u128>) -> Vec<String> {
    if *set == family.addresses() {
        return vec!["*".to_owned()];
    }
    let parts: Vec<String> = set
        .iter()
        .map(
            |(first, last)| match networks(family, &Ranges::span(first, last)).as_slice() {
                [(host, length)] if *length == family.bits() => host.to_string(),
                [(network, length)] => format!("{network}/{length}"),
                _ => format!("{}-{}", family.address(first), family.address(last)),
            },
        )
        .collect();
    match family {
        Family::V4 if !parts.is_empty() => vec![parts.join(",")],
        _ => parts,
    }
}

fn kind(packets: &Packets) -> String {
    let list = |set: &Ranges<u16>| match set.is_all() {
        true => "*".to_owned(),
        false => ranges(set, "-").join(","),
    };
    match packets {
        Packets::All => String::new(),
        Packets::Protocol(number) => format!(" {number}"),
        Packets::Ports(number, from, to) => {
            let name = if *number == protocol::TCP { "tcp" } else { "udp" };
            format!(" {name} {} {}", list(from), list(to))
        }
        // `icmp` of an IPv6 filter is ICMPv6.
        Packets::Icmp(kinds, codes) => format!(" icmp {} {}", list(kinds), list(codes)),
    }
}
