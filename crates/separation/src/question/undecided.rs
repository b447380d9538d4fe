//! Routes and translations of which nobody knows whether they hold: what passes under either is found, and nothing is proved that one of
//! them breaks.

use jiff::civil::date;
use model::lang::Text;

use super::tests::{approved, cleaned, core, fabric, net, rule};
use super::{Checked, Kind, Options, check};
use crate::device::route::Next;
use crate::device::{
    Action, Chain, ChainId, Change, Device, Filter, InterfaceId, Interfaces, Line, Match, PolicyRoute, Reading, Route,
    Service, Stage, Translation, Unknown, Way,
};
use crate::fabric::Fabric;
use crate::network::{ZoneId, demands};
use crate::packet::{Family, protocol};
use crate::ranges::Ranges;
use crate::trace::{End, walk};

const MN: ZoneId = ZoneId(0);
const NET: ZoneId = ZoneId(2);
const AT: Line = Line { file: 0, number: 70 };

/// Packets from the Internet zone to a port, if it is office hours.
fn in_office_hours(port: u16) -> Match {
    Match {
        ingress: Interfaces::These(vec![InterfaceId(2)]),
        source: net("10.30.0.0/16"),
        services: vec![Service::to_ports(protocol::TCP, Ranges::one(port))],
        unknown: vec![Unknown {
            on: Text::fixed("時間帯", "the time of day"),
        }],
        ..Match::everything()
    }
}

/// A router that lets a port pass from the Internet zone to whatever its routes say.
fn letting(port: u16) -> Device {
    let mut open = in_office_hours(port);
    open.unknown.clear();
    core(vec![approved(), cleaned(), rule(13, Action::Permit, open)])
}

fn asked(device: Device) -> (Fabric, Checked) {
    let fabric = fabric(device);
    let demands = demands(&fabric.network, "alpha");
    let checked = check(&fabric, &demands, Options::on(date(2026, 11, 25)));
    (fabric, checked)
}

/// Says that the Internet zone may reach MyNumber, with a packet that does so on one branch and ends otherwise on another.
fn is_found(device: Device, otherwise: End) {
    let (fabric, checked) = asked(device);
    let crossing = checked
        .findings
        .iter()
        .find(|finding| (finding.kind, finding.from, finding.to) == (Kind::Crossing, NET, MN));
    let finding = crossing.unwrap_or_else(|| panic!("{:#?}", checked.findings));
    assert_eq!(finding.rule.unwrap().line.number, 13);
    assert!(!checked.proved.contains(&(NET, MN)));
    let walk = walk(&fabric, NET, finding.witness.unwrap(), &|first, _| first);
    assert!(walk.may_arrive(MN) && !walk.must_arrive(MN));
    let other = walk.branches.iter().find(|branch| branch.end == otherwise);
    let supposes = &other.unwrap_or_else(|| panic!("{walk:#?}")).supposes;
    assert!(supposes[0].en.starts_with("the time of day"), "{supposes:?}");
}

fn way(condition: Option<Match>, next: Next) -> Vec<Way> {
    vec![Way { condition, next }]
}

#[test]
fn what_a_policy_route_may_keep_from_its_way_is_found() {
    let mut device = letting(3389);
    device.policy_routes.push(PolicyRoute {
        condition: in_office_hours(3389),
        ways: way(None, Next::Discard),
        line: AT,
    });
    is_found(device, End::NoRoute);
}

#[test]
fn what_a_policy_route_may_lead_astray_is_found() {
    let mut device = letting(3389);
    // The table leads to the zone's own router; the policy route into MyNumber.
    device.policy_routes.push(PolicyRoute {
        condition: in_office_hours(3389),
        ways: way(None, Next::Interface(InterfaceId(0))),
        line: AT,
    });
    device.routes.push(default_to(Next::Interface(InterfaceId(2))));
    let (_, checked) = asked(device);
    assert!(!checked.proved.contains(&(NET, MN)));
    let told = |finding: &super::Finding| (finding.kind, finding.from, finding.to) == (Kind::Crossing, NET, MN);
    assert!(checked.findings.iter().any(told));
}

fn default_to(next: Next) -> Route {
    Route {
        table: String::new(),
        network: "0.0.0.0".parse().unwrap(),
        length: 0,
        preference: 1,
        ways: way(None, next),
        line: AT,
    }
}

