//! The diagrams against a linear scan, and against decision diagrams on bits of another make.

mod algebra;
mod oracle;
mod rewriting;

use super::generate::{Generated, Stream};
use super::{Arena, Field, Id, Order, Values, Width, build};

/// The diagram of generated rules: rule `n` has terminal `n`, and what no rule matches is not in it.
fn diagram<B: Width>(order: Order, rules: &[Generated<B>]) -> (Arena<B>, Id) {
    let numbered = (0..).zip(rules).map(|(number, rule)| (&rule.packets, number));
    build(order, u64::MAX, numbered).unwrap()
}

fn permits<B: Width>(arena: &mut Arena<B>, root: Id, rules: &[Generated<B>]) -> Id {
    arena
        .map(root, |rule| rules[rule as usize].permits.then_some(0))
        .unwrap()
}

fn scan<B: Width>(rules: &[Generated<B>], packet: &Values) -> Option<u32> {
    let holds = |rule: &Generated<B>| {
        Field::ALL.iter().all(|field| {
            let value = B::clipped(packet[*field as usize]);
            rule.packets.values(*field).unwrap().contains(value)
        })
    };
    rules.iter().position(holds).map(|at| u32::try_from(at).unwrap())
}

/// Packets where mistakes would be: corners, insides, fields of two rules mixed, one beyond a bound.
fn samples<B: Width>(rules: &[Generated<B>], count: usize, seed: u64) -> Vec<Values> {
    let mut stream = Stream::new(seed);
    let pick = |stream: &mut Stream| {
        let (one, other) = (stream.below(rules.len() as u64), stream.below(rules.len() as u64));
        let how = stream.below(5);
        Field::ALL.map(|field| {
            let rule = if how == 3 && stream.chance(50) { other } else { one };
            let values = rules[usize::try_from(rule).unwrap()].packets.values(field).unwrap();
            let (first, last) = values.iter().next().unwrap();
            let last = last.min(field.last());
            let (first, last): (u128, u128) = (first.into(), last.into());
            let end: u128 = field.last::<B>().into();
            match how {
                0 => first,
                1 => last,
                4 if stream.chance(50) => last.saturating_add(1).min(end),
                4 => first.saturating_sub(1),
                _ => first + u128::from(stream.bits()) % (last - first).saturating_add(1).max(1),
            }
        })
    };
    (0..count).map(|_| pick(&mut stream)).collect()
}
