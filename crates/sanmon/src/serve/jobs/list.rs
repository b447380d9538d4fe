//! The jobs.

use std::time::Duration;

use super::{Job, Nodes, backup};

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A round of a short job takes no longer than this.
const SHORT: Nodes = Nodes::One { at_most: seconds(15) };

/// All of them.
pub(super) const JOBS: &[Job] = &[
    // The acts of other nodes, and a new day: what was shown yesterday may be too old today.
    Job {
        name: "follow",
        every: seconds(1),
        on: Nodes::Every,
        run: |within| {
            if let Err(error) = within.hall.follow() {
                tracing::error!(?error, "the city does not follow its ledger");
            }
            Ok(())
        },
    },
    Job {
        name: "checkpoint",
        every: seconds(3),
        on: Nodes::Every,
        run: |within| within.hall.sign_checkpoint().map(drop),
    },
    Job {
        name: "standings",
        every: seconds(2),
        on: SHORT,
        run: |within| within.hall.record_standings().map(drop),
    },
    Job {
        name: "notices",
        every: seconds(5),
        on: SHORT,
        run: |within| within.hall.make_notices().map(drop),
    },
    // Nobody's letter waits for that of another: a mail server may be slow.
    Job {
        name: "letters",
        every: seconds(5),
        on: Nodes::One { at_most: seconds(600) },
        run: |within| match &within.post {
            Some(post) => post.deliver(&within.hall).map(drop),
            None => Ok(()),
        },
    },
    Job {
        name: "digests",
        every: seconds(60),
        on: SHORT,
        run: |within| within.hall.queue_digests().map(drop),
    },
    Job {
        name: "requests",
        every: seconds(600),
        on: SHORT,
        run: |within| within.hall.pass_request_time().map(drop),
    },
    Job {
        name: "transfers",
        every: seconds(60),
        on: SHORT,
        run: |within| within.hall.pass_transfers().map(drop),
    },
    Job {
        name: "retention",
        every: seconds(3_600),
        on: Nodes::One {
            at_most: seconds(3_600),
        },
        run: |within| within.hall.erase_expired().map(drop),
    },
    Job {
        name: "backup",
        every: seconds(60),
        on: Nodes::One {
            at_most: seconds(2 * 60 * 60),
        },
        run: backup::run,
    },
    Job {
        name: "sweep",
        every: seconds(600),
        on: SHORT,
        run: |within| {
            let now = within.hall.clock().now();
            Ok(within.hall.store().sweep(now).map(drop)?)
        },
    },
];
