//! The worker: it walls itself in, reads one job, answers, and ends.

use std::io::{self, Write, stderr, stdin, stdout};
use std::panic;
use std::process::ExitCode;

use super::walls::{self, Ceiling};
use super::wire::{self, Answer, Greeting, Job, Named};
use crate::{ENGINE, Treated, treat};

/// What `sanmon sanitize-worker` does: one file from standard input to standard output, behind walls.
///
/// `arguments` are the numbers of its [`Ceiling`], as the pool gives them: MiB and seconds. To be called first thing in `main`,
/// while there is one thread.
#[must_use]
pub fn serve(arguments: &[String]) -> ExitCode {
    serve_with(arguments, Behind::AllWalls, |job, bytes| {
        treat(&job.name, bytes, &job.profile, &job.passwords)
    })
}

/// Which walls a worker raises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Every one that the machine has.
    AllWalls,
    /// All but the list of system calls. It is the strictest and hides the others: this is how a test sees that they stand too.
    AllButSystemCalls,
}

/// As [`serve()`], with something else in the place of [`treat`]: for tests of the walls.
#[must_use]
pub fn serve_with(arguments: &[String], behind: Behind, act: impl FnOnce(&Job, &[u8]) -> Treated) -> ExitCode {
    // What a panic says may be a piece of the file.
    panic::set_hook(Box::new(|what| {
        let place = what.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(stderr(), "panic at {place}");
    }));
    match serve_one(arguments, behind, act) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "worker: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_one(arguments: &[String], behind: Behind, act: impl FnOnce(&Job, &[u8]) -> Treated) -> io::Result<()> {
    let ceiling = Ceiling::read(arguments).ok_or(io::ErrorKind::InvalidInput)?;
    let greeting = Greeting {
        walls: walls::raise(ceiling, behind),
        engine: ENGINE.to_owned(),
    };
    let mut out = stdout().lock();
    out.write_all(&wire::head(&greeting)?)?;
    out.flush()?;
    let (job, bytes) = wire::read_job(&mut stdin().lock())?;
    let treated = act(&job, &bytes);
    // Memory for the answer.
    drop(bytes);
    let (outcome, bytes) = match treated.outcome {
        Ok(rebuilt) => {
            let named = Named {
                name: rebuilt.name,
                format: rebuilt.format.to_owned(),
            };
            (Ok(named), rebuilt.bytes)
        }
        Err(refusal) => (Err(refusal), Vec::new()),
    };
    let answer = Answer {
        format: treated.format.map(str::to_owned),
        outcome,
        items: treated.items,
    };
    wire::write_answer(&mut out, &answer, &bytes)
}

impl Ceiling {
    /// As arguments of a worker.
    pub(super) fn arguments(self) -> [String; 2] {
        [self.memory.to_string(), self.seconds.to_string()]
    }

    fn read(arguments: &[String]) -> Option<Self> {
        let [memory, seconds] = arguments else { return None };
        Some(Self {
            memory: memory.parse().ok()?,
            seconds: seconds.parse().ok()?,
        })
    }
}
