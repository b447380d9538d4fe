//! Workers that were started in advance, and who gives each of them one file.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use model::lang::Text;
use rustix::process::Signal;
use rustix::time::{ClockId, clock_gettime};
use sha2::{Digest, Sha256};

use super::conversation::{Deadline, Failure, Worker};
use super::walls::Ceiling;
use super::wire::{self, Answer, Job};
use crate::format::{self, Source};
use crate::isolation::Isolation;
use crate::limits::Limits;
use crate::profile::Profile;
use crate::receipt::{Hashes, Receipt};
use crate::refusal::Reason;
use crate::{Rebuilt, Treated};

/// Keeps workers ready. Each takes one file and ends; another is started at once, in a thread of the pool.
///
/// Calls block: a service makes them in threads that may.
#[derive(Debug)]
pub struct Pool {
    program: Arc<Program>,
    ready: Option<Mutex<Receiver<io::Result<Worker>>>>,
    starter: Option<JoinHandle<()>>,
}

/// The program that a worker runs.
#[derive(Debug, Clone)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// What it is given before the numbers of the ceiling.
    pub arguments: Vec<OsString>,
    /// What no job may go beyond.
    pub ceiling: Ceiling,
}

/// A file that was treated, or refused.
#[derive(Debug)]
pub struct Done {
    /// The new file, if there is one.
    pub rebuilt: Option<Rebuilt>,
    /// What is told of it.
    pub receipt: Receipt,
    /// What a worker that failed left behind, for a log: how it ended, and the first of what it said. Nothing to rely on.
    pub diagnostics: String,
}

impl Program {
    /// The running program itself, also where its file was replaced since: it calls [`super::serve()`] when it is given `command`.
    #[must_use]
    pub fn itself(command: &str, limits: &Limits) -> Self {
        Self {
            path: PathBuf::from("/proc/self/exe"),
            arguments: vec![command.into()],
            ceiling: Ceiling::of(limits),
        }
    }

    /// Starts one: no environment, a process group of its own, and nothing open but three pipes.
    #[expect(clippy::disallowed_methods, reason = "this is the home of starting workers")]
    fn start(&self) -> io::Result<Worker> {
        let child = std::process::Command::new(&self.path)
            .args(&self.arguments)
            .args(self.ceiling.arguments())
            .env_clear()
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        Worker::new(child)
    }
}

impl Ceiling {
    /// That of limits.
    #[must_use]
    pub const fn of(limits: &Limits) -> Self {
        Self {
            memory: limits.memory,
            seconds: limits.seconds,
        }
    }

    fn lowest(self, other: Self) -> Self {
        Self {
            memory: self.memory.min(other.memory),
            seconds: self.seconds.min(other.seconds),
        }
    }
}

impl Pool {
    /// A pool that keeps `ready` workers waiting, at least one.
    #[must_use]
    pub fn new(program: Program, ready: usize) -> Self {
        let program = Arc::new(program);
        // One more waits in the hand of the starter.
        let (give, take) = sync_channel(ready.saturating_sub(1));
        let starter = {
            let program = Arc::clone(&program);
            std::thread::Builder::new()
                .name("sanitize-starter".to_owned())
                .spawn(move || keep_starting(&program, &give))
        };
        Self {
            program,
            ready: Some(Mutex::new(take)),
            // Without a thread each job starts its own worker: slower, no less safe.
            starter: starter.ok(),
        }
    }

    /// Treats one file in a worker of its own. Of a file that is longer than the profile allows, one byte more than that is enough.
    #[must_use]
    pub fn treat(&self, name: &str, bytes: &[u8], profile: &Profile, passwords: &[String]) -> Done {
        let began = clock_gettime(ClockId::Monotonic);
        let mut task = Task {
            ceiling: self.program.ceiling,
            name,
            bytes,
            profile,
            hashes: Hashes::default(),
            walls: None,
            diagnostics: String::new(),
        };
        let treated = task.run(|| self.worker(), passwords).unwrap_or_else(|reason| Treated {
            format: None,
            outcome: Err(reason.into()),
            items: Vec::new(),
        });
        if task.hashes.input.is_none() && bytes.len() as u64 <= profile.limits.bytes {
            task.hashes.input = Some(sha256(bytes));
        }
        let mut receipt = Receipt::new(name, bytes.len() as u64, &task.hashes, &treated);
        receipt.isolation = task.walls;
        let elapsed = clock_gettime(ClockId::Monotonic) - began;
        receipt.elapsed_ms = u64::try_from(elapsed.tv_sec * 1_000 + elapsed.tv_nsec / 1_000_000).unwrap_or_default();
        Done {
            rebuilt: treated.outcome.ok(),
            receipt,
            diagnostics: task.diagnostics,
        }
    }

    /// One that waits, or a new one.
    fn worker(&self) -> io::Result<Worker> {
        if let Some(ready) = &self.ready {
            let ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                match ready.try_recv() {
                    // One that ended while it waited has seen no file: another takes its place.
                    Ok(Ok(mut worker)) => {
                        if !worker.has_ended() {
                            return Ok(worker);
                        }
                    }
                    // It could not be started then: perhaps it can now.
                    Ok(Err(_)) => break,
                    Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
                }
            }
        }
        self.program.start()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // Nobody takes any more: the starter ends, and with it what waits.
        self.ready = None;
        if let Some(starter) = self.starter.take() {
            let _ = starter.join();
        }
    }
}

