//! One file a command.

mod access;
mod backup;
mod check;
mod explain;
mod ledger;
mod place;
mod policy;
mod register;
pub(crate) mod sanitize;
mod separation;
mod serve;
mod standard;
mod witness;

use std::io::{self, Write};
use std::process::ExitCode;

use model::lang::{Lang, Text};
use service::problem::Problem;

use crate::cli::{Cli, Command, Witness};
use crate::serve::Stopped;
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
        Command::Separation(arguments) => separation::run(&arguments, desk),
        Command::Sanitize(arguments) => sanitize::run(&arguments, desk),
        Command::Serve(arguments) => serve::run(&arguments, desk),
        Command::Ledger(arguments) => desk.finish(ledger::run(&arguments, desk)),
        Command::Backup(arguments) => desk.finish(backup::back_up(&arguments, desk)),
        Command::Restore(arguments) => desk.finish(backup::restore(&arguments, desk)),
        Command::Migrate(place) => desk.finish(backup::migrate(&place, desk)),
        Command::Access(arguments) => desk.finish(access::run(&arguments, desk)),
        Command::Witness(Witness::Serve(arguments)) => desk.finish(witness::serve(&arguments, desk)),
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
    /// Says one line.
    pub(crate) fn say(self, line: &Text) -> io::Result<()> {
        self.print(&format!("{}\n", line.get(self.lang)))
    }

    /// Says one line beside the answer, on standard error.
    pub(crate) fn note(self, line: &Text) -> io::Result<()> {
        writeln!(io::stderr(), "sanmon: {}", line.get(self.lang))
    }

    /// Says why nothing was done.
    pub(crate) fn stop(self, why: &Text) -> io::Result<Outcome> {
        self.note(why)?;
        Ok(Outcome::Unusable)
    }

    /// Says why it ended, if it did not end well.
    pub(crate) fn finish(self, ended: Result<Outcome, Stopped>) -> io::Result<Outcome> {
        match ended {
            Ok(outcome) => Ok(outcome),
            Err(Stopped::City(problems)) => self.refuse(&problems),
            Err(Stopped::Machine(why)) => self.stop(&Text::same(why)),
            Err(Stopped::Told(why)) => self.stop(&why),
            Err(Stopped::Output(error)) => Err(error),
            Err(Stopped::Store(failure)) => {
                let told = failure.text();
                let why = Text::new(format!("{} ({failure})", told.ja), format!("{} ({failure})", told.en));
                self.stop(&why)
            }
            Err(Stopped::Refused(refusal)) => self.stop(&refusal.text()),
        }
    }
}
