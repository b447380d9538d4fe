use std::net::IpAddr;

use jiff::civil::date;
use model::lang::Text;

use super::{Assertion, Checked, Finding, Kind, Options, Outcome, check, diff, matrix, policy_test, unreachable};
use crate::device::rule::States;
use crate::device::{
    Action, Addresses, Affects, Chain, ChainId, Device, Filter, Interface, InterfaceId, Interfaces, Line, Match,
    Pipeline, Rule, Scope, Service, Stage, Tracking, Unread,
};
use crate::fabric::Fabric;
use crate::network::{Network, ZoneId, demands};
use crate::packet::protocol;
use crate::ranges::Ranges;
use crate::trace::walk;

const NETWORK: &str = r#"
zone = [
  { name = "mn", tier = "mynumber", prefixes = ["10.10.0.0/16"] },
  { name = "lg", tier = "lgwan", prefixes = ["10.20.0.0/16"] },
  { name = "net", tier = "internet", prefixes = ["10.30.0.0/16"] },
]
device = [{ name = "core", configurations = ["core"], interfaces = { mn = "mn", lg = "lg", net = "net" } }]
gateway = [{ name = "cleaner", kind = "sanitise", hosts = ["10.20.9.5"] }]
permitted = [
  { id = "PP-1", from = "lg", to = "mn", source = ["10.20.1.11"], destination = ["10.10.1.11"], protocol = "tcp", ports = ["443"], reason = "r", approver = "a", expires = "2027-03-31" },
  { id = "PP-2", from = "net", to = "lg", source = ["10.30.1.1"], destination = ["10.20.9.5"], protocol = "tcp", ports = ["8443"], reason = "r", approver = "a" },
  { id = "PP-3", from = "net", to = "lg", source = ["10.30.1.1"], destination = ["10.20.1.1"], protocol = "tcp", ports = ["22"], reason = "r", approver = "a" },
]
"#;
const MN: ZoneId = ZoneId(0);
const LG: ZoneId = ZoneId(1);
const NET: ZoneId = ZoneId(2);
pub(super) const NETWORK_ZONES: [ZoneId; 3] = [MN, LG, NET];

fn interface(name: &str, address: &str) -> Interface {
    Interface {
        name: name.to_owned(),
        addresses: vec![(address.parse().unwrap(), 16)],
        table: String::new(),
        addressed_elsewhere: false,
        line: Line { file: 0, number: 1 },
    }
}

pub(super) fn rule(number: u32, action: Action, condition: Match) -> Rule {
    let line = Line { file: 0, number };
    Rule {
        name: number.to_string(),
        condition,
        action,
        line,
        last_line: number,
        logs: false,
        implied: false,
    }
}

pub(super) fn net(text: &str) -> Addresses {
    let (address, length) = text.split_once('/').unwrap_or((text, "32"));
    Addresses::network(address.parse::<IpAddr>().unwrap(), length.parse().unwrap())
}

/// TCP from hosts to a port of hosts, as it comes in by an interface (0 mn, 1 lg, 2 net).
fn tcp(by: u16, source: &str, destination: &str, ports: (u16, u16)) -> Match {
    Match {
        ingress: Interfaces::These(vec![InterfaceId(by)]),
        source: net(source),
        destination: net(destination),
        services: vec![Service::to_ports(protocol::TCP, Ranges::span(ports.0, ports.1))],
        ..Match::everything()
    }
}

pub(super) fn approved() -> Rule {
    rule(11, Action::Permit, tcp(1, "10.20.1.11", "10.10.1.11", (443, 443)))
}

pub(super) fn cleaned() -> Rule {
    rule(12, Action::Permit, tcp(2, "10.30.1.1", "10.20.9.5", (8443, 8443)))
}

