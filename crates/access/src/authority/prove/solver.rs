//! The solver: cvc5, a program of its own.

use std::ffi::OsString;

use cedar_policy_symcc::solver::LocalSolver;
use model::lang::Text;
use tokio::process::Command;
use tokio::runtime::{Builder, Runtime};

/// How long one question may take, in milliseconds.
const LIMIT: &str = "--tlimit=60000";

/// Where the solver is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solver {
    program: OsString,
}

impl Default for Solver {
    /// `cvc5`, wherever the system finds it.
    fn default() -> Self {
        Self::at("cvc5")
    }
}

impl Solver {
    /// This program.
    pub fn at(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
        }
    }

    /// What the questions run on.
    pub(super) fn runtime(&self) -> Result<Runtime, Text> {
        Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| self.missing(&error))
    }

    /// A process that is ended with whoever holds it.
    pub(super) fn start(&self) -> Result<LocalSolver, Text> {
        let mut command = Command::new(&self.program);
        command.args(["--lang", "smt", LIMIT]).kill_on_drop(true);
        LocalSolver::from_command(&mut command).map_err(|error| self.missing(&error))
    }

    fn missing(&self, error: &dyn std::error::Error) -> Text {
        let program = self.program.to_string_lossy();
        Text::new(
            format!("ソルバー「{program}」を動かせません({error})。cvc5 を入れると証明できます"),
            format!("the solver `{program}` does not start ({error}); install cvc5 to prove the rules"),
        )
    }
}
