//! `listed.nft` and `listed.json` are what `nft list ruleset` and `nft -j list ruleset` print after loading `sample.nft`.

use super::Nftables;
use crate::device::{Action, Change, Device, Line, Stage};
use crate::dialect::Dialect;
use crate::source::Source;

const LISTED: &str = include_str!("listed.nft");
const JSON: &str = include_str!("listed.json");
const ADDRESSES: &str = "\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
2: lan0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    link/ether 00:00:5e:00:53:01 brd ff:ff:ff:ff:ff:ff
    inet 10.20.0.1/16 brd 10.20.255.255 scope global lan0
       valid_lft forever preferred_lft forever
    inet6 fd00:20::1/64 scope global
    inet6 fe80::200:5eff:fe00:5301/64 scope link
3: wan0@eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    inet 198.51.100.2/29 brd 198.51.100.7 scope global dynamic wan0
";
const ROUTES: &str = "\
default via 198.51.100.1 dev wan0 proto dhcp metric 100
10.10.0.0/16 via 10.20.255.1 dev lan0
10.30.0.0/16 proto static
\tnexthop via 10.20.255.2 dev lan0 weight 1
\tnexthop via 10.20.255.3 dev lan0 weight 1
blackhole 192.0.2.0/24
local 10.20.0.1 dev lan0 table local proto kernel scope host src 10.20.0.1
default via fd00:20::ff dev lan0 metric 1024 pref medium
";

fn read(texts: &[&str]) -> Device {
    let files: Vec<Source> = texts.iter().map(|text| Source::new(*text)).collect();
    Nftables.read(&files)
}

/// Everything but places and the names that are made of them.
fn anywhere(mut device: Device) -> Device {
    let nowhere = Line { file: 0, number: 0 };
    for chain in &mut device.chains {
        chain.line = nowhere;
        for rule in &mut chain.rules {
            (rule.line, rule.last_line, rule.name) = (nowhere, 0, String::new());
        }
    }
    for interface in &mut device.interfaces {
        interface.line = nowhere;
    }
    for stage in device.pipelines.iter_mut().flat_map(|pipeline| &mut pipeline.stages) {
        match stage {
            Stage::Filter(filter) => filter.line = nowhere,
            Stage::Translate(translations) => {
                for translation in translations {
                    (translation.line, translation.name) = (nowhere, String::new());
                }
            }
            Stage::Route => {}
        }
    }
    device
}

#[test]
fn the_sample_is_understood_whole() {
    let device = read(&[Nftables.sample()]);
    assert!(device.unread.is_empty(), "{:#?}", device.unread);
    assert_eq!(device.pipelines[0].stages.len(), 4);
}

#[test]
fn text_and_json_of_one_ruleset_are_one_device() {
    let (text, json) = (read(&[LISTED]), read(&[JSON]));
    assert!(text.unread.is_empty() && json.unread.is_empty(), "{:#?}", json.unread);
    assert_eq!(anywhere(text), anywhere(json));
}

#[test]
fn json_is_shown_a_line_for_each_object_without_its_comments() {
    let redacted = Nftables.redact(Source::new(JSON));
    assert!(!redacted.text.contains("himitsu"));
    assert_eq!(redacted.hidden.len(), 3);
    let device = read(&[&redacted.text]);
    assert_eq!(device, read(&[JSON]));
    let rule = device
        .chains
        .iter()
        .flat_map(|chain| &chain.rules)
        .find(|rule| rule.action == Action::Deny)
        .unwrap();
    let line = redacted.text.lines().nth(rule.line.number as usize - 1).unwrap();
    assert!(line.contains("\"drop\""), "{line}");
}

