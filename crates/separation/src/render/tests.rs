use std::net::IpAddr;

use jiff::civil::date;

use super::plan::LeftOut;
use super::{Plan, ios, nftables, plan, yamaha};
use crate::dialect;
use crate::fabric::Fabric;
use crate::network::{Network, Place, ZoneId};
use crate::packet::{Family, Packet, State, number, protocol};
use crate::question::{Options, diff};
use crate::source::Source;
use crate::trace::walk;

/// A city with one gateway between four zones.
const CITY: &str = include_str!("../../tests/data/gate/network.toml");
const ADDRESSES: &str = include_str!("../../tests/data/gate/gate.address");
const ROUTES: &str = include_str!("../../tests/data/gate/gate.route");

fn city() -> (Network, Plan) {
    let network = Network::read(CITY).unwrap();
    let plan = plan(&network, &network.devices[0], "alpha", date(2026, 11, 25));
    (network, plan)
}

fn fabric(network: Network, rendered: &str) -> Fabric {
    let files = [rendered, ADDRESSES, ROUTES].map(Source::new);
    let device = dialect::named("nftables").unwrap().read(&files);
    assert!(device.unread.is_empty(), "{:#?}\n{rendered}", device.unread);
    let (fabric, problems) = Fabric::new(network, vec![device]);
    assert!(problems.is_empty(), "{problems:?}");
    fabric
}

/// What the plan says of a packet, without any device.
fn allows(network: &Network, plan: &Plan, from: ZoneId, to: ZoneId, packet: &Packet) -> bool {
    let name = |zone: ZoneId| {
        let of = |joined: &&crate::network::Joined| joined.to == Place::Zone(zone);
        &network.devices[0].interfaces.iter().find(of).unwrap().interface
    };
    let address = |number| packet.family.address(number);
    let home = &network.zone(from).unwrap().addresses;
    home.contains(address(packet.source))
        && plan.allowed.iter().any(|allowed| {
            allowed.ingress.contains(name(from))
                && allowed.egress.contains(name(to))
                && allowed.source.contains(address(packet.source))
                && allowed.destination.contains(address(packet.destination))
                && allowed.services.iter().any(|service| {
                    service.protocols.contains(packet.protocol)
                        && service.source_ports.contains(packet.source_port)
                        && service.destination_ports.contains(packet.destination_port)
                })
        })
}

/// Addresses at both ends of every range of the city, and the ones beside.
fn corners(family: Family, plan: &Plan, network: &Network) -> Vec<u128> {
    let sets = plan
        .allowed
        .iter()
        .flat_map(|allowed| [&allowed.source, &allowed.destination]);
    let sets = sets.chain(network.zones.iter().map(|zone| &zone.addresses));
    let mut corners: Vec<u128> = sets
        .flat_map(|set| set.of(family).iter().collect::<Vec<_>>())
        .flat_map(|(first, last)| {
            [
                first.saturating_sub(1),
                first,
                first + (last - first) / 2,
                last,
                last.saturating_add(1).min(family.last_address()),
            ]
        })
        .collect();
    corners.sort_unstable();
    corners.dedup();
    corners
}

fn packets(family: Family, source: u128, destination: u128) -> impl Iterator<Item = Packet> {
    let one = move |protocol, source_port, destination_port, flags| Packet {
        family,
        source,
        destination,
        protocol,
        source_port,
        destination_port,
        state: State::New,
        flags,
    };
    let tcp = [442, 443, 444, 7999, 8000, 8010, 8011, 8443].map(|port| one(protocol::TCP, 50_000, port, 2));
    let others = [one(protocol::UDP, 50_000, 443, 0), one(50, 0, 0, 0), one(51, 0, 0, 0)];
    tcp.into_iter().chain(others).chain([one(family.icmp(), 8, 0, 0)])
}