pub(super) fn core(rules: Vec<Rule>) -> Device {
    let chain = Chain {
        name: "forward".to_owned(),
        rules,
        otherwise: Action::Deny,
        line: Line { file: 0, number: 10 },
    };
    let filter = Filter {
        scope: Scope {
            ingress: Interfaces::Any,
            egress: Interfaces::Any,
        },
        chain: ChainId(0),
        tracking: Tracking::Everything,
        line: Line { file: 0, number: 9 },
    };
    Device {
        interfaces: vec![
            interface("mn", "10.10.0.1"),
            interface("lg", "10.20.0.1"),
            interface("net", "10.30.0.1"),
        ],
        chains: vec![chain],
        pipelines: vec![Pipeline {
            reading: None,
            stages: vec![Stage::Route, Stage::Filter(filter)],
        }],
        ..Device::default()
    }
}

pub(super) fn fabric(device: Device) -> Fabric {
    let (fabric, problems) = Fabric::new(Network::read(NETWORK).unwrap(), vec![device]);
    assert!(problems.is_empty(), "{problems:?}");
    fabric
}

fn checked(rules: Vec<Rule>) -> (Fabric, Checked) {
    let fabric = fabric(core(rules));
    let demands = demands(&fabric.network, "alpha");
    let checked = check(&fabric, &demands, Options::on(date(2026, 11, 25)));
    (fabric, checked)
}

fn found(checked: &Checked, kind: Kind, from: ZoneId, to: ZoneId) -> &Finding {
    let fits = |finding: &&Finding| (finding.kind, finding.from, finding.to) == (kind, from, to);
    checked
        .findings
        .iter()
        .find(fits)
        .unwrap_or_else(|| panic!("{:#?}", checked.findings))
}

#[test]
fn a_network_that_carries_what_is_approved_and_no_more_is_proved() {
    let (_, checked) = checked(vec![approved(), cleaned()]);
    assert_eq!(checked.unproven, []);
    let kinds: Vec<_> = checked
        .findings
        .iter()
        .map(|finding| (finding.kind, finding.path.as_deref()))
        .collect();
    assert_eq!(kinds, [(Kind::Unused, Some("PP-3"))]);
    assert_eq!(checked.proved.len(), 6);
}

#[test]
fn a_crossing_is_told_with_its_line_and_a_packet_that_passes() {
    let open = rule(13, Action::Permit, tcp(2, "10.30.0.0/16", "10.10.5.0/24", (3389, 3389)));
    let (fabric, checked) = checked(vec![approved(), cleaned(), open]);
    let finding = found(&checked, Kind::Crossing, NET, MN);
    assert_eq!(finding.rule.unwrap().line.number, 13);
    assert_eq!(finding.service, "tcp/3389");
    // 65,536 sources, 256 destinations, 65,536 source ports, 256 values of the flags.
    assert_eq!(
        finding.packets.to_string(),
        (65_536_u64 * 256 * 65_536 * 256).to_string()
    );
    assert!(walk(&fabric, NET, finding.witness.unwrap(), &|first, _| first).must_arrive(MN));
    assert!(!checked.proved.contains(&(NET, MN)) && checked.proved.contains(&(MN, NET)));
}

#[test]
fn a_rule_that_carries_a_path_and_more_is_too_wide() {
    let wide = rule(11, Action::Permit, tcp(1, "10.20.1.0/24", "10.10.1.11", (443, 443)));
    let (_, checked) = checked(vec![wide, cleaned()]);
    let finding = found(&checked, Kind::Wider, LG, MN);
    assert_eq!(finding.path.as_deref(), Some("PP-1"));
    assert_eq!(finding.packets.to_string(), (255_u64 * 65_536 * 256).to_string());
}

#[test]
fn an_approval_that_has_ended_covers_nothing() {
    let fabric = fabric(core(vec![approved(), cleaned()]));
    let demands = demands(&fabric.network, "alpha");
    let on = |day| check(&fabric, &demands, Options::on(day));
    assert!(on(date(2027, 3, 31)).proved.contains(&(LG, MN)));
    let late = on(date(2027, 4, 1));
    assert_eq!(found(&late, Kind::Expired, LG, MN).path.as_deref(), Some("PP-1"));
    assert!(!late.proved.contains(&(LG, MN)));
}

