//! Packets and what becomes of them, written by hand for each dialect.
//!
//! A table is a configuration, a line `----`, and a line for each packet:
//! `INGRESS > EGRESS | tcp 192.0.2.1:1024 > 198.51.100.1:80 [S] established | allow @3`: which way, which packet (flags and state may be
//! left out: none, new), and what becomes of it: `allow`, `deny`, or `either` where that depends on a reading or on what no packet
//! shows; with the line that decides, if it matters. Lines that begin with `====` stand between tables.

use std::net::IpAddr;

use separation::dialect::{DIALECTS, Dialect};
use separation::packet::{Packet, State, flag, number, protocol};

use crate::dialect::read;
use crate::evaluate::evaluate;

pub(crate) const TABLES: &[(&str, &str)] = &[
    ("iptables", include_str!("tables/iptables.txt")),
    ("nftables", include_str!("tables/nftables.txt")),
    ("yamaha", include_str!("tables/yamaha.txt")),
    ("fortios", include_str!("tables/fortios.txt")),
    ("ios", include_str!("tables/ios.txt")),
    ("asa", include_str!("tables/asa.txt")),
    ("ix", include_str!("tables/ix.txt")),
    ("junos", include_str!("tables/junos.txt")),
    ("panos", include_str!("tables/panos.txt")),
];

#[test]
fn packets_pass_as_the_manuals_say() {
    for dialect in DIALECTS {
        let name = dialect.name();
        let tables = TABLES.iter().find(|(of, _)| *of == name);
        let (_, tables) = tables.unwrap_or_else(|| panic!("{name}: no table of packets"));
        let wrong: Vec<String> = tables
            .split("====\n")
            .flat_map(|table| judge(*dialect, table))
            .collect();
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    }
}

/// What is not as the table says.
fn judge(dialect: &dyn Dialect, table: &str) -> Vec<String> {
    let (configuration, packets) = table.split_once("----\n").expect("a table has packets");
    let device = read(dialect, configuration);
    let mut wrong: Vec<String> = device
        .unread
        .iter()
        .map(|unread| format!("unread: {unread:?}"))
        .collect();
    for line in packets.lines().filter(|line| !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [way, packet, expected] = parts.as_slice() else {
            panic!("no line of a table: {line}")
        };
        let (ingress, egress) = way.split_once(" > ").expect("a way has two ends");
        let found = evaluate(&device, ingress, egress, &parse(packet));
        let (verdict, at) = expected
            .split_once(" @")
            .map_or((*expected, None), |(verdict, at)| (verdict, Some(at)));
        let said = match (found.may, found.must) {
            (true, true) => "allow",
            (false, _) => "deny",
            (true, false) => "either",
        };
        let placed = at.is_none_or(|at| found.lines.iter().any(|line| line.to_string() == at));
        if said != verdict.trim() || !placed {
            wrong.push(format!("{line}\n    but: {said}, decided by lines {:?}", found.lines));
        }
    }
    wrong
}

fn parse(text: &str) -> Packet {
    let words: Vec<&str> = text.split_whitespace().collect();
    let ends = |word: &str| -> (IpAddr, u16) {
        if let Ok(address) = word.parse() {
            return (address, 0);
        }
        let (address, port) = word.rsplit_once(':').expect("an address and a port");
        (
            address.trim_matches(['[', ']']).parse().expect("an address"),
            port.parse().expect("a port"),
        )
    };
    let ((from, source_port), (to, destination_port)) = (ends(words[1]), ends(words[3]));
    let ((family, source), (_, destination)) = (number(from), number(to));
    let mut packet = Packet {
        family,
        source,
        destination,
        protocol: match words[0] {
            "tcp" => protocol::TCP,
            "udp" => protocol::UDP,
            "icmp" => family.icmp(),
            other => other.parse().expect("a protocol"),
        },
        source_port,
        destination_port,
        state: State::New,
        flags: 0,
    };
    for word in words.iter().skip(4) {
        match *word {
            "established" => packet.state = State::Established,
            "related" => packet.state = State::Related,
            "invalid" => packet.state = State::Invalid,
            flags => {
                for letter in flags.trim_matches(['[', ']']).chars() {
                    packet.flags |= match letter {
                        'S' => flag::SYN,
                        'A' => flag::ACK,
                        'F' => flag::FIN,
                        'R' => flag::RST,
                        'P' => flag::PSH,
                        other => panic!("no flag: {other}"),
                    };
                }
            }
        }
    }
    packet
}
