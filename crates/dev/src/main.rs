//! `cargo dev TASK`: see the crate's documentation for the tasks.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use dev::advisories::{self, Outcome};
use dev::licences::AllowList;
use dev::output::{self, Files};
use dev::{generate, sample, workspace};

/// Developers' tasks of Sanmon.
#[derive(Parser)]
#[command(name = "cargo dev")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write docs/generated/, or prove it current
    Generate(Generated),
    /// Write the sample city into sample/, or prove it current
    Sample(Generated),
    /// Hold the licence of every dependency against crates/dev/licences.toml
    Licences,
    /// Hold every dependency against the RustSec advisory database; exits with 3 where it cannot be reached
    Advisories {
        /// The database: an address or a folder that git can fetch from
        #[arg(long, default_value = advisories::DATABASE)]
        database: String,
    },
}

#[derive(Args)]
struct Generated {
    /// Change nothing; fail and show every file that is out of date
    #[arg(long)]
    check: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().task {
        Task::Generate(how) => generated(&how, "generate", "docs/generated", &generate::files()?),
        Task::Sample(how) => generated(&how, "sample", "sample", &sample::generate()),
        Task::Licences => review_licences(),
        Task::Advisories { database } => check_advisories(&database),
    }
}

/// Writes `files` into `folder`, or compares them with what it holds.
fn generated(how: &Generated, task: &str, folder: &str, files: &Files) -> anyhow::Result<ExitCode> {
    let path = workspace::root().join(folder);
    if how.check {
        return current(&path, task, folder, files);
    }
    let written = output::write(&path, files)?;
    for path in &written {
        println!("wrote {folder}/{path}");
    }
    println!("{folder}/: {} of {} files written", written.len(), files.len());
    Ok(ExitCode::SUCCESS)
}

fn current(path: &Path, task: &str, folder: &str, files: &Files) -> anyhow::Result<ExitCode> {
    let stale = output::stale(path, files)?;
    if stale.is_empty() {
        println!("{folder}/: all {} generated files are current", files.len());
        return Ok(ExitCode::SUCCESS);
    }
    for file in &stale {
        eprintln!("{folder}/{file}");
    }
    eprintln!(
        "{} of {} files are out of date: run `cargo dev {task}` and commit the result",
        stale.len(),
        files.len()
    );
    Ok(ExitCode::FAILURE)
}

fn review_licences() -> anyhow::Result<ExitCode> {
    let (looked_at, refused) = AllowList::shipped()?.review(&workspace::metadata()?);
    if refused.is_empty() {
        println!("licences: all {looked_at} dependencies have a licence of the allow-list");
        return Ok(ExitCode::SUCCESS);
    }
    for dependency in &refused {
        eprintln!("{dependency}");
    }
    eprintln!(
        "{} of {looked_at} dependencies have a licence that crates/dev/licences.toml does not allow",
        refused.len()
    );
    Ok(ExitCode::FAILURE)
}

/// Exit code of a check that could not be made.
const NOT_CHECKED: u8 = 3;

fn check_advisories(database: &str) -> anyhow::Result<ExitCode> {
    let metadata = workspace::metadata()?;
    let folder = metadata.target_directory.join("advisory-db");
    let (advisories, dependencies, hits) = match advisories::check(database, folder.as_std_path(), &metadata)? {
        Outcome::Checked {
            advisories,
            dependencies,
            hits,
        } => (advisories, dependencies, hits),
        Outcome::NotChecked(reason) => {
            eprintln!("{reason}");
            eprintln!("advisories: not checked, {database} cannot be reached");
            return Ok(ExitCode::from(NOT_CHECKED));
        }
    };
    for hit in &hits {
        eprintln!("{hit}");
    }
    let weaknesses = hits.iter().filter(|hit| hit.is_weakness()).count();
    println!("advisories: {weaknesses} of {advisories} report a weakness of one of the {dependencies} dependencies");
    Ok(if weaknesses == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