/// Until nobody takes any more.
fn keep_starting(program: &Program, give: &SyncSender<io::Result<Worker>>) {
    while give.send(program.start()).is_ok() {}
}

/// One file on its way.
struct Task<'t> {
    ceiling: Ceiling,
    name: &'t str,
    bytes: &'t [u8],
    profile: &'t Profile,
    hashes: Hashes,
    walls: Option<Isolation>,
    diagnostics: String,
}

impl Task<'_> {
    fn run(&mut self, worker: impl FnOnce() -> io::Result<Worker>, passwords: &[String]) -> Result<Treated, Reason> {
        let limits = &self.profile.limits;
        crate::limits::within(
            self.bytes.len() as u64,
            limits.bytes,
            "ファイルの大きさ",
            "bytes of a file",
        )?;
        let mut worker = worker().map_err(|error| {
            self.diagnostics = error.to_string();
            Reason::WallsTooLow {
                missing: vec!["process".to_owned()],
            }
        })?;
        let deadline = Deadline::after(limits.waiting);
        match self.converse(&mut worker, passwords, deadline) {
            Ok(Conversed::Answered(answer, bytes)) => self.judge(answer, bytes),
            Ok(Conversed::Stopped(reason)) => Err(reason),
            Err(failure) => Err(self.died(&mut worker, failure)),
        }
    }

    fn converse(
        &mut self,
        worker: &mut Worker,
        passwords: &[String],
        deadline: Deadline,
    ) -> Result<Conversed, Failure> {
        let limits = &self.profile.limits;
        let walls = self.walls.insert(worker.greeting(deadline)?);
        let missing = self.profile.walls.missing(walls);
        if !missing.is_empty() {
            return Ok(Conversed::Stopped(Reason::WallsTooLow { missing }));
        }
        let job = wire::head_of_file(
            &Job {
                name: self.name.to_owned(),
                profile: self.profile.clone(),
                passwords: passwords.to_vec(),
            },
            self.bytes,
        )?;
        worker.lower(self.ceiling.lowest(Ceiling::of(limits)))?;
        worker.send(&job, self.bytes, deadline)?;
        // While it works.
        self.hashes.input = Some(sha256(self.bytes));
        let (answer, bytes) = worker.answer(limits.output_bytes, deadline)?;
        Ok(Conversed::Answered(answer, bytes))
    }

    /// Holds an answer against what can be found out without it.
    fn judge(&mut self, answer: Answer, bytes: Vec<u8>) -> Result<Treated, Reason> {
        let format = match answer.format.as_deref() {
            Some(id) => Some(self.known(id)?.id),
            None => None,
        };
        let outcome = match answer.outcome {
            Err(refusal) => Err(refusal),
            Ok(named) => {
                let written = self.known(&named.format)?;
                let identified = catch_unwind(AssertUnwindSafe(|| format::identify(&Source::new(&named.name, &bytes))));
                if !matches!(identified, Ok(Ok(found)) if found.id == written.id) {
                    return Err(self.nonsense("the output is not of the format that it is said to be"));
                }
                if named.name != format::renamed(self.name, written) {
                    return Err(self.nonsense("the output has another name"));
                }
                self.hashes.output = Some(sha256(&bytes));
                Ok(Rebuilt {
                    name: named.name,
                    format: written.id,
                    bytes,
                })
            }
        };
        Ok(Treated {
            format,
            outcome,
            items: answer.items,
        })
    }

    fn known(&mut self, id: &str) -> Result<&'static format::Format, Reason> {
        format::named(id).ok_or_else(|| self.nonsense("a format that there is not"))
    }

    fn nonsense(&mut self, what: &str) -> Reason {
        what.clone_into(&mut self.diagnostics);
        Reason::WorkerDied
    }

    /// The reason for a worker that gave no answer.
    fn died(&mut self, worker: &mut Worker, failure: Failure) -> Reason {
        let (status, said) = worker.end();
        let signal = status.and_then(|status| status.signal());
        let status = status.map(|status| status.to_string()).unwrap_or_default();
        self.diagnostics = format!("{failure}; {status}; {said}");
        match failure {
            Failure::Late => Reason::TimedOut,
            Failure::TooLong => too_much("作り直した後の大きさ", "bytes of the file that goes out"),
            Failure::Broken(_) if signal == Some(Signal::XCPU.as_raw()) => Reason::TimedOut,
            Failure::Broken(_) if said.starts_with("memory allocation of ") => {
                too_much("作り直すためのメモリー", "memory of a worker")
            }
            Failure::Broken(_) => Reason::WorkerDied,
        }
    }
}

enum Conversed {
    Answered(Answer, Vec<u8>),
    Stopped(Reason),
}

fn too_much(ja: &'static str, en: &'static str) -> Reason {
    Reason::TooMuch {
        what: Text::fixed(ja, en),
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
