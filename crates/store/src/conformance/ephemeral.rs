//! What ends by itself.

use std::time::Duration;

use jiff::SignedDuration;
use model::clock::Clock as _;

use super::bench::Bench;

const HOUR: Duration = Duration::from_secs(3_600);

pub fn a_held_value_ends(bench: &Bench) {
    let store = &bench.store;
    store.hold("session", "a", b"one", bench.clock.now(), HOUR).unwrap();
    store.hold("session", "a", b"two", bench.clock.now(), HOUR).unwrap();
    store.hold("session", "b", b"", bench.clock.now(), HOUR * 2).unwrap();
    let held = store.held("session", "a", bench.clock.now()).unwrap().unwrap();
    assert_eq!((held.value.as_slice(), held.number), (b"two".as_slice(), 2));
    assert_eq!(store.held("link", "a", bench.clock.now()), Ok(None));
    assert_eq!(store.held_of_kind("session", bench.clock.now()).unwrap().len(), 2);
    bench.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(store.held("session", "a", bench.clock.now()), Ok(None));
    assert_eq!(store.sweep(bench.clock.now()), Ok(1));
    store.release("session", "b").unwrap();
    assert_eq!(store.held_of_kind("session", bench.clock.now()), Ok(vec![]));
}

pub fn a_value_is_written_only_over_the_one_that_was_seen(bench: &Bench) {
    let (store, now) = (&bench.store, bench.clock.now());
    let name = ("throttle", "a");
    assert_eq!(store.hold_if(name, Some(1), b"x", now, HOUR), Ok(false));
    assert_eq!(store.hold_if(name, None, b"one", now, HOUR), Ok(true));
    assert_eq!(store.hold_if(name, None, b"x", now, HOUR), Ok(false));
    assert_eq!(store.hold_if(name, Some(1), b"two", now, HOUR), Ok(true));
    assert_eq!(store.hold_if(name, Some(1), b"x", now, HOUR), Ok(false));
    assert_eq!(store.held("throttle", "a", now).unwrap().unwrap().value, b"two");
    bench.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(store.hold_if(name, Some(2), b"x", bench.clock.now(), HOUR), Ok(false));
    assert_eq!(store.hold_if(name, None, b"three", bench.clock.now(), HOUR), Ok(true));
}

pub fn of_many_takers_one_gets_it(bench: &Bench) {
    let (store, now) = (&bench.store, bench.clock.now());
    store.hold("link", "a", b"once", now, HOUR).unwrap();
    let taken: usize = std::thread::scope(|scope| {
        let takers: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| store.take("link", "a", now).unwrap().is_some()))
            .collect();
        takers.into_iter().map(|taker| usize::from(taker.join().unwrap())).sum()
    });
    assert_eq!(taken, 1);
    store.hold("link", "b", b"late", now, HOUR).unwrap();
    bench.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(store.take("link", "b", bench.clock.now()), Ok(None));
}

pub fn a_count_goes_up_and_begins_again(bench: &Bench) {
    let store = &bench.store;
    let count = || store.count("failure", "a", bench.clock.now(), HOUR).unwrap();
    assert_eq!((count(), count(), count()), (1, 2, 3));
    bench.clock.advance(SignedDuration::from_mins(59));
    assert_eq!(count(), 4);
    bench.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(count(), 1);
}

pub fn one_holder_has_a_lease(bench: &Bench) {
    let lease = |holder: &str| bench.store.lease("judge", holder, bench.clock.now(), HOUR).unwrap();
    assert!(lease("node-1"));
    assert!(!lease("node-2"));
    bench.clock.advance(SignedDuration::from_mins(50));
    assert!(lease("node-1"), "renewed");
    bench.clock.advance(SignedDuration::from_mins(50));
    assert!(!lease("node-2"));
    bench.clock.advance(SignedDuration::from_mins(10));
    assert!(lease("node-2"), "the first one no longer renews it");
    assert!(!lease("node-1"));
    bench.store.release("lease", "judge").unwrap();
    assert!(lease("node-1"));
}
