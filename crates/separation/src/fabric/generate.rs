//! Made-up rules at work: one device between zones, whose rules are those of a [`Shape`].

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use super::Fabric;
use crate::device::{
    Action, Addresses, Chain, ChainId, Device, Filter, Interface, Interfaces, Line, Match, Pipeline, Rule, Scope,
    Service, Stage, Tracking,
};
use crate::diagram::Field;
use crate::diagram::generate::{Generated, Shape, rules, zone};
use crate::network::{Crossing, Demand, Network};
use crate::ranges::{Bound, Ranges};

/// A device with `size` rules of a shape in one chain, an interface in each of `zones` zones. Between any two zones TCP to ports 80 and
/// 443 is a permitted path; a zone that sends with a source of another is not kept from it by anything but the rules.
///
/// # Errors
/// What the network's own reader has against it: nothing, for 1 to 200 zones.
pub fn city(shape: Shape, size: usize, zones: u64, seed: u64) -> Result<Fabric, Vec<model::diagnostic::Diagnostic>> {
    let network = Network::read(&written(zones))?;
    let rules = rules::<u32>(shape, size, zones, seed);
    let device = Device {
        interfaces: (0..zones).map(interface).collect(),
        chains: vec![chain(&rules)],
        pipelines: vec![Pipeline {
            reading: None,
            stages: vec![
                Stage::Route,
                Stage::Filter(Filter {
                    scope: Scope {
                        ingress: Interfaces::Any,
                        egress: Interfaces::Any,
                    },
                    chain: ChainId(0),
                    tracking: Tracking::Everything,
                    line: line(1),
                }),
            ],
        }],
        ..Device::default()
    };
    Ok(Fabric::new(network, vec![device]).0)
}

/// That every two zones be kept apart but for permitted paths.
#[must_use]
pub fn demands(fabric: &Fabric) -> Vec<Demand> {
    let zones: Vec<_> = fabric.network.zones().map(|(zone, _)| zone).collect();
    let pairs = zones.iter().flat_map(|from| zones.iter().map(move |to| (*from, *to)));
    pairs
        .filter(|(from, to)| from != to)
        .map(|(from, to)| Demand {
            from,
            to,
            crossing: Crossing::Permitted,
            fact: "paths_listed",
        })
        .collect()
}

fn written(zones: u64) -> String {
    let mut text = String::new();
    for number in 0..zones {
        _ = writeln!(
            text,
            "[[zone]]\nname = \"z{number}\"\ntier = \"other\"\nprefixes = [\"10.{number}.0.0/16\"]"
        );
    }
    let joined = (0..zones).map(|number| format!("if{number} = \"z{number}\""));
    let joined = joined.collect::<Vec<_>>().join(", ");
    _ = writeln!(
        text,
        "[[device]]\nname = \"core\"\nconfigurations = [\"core\"]\ninterfaces = {{ {joined} }}"
    );
    for (from, to) in (0..zones).flat_map(|from| (0..zones).map(move |to| (from, to))) {
        if from != to {
            _ = writeln!(
                text,
                "[[permitted]]\nid = \"P-{from}-{to}\"\nfrom = \"z{from}\"\nto = \"z{to}\"\nsource = [\"10.{from}.0.0/16\"]\n\
                 destination = [\"10.{to}.0.0/16\"]\nprotocol = \"tcp\"\nports = [\"80\", \"443\"]\nreason = \"r\"\napprover = \"a\""
            );
        }
    }
    text
}

fn interface(number: u64) -> Interface {
    let first = zone::<u32>(number).0.saturating_add(1);
    Interface {
        name: format!("if{number}"),
        addresses: vec![(IpAddr::V4(Ipv4Addr::from_bits(first)), 16)],
        table: String::new(),
        addressed_elsewhere: false,
        line: line(1),
    }
}

fn chain(rules: &[Generated<u32>]) -> Chain {
    let numbered = (1..).zip(rules);
    Chain {
        name: "made up".to_owned(),
        rules: numbered.map(|(number, generated)| rule(number, generated)).collect(),
        otherwise: Action::Deny,
        line: line(1),
    }
}

fn rule(number: u32, generated: &Generated<u32>) -> Rule {
    let addresses = |field| match generated.packets.values(field) {
        Some(values) if !values.is_all() => Addresses::of_v4(values.clone()),
        _ => Addresses::all(),
    };
    let service = Service {
        protocols: narrow(generated, Field::Protocol),
        source_ports: narrow(generated, Field::SourcePort),
        destination_ports: narrow(generated, Field::DestinationPort),
        flags: Ranges::all(),
    };
    Rule {
        name: number.to_string(),
        condition: Match {
            source: addresses(Field::Source),
            destination: addresses(Field::Destination),
            services: vec![service],
            ..Match::everything()
        },
        action: if generated.permits {
            Action::Permit
        } else {
            Action::Deny
        },
        line: line(number),
        last_line: number,
        logs: false,
        implied: false,
    }
}

fn narrow<T: Bound + TryFrom<u32>>(generated: &Generated<u32>, field: Field) -> Ranges<T> {
    let values = generated.packets.values(field);
    let number = |wide| T::try_from(wide).unwrap_or(T::MAX);
    Ranges::of(
        values
            .into_iter()
            .flat_map(Ranges::iter)
            .map(|(first, last)| (number(first), number(last))),
    )
}

const fn line(number: u32) -> Line {
    Line { file: 0, number }
}
