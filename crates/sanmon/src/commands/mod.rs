//! One file a command.

mod check;
mod explain;
mod policy;
mod register;
mod serve;
mod standard;

use std::io::{self, Write};
use std::process::ExitCode;

use model::lang::Lang;
use service::problem::Problem;

use crate::cli::{Cli, Command};
use crate::show::paint::Paint;
use crate::show::problem::problem;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing is broken.
    Fine,
    /// Something is broken.
    Broken,
    /// The input cannot be used.
    Unusable,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Fine => 0,
            Outcome::Broken => 1,
            Outcome::Unusable => 2,
        })
    }
}

/// What a command has to work with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Desk {
    pub(crate) lang: Lang,
    pub(crate) paint: Paint,
}

pub(crate) fn run(cli: Cli) -> ExitCode {
    let desk = Desk {
        lang: cli.lang.into(),
        paint: Paint::for_stdout(),
    };
    let outcome = match cli.command {
        Command::Check(arguments) => check::run(&arguments, desk),
        Command::Policy(arguments) => policy::run(&arguments, desk),
        Command::Standard(arguments) => standard::run(&arguments, desk),
        Command::Register(arguments) => register::run(&arguments, desk),
        Command::Serve(arguments) => serve::run(&arguments, desk),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        // Whoever reads has gone (`sanmon check | head`): not an error of ours.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "sanmon: {error}");
            Outcome::Unusable.into()
        }
    }
}

impl Desk {
    pub(crate) fn print(self, text: &str) -> io::Result<()> {
        io::stdout().lock().write_all(text.as_bytes())
    }

    pub(crate) fn json(self, value: &impl serde::Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        self.print(&text)
    }

    /// Tells every problem on standard error.
    pub(crate) fn refuse(self, problems: &[Problem]) -> io::Result<Outcome> {
        let mut err = io::stderr().lock();
        for one in problems {
            writeln!(err, "{}", problem(one, self.lang, self.paint))?;
        }
        let count = problems.len();
        let closing = match self.lang {
            Lang::Ja => format!("入力が使えない。直すところが{count}件ある。何も変えていない\n"),
            Lang::En => format!("the input cannot be used: {count} problems, nothing was changed\n"),
        };
        err.write_all(closing.as_bytes())?;
        Ok(Outcome::Unusable)
    }
}
