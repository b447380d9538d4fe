use proptest::prelude::*;

use super::super::generate::{Shape, rules};
use super::super::{Arena, BudgetSpent, Field, Id, Order, Product, build, race};
use super::{diagram, permits, samples};
use crate::ranges::Ranges;

/// Three sets in one arena, and packets to try.
fn sets(seed: u64, order: Order) -> (Arena<u32>, [Id; 3], Vec<super::Values>) {
    let mut arena = Arena::new(order, u64::MAX);
    let mut ids = [Id::NONE; 3];
    let mut packets = Vec::new();
    for (id, seed) in ids.iter_mut().zip(seed..) {
        let rules = rules::<u32>(Shape::Firewall, 6, 2, seed);
        let (mut other, root) = diagram(order, &rules);
        let root = permits(&mut other, root, &rules);
        *id = arena.import(&other, root).unwrap();
        packets.extend(samples(&rules, 40, seed));
    }
    (arena, ids, packets)
}

proptest! {
    #[test]
    fn the_algebra_is_that_of_sets(seed in 0..5_000_u64, by_service: bool) {
        let order = if by_service { Order::BY_SERVICE } else { Order::BY_ADDRESS };
        let (mut arena, [a, b, c], packets) = sets(seed, order);
        let (union, both) = (arena.over(a, b).unwrap(), arena.keep(a, b).unwrap());
        let minus = arena.remove(a, b).unwrap();
        for packet in packets {
            let has = |id| arena.eval(id, &packet).is_some();
            prop_assert_eq!(has(union), has(a) || has(b));
            prop_assert_eq!(has(both), has(a) && has(b));
            prop_assert_eq!(has(minus), has(a) && !has(b));
        }
        // Equal sets are equal ids, however they were made.
        prop_assert_eq!(arena.over(b, a).unwrap(), union);
        prop_assert_eq!(arena.keep(b, a).unwrap(), both);
        prop_assert_eq!(arena.over(minus, both).unwrap(), a);
        prop_assert_eq!(arena.remove(minus, b).unwrap(), minus);
        let (a_b, a_c) = (arena.keep(a, b).unwrap(), arena.keep(a, c).unwrap());
        let b_c = arena.over(b, c).unwrap();
        prop_assert_eq!(arena.over(a_b, a_c).unwrap(), arena.keep(a, b_c).unwrap());
        let sum = arena.count(a) + arena.count(b);
        prop_assert_eq!(arena.count(union) + arena.count(both), sum);
        prop_assert_eq!(arena.meet(a, b, |_, _| Ok(0)).unwrap(), both);
        prop_assert_eq!(arena.join(a, b, |a, b| a.or(b)).unwrap(), union);
        prop_assert_eq!(arena.join(a, b, |a, b| if b.is_none() { a } else { None }).unwrap(), minus);
    }
}

#[test]
fn a_set_keeps_what_decided_it_when_others_are_taken_away() {
    let web = Product::<u32>::everything().with(Field::DestinationPort, &Ranges::one(443));
    let tcp = Product::<u32>::everything().with(Field::Protocol, &Ranges::one(6));
    let (mut arena, root) = build(Order::BY_ADDRESS, u64::MAX, [(&web, 7), (&tcp, 8)]).unwrap();
    let taken = arena.product(&web, 0).unwrap();
    let left = arena.remove(root, taken).unwrap();
    assert_eq!(arena.terminals(root), [7, 8]);
    assert_eq!(arena.terminals(left), [8]);
    let mapped = arena.map(left, |rule| (rule == 7).then_some(1)).unwrap();
    assert_eq!(mapped, Id::NONE);
}

#[test]
fn a_budget_ends_work_and_a_race_goes_on_with_more() {
    let rules = rules::<u32>(Shape::Firewall, 200, 4, 1);
    let numbered = || (0..).zip(&rules).map(|(number, rule)| (&rule.packets, number));
    assert_eq!(build(Order::BY_ADDRESS, 1_000, numbered()).unwrap_err(), BudgetSpent);
    let mut tried = Vec::new();
    let (arena, root) = race(1_000, u64::MAX, |order, budget| {
        tried.push((order, budget));
        build(order, budget, numbered())
    })
    .unwrap();
    assert_eq!(
        tried[..3],
        [
            (Order::BY_ADDRESS, 1_000),
            (Order::BY_SERVICE, 1_000),
            (Order::BY_ADDRESS, 2_000)
        ]
    );
    assert_eq!(arena.count(root), {
        let (other, root) = diagram(Order::BY_ADDRESS, &rules);
        other.count(root)
    });
    let never = race(10, 40, |order, budget| build(order, budget, numbered()));
    assert_eq!(never.unwrap_err(), BudgetSpent);
}

#[test]
fn a_terminal_that_does_not_fit_is_refused() {
    assert!(Id::terminal(Id::LAST_TERMINAL).is_ok());
    assert!(Id::terminal(Id::LAST_TERMINAL + 1).is_err());
    assert!(Id::terminal(u32::MAX).is_err());
}
