use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::device::Devices;
use model::random::SeededRandom;

/// What a caller keeps.
#[derive(Default)]
struct Kept(HashMap<String, Counter>);

impl Kept {
    fn load(&self, keys: &Keys) -> Counters {
        let get = |key: Option<&String>| key.and_then(|key| self.0.get(key)).copied();
        Counters {
            pair: get(Some(&keys.pair)),
            source: get(keys.source.as_ref()),
            account: get(keys.account.as_ref()),
        }
    }

    fn keep(&mut self, keys: &Keys, counters: Counters) {
        let rows = [
            (Some(&keys.pair), counters.pair),
            (keys.source.as_ref(), counters.source),
            (keys.account.as_ref(), counters.account),
        ];
        for (key, counter) in rows {
            match (key, counter) {
                (Some(key), Some(counter)) => self.0.insert(key.clone(), counter),
                (Some(key), None) => self.0.remove(key),
                (None, _) => None,
            };
        }
    }

    /// Whether a failing attempt was admitted.
    fn fail(&mut self, keys: &Keys, now: Timestamp) -> bool {
        let admitted = limits().admit(self.load(keys), keys, now);
        admitted.map(|counters| self.keep(keys, counters)).is_ok()
    }

    /// Whether the right password was admitted.
    fn succeed(&mut self, keys: &Keys, now: Timestamp) -> bool {
        let admitted = limits().admit(self.load(keys), keys, now);
        admitted.map(|counters| self.keep(keys, counters.forgiven())).is_ok()
    }
}

fn limits() -> Limits {
    Limits::shipped().unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

fn address(last: u32) -> IpAddr {
    std::net::Ipv4Addr::from_bits(0xC633_6400 + last).into()
}

fn device() -> Device {
    let keys = [[1; 32]];
    let devices = Devices::new(&keys);
    let random = SeededRandom::new(1);
    devices
        .recognise("P0104", &devices.remember("P0104", "", &random))
        .unwrap()
}

#[test]
fn the_wait_doubles_up_to_its_longest() {
    let keys = Keys::of("p0104", address(1), None);
    let mut kept = Kept::default();
    let mut now = 0;
    let mut waits = Vec::new();
    for _ in 0..18 {
        let wait = limits()
            .admit(kept.load(&keys), &keys, at(now))
            .err()
            .map_or(0, |until| until.duration_since(at(now)).as_secs());
        now += wait;
        waits.push(wait);
        assert!(kept.fail(&keys, at(now)));
    }
    assert_eq!(waits[..10], [0, 0, 0, 0, 0, 2, 4, 8, 16, 32]);
    assert_eq!(waits[17], 900);
}

#[test]
fn a_hundred_attempts_at_one_moment_are_counted_one_by_one() {
    let keys = Keys::of("p0104", address(1), None);
    let mut kept = Kept::default();
    let admitted = (0..100).filter(|_| kept.fail(&keys, at(0))).count();
    assert_eq!(admitted, 5);
}

#[test]
fn success_clears_the_pair_and_takes_back_its_own_count() {
    let keys = Keys::of("p0104", address(1), None);
    let mut kept = Kept::default();
    assert!((0..4).all(|_| kept.fail(&keys, at(0))));
    assert!(kept.succeed(&keys, at(1)));
    let left = kept.load(&keys);
    assert_eq!(left.pair, None);
    assert_eq!(left.account.map(|counter| counter.failures), Some(4));
}

#[test]
fn neighbours_in_a_network_of_ipv6_are_one_source() {
    let of = |address: &str| Keys::of("p0104", address.parse().unwrap(), None).source;
    assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
}

#[test]
fn nothing_that_was_typed_stands_in_a_key() {
    let keys = Keys::of("my password by mistake", address(1), None);
    assert!(!format!("{keys:?}").contains("mistake"));
}

#[test]
fn a_wait_that_amounts_to_a_lock_out_is_refused_as_a_setting() {
    for wrong in ["longest-seconds = 900", "first-seconds = 2"] {
        let key = wrong.split(' ').next().unwrap();
        let text = super::SHIPPED.replace(wrong, &format!("{key} = 3601"));
        assert_eq!(Limits::parse(&text).unwrap_err()[0].code, "waits-out-of-bounds");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_others_try_a_known_device_gets_in(
        attempts in prop::collection::vec((0..300_u32, 0..4_i64), 0..400),
    ) {
        let own = Keys::of("p0104", address(1000), Some(&device()));
        let mut kept = Kept::default();
        let mut now = 0;
        for (source, pause) in attempts {
            now += pause;
            kept.fail(&Keys::of("p0104", address(source), None), at(now));
            prop_assert!(kept.succeed(&own, at(now)));
        }
    }

    #[test]
    fn no_wait_is_longer_than_the_longest(
        attempts in prop::collection::vec((0..20_u32, 0..2000_i64), 0..200),
    ) {
        let mut kept = Kept::default();
        let mut now = 0;
        for (source, pause) in attempts {
            now += pause;
            let keys = Keys::of("p0104", address(source), None);
            kept.fail(&keys, at(now));
            if let Err(until) = limits().admit(kept.load(&keys), &keys, at(now)) {
                prop_assert!(until.duration_since(at(now)).as_secs() <= 900);
            }
            // A place that was never used waits for the account and no longer than it.
            let new = Keys::of("p0104", address(5000), None);
            let wait = limits().admit(kept.load(&new), &new, at(now)).err();
            prop_assert!(wait.is_none_or(|until| until.duration_since(at(now)).as_secs() <= 30));
        }
    }

    #[test]
    fn more_failures_never_shorten_a_wait(failures in 0..200_u32, more in 0..50_u32, line in 0..3_usize) {
        let line = [limits().pair, limits().source, limits().account][line];
        let wait = |failures| line.wait(Some(Counter { failures, last: at(0) }), at(0));
        prop_assert!(wait(failures) <= wait(failures + more));
    }
}

#[test]
fn guessing_from_everywhere_gets_few_guesses_a_day() {
    let mut kept = Kept::default();
    let hours = 4;
    let tries = (0..hours * 3600).filter(|second| {
        let keys = Keys::of("p0104", address(*second), None);
        kept.fail(&keys, at(i64::from(*second)))
    });
    assert!(tries.count() <= 20 + 6 + usize::try_from(hours).unwrap() * 120);
}

#[test]
fn who_has_the_password_gets_few_guesses_of_a_code() {
    let first = Keys::of("p0104", address(1), Some(&device()));
    let codes = Keys::of_codes("P0104");
    let mut kept = Kept::default();
    let tries = (0..86_400 / 10).filter(|step| {
        let now = at(step * 10);
        assert!(kept.succeed(&first, now));
        kept.fail(&codes, now)
    });
    // Three of a million are right at a time: less than one in three thousand a day.
    assert!(tries.count() <= 110);
}