#[test]
fn a_path_past_the_gateway_is_not_allowed_between_lgwan_and_internet() {
    let past = rule(14, Action::Permit, tcp(2, "10.30.1.1", "10.20.1.1", (22, 22)));
    let (_, checked) = checked(vec![approved(), cleaned(), past]);
    assert_eq!(found(&checked, Kind::NotAllowed, NET, LG).path.as_deref(), Some("PP-3"));
    assert!(!checked.proved.contains(&(NET, LG)));
}

#[test]
fn a_rule_that_believes_any_interface_is_passed_with_a_borrowed_source() {
    let mut believing = approved();
    believing.condition.ingress = Interfaces::Any;
    let (_, checked) = checked(vec![believing, cleaned()]);
    let finding = found(&checked, Kind::Spoofable, NET, MN);
    assert_eq!(finding.witness.unwrap().source, 0x0a14_010b);
    assert!(checked.proved.contains(&(LG, MN)));
}

#[test]
fn answers_of_known_flows_are_no_crossing_but_flags_prove_no_flow() {
    let known = Match {
        states: States::known(),
        ..Match::everything()
    };
    let (_, tracked) = checked(vec![rule(5, Action::Permit, known), approved(), cleaned()]);
    assert_eq!(tracked.proved.len(), 6);
    let acked = Match {
        services: vec![Service::tcp_flags(0x10, 0x10)],
        ..Match::everything()
    };
    let (_, stateless) = checked(vec![rule(5, Action::Permit, acked), approved(), cleaned()]);
    let finding = found(&stateless, Kind::Crossing, NET, MN);
    assert_eq!(
        (finding.rule.unwrap().line.number, finding.witness.unwrap().flags),
        (5, 16)
    );
}

#[test]
fn a_line_that_nobody_understood_keeps_its_pairs_from_being_proved() {
    let mut device = core(vec![approved(), cleaned()]);
    device.unread.push(Unread {
        line: Line { file: 0, number: 77 },
        text: "odd".to_owned(),
        why: Text::fixed("読めない", "not understood"),
        affects: Affects::Interface(InterfaceId(0)),
    });
    let fabric = fabric(device);
    let checked = check(
        &fabric,
        &demands(&fabric.network, "alpha"),
        Options::on(date(2026, 11, 25)),
    );
    assert_eq!(checked.proved, [(LG, NET), (NET, LG)]);
    assert!(checked.unproven.iter().all(|open| open.at.unwrap().1.number == 77));
}

#[test]
fn a_budget_that_ends_proves_nothing() {
    let fabric = fabric(core(vec![approved(), cleaned()]));
    let options = Options {
        budget: 1,
        ceiling: 8,
        ..Options::on(date(2026, 11, 25))
    };
    let checked = check(&fabric, &demands(&fabric.network, "alpha"), options);
    assert_eq!(checked.proved, []);
    assert!(checked.findings.is_empty() && checked.unproven.len() >= 6);
}

