//! Rules that could be lost, and what is weak in itself.

use jiff::civil::date;

use super::tests::{approved, cleaned, core, fabric, net, rule};
use super::{Options, WeaknessKind, check, redundant, unreachable, weaknesses};
use crate::device::{Action, Device, InterfaceId, Interfaces, Line, Match, Remark, RemarkKind, Rule, Service};
use crate::network::demands;
use crate::packet::protocol;
use crate::ranges::Ranges;

fn on() -> Options {
    Options::on(date(2026, 11, 25))
}

/// TCP to ports, from a network.
fn to(source: &str, ports: (u16, u16)) -> Match {
    Match {
        source: net(source),
        services: vec![Service::to_ports(protocol::TCP, Ranges::span(ports.0, ports.1))],
        ..Match::everything()
    }
}

/// The line of each redundant rule with those that cover it.
fn told(rules: Vec<Rule>) -> Vec<(u32, Vec<u32>)> {
    let (found, unknown) = redundant(&fabric(core(rules)), on());
    assert_eq!(unknown, []);
    let lines = |by: &[super::RuleAt]| by.iter().map(|by| by.line.number).collect();
    found
        .iter()
        .map(|found| (found.rule.line.number, lines(&found.covered_by)))
        .collect()
}

#[test]
fn a_rule_is_redundant_if_later_ones_decide_alike() {
    let rules = || {
        vec![
            rule(1, Action::Permit, to("10.20.0.0/16", (80, 81))),
            rule(2, Action::Permit, to("10.20.0.0/17", (80, 90))),
            rule(3, Action::Permit, to("10.20.128.0/17", (70, 81))),
        ]
    };
    assert_eq!(told(rules()), [(1, vec![2, 3])]);
    // A rule between that decides otherwise makes it needed.
    let mut between = rules();
    between.insert(1, rule(9, Action::Deny, to("10.20.7.0/24", (81, 81))));
    assert_eq!(told(between), []);
    // So does one of which nobody knows whether it matches.
    let mut unknown = rules();
    let mut perhaps = to("10.20.7.0/24", (81, 81));
    perhaps.unknown.push(crate::device::Unknown {
        on: model::lang::Text::fixed("時間帯", "the time of day"),
    });
    unknown.insert(1, rule(9, Action::Deny, perhaps));
    assert_eq!(told(unknown), []);
}

#[test]
fn a_rule_that_logs_or_is_on_other_interfaces_is_no_cover_and_the_last_denial_is_not_told() {
    let mut logging = rule(1, Action::Permit, to("10.20.1.0/24", (80, 80)));
    logging.logs = true;
    assert_eq!(
        told(vec![logging, rule(2, Action::Permit, to("10.20.0.0/16", (80, 80)))]),
        []
    );
    let mut elsewhere = rule(2, Action::Permit, to("10.20.0.0/16", (80, 80)));
    elsewhere.condition.ingress = Interfaces::These(vec![InterfaceId(1)]);
    let first = rule(1, Action::Permit, to("10.20.1.0/24", (80, 80)));
    assert_eq!(told(vec![first, elsewhere]), []);
    assert_eq!(told(vec![rule(1, Action::Deny, Match::everything())]), []);
    // The second of two that are the same is shadowed: the first is needed.
    let twice = || rule(1, Action::Permit, to("10.20.1.0/24", (80, 80)));
    assert_eq!(told(vec![twice(), twice()]), []);
}

#[test]
fn a_line_is_told_only_if_it_decides_nothing_wherever_it_stands_and_says_something() {
    let all = || rule(1, Action::Permit, Match::everything());
    let narrow = || rule(2, Action::Deny, to("10.20.0.0/16", (80, 80)));
    let lines = |device: Device| -> Vec<u32> {
        let (found, unknown) = unreachable(&fabric(device), on());
        assert_eq!(unknown, []);
        found.iter().map(|found| found.rule.line.number).collect()
    };
    let twice = |first: Vec<Rule>, second: Vec<Rule>| {
        let mut device = core(first);
        let chain = crate::device::Chain {
            rules: second,
            ..device.chains[0].clone()
        };
        device.chains.push(chain);
        device
    };
    assert_eq!(lines(core(vec![all(), narrow()])), [2]);
    assert_eq!(lines(twice(vec![all(), narrow()], vec![all(), narrow()])), [2]);
    assert_eq!(lines(twice(vec![all(), narrow()], vec![narrow(), all()])), [0; 0]);
    let mut implied = narrow();
    implied.implied = true;
    assert_eq!(lines(core(vec![all(), implied])), [0; 0]);
}

fn kinds(device: Device) -> Vec<(&'static str, u32)> {
    let fabric = fabric(device);
    let demands = demands(&fabric.network, "alpha");
    let all = weaknesses(&fabric, &demands, on());
    let checked = check(&fabric, &demands, on());
    // The check tells all but the rules that decide nothing, and they break nothing.
    let deciding = |kind: WeaknessKind| ![WeaknessKind::UnreachableRule, WeaknessKind::RedundantRule].contains(&kind);
    let plain: Vec<_> = all.iter().filter(|weakness| deciding(weakness.kind)).cloned().collect();
    assert_eq!(checked.weaknesses, plain);
    all.iter()
        .map(|weakness| (weakness.kind.word(), weakness.line.number))
        .collect()
}

#[test]
fn what_is_weak_in_itself_is_told_and_breaks_nothing() {
    assert_eq!(kinds(core(vec![approved(), cleaned()])), []);
    let mut device = core(vec![approved(), cleaned()]);
    device.remarks.push(Remark {
        kind: RemarkKind::UndefinedFailsOpen,
        line: Line { file: 0, number: 80 },
        message: model::lang::Text::fixed("組がない", "no set"),
        fix: model::lang::Text::fixed("定義する", "define it"),
    });
    device.chains[0]
        .rules
        .push(rule(13, Action::Deny, approved().condition));
    assert_eq!(kinds(device), [("undefined_fails_open", 80), ("unreachable_rule", 13)]);
}

#[test]
fn a_rule_for_everything_is_told_where_zones_meet() {
    let mut everything = Match::everything();
    assert_eq!(
        kinds(core(vec![rule(13, Action::Permit, everything.clone())])),
        [("any_to_any", 13)]
    );
    // Back to where it came from is no border.
    everything.ingress = Interfaces::These(vec![InterfaceId(1)]);
    everything.egress = Interfaces::These(vec![InterfaceId(1)]);
    assert_eq!(kinds(core(vec![rule(13, Action::Permit, everything)])), []);
}

#[test]
fn an_interface_with_ipv6_and_filters_of_ipv4_alone_is_told() {
    let v6 = |rules: Vec<Rule>| {
        let mut device = core(rules);
        device.interfaces[1].addresses.push(("fd00:20::1".parse().unwrap(), 64));
        device.interfaces[1].line.number = 42;
        device
    };
    let open = rule(10, Action::Permit, Match::all_of(crate::packet::Family::V6));
    assert_eq!(kinds(v6(vec![open, approved()])), [("ipv6_unfiltered", 42)]);
    assert_eq!(kinds(v6(vec![approved()])), []);
}
