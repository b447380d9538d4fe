//! `cargo run --release -p bench [judge|store|separation|serve|dialects] [--json]`: what Sanmon costs, beside a named baseline in the same run.
//!
//! * [`judge`]: the whole standard over copies of the sample city, beside the interpreter of the `cel` crate.
//! * [`store`]: the ledger, lists and imports, beside SQLite, SHA-256 and calamine alone.
//! * [`separation`]: whether zones are kept apart by up to 100,000 rules, beside the `biodivine-lib-bdd` and `oxidd` crates.
//! * [`dialects`]: how many configurations of a folder are read whole.
//! * [`serve`]: the `sanmon` binary on a register of 100,000 rows, beside an axum server that only answers, and SQLite alone.
//!
//! Read the ratios: machines differ, and so does what else they are doing.

mod clock;
mod dialects;
mod judge;
mod report;
mod separation;
mod serve;
mod stop;
mod store;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::report::Report;

#[derive(Debug, Parser)]
#[command(about = "Measures Sanmon beside named baselines")]
struct Arguments {
    /// Print the measurements as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Judge copies of the sample city (what runs without a word too).
    Judge,
    /// Write and verify the ledger, list, search, import.
    Store {
        /// Where to put the databases: the disk that is measured.
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Ask of made-up rules whether zones are kept apart.
    Separation(separation::Asked),
    /// Start the service on a large register and send it requests.
    Serve(serve::Asked),
    /// Count how many configurations of a folder are read whole, partly, not at all.
    Dialects(dialects::Asked),
    /// Answer every request with as many bytes as its path says: the baseline of `serve`.
    #[command(hide = true)]
    Answer,
}

fn main() {
    let arguments = Arguments::parse();
    let mut report = Report::new(arguments.json);
    match arguments.what.unwrap_or(What::Judge) {
        What::Judge => judge::run(&mut report),
        What::Store { folder } => store::run(folder.as_deref(), &mut report),
        What::Separation(asked) if asked.is_one() => return separation::one(&asked),
        What::Separation(asked) => separation::run(&asked, &mut report),
        What::Serve(asked) => serve::run(&asked, &mut report),
        What::Dialects(asked) => return dialects::run(&asked),
        What::Answer => return serve::baseline::answer(),
    }
    report.finish();
}
