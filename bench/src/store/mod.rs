//! The store on SQLite: what an act costs beside plain inserts, what verifying costs beside plain hashing, how lists answer
//! with 100,000 records there, and an import from a spreadsheet to the ledger.

mod import;
mod lists;
mod raw;
mod rows;
mod verify;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::clock::SystemClock;
use model::random::SystemRandom;
use store::backup::Contents;
use store::{Act, Change, Sequencer, Signed, Store};
use store_sqlite::Sqlite;

use crate::clock::{Stopwatch, peak_memory};
use crate::report::{Goal, Report, Row};
use crate::stop::{OrStop as _, give_up, give_up_after, temporary};

/// Records of the register that lists are asked of.
pub(super) const ROWS: usize = 100_000;
/// Records of one act.
const PART: usize = 10_000;
/// The whole run takes less, even on a busy machine.
const LONGEST: Duration = Duration::from_secs(900);

pub(crate) fn run(folder: Option<&Path>, report: &mut Report) {
    give_up_after(LONGEST);
    let folder = temporary(folder);
    let path = folder.path().join("city.db");
    let store = open(&path);
    report.heading("store");
    {
        let sequencer = Sequencer::start(Arc::clone(&store), Arc::new(SystemClock), Arc::new(SystemRandom));
        let sequencer = sequencer.or_stop("the sequencer");
        written(report, &sequencer, folder.path());
        let mut times = Vec::new();
        for part in 0..ROWS / PART {
            let rows = (part * PART..(part + 1) * PART).map(|n| Change::Put(rows::asset("asset", n)));
            let act = Act {
                changes: rows.collect(),
                ..Act::new("register.import").by("P-1")
            };
            let start = Stopwatch::start();
            sequencer.submit(act).or_stop("an import");
            times.push(start.seconds());
        }
        if let (Some(first), Some(last)) = (times.first(), times.last()) {
            report.add(Row::new("10,000 records in one act", *last, "s").beside("into an empty register", *first));
        }
    }
    lists::measure(report, &*store);
    drop(store);
    whole(report, &path, folder.path());
    verify::measure(report, &path);
    import::measure(report, folder.path());
    report.add(Row::new("peak memory of all this", peak_memory(), "MB"));
}

fn open(path: &Path) -> Arc<dyn Store> {
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(path).or_stop("a database"));
    store.migrate().or_stop("the layout of the database");
    store
}

/// Acts against plain inserts, by turns so that both meet the same machine; the best of each.
fn written(report: &mut Report, sequencer: &Sequencer, folder: &Path) {
    const TURNS: usize = 3;
    let (mut plain, mut acts, mut records) = (0_f64, 0_f64, 0_f64);
    for turn in 0..TURNS {
        plain = plain.max(raw::inserts(&folder.join(format!("raw-{turn}.db"))));
        acts = acts.max(appends(sequencer, 20_000, |thread, n| {
            Act::new("sign-in.refused")
                .by(format!("P-{}", n % 50))
                .note("why", format!("password {thread}"))
        }));
        records = records.max(appends(sequencer, 5_000, |thread, n| {
            let number = (turn * 10 + thread) * 1_000_000 + n;
            Act::new("entry.put").by("P-1").with(rows::asset("other", number))
        }));
    }
    let beside = "SQLite alone, batches of 100";
    let row = Row::new("durable ledger entries", acts, "acts/s").beside(beside, plain);
    report.add(row.goal(Goal::RatioAtLeast(0.9)));
    report.add(Row::new("new records, one an act, with all indexes", records, "acts/s").beside(beside, plain));
}

/// Acts a second from four threads, each of which has two hundred on the way.
fn appends(sequencer: &Sequencer, count: usize, act: impl Fn(usize, usize) -> Act + Sync) -> f64 {
    const THREADS: usize = 4;
    const TOGETHER: usize = 200;
    let start = Stopwatch::start();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let act = &act;
            scope.spawn(move || {
                let mut pending = VecDeque::new();
                for n in 0..count / THREADS {
                    pending.push_back(sequencer.enqueue(act(thread, n)).or_stop("an act"));
                    if pending.len() >= TOGETHER {
                        pending.pop_front().or_stop("an act").wait().or_stop("an act");
                    }
                }
                for waiting in pending {
                    waiting.wait().or_stop("an act");
                }
            });
        }
    });
    count as f64 / start.seconds()
}

/// What is done with a whole database.
fn whole(report: &mut Report, path: &Path, folder: &Path) {
    let start = Stopwatch::start();
    let store = open(path);
    let size = store.head().or_stop("the head of the ledger").edge.size();
    report.add(Row::new(
        format!("open {size} ledger entries"),
        start.milliseconds(),
        "ms",
    ));
    let start = Stopwatch::start();
    let mut count = 0;
    let scanned = store.scan("asset", &mut |_| {
        count += 1;
        Ok(())
    });
    scanned.or_stop("a scan");
    report.add(Row::new(format!("scan {count} documents"), start.milliseconds(), "ms"));
    let start = Stopwatch::start();
    let verified = store.verify().or_stop("verify");
    let verified = verified.unwrap_or_else(|difference| give_up(&format!("the database differs: {difference:?}")));
    let leaves = verified.leaves;
    let seconds = start.seconds();
    report.add(Row::new(
        format!("verify {leaves} entries, their bodies, records, indexes"),
        seconds,
        "s",
    ));
    let start = Stopwatch::start();
    let signed = Signed {
        size: verified.leaves,
        root: verified.root,
    };
    let refused = store.start_check(Some(signed)).or_stop("the check at the start");
    if let Some(why) = refused {
        give_up(&why.en);
    }
    report.add(Row::new("check at the start", start.milliseconds(), "ms"));
    let start = Stopwatch::start();
    let mut file = Vec::new();
    store.back_up(&Contents::default(), &mut file).or_stop("a backup");
    let megabytes = file.len() / 1_000_000;
    report.add(Row::new(format!("back up {megabytes} MB"), start.seconds(), "s"));
    let start = Stopwatch::start();
    let scratch = open(&folder.join("scratch.db"));
    scratch.restore(&mut file.as_slice(), None).or_stop("restore");
    report.add(Row::new("restore", start.seconds(), "s"));
}