#[test]
fn what_was_rendered_and_read_again_lets_through_what_the_plan_says() {
    let (network, plan) = city();
    let fabric = fabric(network.clone(), &nftables::render(&plan));
    exactly(&network, &plan, &fabric);
}

/// The gate as a router of another maker, whose interfaces have its own names.
fn other(dialect: &str, names: [&str; 4], render: fn(&Plan) -> String, beside: &str) {
    let mut renamed = CITY.to_owned();
    for (old, new) in ["mn0", "lg0", "in0", "wan0"].iter().zip(names) {
        renamed = renamed.replace(&format!("{old} ="), &format!("\"{new}\" ="));
    }
    let network = Network::read(&renamed).unwrap();
    let plan = plan(&network, &network.devices[0], "alpha", date(2026, 11, 25));
    let rendered = render(&plan);
    let file = Source::new(format!("{beside}{rendered}"));
    let device = dialect::named(dialect).unwrap().read(&[file]);
    assert!(device.unread.is_empty(), "{:#?}\n{rendered}", device.unread);
    let (fabric, problems) = Fabric::new(network.clone(), vec![device]);
    assert!(problems.is_empty(), "{problems:?}");
    exactly(&network, &plan, &fabric);
    // All packets, not only those at corners: the same as of the file of nftables, but for what neighbours on a wire say to each other
    // and for the router's own address.
    let (gate, its_plan) = city();
    let gate = self::fabric(gate, &nftables::render(&its_plan));
    let difference = diff(&gate, &fabric, Options::on(date(2026, 11, 25)));
    assert_eq!(difference.unproven, []);
    for change in &difference.changes {
        let packet = change.witness;
        let on_the_wire = |address: u128| address >> 118 == 0xfe80 >> 6 || address >> 112 == 0xff02;
        let neighbours = packet.protocol == 58 && (on_the_wire(packet.source) || on_the_wire(packet.destination));
        let own = packet.destination == number("2001:db8::2".parse().unwrap()).1;
        assert!(packet.family == Family::V6 && (neighbours || own), "{change:#?}");
    }
    // An answer comes back, which nobody may begin.
    let back = |state| {
        let (from, to) = ("10.10.20.11".parse().unwrap(), "10.20.20.11".parse().unwrap());
        let packet = Packet {
            family: Family::V4,
            source: number(from).1,
            destination: number(to).1,
            protocol: protocol::TCP,
            source_port: 443,
            destination_port: 50_000,
            state,
            flags: 0x12,
        };
        walk(&fabric, ZoneId(0), packet, &|first, _| first).may_arrive(ZoneId(1))
    };
    assert!(back(State::Established) && !back(State::New), "{rendered}");
    insta::assert_snapshot!(dialect, rendered);
}

#[test]
fn the_lines_of_yamaha_let_through_what_the_plan_says() {
    let beside = "ip lan1 address 10.10.0.1/16\nip lan2 address 10.20.0.1/16\nip lan3 address 10.30.0.1/16\n\
        ip lan4 address 198.51.100.2/30\nipv6 lan1 address fd00:10::1/32\nipv6 lan2 address fd00:20::1/32\n\
        ipv6 lan3 address fd00:30::1/32\nipv6 lan4 address 2001:db8::2/64\n\
        ip route default gateway 198.51.100.1\nipv6 route default gateway 2001:db8::1\n";
    other("yamaha", ["lan1", "lan2", "lan3", "lan4"], yamaha::render, beside);
}

#[test]
fn the_lists_of_cisco_let_through_what_the_plan_says() {
    let beside = "interface Vlan1\n ip address 10.10.0.1 255.255.0.0\n ipv6 address fd00:10::1/32\n\
        interface Vlan2\n ip address 10.20.0.1 255.255.0.0\n ipv6 address fd00:20::1/32\n\
        interface Vlan3\n ip address 10.30.0.1 255.255.0.0\n ipv6 address fd00:30::1/32\n\
        interface Vlan4\n ip address 198.51.100.2 255.255.255.252\n ipv6 address 2001:db8::2/64\n\
        ip route 0.0.0.0 0.0.0.0 198.51.100.1\nipv6 route ::/0 2001:db8::1\n";
    other("ios", ["Vlan1", "Vlan2", "Vlan3", "Vlan4"], ios::render, beside);
}

