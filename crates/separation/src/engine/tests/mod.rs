//! The engine against the plain reading of the same network, packet by packet.

mod made_up;
mod sliced;

use self::made_up::{fabric, packets};
use super::{Prepared, Slice, Space, Work};
use crate::device::Addresses;
use crate::diagram::{Id, Order, Wishes, values};
use crate::fabric::Fabric;
use crate::network::ZoneId;
use crate::packet::Packet;
use crate::trace::{End, Walk, walk};

const ZONES: [ZoneId; 3] = [ZoneId(0), ZoneId(1), ZoneId(2)];

fn everything(from: ZoneId) -> Slice {
    Slice {
        from,
        sources: Addresses::all(),
        destinations: Addresses::all(),
    }
}

/// Which zones a packet may arrive in, and which it must; `None` where the plain reading gave up.
fn plainly(fabric: &Fabric, from: ZoneId, packet: Packet) -> Option<[(bool, bool); 3]> {
    let choices: [&dyn Fn(u128, u128) -> u128; 2] = [&|first, _| first, &|_, last| last];
    let walks = choices.map(|choice| walk(fabric, from, packet, choice));
    walks.iter().all(|walk| walk.complete).then(|| {
        ZONES.map(|zone| {
            let may = |walk: &Walk| walk.may_arrive(zone);
            (walks.iter().any(may), walks.iter().all(|walk| walk.must_arrive(zone)))
        })
    })
}

/// Compares on made-up networks; returns how many packets arrived somewhere, so that a test cannot pass on networks that are shut.
fn compare<B: Space>(seeds: std::ops::Range<u64>, translations: bool) -> [usize; 3] {
    let mut met = [0; 3];
    for seed in seeds {
        let fabric = fabric(seed, B::FAMILY, translations);
        let prepared = Prepared::new(&fabric);
        let order = if seed % 2 == 0 {
            Order::BY_ADDRESS
        } else {
            Order::BY_SERVICE
        };
        for from in ZONES {
            let mut work = Work::<B>::new(&prepared, order, u64::MAX);
            let slice = everything(from);
            let set = work.begin(&slice).unwrap();
            let reach = work.ends(from, set).unwrap();
            if !reach.complete {
                continue;
            }
            let may = work.reach(&slice).unwrap();
            let mut arrives = [Id::NONE; 3];
            let mut elsewhere = [Id::NONE; 3];
            for ended in &reach.ends {
                for zone in ZONES {
                    let sets = if ended.end == End::Arrives(zone) {
                        &mut arrives
                    } else {
                        &mut elsewhere
                    };
                    let known = &mut sets[usize::from(zone.0)];
                    *known = work.arena.over(*known, ended.sent).unwrap();
                }
            }
            for (zone, all) in ZONES.into_iter().zip(arrives) {
                let mut known = Id::NONE;
                for ended in may.ends.iter().filter(|ended| ended.end == End::Arrives(zone)) {
                    known = work.arena.over(known, ended.sent).unwrap();
                }
                assert_eq!(known, all);
            }
            for packet in packets(seed, B::FAMILY, 60) {
                let Some(expected) = plainly(&fabric, from, packet) else {
                    continue;
                };
                let packet = values(&packet);
                for (zone, (may, must)) in ZONES.into_iter().zip(expected) {
                    let at = usize::from(zone.0);
                    let found = work.arena.eval(arrives[at], &packet).is_some();
                    assert_eq!(
                        found,
                        may,
                        "seed {seed}: may {from:?} -> {zone:?} {}",
                        B::packet(&packet)
                    );
                    let surely = found && work.arena.eval(elsewhere[at], &packet).is_none();
                    assert_eq!(
                        surely,
                        must,
                        "seed {seed}: must {from:?} -> {zone:?} {}",
                        B::packet(&packet)
                    );
                    met[0] += usize::from(may);
                    met[1] += usize::from(may && !must);
                    met[2] += usize::from(!may);
                }
            }
        }
    }
    met
}

#[test]
fn what_may_and_must_arrive_is_what_the_plain_reading_says() {
    let met = compare::<u32>(20..24, false);
    assert!(met.iter().all(|count| *count > 100), "{met:?}");
}

#[test]
fn translated_packets_arrive_as_the_plain_reading_says() {
    let met = compare::<u32>(1_000..1_007, true);
    assert!(met.iter().all(|count| *count > 100), "{met:?}");
}

#[test]
fn ipv6_arrives_as_the_plain_reading_says() {
    let met = compare::<u128>(2_000..2_004, true);
    assert!(met.iter().all(|count| *count > 50), "{met:?}");
}

/// Every witness passes by its trail: the plain reading meets the same rules in the same order.
#[test]
fn a_trail_names_the_rules_that_let_its_packets_pass() {
    let mut checked = 0;
    for seed in 3_000..3_020 {
        let fabric = fabric(seed, crate::packet::Family::V4, false);
        let prepared = Prepared::new(&fabric);
        let mut work = Work::<u32>::new(&prepared, Order::BY_ADDRESS, u64::MAX);
        let reach = work.reach(&everything(ZoneId(0))).unwrap();
        for ended in reach.ends.iter().filter(|ended| matches!(ended.end, End::Arrives(_))) {
            for part in work.arena.survey(ended.sent, &Wishes::default()) {
                let trail: Vec<_> = work
                    .blame
                    .trail(part.terminal)
                    .iter()
                    .map(|verdict| (verdict.node, verdict.chain, verdict.rule, verdict.line))
                    .collect();
                let walk = walk(&fabric, ZoneId(0), u32::packet(&part.witness), &|first, _| first);
                let walked = walk
                    .branches
                    .iter()
                    .filter(|branch| branch.end == ended.end)
                    .any(|branch| {
                        let steps = branch
                            .hops
                            .iter()
                            .flat_map(|hop| hop.steps.iter().map(move |step| (hop.node, step)));
                        let rules = steps.filter_map(|(node, step)| match step {
                            crate::trace::Step::Rule { chain, rule, line, .. } => Some((node, *chain, *rule, *line)),
                            _ => None,
                        });
                        rules.eq(trail.iter().copied())
                    });
                assert!(walked || !walk.complete, "seed {seed}: {trail:?} {walk:?}");
                checked += usize::from(walk.complete);
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn a_spent_budget_is_no_answer() {
    let fabric = fabric(1, crate::packet::Family::V4, false);
    let prepared = Prepared::new(&fabric);
    let mut work = Work::<u32>::new(&prepared, Order::BY_ADDRESS, 100);
    assert!(work.reach(&everything(ZoneId(0))).is_err());
}
