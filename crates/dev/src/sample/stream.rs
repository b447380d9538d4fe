//! A small seeded generator (SplitMix64). Each register draws from a stream of its own name, so a new register changes no other.

use jiff::Span;
use jiff::civil::{Date, Weekday};

/// Changing the seed changes the whole city.
const SEED: u64 = 0x4d69_686f_6e43_6974;

/// An endless, repeatable row of numbers.
pub(crate) struct Stream(u64);

impl Stream {
    /// The stream of this name (FNV-1a of the name, mixed with the seed).
    pub(crate) fn named(name: &str) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash ^ SEED)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low).saturating_add(1))
            .unwrap_or(1)
            .max(1);
        low.saturating_add(i64::try_from(self.next() % width).unwrap_or(0))
    }

    /// True once in `n` times on average.
    pub(crate) fn one_in(&mut self, n: i64) -> bool {
        self.between(1, n) == 1
    }

    /// One of these; the default of the type where there are none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, of: &[T]) -> T {
        let last = i64::try_from(of.len()).unwrap_or(1).saturating_sub(1);
        let index = usize::try_from(self.between(0, last)).unwrap_or(0);
        of.get(index).copied().unwrap_or_default()
    }

    /// A working day between these days; a weekend gives way to the Friday before.
    pub(crate) fn day(&mut self, from: Date, to: Date) -> Date {
        let width = (to - from).get_days();
        workday(after(from, self.between(0, i64::from(width.max(0)))))
    }

    /// The same things in another order.
    pub(crate) fn shuffled<T>(&mut self, things: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut keyed: Vec<(u64, T)> = things.into_iter().map(|thing| (self.next(), thing)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, thing)| thing).collect()
    }
}

/// The day this many days later; earlier where `days` is negative.
pub(crate) fn after(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

fn workday(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => after(day, -1),
        Weekday::Sunday => after(day, -2),
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_stream_repeats_and_differs_from_its_neighbours() {
        let draw = |name| {
            let mut stream = Stream::named(name);
            (0..8).map(|_| stream.between(0, 999)).collect::<Vec<_>>()
        };
        assert_eq!(draw("asset"), draw("asset"));
        assert_ne!(draw("asset"), draw("system"));
    }

    #[test]
    fn a_drawn_day_is_a_working_day() {
        let mut stream = Stream::named("day");
        for _ in 0..200 {
            let day = stream.day(date(2026, 4, 1), date(2026, 11, 20));
            assert!(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday), "{day}");
        }
    }
}
