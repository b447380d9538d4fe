use proptest::prelude::*;

use super::super::generate::{Shape, rules};
use super::super::{Arena, Field, Id, Order, Product};
use super::{diagram, permits, samples};
use crate::ranges::Ranges;

fn set(seed: u64, order: Order) -> (Arena<u32>, Id, Vec<super::Values>) {
    let rules = rules::<u32>(Shape::Firewall, 8, 2, seed);
    let (mut arena, root) = diagram(order, &rules);
    let root = permits(&mut arena, root, &rules);
    (arena, root, samples(&rules, 60, seed))
}

fn field_of(number: usize) -> Field {
    [
        Field::Source,
        Field::Destination,
        Field::SourcePort,
        Field::DestinationPort,
    ][number]
}

proptest! {
    #[test]
    fn a_shift_moves_every_packet_and_loses_none(
        seed in 0..5_000_u64, field in 0..4_usize, from: u16, to: u16, by_service: bool,
    ) {
        let order = if by_service { Order::BY_SERVICE } else { Order::BY_ADDRESS };
        let (mut arena, root, packets) = set(seed, order);
        let field = field_of(field);
        let moved = arena.shift(root, field, from.into(), to.into()).unwrap();
        for mut packet in packets {
            let before = arena.eval(root, &packet);
            let value = u32::try_from(packet[field as usize]).unwrap();
            let last: u32 = field.last();
            packet[field as usize] = u128::from(value.wrapping_sub(from.into()).wrapping_add(to.into()) & last);
            prop_assert_eq!(arena.eval(moved, &packet), before);
        }
        prop_assert_eq!(arena.count(moved), arena.count(root));
        prop_assert_eq!(arena.shift(moved, field, to.into(), from.into()).unwrap(), root);
    }

    #[test]
    fn a_chosen_value_may_be_any_of_those_that_the_device_has(seed in 0..5_000_u64, field in 0..4_usize) {
        let (mut arena, root, packets) = set(seed, Order::BY_ADDRESS);
        let field = field_of(field);
        let chosen = arena.choose(root, field, 1_000, 1_003).unwrap();
        let freed = arena.free(root, field).unwrap();
        for packet in packets {
            let with = |value: u128| { let mut with = packet; with[field as usize] = value; with };
            let inside = arena.eval(chosen, &with(1_000)).is_some();
            prop_assert_eq!(arena.eval(chosen, &with(1_003)).is_some(), inside);
            prop_assert_eq!(arena.eval(freed, &packet).is_some(), inside);
            prop_assert!(arena.eval(chosen, &with(999)).is_none() && arena.eval(chosen, &with(1_004)).is_none());
            prop_assert!(inside || arena.eval(root, &packet).is_none());
        }
        prop_assert_eq!(arena.free(chosen, field).unwrap(), freed);
        if root != Id::NONE {
            prop_assert_eq!(arena.values_of(chosen, field), Ranges::span(1_000, 1_003));
        }
    }
}

#[test]
fn the_values_of_a_field_are_those_that_occur() {
    let mut arena = Arena::<u32>::new(Order::BY_SERVICE, u64::MAX);
    let values = Ranges::of([(0, 3), (7, 9), (65_000, u32::MAX)]);
    let product = Product::everything()
        .with(Field::SourcePort, &values)
        .with(Field::Source, &Ranges::one(5));
    let id = arena.product(&product, 1).unwrap();
    assert_eq!(
        arena.values_of(id, Field::SourcePort),
        Ranges::of([(0, 3), (7, 9), (65_000, 65_535)])
    );
    assert_eq!(arena.values_of(id, Field::Source), Ranges::one(5));
    assert_eq!(arena.values_of(id, Field::Destination), Ranges::all());
    assert_eq!(arena.values_of(Id::NONE, Field::Source), Ranges::none());
}
