//! A proved city is broken at random; whatever that opens must be found.

use jiff::civil::date;

use super::tests::{NETWORK_ZONES, approved, cleaned, core, fabric, net, rule};
use super::{Checked, Options, check};
use crate::device::{Action, Addresses, Interfaces, Match, Rule, Service};
use crate::diagram::generate::Stream;
use crate::fabric::Fabric;
use crate::network::{ZoneId, demands};
use crate::packet::{Family, Packet, State, protocol};
use crate::ranges::Ranges;
use crate::trace::walk;

/// The rules of a city that keeps what it must, with some that do nothing while nobody touches the others.
fn kept() -> Vec<Rule> {
    let all = |number, source: &str, destination: &str| {
        let condition = Match {
            source: net(source),
            destination: net(destination),
            ..Match::everything()
        };
        (number, condition)
    };
    let mut rules = Vec::new();
    for (number, condition) in [
        all(1, "10.20.1.12", "10.10.1.11"),
        all(2, "10.30.0.0/16", "10.10.0.0/16"),
        all(3, "10.10.0.0/16", "10.30.0.0/16"),
    ] {
        rules.push(rule(number, Action::Deny, condition));
    }
    rules.extend([approved(), cleaned()]);
    let (number, condition) = all(90, "10.30.0.0/16", "10.10.0.0/16");
    rules.push(rule(number, Action::Permit, condition));
    rules
}

fn mutate(rules: &mut Vec<Rule>, stream: &mut Stream) {
    let at = usize::try_from(stream.below(rules.len() as u64)).unwrap();
    let condition = &mut rules[at].condition;
    match stream.below(8) {
        0 => drop(rules.remove(at)),
        1 => {
            rules[at].action = if rules[at].action == Action::Permit {
                Action::Deny
            } else {
                Action::Permit
            }
        }
        2 => condition.source = Addresses::all(),
        3 => condition.destination = Addresses::all(),
        4 => condition.services = vec![Service::anything()],
        5 => condition.ingress = Interfaces::Any,
        6 => condition.services = vec![Service::to_ports(protocol::TCP, Ranges::span(443, 444))],
        _ => condition.destination = net("10.10.1.11/31"),
    }
}

/// Packets at and just beyond what the rules speak of.
fn packets(stream: &mut Stream) -> Packet {
    const HOSTS: [u128; 9] = [
        0x0a14_010b,
        0x0a14_010c,
        0x0a0a_010b,
        0x0a0a_010a,
        0x0a1e_0101,
        0x0a1e_0102,
        0x0a14_0905,
        0x0a14_0101,
        0x0a0a_ffff,
    ];
    let mut pick = |end: usize| usize::try_from(stream.below(end as u64)).unwrap();
    Packet {
        family: Family::V4,
        source: HOSTS[pick(9)],
        destination: HOSTS[pick(9)],
        protocol: [protocol::TCP, protocol::TCP, protocol::UDP][pick(3)],
        source_port: 50_000,
        destination_port: [443, 444, 8_443, 22, 1][pick(5)],
        state: State::New,
        flags: 0,
    }
}

fn permitted(fabric: &Fabric, from: ZoneId, to: ZoneId, packet: &Packet) -> bool {
    fabric.network.permitted.iter().any(|path| {
        (path.from, path.to) == (from, to)
            && path.source.contains(Family::V4.address(packet.source))
            && path.destination.contains(Family::V4.address(packet.destination))
            && path.services.iter().any(|service| {
                service.protocols.contains(packet.protocol)
                    && service.destination_ports.contains(packet.destination_port)
            })
    })
}

#[test]
fn whatever_a_random_change_opens_is_found() {
    let check = |rules: Vec<Rule>| -> (Fabric, Checked) {
        let fabric = fabric(core(rules));
        let demands = demands(&fabric.network, "alpha");
        let options = Options {
            threads: 1,
            ..Options::on(date(2026, 11, 25))
        };
        let checked = check(&fabric, &demands, options);
        (fabric, checked)
    };
    let (_, before) = check(kept());
    assert_eq!(before.proved.len(), 6, "{:?}", before.findings);
    let mut opened = 0;
    for seed in 0..1_000 {
        let stream = &mut Stream::new(seed);
        let mut rules = kept();
        mutate(&mut rules, stream);
        let (fabric, checked) = check(rules);
        let mut crossed = false;
        for _ in 0..60 {
            let packet = packets(stream);
            for from in NETWORK_ZONES {
                let walk = walk(&fabric, from, packet, &|first, _| first);
                for to in NETWORK_ZONES
                    .into_iter()
                    .filter(|to| *to != from && walk.may_arrive(*to))
                {
                    if !permitted(&fabric, from, to, &packet) {
                        crossed = true;
                        assert!(
                            !checked.proved.contains(&(from, to)),
                            "seed {seed}: {from:?} -> {to:?} {packet}"
                        );
                    }
                }
            }
        }
        // And the reverse: what is found passes.
        for finding in checked.findings.iter().filter(|finding| finding.kind.breaks()) {
            let walk = walk(&fabric, finding.from, finding.witness.unwrap(), &|first, _| first);
            assert!(walk.may_arrive(finding.to), "seed {seed}: {finding:?}");
        }
        opened += usize::from(crossed);
    }
    assert!(opened > 200, "{opened}");
}