#[test]
fn the_answer_does_not_depend_on_how_many_work_on_it() {
    let rules = || {
        vec![
            approved(),
            rule(13, Action::Permit, tcp(2, "10.30.0.0/16", "10.10.0.0/16", (1, 9))),
        ]
    };
    let fabric = fabric(core(rules()));
    let demands = demands(&fabric.network, "alpha");
    let with = |threads| {
        check(
            &fabric,
            &demands,
            Options {
                threads,
                ..Options::on(date(2026, 11, 25))
            },
        )
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn a_change_is_told_in_packets_and_not_in_lines() {
    let old = fabric(core(vec![approved(), cleaned()]));
    // The same packets in another order of lines, one port more, one path less.
    let wide = rule(21, Action::Permit, tcp(1, "10.20.1.11", "10.10.1.11", (443, 444)));
    let new = fabric(core(vec![wide]));
    let options = Options::on(date(2026, 11, 25));
    let changed = diff(&old, &new, options);
    let told: Vec<_> = changed
        .changes
        .iter()
        .map(|change| {
            (
                change.appears,
                change.from,
                change.to,
                &*change.service,
                change.rule.unwrap().line.number,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (true, LG, Some(MN), "tcp/444", 21),
            (false, NET, Some(LG), "tcp/8443", 12)
        ]
    );
    assert_eq!(diff(&old, &old, options), super::Diff::default());
}

#[test]
fn several_lines_may_block_one_only_together() {
    let fabric = fabric(core(vec![
        rule(1, Action::Permit, tcp(1, "10.20.0.0/17", "10.10.0.0/16", (80, 80))),
        rule(2, Action::Deny, tcp(1, "10.20.128.0/17", "10.10.0.0/16", (80, 80))),
        rule(3, Action::Permit, tcp(1, "10.20.0.0/16", "10.10.1.0/24", (80, 80))),
        rule(4, Action::Permit, tcp(1, "10.20.0.0/16", "10.10.1.0/24", (80, 81))),
        rule(5, Action::Permit, tcp(2, "10.20.0.0/16", "10.10.1.0/24", (80, 80))),
    ]));
    let (found, unknown) = unreachable(&fabric, Options::on(date(2026, 11, 25)));
    assert_eq!(unknown, []);
    let [only] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(only.rule.line.number, 3);
    assert_eq!(
        only.blocked_by.iter().map(|by| by.line.number).collect::<Vec<_>>(),
        [1, 2]
    );
    assert!(only.differs);
}

#[test]
fn the_matrix_shows_what_goes_where() {
    let (cells, unknown) = matrix(
        &fabric(core(vec![approved(), cleaned()])),
        Options::on(date(2026, 11, 25)),
    );
    assert_eq!(unknown, []);
    let told: Vec<_> = cells
        .iter()
        .map(|cell| (cell.from, cell.to, cell.services.join(" ")))
        .collect();
    // A zone's own router sends back what comes to it for the zone itself: the chain keeps that out too.
    assert_eq!(told, [(LG, MN, "tcp/443".to_owned()), (NET, LG, "tcp/8443".to_owned())]);
}

#[test]
fn assertions_hold_or_show_a_packet() {
    let fabric = fabric(core(vec![approved(), cleaned()]));
    let written = r#"
        assert = [
          { name = "a", from = "lg", to = "mn", source = ["10.20.1.11"], destination = ["10.10.1.11"], protocol = "tcp", ports = ["443"], expect = "pass" },
          { name = "b", from = "lg", to = "mn", source = ["10.20.1.11"], destination = ["10.10.1.11"], protocol = "tcp", ports = ["443-444"], expect = "pass" },
          { name = "c", from = "net", to = "mn", expect = "blocked" },
          { name = "d", from = "lg", to = "mn", expect = "blocked" },
          { name = "e", from = "lg", to = "mn", source = ["2001:db8::1"], destination = ["10.10.1.1"], expect = "blocked" },
        ]"#;
    let assertions = Assertion::read(written, &fabric.network).unwrap();
    let outcomes = policy_test(&fabric, &assertions, Options::on(date(2026, 11, 25)));
    let [
        Outcome::Holds,
        Outcome::Fails(short),
        Outcome::Holds,
        Outcome::Fails(open),
        Outcome::Empty,
    ] = &outcomes[..]
    else {
        panic!("{outcomes:?}")
    };
    assert_eq!((short.destination_port, open.destination_port), (444, 443));
    let wrong = r#"assert = [{ name = "x", from = "nowhere", to = "mn", source = ["10.0.0.0/99"], expect = "pass" }]"#;
    assert_eq!(Assertion::read(wrong, &fabric.network).unwrap_err().len(), 2);
}

/// Two routers: the near one begins flows with SYN alone and remembers them, the far one lets everything pass that has ACK.
#[test]
fn packets_after_the_first_pass_where_the_first_does_not() {
    let network = r#"
    zone = [
      { name = "a", tier = "lgwan", prefixes = ["10.1.0.0/16"] },
      { name = "b", tier = "mynumber", prefixes = ["10.2.0.0/16"] },
    ]
    link = [{ name = "wire" }]
    device = [
      { name = "near", configurations = ["n"], interfaces = { mn = "a", lg = "wire" } },
      { name = "far", configurations = ["f"], interfaces = { mn = "wire", lg = "b" } },
    ]"#;
    let flags = |mask, value| Match {
        services: vec![Service::tcp_flags(mask, value)],
        ..Match::everything()
    };
    let router = |ends: [&str; 2], onward: &str, rules: Vec<Rule>, tracking| {
        let mut device = core(rules);
        device.interfaces = vec![interface("mn", ends[0]), interface("lg", ends[1])];
        let Some(Stage::Filter(filter)) = device.pipelines[0].stages.last_mut() else {
            unreachable!()
        };
        filter.tracking = tracking;
        for network in ["10.1.0.0", "10.2.0.0"] {
            device.routes.push(crate::device::Route {
                table: String::new(),
                network: network.parse().unwrap(),
                length: 16,
                preference: 1,
                ways: vec![crate::device::Way {
                    condition: None,
                    next: crate::device::route::Next::Gateway(onward.parse().unwrap()),
                }],
                line: Line { file: 0, number: 3 },
            });
        }
        device
    };
    let near = |known: bool| {
        let states = Match {
            states: States::known(),
            ..Match::everything()
        };
        let mut rules = vec![rule(2, Action::Permit, flags(0x12, 0x02))];
        rules.extend(known.then(|| rule(1, Action::Permit, states)));
        router(["10.1.0.1", "10.9.0.1"], "10.9.0.2", rules, Tracking::Everything)
    };
    let far = || {
        router(
            ["10.9.0.2", "10.2.0.1"],
            "10.9.0.1",
            vec![rule(4, Action::Permit, flags(0x10, 0x10))],
            Tracking::Nothing,
        )
    };
    let checked = |known| {
        let (fabric, problems) = Fabric::new(Network::read(network).unwrap(), vec![near(known), far()]);
        assert!(problems.is_empty());
        check(
            &fabric,
            &demands(&fabric.network, "alpha"),
            Options::on(date(2026, 11, 25)),
        )
    };
    assert!(checked(false).proved.contains(&(ZoneId(0), ZoneId(1))));
    let found = checked(true);
    let finding = found
        .findings
        .iter()
        .find(|finding| finding.kind == Kind::Crossing)
        .unwrap();
    assert_eq!(finding.rule.unwrap().line.number, 4);
    assert_eq!(finding.witness.unwrap().flags & 0x12, 0x10);
}

/// Only what a change can be about is compared; that must be as if everything were.
#[test]
fn a_change_is_the_same_whether_it_is_asked_after_little_or_much() {
    use crate::diagram::generate::{Shape, Stream};
    use crate::fabric::generate::city;
    let options = Options::on(date(2026, 11, 25));
    let mut changed = 0;
    for seed in 0..12 {
        let stream = &mut Stream::new(seed);
        let old = city(Shape::Firewall, 40, 3, seed).unwrap();
        let mut new = city(Shape::Firewall, 40, 3, seed).unwrap();
        let rules = &mut new.nodes[0].device.chains[0].rules;
        let at = usize::try_from(stream.below(40)).unwrap();
        match stream.below(3) {
            0 => drop(rules.remove(at)),
            1 => rules[at].action = Action::Permit,
            _ => rules.swap(at, 39 - at),
        }
        let little = diff(&old, &new, options);
        // Another device's name for an interface that nothing uses makes everything suspect.
        new.nodes[0].device.interfaces[0].name.push('x');
        let much = diff(&old, &new, options);
        assert_eq!(little, much, "seed {seed}");
        changed += little.changes.len();
    }
    assert!(changed > 10, "{changed}");
}
