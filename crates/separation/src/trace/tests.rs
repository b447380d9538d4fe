use std::net::IpAddr;

use model::lang::Text;

use super::{End, Step, walk};
use crate::device::route::Next;
use crate::device::{
    Action, Addresses, Chain, ChainId, Change, Device, Filter, Interface, Interfaces, Line, Match, Pipeline,
    PolicyRoute, Route, Rule, Scope, Service, Stage, Tracking, Translation, Unknown, Way,
};
use crate::fabric::Fabric;
use crate::network::{Network, ZoneId};
use crate::packet::{Family, Packet, State, number, protocol};
use crate::ranges::Ranges;

/// Zones `inner` (10.1.0.0/16) and `outer` (the rest), and two routers with a wire between them.
const TWO: &str = r#"
zone = [
  { name = "inner", tier = "lgwan", prefixes = ["10.1.0.0/16"] },
  { name = "outer", tier = "outside", rest = true },
]
link = [{ name = "wire" }]
device = [
  { name = "a", configurations = ["a"], interfaces = { in = "inner", out = "wire" } },
  { name = "b", configurations = ["b"], interfaces = { in = "wire", out = "outer" } },
]
"#;
const INNER: ZoneId = ZoneId(0);
const OUTER: ZoneId = ZoneId(1);

fn line(number: u32) -> Line {
    Line { file: 0, number }
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn interface(name: &str, address: &str) -> Interface {
    Interface {
        name: name.to_owned(),
        addresses: vec![(ip(address), 24)],
        table: String::new(),
        addressed_elsewhere: false,
        line: line(1),
    }
}

fn rule(number: u32, action: Action, condition: Match) -> Rule {
    Rule {
        name: number.to_string(),
        condition,
        action,
        line: line(number),
        last_line: number,
        logs: false,
        implied: false,
    }
}

fn to_port(port: u16) -> Match {
    Match {
        services: vec![Service::to_ports(protocol::TCP, Ranges::one(port))],
        ..Match::everything()
    }
}

fn default_route(gateway: &str) -> Route {
    Route {
        table: String::new(),
        network: ip("0.0.0.0"),
        length: 0,
        preference: 1,
        ways: vec![Way {
            condition: None,
            next: Next::Gateway(ip(gateway)),
        }],
        line: line(90),
    }
}

/// A router with one chain on everything that passes, after the way out is chosen.
fn router(addresses: [&str; 2], gateway: &str, rules: Vec<Rule>) -> Device {
    let chain = Chain {
        name: "only".to_owned(),
        rules,
        otherwise: Action::Deny,
        line: line(99),
    };
    let filter = Filter {
        scope: Scope {
            ingress: Interfaces::Any,
            egress: Interfaces::Any,
        },
        chain: ChainId(0),
        tracking: Tracking::Nothing,
        line: line(98),
    };
    Device {
        interfaces: vec![interface("in", addresses[0]), interface("out", addresses[1])],
        chains: vec![chain],
        routes: vec![default_route(gateway)],
        pipelines: vec![Pipeline {
            reading: None,
            stages: vec![Stage::Route, Stage::Filter(filter)],
        }],
        ..Device::default()
    }
}

fn near(rules: Vec<Rule>) -> Device {
    router(["10.1.0.1", "10.9.9.1"], "10.9.9.2", rules)
}

fn far(rules: Vec<Rule>) -> Device {
    let mut far = router(["10.9.9.2", "192.0.2.1"], "192.0.2.254", rules);
    far.routes.push(Route {
        network: ip("10.1.0.0"),
        length: 16,
        ways: vec![Way {
            condition: None,
            next: Next::Gateway(ip("10.9.9.1")),
        }],
        ..default_route("10.9.9.1")
    });
    far
}

fn fabric(near: Device, far: Device) -> Fabric {
    let (fabric, problems) = Fabric::new(Network::read(TWO).unwrap(), vec![near, far]);
    assert!(problems.is_empty(), "{problems:?}");
    fabric
}

fn packet(source: &str, destination: &str, port: u16) -> Packet {
    Packet {
        family: Family::V4,
        source: number(ip(source)).1,
        destination: number(ip(destination)).1,
        protocol: protocol::TCP,
        source_port: 50_000,
        destination_port: port,
        state: State::New,
        flags: 2,
    }
}

fn permit_all() -> Vec<Rule> {
    vec![rule(1, Action::Permit, Match::everything())]
}

fn ends(fabric: &Fabric, from: ZoneId, packet: Packet) -> Vec<End> {
    let walk = walk(fabric, from, packet, &|first, _| first);
    assert!(walk.complete);
    walk.branches.into_iter().map(|branch| branch.end).collect()
}

#[test]
fn a_packet_passes_two_routers_and_the_line_that_lets_it_is_told() {
    let fabric = fabric(near(vec![rule(7, Action::Permit, to_port(443))]), far(permit_all()));
    let out = walk(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", 443), &|first, _| {
        first
    });
    assert!(out.must_arrive(OUTER));
    let [branch] = out.branches.as_slice() else {
        panic!("{out:?}")
    };
    assert_eq!(branch.hops.len(), 2);
    let lines: Vec<_> = branch.hops[0]
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Rule { line, .. } => Some(line.number),
            _ => None,
        })
        .collect();
    assert_eq!(lines, [7]);
    assert_eq!(
        ends(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", 80)),
        [End::Denied]
    );
}

