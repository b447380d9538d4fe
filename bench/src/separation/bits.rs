//! Rules as conditions on bits.

use separation::diagram::Field;
use separation::diagram::generate::Generated;

/// Bits of the five fields that the rules ask.
pub(super) const BITS: u16 = 104;

/// In which order the fields' bits stand.
pub(super) const ORDERS: [[(Field, u16); 5]; 2] = [
    [
        (Field::Protocol, 8),
        (Field::Destination, 32),
        (Field::Source, 32),
        (Field::DestinationPort, 16),
        (Field::SourcePort, 16),
    ],
    [
        (Field::Protocol, 8),
        (Field::DestinationPort, 16),
        (Field::SourcePort, 16),
        (Field::Destination, 32),
        (Field::Source, 32),
    ],
];

/// Sets of packets as a library has them; `None` where its table is full.
pub(super) trait Library {
    type Set;
    /// Packets of which these bits, in rising order, have these values.
    fn cube(&self, fixed: &[(u16, bool)]) -> Option<Self::Set>;
    fn none(&self) -> Self::Set;
    fn and(&self, a: &Self::Set, b: &Self::Set) -> Option<Self::Set>;
    fn or(&self, a: &Self::Set, b: &Self::Set) -> Option<Self::Set>;
    /// Those of `a` that are not in `b`.
    fn minus(&self, a: &Self::Set, b: &Self::Set) -> Option<Self::Set>;
    fn nodes(&self, set: &Self::Set) -> usize;
}

/// The set of packets that the rules permit, joined as ours are: neighbours in a balanced tree. `None` where `goes_on` says so.
pub(super) fn permitted<L: Library>(
    library: &L,
    order: &[(Field, u16); 5],
    rules: &[Generated<u32>],
    goes_on: &impl Fn() -> bool,
) -> Option<L::Set> {
    Some(decided(library, order, rules, goes_on)?.0)
}

/// What a run of rules permits, and what it decides at all.
fn decided<L: Library>(
    library: &L,
    order: &[(Field, u16); 5],
    rules: &[Generated<u32>],
    goes_on: &impl Fn() -> bool,
) -> Option<(L::Set, L::Set)> {
    match rules {
        [] => Some((library.none(), library.none())),
        [rule] => {
            let all = product(library, order, rule)?;
            let permits = if rule.permits {
                product(library, order, rule)?
            } else {
                library.none()
            };
            Some((permits, all))
        }
        many => {
            let (first, second) = many.split_at(many.len() / 2);
            let first = decided(library, order, first, goes_on)?;
            let second = decided(library, order, second, goes_on)?;
            if !goes_on() {
                return None;
            }
            let later = library.minus(&second.0, &first.1)?;
            Some((library.or(&first.0, &later)?, library.or(&first.1, &second.1)?))
        }
    }
}

fn product<L: Library>(library: &L, order: &[(Field, u16); 5], rule: &Generated<u32>) -> Option<L::Set> {
    let mut all = library.cube(&[])?;
    let mut from = 0;
    for (field, bits) in order {
        let last = u32::MAX >> (32 - bits);
        let values = rule.packets.values(*field).filter(|values| !values.holds(0, last));
        if let Some(values) = values {
            let mut any = library.none();
            for (first, end) in values.iter() {
                for fixed in prefixes(first, end.min(last), *bits, from) {
                    any = library.or(&any, &library.cube(&fixed)?)?;
                }
            }
            all = library.and(&all, &any)?;
        }
        from += bits;
    }
    Some(all)
}

/// An interval as the prefixes that it is made of.
fn prefixes(first: u32, last: u32, bits: u16, from: u16) -> Vec<Vec<(u16, bool)>> {
    let mut prefixes = Vec::new();
    let (mut at, last) = (u64::from(first), u64::from(last));
    while at <= last {
        let mut free = at.trailing_zeros().min(u32::from(bits));
        while at + (1_u64 << free) - 1 > last {
            free -= 1;
        }
        let fixed = (0..bits).take(usize::from(bits) - free as usize);
        prefixes.push(fixed.map(|bit| (from + bit, at >> (bits - 1 - bit) & 1 == 1)).collect());
        at += 1 << free;
    }
    prefixes
}
