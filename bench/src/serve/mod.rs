//! The `sanmon` binary on a city whose register of terminals has 100,000 rows: how soon it answers, what it holds in memory,
//! how many pages it gives.
//!
//! The client shares the processors with the service, and so does the client of the baseline: [`baseline::answer`], an axum
//! server that answers as many bytes from memory. Beside the pages stands SQLite alone, asked for the same rows.

pub(crate) mod baseline;
mod city;
mod client;
mod pages;
mod process;
mod rows;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use self::city::City;
use self::client::Client;
use self::pages::Page;
use self::process::Process;
use crate::clock::rest;
use crate::report::{Goal, Report, Row};
use crate::stop::{give_up_after, temporary};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// The binary; the one that lies beside this one where nothing is said.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Rows of the register of terminals.
    #[arg(long, default_value_t = 100_000)]
    rows: usize,
    /// Where to put the city and its database.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Seconds that each page is asked for over many connections.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Only pages whose name holds this.
    #[arg(long, value_name = "WORD", default_value = "")]
    only: String,
    /// Keep the service running after the measurements, until Enter is pressed.
    #[arg(long)]
    stay: bool,
}

/// Connections at once where many are asked for.
const MANY: usize = 32;
/// The whole run takes less, even on a busy machine.
const LONGEST: Duration = Duration::from_secs(900);
/// How often the service is started to find out how soon it answers.
const STARTS: usize = 3;

pub(crate) fn run(asked: &Asked, report: &mut Report) {
    if !asked.stay {
        give_up_after(LONGEST);
    }
    let folder = temporary(asked.folder.as_deref());
    let city = City::make(folder.path(), asked.rows);
    let binary = asked.binary.clone().unwrap_or_else(process::beside);
    report.heading("serve");

    let mut loading = Process::serve(&binary, &city, true);
    let loaded = loading.first_answer("/health/ready", None);
    report.add(Row::new(format!("load a city of {} rows", city.rows), loaded, "s"));
    loading.stop();
    let cookie = city.sign_in();

    let mut starts: Vec<f64> = Vec::new();
    for _ in 1..STARTS {
        let mut process = Process::serve(&binary, &city, false);
        starts.push(process.first_answer("/", Some(&cookie)));
        process.stop();
    }
    let mut process = Process::serve(&binary, &city, false);
    starts.push(process.first_answer("/", Some(&cookie)));
    let best = starts.iter().copied().fold(f64::INFINITY, f64::min);
    report.add(Row::new("start to the first page", best, "s").goal(Goal::AtMost(0.5)));
    report.add(Row::new("processor time to the first page", process.processor(), "s"));
    rest(Duration::from_secs(5));
    let memory = Row::new("memory at rest", process.memory(), "MB").goal(Goal::AtMost(120.0));
    report.add(memory.beside("the database on the disk", city.database_megabytes()));

    let baseline = Process::answer();
    for page in pages::all(&city) {
        if page.name.contains(&asked.only) {
            measure(asked, report, &page, (&process, &cookie), &baseline);
        }
    }
    report.add(Row::new("memory after all requests", process.memory(), "MB"));
    if asked.stay {
        eprintln!(
            "bench: http://{} with cookie {cookie}; process {}",
            process.address,
            process.id()
        );
        let _ = std::io::stdin().read_line(&mut String::new());
    }
    baseline.stop();
    process.stop();
    rows::alone(report, &city);
}

/// One page over one connection and over many; the baseline answers as many bytes.
fn measure(asked: &Asked, report: &mut Report, page: &Page, (process, cookie): (&Process, &str), baseline: &Process) {
    let client = Client::to(process.address, Some(cookie));
    let (times, bytes) = client.alone(&page.paths, page.requests);
    let same = [format!("/{bytes}")];
    let (plain, _) = Client::to(baseline.address, None).alone(&same, page.requests);
    let name = |what: &str| format!("{}: {what}", page.name);
    report.add(Row::new(name("one connection, median"), times.median, "ms").beside("axum alone", plain.median));
    let p99 = Row::new(name("one connection, p99"), times.p99, "ms").beside("axum alone", plain.p99);
    report.add(p99.goal(Goal::AtMost(20.0)));

    let before = process.processor();
    let (requests, rate) = client.together(&page.paths, MANY, asked.seconds);
    let each = (process.processor() - before) / requests * 1e3;
    let (_, plain) = Client::to(baseline.address, None).together(&same, MANY, asked.seconds.min(2.0));
    let many = Row::new(name("32 connections"), rate, "requests/s").beside("axum alone", plain);
    report.add(many.goal(Goal::AtLeast(1000.0)));
    report.add(Row::new(name("processor time of the service"), each, "ms a request"));
}
