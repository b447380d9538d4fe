//! The jobs that one node does for all.

use crate::city::City;
use crate::node::{Node, eventually};

/// After the node that did a job is gone, the other one does it: what it writes follows the acts that came later.
pub(crate) fn another_node_takes_over(city: &City, other: &Node) {
    let before = city.leader("standings");
    let (known, row) = (city.standings(), "N-takeover");
    assert_eq!(other.caller(city).add_terminal(row), Ok(201));
    eventually("the other node records how the clauses stand", || {
        city.standings() != known
    });
    let after = city.leader("standings");
    assert!(
        after.is_some() && after != before,
        "the lease went to the node that lives"
    );
}

/// A standing is recorded when it changes: two nodes that both did the job would record the same one twice.
pub(crate) fn nothing_was_recorded_twice(city: &City) {
    let mut changes = 0;
    for (clause, over_time) in city.standings() {
        changes += over_time.len() - 1;
        for pair in over_time.windows(2) {
            assert_ne!(pair[0], pair[1], "{clause} was recorded twice");
        }
    }
    assert!(changes > 0, "no standing changed: the test shows nothing");
}
