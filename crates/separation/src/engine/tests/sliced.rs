//! Networks with many rules: slice by slice is as a whole, and as the plain reading of the list says.

use num_bigint::BigUint;

use super::super::{Prepared, Slice, Work};
use crate::device::{Action, Addresses, Rule};
use crate::diagram::generate::{Shape, Stream};
use crate::diagram::{Order, values};
use crate::fabric::Fabric;
use crate::fabric::generate::city;
use crate::network::ZoneId;
use crate::packet::{Family, Packet, State, protocol};
use crate::trace::End;

const SHAPES: [Shape; 3] = [Shape::Acl, Shape::Firewall, Shape::Chain];
const ZONES: u64 = 4;

fn slice(fabric: &Fabric, from: ZoneId, source: ZoneId, destination: ZoneId) -> Slice {
    let of = |zone| fabric.network.zone(zone).unwrap().addresses.clone();
    Slice {
        from,
        sources: of(source),
        destinations: of(destination),
    }
}

fn zones() -> impl Iterator<Item = ZoneId> {
    (0..u16::try_from(ZONES).unwrap()).map(ZoneId)
}

fn arriving(work: &mut Work<'_, u32>, slice: &Slice) -> BigUint {
    let reach = work.reach(slice).unwrap();
    assert!(reach.complete);
    let arriving = reach.ends.iter().filter(|ended| matches!(ended.end, End::Arrives(_)));
    arriving.fold(BigUint::ZERO, |sum, ended| sum + work.arena.count(ended.sent))
}

#[test]
fn slices_add_up_to_the_whole() {
    for shape in SHAPES {
        let fabric = city(shape, 150, ZONES, 5).unwrap();
        let prepared = Prepared::new(&fabric);
        let whole = Slice {
            from: ZoneId(1),
            sources: zones().fold(Addresses::none(), |all, zone| {
                all.union(&fabric.network.zone(zone).unwrap().addresses)
            }),
            destinations: Addresses::all_of(Family::V4),
        };
        let whole = arriving(&mut Work::new(&prepared, Order::BY_SERVICE, u64::MAX), &whole);
        let mut sum = BigUint::ZERO;
        for (source, destination) in zones().flat_map(|source| zones().map(move |to| (source, to))) {
            let slice = slice(&fabric, ZoneId(1), source, destination);
            let counts = [Order::BY_ADDRESS, Order::BY_SERVICE]
                .map(|order| arriving(&mut Work::new(&prepared, order, u64::MAX), &slice));
            assert_eq!(counts[0], counts[1]);
            sum += &counts[0];
        }
        assert!(sum > BigUint::ZERO);
        assert_eq!(sum, whole, "{shape:?}");
    }
}

/// The first rule of the list that holds a packet.
fn first<'r>(rules: &'r [Rule], packet: &Packet) -> Option<&'r Rule> {
    rules.iter().find(|rule| {
        let condition = &rule.condition;
        condition.source.contains(Family::V4.address(packet.source))
            && condition.destination.contains(Family::V4.address(packet.destination))
            && condition.services.iter().any(|service| {
                service.protocols.contains(packet.protocol)
                    && service.source_ports.contains(packet.source_port)
                    && service.destination_ports.contains(packet.destination_port)
            })
    })
}

/// Corners of rules and what is beside them, within a slice.
fn packets(rules: &[Rule], slice: &Slice, stream: &mut Stream) -> Packet {
    let mut pick = |end: usize| usize::try_from(stream.below(end as u64)).unwrap();
    let (one, other) = (&rules[pick(rules.len())].condition, &rules[pick(rules.len())].condition);
    let mut address = |of: &Addresses, within: &Addresses| {
        let (low, high) = within.v4.iter().next().unwrap();
        let both = of.v4.intersect(&within.v4);
        let (first, last) = both.iter().next().unwrap_or((low, high));
        let near = [first, last, first.saturating_sub(1), last.saturating_add(1)];
        u128::from(near[pick(4)].clamp(low, high))
    };
    let source = address(&one.source, &slice.sources);
    let destination = address(&other.destination, &slice.destinations);
    let service = &[one, other][pick(2)].services[0];
    let protocol = [protocol::TCP, protocol::UDP, service.protocols.first().unwrap()][pick(3)];
    let with_ports = [protocol::TCP, protocol::UDP].contains(&protocol);
    let (first, last) = service.destination_ports.iter().next().unwrap();
    let near = [first, last, first.saturating_sub(1), last.saturating_add(1)];
    Packet {
        family: Family::V4,
        source,
        destination,
        protocol,
        source_port: if with_ports { 50_000 } else { 0 },
        destination_port: if with_ports { near[pick(4)] } else { 0 },
        state: State::New,
        flags: 0,
    }
}

#[test]
fn each_packet_of_a_slice_is_let_through_by_the_first_rule_that_holds_it() {
    let mut passed = [0, 0];
    for (shape, size) in SHAPES.into_iter().flat_map(|shape| [(shape, 90), (shape, 900)]) {
        let fabric = city(shape, size, ZONES, 11).unwrap();
        let prepared = Prepared::new(&fabric);
        let rules = &fabric.nodes[0].device.chains[0].rules;
        let stream = &mut Stream::new(9);
        for order in [Order::BY_ADDRESS, Order::BY_SERVICE] {
            let mut work = Work::<u32>::new(&prepared, order, u64::MAX);
            for from in zones() {
                let slice = slice(&fabric, from, ZoneId(2), ZoneId(3));
                let reach = work.reach(&slice).unwrap();
                let sent: Vec<_> = reach.ends.iter().map(|ended| ended.sent).collect();
                for _ in 0..500 {
                    let packet = packets(rules, &slice, stream);
                    let to_device = u32::try_from(packet.destination).unwrap() & 0xffff == 1;
                    let expected = first(rules, &packet).filter(|rule| rule.action == Action::Permit && !to_device);
                    let found = sent.iter().find_map(|sent| work.arena.eval(*sent, &values(&packet)));
                    let found = found.map(|trail| work.blame.last(trail).unwrap().line);
                    assert_eq!(found, expected.map(|rule| rule.line), "{shape:?} {order:?} {packet}");
                    passed[usize::from(found.is_some())] += 1;
                }
            }
        }
    }
    assert!(passed.iter().all(|count| *count > 1_000), "{passed:?}");
}
