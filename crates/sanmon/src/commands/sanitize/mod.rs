//! `sanmon sanitize …`: files built anew, each in a process of its own.

mod batch;
mod explain;
mod inputs;
mod outputs;

use std::fs;
use std::io;
use std::process::ExitCode;

use model::lang::Text;
use sanitize::profile::Profile;
use sanitize::worker::{Done, Pool, Program};

use self::inputs::Input;
use super::place::unreadable;
use super::{Desk, Outcome};
use crate::cli::{Question, Sanitize, Terms};

/// The command by which the program starts itself for one file; no user types it.
const WORKER: &str = "sanitize-worker";

pub(super) fn run(arguments: &Sanitize, desk: Desk) -> io::Result<Outcome> {
    match &arguments.question {
        Some(Question::Explain { file, format, terms }) => explain::run(file, *format, terms, desk),
        None => batch::run(arguments, desk),
    }
}

/// Is this process a worker? Then it is one, before anything else of the program runs, while there is one thread.
pub(crate) fn as_worker() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    (arguments.next()? == WORKER).then(|| {
        let arguments: Vec<String> = arguments.map(|one| one.to_string_lossy().into_owned()).collect();
        sanitize::worker::serve(&arguments)
    })
}

/// What every file is treated with.
struct Engine {
    pool: Pool,
    profile: Profile,
    passwords: Vec<String>,
}

impl Engine {
    /// Reads the terms, and starts so many workers.
    ///
    /// # Errors
    /// What is wrong with a file that the terms name.
    fn start(terms: &Terms, ready: usize) -> Result<Self, Text> {
        let read = |path| fs::read_to_string(path).map_err(|error| unreadable(path, &error));
        let profile = match &terms.profile {
            None => Profile::default(),
            Some(path) => Profile::read(&read(path)?).map_err(|unusable| {
                let shown = path.display();
                Text::new(
                    format!("{shown}: {}", unusable.0.ja),
                    format!("{shown}: {}", unusable.0.en),
                )
            })?,
        };
        let passwords = match &terms.password_file {
            None => Vec::new(),
            Some(path) => read(path)?.lines().map(str::to_owned).collect(),
        };
        Ok(Self {
            pool: Pool::new(Program::itself(WORKER, &profile.limits), ready),
            profile,
            passwords,
        })
    }

    /// # Errors
    /// The file cannot be read.
    fn treat(&self, input: &Input) -> io::Result<Done> {
        let (bytes, length) = input.read(self.profile.limits.bytes)?;
        let mut done = self.pool.treat(&input.name, &bytes, &self.profile, &self.passwords);
        done.receipt.input.bytes = length;
        Ok(done)
    }
}