#[test]
fn an_exemption_from_policy_routes_may_not_hold() {
    let mut device = letting(3389);
    device.policy_routes.push(PolicyRoute {
        condition: in_office_hours(3389),
        ways: Vec::new(),
        line: AT,
    });
    let mut always = in_office_hours(3389);
    always.unknown.clear();
    device.policy_routes.push(PolicyRoute {
        condition: always,
        ways: way(None, Next::Discard),
        line: AT,
    });
    is_found(device, End::NoRoute);
}

#[test]
fn a_way_of_a_route_may_not_be_taken() {
    let mut device = letting(3389);
    device.chains[0].rules[2].condition.destination = net("10.10.5.0/24");
    let mut route = default_to(Next::Interface(InterfaceId(0)));
    // Longer than the networks of the interfaces, so that it comes before them.
    (route.network, route.length) = ("10.10.5.0".parse().unwrap(), 24);
    route
        .ways
        .insert(0, way(Some(in_office_hours(3389)), Next::Discard).remove(0));
    device.routes.push(route);
    is_found(device, End::NoRoute);
}

#[test]
fn a_route_whose_only_way_may_not_hold_leaves_the_next_best() {
    let mut device = letting(3389);
    let mut route = default_to(Next::Discard);
    (route.network, route.length) = ("10.10.0.0".parse().unwrap(), 17);
    route.ways = way(Some(in_office_hours(3389)), Next::Discard);
    device.routes.push(route.clone());
    (route.network, route.length) = ("10.10.128.0".parse().unwrap(), 17);
    device.routes.push(route);
    is_found(device, End::NoRoute);
}

#[test]
fn a_translation_may_not_happen() {
    let mut device = letting(3389);
    let elsewhere = 0xc000_0201;
    device.pipelines[0].stages.insert(
        0,
        Stage::Translate(vec![Translation {
            name: "moved".to_owned(),
            condition: in_office_hours(3389).and(&Match::all_of(Family::V4)),
            source: Change::Keep,
            destination: Change::Into {
                first: elsewhere,
                last: elsewhere,
            },
            source_port: Change::Keep,
            destination_port: Change::Keep,
            line: AT,
        }]),
    );
    is_found(device, End::NoRoute);
}

/// The core, with one more rule than is approved, in two readings: in the second one that rule is asked after `denied`.
fn read_in_two_ways(denied: &str) -> Checked {
    let crossing = Match {
        ingress: Interfaces::These(vec![InterfaceId(2)]),
        source: net("10.30.0.0/16"),
        destination: net("10.10.1.0/24"),
        ..Match::everything()
    };
    let mut device = core(vec![approved(), cleaned(), rule(13, Action::Permit, crossing)]);
    let unlike = Match {
        source: net(denied),
        ..Match::everything()
    };
    device.chains.push(Chain {
        name: "second reading".to_owned(),
        rules: vec![rule(20, Action::Deny, unlike)],
        otherwise: Action::Permit,
        line: AT,
    });
    let mut second = device.pipelines[0].clone();
    let filter = second.stages.iter().find_map(|stage| match stage {
        Stage::Filter(filter) => Some(filter.clone()),
        _ => None,
    });
    second.stages.push(Stage::Filter(Filter {
        chain: ChainId(1),
        ..filter.unwrap()
    }));
    for (pipeline, code) in [(&mut device.pipelines[0], "one"), (&mut second, "two")] {
        pipeline.reading = Some(Reading {
            code,
            supposes: ("ある読み方", "a reading"),
        });
    }
    device.pipelines.push(second);
    asked(device).1
}

fn supposed(checked: &Checked) -> usize {
    let told = |finding: &&super::Finding| (finding.kind, finding.from, finding.to) == (Kind::Crossing, NET, MN);
    let finding = checked.findings.iter().find(told);
    finding
        .unwrap_or_else(|| panic!("{:#?}", checked.findings))
        .supposes
        .len()
}

#[test]
fn a_finding_supposes_a_reading_only_where_another_one_keeps_its_packet_out() {
    assert_eq!(supposed(&read_in_two_ways("192.0.2.0/24")), 0);
    assert_eq!(supposed(&read_in_two_ways("10.30.0.0/16")), 1);
}