#[test]
fn a_route_back_leads_back_and_the_routers_own_addresses_are_no_way_through() {
    let fabric = fabric(near(permit_all()), far(permit_all()));
    assert_eq!(
        ends(&fabric, OUTER, packet("198.51.100.1", "10.1.0.77", 22)),
        [End::Arrives(INNER)]
    );
    assert_eq!(
        ends(&fabric, OUTER, packet("198.51.100.1", "10.9.9.1", 22)),
        [End::ForDevice]
    );
}

#[test]
fn a_gateway_that_points_back_is_a_loop() {
    let mut back = far(permit_all());
    back.routes[0] = default_route("10.9.9.1");
    let fabric = fabric(near(permit_all()), back);
    assert_eq!(
        ends(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", 443)),
        [End::Loop]
    );
}

#[test]
fn what_cannot_be_known_may_pass_and_need_not() {
    let mut sometimes = to_port(443);
    sometimes.unknown.push(Unknown {
        on: Text::fixed("時間帯", "the time of day"),
    });
    let fabric = fabric(near(vec![rule(1, Action::Permit, sometimes)]), far(permit_all()));
    let walk = walk(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", 443), &|first, _| {
        first
    });
    assert!(walk.may_arrive(OUTER) && !walk.must_arrive(OUTER));
    assert!(walk.branches.iter().all(|branch| branch.supposes.len() == 1));
}

#[test]
fn a_translated_packet_meets_the_next_filter_as_it_is_then() {
    let mut masquerading = near(permit_all());
    let translation = Translation {
        name: "masquerade".to_owned(),
        condition: Match::all_of(Family::V4),
        source: Change::Into {
            first: number(ip("10.9.9.1")).1,
            last: number(ip("10.9.9.1")).1,
        },
        destination: Change::Keep,
        source_port: Change::Into {
            first: 60_000,
            last: 64_095,
        },
        destination_port: Change::Keep,
        line: line(50),
    };
    masquerading.pipelines[0]
        .stages
        .push(Stage::Translate(vec![translation]));
    let only_from_router = Match {
        source: Addresses::one(ip("10.9.9.1")),
        ..Match::everything()
    };
    let fabric = fabric(masquerading, far(vec![rule(1, Action::Permit, only_from_router)]));
    let out = walk(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", 443), &|_, last| last);
    assert!(out.must_arrive(OUTER));
    assert_eq!(out.branches[0].hops[1].came.source_port, 64_095);
}

#[test]
fn a_policy_route_comes_before_the_table() {
    let mut detoured = near(permit_all());
    detoured.policy_routes.push(PolicyRoute {
        condition: to_port(25),
        ways: vec![Way {
            condition: None,
            next: Next::Discard,
        }],
        line: line(60),
    });
    let fabric = fabric(detoured, far(permit_all()));
    assert_eq!(
        ends(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", 25)),
        [End::NoRoute]
    );
    assert_eq!(
        ends(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", 26)),
        [End::Arrives(OUTER)]
    );
}

#[test]
fn chains_call_return_and_go_without_coming_back() {
    let mut device = near(vec![
        rule(1, Action::Jump(ChainId(1)), to_port(1)),
        rule(2, Action::Goto(ChainId(1)), to_port(2)),
        rule(3, Action::Permit, Match::everything()),
    ]);
    device.chains.push(Chain {
        name: "called".to_owned(),
        rules: vec![rule(11, Action::Return, Match::everything())],
        otherwise: Action::Return,
        line: line(10),
    });
    let fabric = fabric(device, far(permit_all()));
    let end = |port| ends(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", port));
    assert_eq!(end(1), [End::Arrives(OUTER)]);
    assert_eq!(end(2), [End::Denied]);
}

#[test]
fn chains_that_call_each_other_in_a_circle_let_nothing_pass() {
    let fabric = fabric(
        near(vec![rule(1, Action::Jump(ChainId(0)), Match::everything())]),
        far(permit_all()),
    );
    assert_eq!(
        ends(&fabric, INNER, packet("10.1.2.3", "198.51.100.1", 1)),
        [End::Denied]
    );
}