#[test]
fn what_is_not_understood_names_its_line_and_chain() {
    for (rule, understood) in [
        ("tcp dport 22 accept", true),
        ("tcp dprot 22 accept", false),
        ("@th,16,16 22 accept", false),
        ("notrack", false),
        ("tcp dport 22 tproxy to :80", false),
        ("ip saddr @nowhere accept", false),
        ("jump nowhere", false),
        ("ip saddr 10.0.0.300 accept", false),
        ("ct state strange accept", false),
        ("tcp flags != syn accept", false),
        ("ip saddr . tcp dport != { 10.0.0.1 . 22 } accept", false),
        ("meta hour \"08:00\"-\"17:00\" accept", true),
        ("fib saddr . iif oif missing drop", true),
        ("ct mark & 0xff == 0x1 accept", true),
    ] {
        let text = format!(
            "table inet t {{\n chain c {{\n  type filter hook forward priority 0; policy drop;\n  {rule}\n }}\n}}\n"
        );
        let device = read(&[&text]);
        assert_eq!(device.unread.is_empty(), understood, "{rule}: {:?}", device.unread);
        assert!(
            device.unread.iter().all(|unread| unread.line.number == 4),
            "{rule}: {:?}",
            device.unread
        );
    }
}

#[test]
fn a_condition_that_no_packet_shows_is_unknown() {
    let text =
        "table ip t { chain c { type filter hook forward priority 0; meta skuid 0 accept; ip saddr 10.0.0.1 drop; }; }";
    let device = read(&[text]);
    let rules = &device.chains[0].rules;
    assert_eq!(rules.len(), 3, "{rules:#?}");
    assert_eq!(rules[1].condition.unknown.len(), 1);
    assert!(rules[2].condition.unknown.is_empty());
}

#[test]
fn a_table_of_one_family_lets_the_other_pass() {
    let device = read(&["table ip t { chain c { type filter hook forward priority 0; policy drop; } }"]);
    let first = &device.chains[0].rules[0];
    assert_eq!(first.action, Action::Permit);
    assert!(first.condition.source.v4.is_empty() && first.condition.source.v6.is_all());
}

#[test]
fn interfaces_and_routes_come_from_the_files_beside() {
    let device = read(&[Nftables.sample(), ADDRESSES, ROUTES]);
    assert!(device.unread.is_empty(), "{:#?}", device.unread);
    let names: Vec<_> = device.interfaces.iter().map(|interface| &*interface.name).collect();
    assert_eq!(names.get(..3).unwrap(), ["lo", "lan0", "wan0"]);
    assert_eq!(device.interfaces[1].addresses.len(), 2);
    assert!(device.interfaces[2].addressed_elsewhere);
    let lengths: Vec<_> = device
        .routes
        .iter()
        .map(|route| (route.length, route.ways.len()))
        .collect();
    assert_eq!(lengths, [(0, 1), (16, 1), (16, 2), (24, 1), (0, 1)]);
    assert_eq!(device.routes[1].line.file, 2);
}

#[test]
fn a_masqueraded_address_is_that_of_the_way_out_if_it_is_known() {
    let masquerade =
        "table ip n { chain p { type nat hook postrouting priority 100; oifname { \"lan0\", \"wan0\" } masquerade; } }";
    let device = read(&[masquerade, ADDRESSES]);
    let Stage::Translate(translations) = &device.pipelines[0].stages[1] else {
        panic!()
    };
    let sources: Vec<_> = translations.iter().map(|translation| &translation.source).collect();
    let lan0 = 0x0a14_0001;
    assert_eq!(
        sources[0],
        &Change::Into {
            first: lan0,
            last: lan0
        }
    );
    assert_eq!(
        sources[1],
        &Change::Into {
            first: 0,
            last: u128::from(u32::MAX)
        }
    );
}

#[test]
fn a_file_that_ends_in_the_middle_is_told_and_loses_nothing_before() {
    let sample = Nftables.sample();
    for (at, _) in sample.char_indices() {
        let device = read(&[sample.get(..at).unwrap()]);
        let opened = sample.get(..at).unwrap().matches('{').count();
        let closed = sample.get(..at).unwrap().matches('}').count();
        assert!(opened == closed || !device.unread.is_empty(), "{at}");
    }
}

#[test]
fn a_rule_about_many_interfaces_is_about_those_that_later_rules_name() {
    let device = read(&[
        "table ip f { chain forward { type filter hook forward priority 0; policy drop;\n iifname \"lan*\" accept\n \
         iifname \"lan7\" drop\n } }\n",
    ]);
    let lan7 = device.interface("lan7").unwrap();
    let rules = &device.chains[0].rules;
    let accepts = rules.iter().find(|rule| rule.line.number == 2).unwrap();
    assert!(accepts.condition.ingress.contains(lan7), "{rules:#?}");
}