/// Panics unless the device lets pass what the plan says, at every corner of it and beside.
fn exactly(network: &Network, plan: &Plan, fabric: &Fabric) {
    let own: Vec<IpAddr> = fabric.nodes[0]
        .device
        .interfaces
        .iter()
        .flat_map(|interface| &interface.addresses)
        .map(|(own, _)| *own)
        .collect();
    let (mut passed, mut kept_out) = (0, 0);
    for family in Family::ALL {
        let corners = corners(family, plan, network);
        for (from, _) in network.zones() {
            for (source, destination) in corners.iter().flat_map(|a| corners.iter().map(move |b| (*a, *b))) {
                let to = network
                    .zones()
                    .find(|(_, zone)| zone.addresses.contains(family.address(destination)))
                    .unwrap()
                    .0;
                if to == from || own.contains(&family.address(destination)) {
                    continue;
                }
                for packet in packets(family, source, destination) {
                    let expected = allows(network, plan, from, to, &packet);
                    let walk = walk(fabric, from, packet, &|first, _| first);
                    assert_eq!(walk.may_arrive(to), expected, "{packet}");
                    assert_eq!(walk.must_arrive(to), expected, "{packet}");
                    if expected { passed += 1 } else { kept_out += 1 }
                }
            }
        }
    }
    assert!(passed > 1_000 && kept_out > 10_000, "{passed} {kept_out}");
}

#[test]
fn a_path_that_may_not_lead_anywhere_is_left_out_and_the_file_says_why() {
    let (_, plan) = city();
    let left_out: Vec<_> = plan.left_out.iter().map(|(path, why)| (&**path, *why)).collect();
    assert_eq!(left_out, [("PP-04", LeftOut::Expired), ("PP-03", LeftOut::Unsanitised)]);
    let rendered = nftables::render(&plan);
    assert!(rendered.contains("# 特定通信 PP-04 は入れていない: 期限が切れている"));
}

#[test]
fn the_file_of_nftables() {
    insta::assert_snapshot!(nftables::render(&city().1));
}

#[test]
fn a_name_cannot_leave_its_quotes() {
    let city = CITY
        .replace("PP-01", "PP\\\"; accept #\\n")
        .replace("mn0 =", "\"mn0\\\" accept #\" =");
    let network = Network::read(&city).unwrap();
    let plan = plan(&network, &network.devices[0], "alpha", date(2026, 11, 25));
    let file = Source::new(nftables::render(&plan));
    let device = dialect::named("nftables").unwrap().read(&[file]);
    assert!(device.unread.is_empty(), "{:#?}", device.unread);
    assert!(device.chains[0].rules.iter().all(|rule| rule.action != crate::device::Action::Permit || !rule.condition.states.contains(State::Invalid)));
}

#[test]
fn numbers_of_addresses_are_written_as_networks_where_they_are_some() {
    let (first, last) = (
        number("10.0.0.0".parse().unwrap()).1,
        number("10.0.0.255".parse().unwrap()).1,
    );
    let (network, _) = city();
    let mut plan = plan(&network, &network.devices[0], "alpha", date(2026, 11, 25));
    plan.allowed.truncate(1);
    plan.allowed[0].source = crate::device::Addresses::span(Family::V4.address(first), Family::V4.address(last));
    plan.allowed[0].destination =
        crate::device::Addresses::span(Family::V4.address(first), Family::V4.address(last + 1));
    let rendered = nftables::render(&plan);
    assert!(
        rendered.contains("ip saddr 10.0.0.0/24 ip daddr 10.0.0.0-10.0.1.0"),
        "{rendered}"
    );
}
