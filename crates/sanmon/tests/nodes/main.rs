//! Two nodes of the service on one real PostgreSQL. One of them is killed while both are written to: what was acknowledged is
//! there, nothing was done twice, the other one goes on, and the ledger is sound.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]
#![expect(clippy::panic, reason = "a test that cannot go on fails here")]
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails here")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test starts, writes to and kills what it looks at"
)]

mod caller;
mod city;
mod jobs;
mod node;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use store_postgres::trial::Server;

use crate::caller::Caller;
use crate::city::City;
use crate::node::{Node, eventually};

/// Programs that write to each node at the same time.
const WRITERS: usize = 3;

/// What was acknowledged, by key.
#[derive(Default)]
struct Acknowledged(Mutex<BTreeSet<String>>);

impl Acknowledged {
    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Writes rows, one after another, until told to stop or until the node is gone.
    fn write(&self, caller: &Caller, name: &str, stop: &AtomicBool) {
        for number in 0.. {
            let key = format!("N-{name}-{number}");
            match caller.add_terminal(&key) {
                Ok(201) => _ = self.0.lock().unwrap().insert(key),
                Ok(status) => panic!("{key}: status {status}"),
                // The node was killed: what it was asked last may be done or not.
                Err(_) => return,
            }
            if stop.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_no_job_runs_twice_when_one_of_two_nodes_is_killed() {
    let server = Server::start(&["fsync=off"]);
    let city = City::found(&server);
    let mut first = Node::start(&city, "a");
    // The first node holds every lease before there is a second one.
    eventually("the first node records how the clauses stand", || {
        city.leader("standings").is_some() && !city.standings().is_empty()
    });
    let second = Node::start(&city, "b");

    let (to_first, to_second) = (Acknowledged::default(), Acknowledged::default());
    let stop = AtomicBool::new(false);
    let gone = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (to_first, to_second, stop, gone) = (&to_first, &to_second, &stop, &gone);
            let (a, b) = (first.caller(&city), second.caller(&city));
            scope.spawn(move || {
                to_first.write(&a, &format!("a{writer}"), stop);
                gone.fetch_add(1, Ordering::Relaxed);
            });
            scope.spawn(move || to_second.write(&b, &format!("b{writer}"), stop));
        }
        eventually("both nodes are written to", || {
            to_first.count() >= 40 && to_second.count() >= 40
        });
        first.kill();
        eventually("the programs of the killed node notice", || {
            gone.load(Ordering::Relaxed) == WRITERS
        });
        let so_far = to_second.count();
        eventually("the other node goes on", || to_second.count() >= so_far + 40);
        stop.store(true, Ordering::Relaxed);
    });

    let kept = city.terminals();
    for acknowledged in [&to_first, &to_second] {
        let acknowledged = acknowledged.0.lock().unwrap();
        let lost: Vec<&String> = acknowledged.difference(&kept).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    }
    jobs::another_node_takes_over(&city, &second);
    jobs::nothing_was_recorded_twice(&city);
    city.verify("b");

    // The killed node comes back: its checkpoint is behind, and the ledger has grown from it.
    let again = Node::start(&city, "a");
    assert_eq!(again.caller(&city).add_terminal("N-again"), Ok(201));
    eventually("the other node follows", || {
        second.caller(&city).knows_terminal("N-again")
    });
    again.stop();
    second.stop();
    city.verify("a");
}

#[test]
fn a_node_without_the_checkpoint_of_its_city_writes_nothing() {
    let server = Server::start(&["fsync=off"]);
    let city = City::found(&server);
    std::fs::remove_file(city.folder("b").join("checkpoint")).unwrap();
    let node = Node::start(&city, "b");
    assert_eq!(node.caller(&city).add_terminal("N-1"), Ok(503));
    node.stop();
}
