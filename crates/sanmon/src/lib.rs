//! The commands of `sanmon`. The only crate that writes to a terminal, and the only one that names a concrete store.

mod cli;
mod commands;
mod configuration;
mod data_folder;
mod installation;
mod output;
mod serve;
mod show;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

/// The whole command line, for the reference in `docs/generated/cli.md`.
#[must_use]
pub fn command() -> clap::Command {
    cli::Cli::command()
}

/// The JSON Schema of the configuration file, with the defaults, for the reference in `docs/generated/configuration.md`.
#[must_use]
pub fn configuration() -> schemars::Schema {
    schemars::schema_for!(configuration::Configuration)
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(ended) = commands::sanitize::as_worker() {
        return ended;
    }
    commands::run(cli::Cli::parse())
}
