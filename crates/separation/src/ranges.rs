//! Sets of numbers as sorted, disjoint, inclusive intervals: addresses, ports, protocols.

use std::fmt::{self, Debug};

/// A number that intervals are made of.
pub trait Bound: Copy + Ord + Debug {
    /// The smallest.
    const MIN: Self;
    /// The largest.
    const MAX: Self;
    /// The next larger one.
    fn next(self) -> Option<Self>;
    /// The next smaller one.
    fn previous(self) -> Option<Self>;
}

macro_rules! bound {
    ($($number:ty),*) => {$(
        impl Bound for $number {
            const MIN: Self = <$number>::MIN;
            const MAX: Self = <$number>::MAX;
            fn next(self) -> Option<Self> { self.checked_add(1) }
            fn previous(self) -> Option<Self> { self.checked_sub(1) }
        }
    )*};
}
bound!(u8, u16, u32, u128, usize);

/// A set of numbers. Equal sets are equal values: the intervals are sorted, and neither overlap nor touch.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ranges<T>(Vec<(T, T)>);

impl<T: Bound> Ranges<T> {
    /// No number.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Every number.
    #[must_use]
    pub fn all() -> Self {
        Self(vec![(T::MIN, T::MAX)])
    }

    /// One number.
    #[must_use]
    pub fn one(number: T) -> Self {
        Self(vec![(number, number)])
    }

    /// From `first` to `last`, both included; none where `last` is smaller.
    #[must_use]
    pub fn span(first: T, last: T) -> Self {
        if first <= last {
            Self(vec![(first, last)])
        } else {
            Self::none()
        }
    }

    /// The union of intervals in any order. An interval whose end is before its start holds nothing.
    #[must_use]
    pub fn of(intervals: impl IntoIterator<Item = (T, T)>) -> Self {
        let mut sorted: Vec<(T, T)> = intervals.into_iter().filter(|(first, last)| first <= last).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(T, T)> = Vec::with_capacity(sorted.len());
        for (first, last) in sorted {
            match merged.last_mut() {
                Some((_, end)) if end.next().is_none_or(|next| first <= next) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Self(merged)
    }

    /// Whether it holds no number.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it holds every number.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0 == [(T::MIN, T::MAX)]
    }

    /// Whether it holds `number`.
    #[must_use]
    pub fn contains(&self, number: T) -> bool {
        let after = self.0.partition_point(|(_, last)| *last < number);
        self.0.get(after).is_some_and(|(first, _)| *first <= number)
    }

    /// Whether it holds every number from `first` to `last`.
    #[must_use]
    pub fn holds(&self, first: T, last: T) -> bool {
        let after = self.0.partition_point(|(_, end)| *end < first);
        self.0
            .get(after)
            .is_some_and(|(start, end)| *start <= first && last <= *end)
    }

    /// Whether it holds some number from `first` to `last`.
    #[must_use]
    pub fn meets(&self, first: T, last: T) -> bool {
        let after = self.0.partition_point(|(_, end)| *end < first);
        self.0.get(after).is_some_and(|(start, _)| *start <= last)
    }

    /// The intervals, sorted; both ends belong to them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (T, T)> + '_ {
        self.0.iter().copied()
    }

    /// The same, as a slice.
    #[must_use]
    pub fn intervals(&self) -> &[(T, T)] {
        &self.0
    }

    /// The smallest number.
    #[must_use]
    pub fn first(&self) -> Option<T> {
        self.0.first().map(|(first, _)| *first)
    }

    /// Numbers of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.iter().chain(other.iter()))
    }

    /// Numbers of both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        let mut both = Vec::new();
        while let (Some(&(a, b)), Some(&(c, d))) = (ours.peek(), theirs.peek()) {
            if a.max(c) <= b.min(d) {
                both.push((a.max(c), b.min(d)));
            }
            if b <= d {
                ours.next();
            } else {
                theirs.next();
            }
        }
        Self(both)
    }

    /// Numbers that it does not hold.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut from = Some(T::MIN);
        for (first, last) in self.iter() {
            if let (Some(start), Some(end)) = (from, first.previous())
                && start <= end
            {
                gaps.push((start, end));
            }
            from = last.next();
        }
        if let Some(start) = from {
            gaps.push((start, T::MAX));
        }
        Self(gaps)
    }

    /// Numbers of this one and not of the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }

    /// Whether every number of it is one of `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.intersect(other) == *self
    }
}

impl<T: Bound> Debug for Ranges<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("*");
        }
        f.debug_list()
            .entries(self.0.iter().map(|(first, last)| *first..=*last))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_set() -> impl Strategy<Value = Ranges<u8>> {
        proptest::collection::vec((0..=255u8, 0..=255u8), 0..6).prop_map(Ranges::of)
    }

    proptest! {
        #[test]
        fn the_algebra_is_that_of_sets(a in any_set(), b in any_set(), number: u8) {
            let (has_a, has_b) = (a.contains(number), b.contains(number));
            prop_assert_eq!(a.union(&b).contains(number), has_a || has_b);
            prop_assert_eq!(a.intersect(&b).contains(number), has_a && has_b);
            prop_assert_eq!(a.minus(&b).contains(number), has_a && !has_b);
            prop_assert_eq!(a.complement().contains(number), !has_a);
        }

        #[test]
        fn equal_sets_are_equal_values(a in any_set()) {
            prop_assert_eq!(&a.complement().complement(), &a);
            let numbers = (0..=255u8).filter(|number| a.contains(*number));
            prop_assert_eq!(Ranges::of(numbers.map(|number| (number, number))), a);
        }
    }
}
