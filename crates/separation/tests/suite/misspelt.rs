//! A word of the language that is spelt wrongly is never passed over.

use separation::dialect::{DIALECTS, named};

use crate::dialect::read;

/// Words of each language that decide what passes, as they stand in the samples.
const KEYWORDS: &[(&str, &[&str])] = &[
    (
        "iptables",
        &[
            "-A",
            "-i",
            "-o",
            "-s",
            "-d",
            "-p",
            "-m",
            "-g",
            "-j",
            "--dport",
            "--dports",
            "--sport",
            "--ctstate",
            "--state",
            "--tcp-flags",
            "--icmp-type",
            "--src-range",
            "--limit",
            "--match-set",
            "--mac-source",
            "--to-destination",
            "--to-source",
            "--reject-with",
            "--set-xmark",
            "--clamp-mss-to-pmtu",
            "multiport",
            "limit",
            "RELATED,ESTABLISHED",
            "INVALID",
            "tcp",
            "udp",
            "ACCEPT",
            "DROP",
            "REJECT",
            "RETURN",
        ],
    ),
    (
        "nftables",
        &[
            "accept",
            "drop",
            "return",
            "jump",
            "dport",
            "saddr",
            "daddr",
            "ct",
            "state",
            "vmap",
            "ip",
            "ip6",
            "tcp",
            "udp",
            "icmp",
            "icmpv6",
            "meta",
            "l4proto",
            "iifname",
            "oifname",
            "mark",
            "limit",
            "rate",
            "burst",
            "group",
            "counter",
            "table",
            "chain",
            "set",
            "map",
            "elements",
            "flags",
            "hook",
            "priority",
            "policy",
            "dnat",
            "snat",
            "to",
            "masquerade",
            "redirect",
            "define",
            "flush",
        ],
    ),
    (
        "yamaha",
        &[
            "filter",
            "pass",
            "reject",
            "secure",
            "gateway",
            "established",
            "tcp",
            "dynamic",
            "in",
            "nat",
            "select",
            "address",
            "masquerade",
        ],
    ),
    (
        "fortios",
        &[
            "config",
            "edit",
            "set",
            "next",
            "srcintf",
            "action",
            "accept",
            "subnet",
            "tcp-portrange",
            "member",
            "extip",
            "gateway",
            "device",
            "service",
        ],
    ),
    (
        "ios",
        &[
            "permit",
            "deny",
            "established",
            "access-group",
            "any",
            "host",
            "eq",
            "in",
            "route",
            "nat",
            "access-list",
            "object-group",
            "interface",
            "evaluate",
            "security",
            "zone-member",
            "class",
            "inspect",
            "service-policy",
        ],
    ),
    (
        "asa",
        &[
            "access-list",
            "access-group",
            "permit",
            "deny",
            "extended",
            "any",
            "any4",
            "host",
            "eq",
            "in",
            "out",
            "global",
            "object",
            "object-group",
            "network",
            "subnet",
            "nameif",
            "security-level",
            "management-only",
            "interface",
            "nat",
            "static",
            "dynamic",
            "source",
            "destination",
            "route",
            "same-security-traffic",
            "inactive",
        ],
    ),
    (
        "ix",
        &[
            "access-list",
            "permit",
            "deny",
            "src",
            "dest",
            "sport",
            "dport",
            "any",
            "eq",
            "range",
            "filter",
            "in",
            "out",
            "dynamic",
            "access",
            "route",
            "napt",
            "nat",
            "static",
            "interface",
            "address",
        ],
    ),
    (
        "junos",
        &[
            "set",
            "policies",
            "from-zone",
            "to-zone",
            "policy",
            "match",
            "then",
            "source-address",
            "application",
            "permit",
            "deny",
            "filter",
            "term",
            "from",
            "address",
            "interfaces",
            "unit",
            "family",
            "rule-set",
            "rule",
            "route",
            "next-hop",
            "deactivate",
            "apply-groups",
        ],
    ),
    (
        "panos",
        &[
            "set",
            "network",
            "interface",
            "layer3",
            "ip",
            "virtual-router",
            "static-route",
            "destination",
            "zone",
            "address",
            "ip-netmask",
            "static",
            "protocol",
            "port",
            "rulebase",
            "rules",
            "from",
            "to",
            "source",
            "application",
            "service",
            "action",
            "allow",
            "drop",
            "negate-destination",
            "disabled",
            "destination-translation",
            "source-translation",
        ],
    ),
];

#[test]
fn a_misspelt_keyword_is_named_with_its_line() {
    for dialect in DIALECTS {
        let name = dialect.name();
        let keywords = KEYWORDS.iter().find(|(of, _)| *of == name);
        let (_, keywords) = keywords.unwrap_or_else(|| panic!("{name}: no keywords to misspell"));
        for keyword in *keywords {
            misspell(name, keyword);
        }
    }
}

/// Spells the keyword wrongly, one place at a time, in up to five of the places where it stands.
fn misspell(name: &str, keyword: &str) {
    let dialect = named(name).unwrap();
    let lines: Vec<&str> = dialect.sample().lines().collect();
    // Signs hang on words: `drop;`, a tab before the first.
    let bare = |word: &str| word.trim_matches(['\t', ';', ',']) == keyword;
    let readable = lines.iter().enumerate().filter(|(_, line)| !is_comment(line));
    let places = readable.flat_map(|(at, line)| {
        let fitting = line.split(' ').enumerate().filter(|(_, word)| bare(word));
        fitting.map(move |(place, _)| (at, place)).collect::<Vec<_>>()
    });
    let places: Vec<(usize, usize)> = places.collect();
    for (at, place) in places.iter().copied().step_by(1 + places.len() / 5) {
        let words: Vec<&str> = lines[at].split(' ').collect();
        let (begin, last) = keyword.split_at(keyword.len() - 1);
        let wrong = words[place].replace(keyword, &format!("{begin}q{last}"));
        let mut changed = words.clone();
        changed[place] = &wrong;
        let changed = changed.join(" ");
        let text = [&lines[..at], &[&*changed], &lines[at + 1..]].concat().join("\n");
        let unread = read(dialect, &text).unread;
        assert!(
            // The statement may have begun on the line before.
            unread
                .iter()
                .any(|unread| (at..=at + 1).contains(&usize::try_from(unread.line.number).unwrap())),
            "{name} passed over line {}: {changed}\n{unread:#?}",
            at + 1
        );
    }
    assert!(!places.is_empty(), "{name}: `{keyword}` is not in the sample");
}

fn is_comment(line: &str) -> bool {
    // Lines of commands that decide nothing have the same words.
    let beside = ["ipsec", "snmp", "dhcp", "radius", "syslog", "mail", "description"];
    let begin = line.split_whitespace().next().unwrap_or_default();
    beside.contains(&begin)
        || line.contains("himitsu")
        || line.trim_start().starts_with(['#', '!'])
        || line.contains("remark")
        || line.contains("description")
}
