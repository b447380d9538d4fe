//! What the service does by itself. Each job runs on one node, however many there are: whoever holds its lease.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use model::random;
use service::hall::Hall;

/// The jobs of this node.
pub(super) struct Jobs {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

/// One thing to do again and again.
struct Job {
    name: &'static str,
    every: Duration,
    /// Whether every node does it for itself.
    everywhere: bool,
    run: fn(&Hall) -> Result<(), service::hall::Refusal>,
}

/// In the order in which they run when several are due.
const JOBS: &[Job] = &[
    Job {
        name: "follow",
        every: Duration::from_secs(1),
        everywhere: true,
        run: |hall| {
            if let Err(error) = hall.follow() {
                tracing::error!(?error, "the city does not follow its ledger");
            }
            Ok(())
        },
    },
    Job {
        name: "standings",
        every: Duration::from_secs(2),
        everywhere: false,
        run: |hall| hall.record_standings().map(drop),
    },
    Job {
        name: "checkpoint",
        every: Duration::from_secs(3),
        everywhere: true,
        run: |hall| hall.sign_checkpoint().map(drop),
    },
    Job {
        name: "requests",
        every: Duration::from_secs(600),
        everywhere: false,
        run: |hall| hall.pass_request_time().map(drop),
    },
    Job {
        name: "transfers",
        every: Duration::from_secs(60),
        everywhere: false,
        run: |hall| hall.pass_transfers().map(drop),
    },
    Job {
        name: "sweep",
        every: Duration::from_secs(600),
        everywhere: false,
        run: |hall| Ok(hall.store().sweep(hall.clock().now()).map(drop)?),
    },
];

impl Jobs {
    /// Begins; the first round comes at once.
    pub(super) fn start(hall: Arc<Hall>) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("jobs".to_owned())
            .spawn(move || run(&hall, &stopped))?;
        Ok(Self { stop, thread })
    }

    /// Lets the job at hand end.
    pub(super) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("a job panicked");
        }
    }
}

fn run(hall: &Hall, stopped: &Receiver<()>) {
    let node = format!("{:032x}", u128::from_be_bytes(random::bytes(hall.random())));
    let mut due = vec![Duration::ZERO; JOBS.len()];
    let tick = Duration::from_millis(500);
    let mut elapsed = Duration::ZERO;
    loop {
        for (job, due) in JOBS.iter().zip(&mut due) {
            if elapsed >= *due {
                *due = elapsed + job.every;
                once(hall, job, &node);
            }
        }
        match stopped.recv_timeout(tick) {
            Err(RecvTimeoutError::Timeout) => elapsed += tick,
            _ => return,
        }
    }
}

fn once(hall: &Hall, job: &Job, node: &str) {
    if !job.everywhere {
        // A node that dies gives the job up after three rounds.
        let life = job.every * 3 + Duration::from_secs(5);
        match hall.store().lease(job.name, node, hall.clock().now(), life) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(job = job.name, %error, "no lease");
                return;
            }
        }
    }
    if let Err(refusal) = (job.run)(hall) {
        tracing::warn!(job = job.name, ?refusal, "a job was not done");
    }
}
