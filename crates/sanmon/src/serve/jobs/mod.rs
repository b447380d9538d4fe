//! What the service does by itself. Each job runs on one node, however many there are: whoever holds its lease.
//!
//! A job has a thread of its own, so that a backup of a large city holds up no checkpoint. To add a job, add it to the
//! [list]; one that is more than a call of the hall has a file.

mod backup;
mod list;
mod verified;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use model::random;
use service::hall::{Hall, Refusal};

use crate::configuration::Configuration;
use crate::serve::mail::Post;

/// What jobs work with.
pub(super) struct Within {
    pub(super) hall: Arc<Hall>,
    pub(super) configuration: Configuration,
    /// The files of documents.
    pub(super) blobs: PathBuf,
    pub(super) post: Option<Post>,
}

/// One thing to do again and again.
struct Job {
    name: &'static str,
    every: Duration,
    on: Nodes,
    run: fn(&Within) -> Result<(), Refusal>,
}

/// Which nodes do a job.
enum Nodes {
    /// Each for itself.
    Every,
    /// One for all. It keeps the job for as long as one round may take: when it dies, another one takes over after that.
    One { at_most: Duration },
}

/// The jobs of this node.
pub(super) struct Jobs {
    stop: Arc<Stop>,
    threads: Vec<JoinHandle<()>>,
}

/// Whether the service stops.
#[derive(Default)]
struct Stop {
    asked: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    fn ask(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits, or is woken by the end; whether it has come.
    fn wait(&self, pause: Duration) -> bool {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(asked, pause, |asked| !*asked);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Jobs {
    /// Begins; the first round of each comes at once.
    pub(super) fn start(within: Within) -> io::Result<Self> {
        let within = Arc::new(within);
        let node = format!("{:032x}", u128::from_be_bytes(random::bytes(within.hall.random())));
        let mut jobs = Self {
            stop: Arc::default(),
            threads: Vec::new(),
        };
        for job in list::JOBS {
            let (within, stop, node) = (Arc::clone(&within), Arc::clone(&jobs.stop), node.clone());
            let thread = std::thread::Builder::new().name(job.name.to_owned());
            let started = thread.spawn(move || run(&within, job, &node, &stop));
            match started {
                Ok(thread) => jobs.threads.push(thread),
                Err(error) => {
                    jobs.stop();
                    return Err(error);
                }
            }
        }
        Ok(jobs)
    }

    /// Lets the jobs at hand end.
    pub(super) fn stop(self) {
        self.stop.ask();
        for thread in self.threads {
            let name = thread.thread().name().unwrap_or_default().to_owned();
            if thread.join().is_err() {
                tracing::error!(job = name, "a job panicked");
            }
        }
    }
}

fn run(within: &Within, job: &Job, node: &str, stop: &Stop) {
    loop {
        once(within, job, node);
        if stop.wait(job.every) {
            give_back(within, job, node);
            return;
        }
    }
}

/// A node that stops in order keeps nobody waiting for its lease to end.
fn give_back(within: &Within, job: &Job, node: &str) {
    let (store, now) = (within.hall.store(), within.hall.clock().now());
    let given = store.held("lease", job.name, now).and_then(|held| match held {
        Some(held) if held.value == node.as_bytes() => store.release("lease", job.name),
        _ => Ok(()),
    });
    if let Err(error) = given {
        tracing::warn!(job = job.name, %error, "a lease was not given back");
    }
}

fn once(within: &Within, job: &Job, node: &str) {
    if let Nodes::One { at_most } = job.on {
        let (store, now) = (within.hall.store(), within.hall.clock().now());
        match store.lease(job.name, node, now, job.every + at_most) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(job = job.name, %error, "no lease");
                return;
            }
        }
    }
    if let Err(refusal) = (job.run)(within) {
        tracing::warn!(job = job.name, ?refusal, "a job was not done");
    }
}
