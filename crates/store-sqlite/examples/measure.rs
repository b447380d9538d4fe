//! Measures the store on SQLite: `cargo run --release -p store-sqlite --example measure [FOLDER]`.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement reads the time, prints and stops at the first fault"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::clock::SystemClock;
use model::random::SystemRandom;
use serde_json::json;
use store::backup::Contents;
use store::{Act, Change, Cursor, Filter, Put, Query, Reference, Sequencer, Signed, Sort, Store, Test};
use store_sqlite::Sqlite;

const ROWS: usize = 100_000;

fn main() {
    let folder = match std::env::args_os().nth(1) {
        Some(folder) => tempfile::tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let raw = raw(&folder.path().join("raw.db"));
    println!("raw SQLite, batches of 100     {raw:>9.0} rows/s");
    let path = folder.path().join("city.db");
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&path).unwrap());
    store.migrate().unwrap();
    let sequencer = Sequencer::start(Arc::clone(&store), Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let appends = appends(&sequencer, 60_000, |thread, n| {
        Act::new("sign-in.refused")
            .by(format!("P-{}", n % 50))
            .note("why", format!("password {thread}"))
    });
    println!(
        "ledger appends                 {appends:>9.0} acts/s   {:.2} of raw",
        appends / raw
    );
    let edits = appends_of_records(&sequencer);
    println!(
        "new records, one an act        {edits:>9.0} acts/s   {:.2} of raw",
        edits / raw
    );
    import(&sequencer);
    lists(&*store);
    together(&*store);
    drop(sequencer);
    println!("resident memory                {:>9.1} MB", resident());
    drop(store);
    let began = Instant::now();
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&path).unwrap());
    store.migrate().unwrap();
    let size = store.head().unwrap().edge.size();
    println!(
        "open {size} leaves             {:>9.2} ms",
        began.elapsed().as_secs_f64() * 1e3
    );
    let began = Instant::now();
    let mut count = 0;
    store
        .scan("asset", &mut |_| {
            count += 1;
            Ok(())
        })
        .unwrap();
    println!(
        "scan of {count} documents     {:>9.0} ms",
        began.elapsed().as_secs_f64() * 1e3
    );
    println!("resident memory                {:>9.1} MB", resident());
    let began = Instant::now();
    let verified = store.verify().unwrap().unwrap();
    println!(
        "verify {} leaves            {:>9.2} s",
        verified.leaves,
        began.elapsed().as_secs_f64()
    );
    let began = Instant::now();
    let signed = Signed {
        size: verified.leaves,
        root: verified.root,
    };
    assert_eq!(store.start_check(Some(signed)), Ok(None));
    println!(
        "start check                    {:>9.1} ms",
        began.elapsed().as_secs_f64() * 1e3
    );
    let began = Instant::now();
    let mut file = Vec::new();
    store.back_up(&Contents::default(), &mut file).unwrap();
    println!(
        "backup of {} MB               {:>9.2} s",
        file.len() / 1_000_000,
        began.elapsed().as_secs_f64()
    );
    let began = Instant::now();
    let scratch: Arc<dyn Store> = Arc::new(Sqlite::open(&folder.path().join("scratch.db")).unwrap());
    scratch.migrate().unwrap();
    scratch.restore(&mut file.as_slice(), None).unwrap();
    println!(
        "restore                        {:>9.2} s",
        began.elapsed().as_secs_f64()
    );
    println!(
        "database                       {:>9.1} MB",
        std::fs::metadata(&path).unwrap().len() as f64 / 1e6
    );
}

/// A comparable row, written as fast as SQLite can: 330 bytes, a hash, one index.
fn raw(path: &Path) -> f64 {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             CREATE TABLE row (id INTEGER PRIMARY KEY, entry BLOB NOT NULL, hash BLOB NOT NULL UNIQUE)",
        )
        .unwrap();
    let began = Instant::now();
    let mut id = 0_i64;
    while began.elapsed() < Duration::from_secs(3) {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut insert = connection
            .prepare_cached("INSERT INTO row (id, entry, hash) VALUES ($1, $2, $3)")
            .unwrap();
        for _ in 0..100 {
            id += 1;
            let entry = json!({ "v": 1, "seq": id, "text": "x".repeat(300) }).to_string();
            let mut hash = [0_u8; 32];
            let scattered = (id as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            hash[..8].copy_from_slice(&scattered.to_be_bytes());
            insert.execute((id, entry.as_bytes(), hash.as_slice())).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    id as f64 / began.elapsed().as_secs_f64()
}

fn appends(sequencer: &Sequencer, count: usize, act: impl Fn(usize, usize) -> Act + Sync) -> f64 {
    const THREADS: usize = 4;
    const TOGETHER: usize = 200;
    let began = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let act = &act;
            scope.spawn(move || {
                let mut pending = std::collections::VecDeque::new();
                for n in 0..count / THREADS {
                    pending.push_back(sequencer.enqueue(act(thread, n)).unwrap());
                    if pending.len() >= TOGETHER {
                        pending.pop_front().unwrap().wait().unwrap();
                    }
                }
                for waiting in pending {
                    waiting.wait().unwrap();
                }
            });
        }
    });
    count as f64 / began.elapsed().as_secs_f64()
}

fn appends_of_records(sequencer: &Sequencer) -> f64 {
    appends(sequencer, 10_000, |thread, n| {
        Act::new("entry.put")
            .by("P-1")
            .with(asset("other", thread * 1_000_000 + n))
    })
}

const KINDS: [&str; 5] = ["台帳システム", "業務端末", "複合機", "ファイルサーバ", "可搬媒体"];
const PLACES: [&str; 7] = [
    "本庁舎",
    "市民課窓口",
    "税務課",
    "福祉センター",
    "消防本部",
    "図書館",
    "水道事業所",
];

fn asset(register: &str, n: usize) -> Put {
    let (kind, place) = (KINDS[n % 5], PLACES[n % 7]);
    let (key, section) = (format!("A-{n:06}"), format!("{}", 100 + n % 40));
    let date = format!("2026-{:02}-{:02}", 1 + n % 12, 1 + n % 28);
    let title = format!("{place}の{kind}{n}");
    Put {
        register: register.to_owned(),
        key: key.clone(),
        document: json!({
            "code": key, "name": title, "kind": kind, "section": section, "grade": "3A", "integrity": "2",
            "availability": "1", "owner": format!("見本 {}郎", n % 300), "place": place, "confirmed_on": date,
            "status": if n.is_multiple_of(50) { "spare" } else { "in_use" }, "note": "毎年度の棚卸しで所在と利用者を確かめる",
        }),
        reading: format!("{:05}", (n * 7_919) % ROWS),
        references: vec![Reference {
            field: "section".into(),
            register: "section".into(),
            key: section.clone(),
        }],
        unique: vec![("code".into(), key.clone())],
        fields: vec![
            ("kind".into(), kind.into()),
            ("section".into(), section.into()),
            (
                "status".into(),
                if n.is_multiple_of(50) { "spare" } else { "in_use" }.into(),
            ),
            ("grade".into(), "3A".into()),
            ("confirmed_on".into(), date.clone().into()),
        ],
        text: format!(
            "{key} {title} {kind} 3A {place} 見本 {}郎 毎年度の棚卸しで所在と利用者を確かめる {date}",
            n % 300
        ),
        title,
        ..Put::default()
    }
}

fn import(sequencer: &Sequencer) {
    let mut times = Vec::new();
    for part in 0..ROWS / 10_000 {
        let rows = (part * 10_000..(part + 1) * 10_000).map(|n| Change::Put(asset("asset", n)));
        let act = Act {
            changes: rows.collect(),
            ..Act::new("register.import").by("P-1")
        };
        let began = Instant::now();
        sequencer.submit(act).unwrap();
        times.push(began.elapsed().as_secs_f64());
    }
    let (first, last) = (times.first().unwrap(), times.last().unwrap());
    println!(
        "import of 10,000 records       {first:>9.2} s first, {last:.2} s with {} there",
        ROWS - 10_000
    );
}

fn lists(store: &dyn Store) {
    let list = |query: &Query| {
        let page = store.list(query).unwrap();
        assert!(!page.rows.is_empty(), "{query:?}");
    };
    let base = Query::of("asset");
    let search = |words: &str| Query {
        search: words.to_owned(),
        ..base.clone()
    };
    let filter = |field: &str, value: &str| Query {
        filters: vec![Filter::is(field, value)],
        ..base.clone()
    };
    timed("first page, by reading", |_| list(&base));
    timed("first page, by a field, descending", |_| {
        list(&Query {
            sort: Sort::Field("confirmed_on".into()),
            descending: true,
            ..base.clone()
        })
    });
    timed("page deep in the list, by place", |n| {
        let value = format!("{:05}", (n * 977) % 99_000).into_bytes();
        list(&Query {
            after: Some(Cursor { value, entry: 0 }),
            ..base.clone()
        })
    });
    timed("page deep in the list, by number (90,000)", |_| {
        list(&Query {
            skip: 90_000,
            ..base.clone()
        })
    });
    timed("filter, one of 40", |n| {
        list(&filter("section", &(100 + n % 40).to_string()))
    });
    timed("filter, one of 5", |n| list(&filter("kind", KINDS[n % 5])));
    timed("filter, 98 of 100", |_| list(&filter("status", "in_use")));
    timed("filter, 2 of 100, by key", |_| {
        list(&Query {
            sort: Sort::Key,
            ..filter("status", "spare")
        })
    });
    timed("two filters, one of 40 and one of 5", |n| {
        let n = n % 40;
        let filters = vec![
            Filter::is("section", (100 + n).to_string()),
            Filter::is("kind", KINDS[n % 5]),
        ];
        list(&Query {
            filters,
            ..base.clone()
        })
    });
    timed("filter, a range of dates, 1 of 12", |n| {
        let month = format!("2026-{:02}", 1 + n % 12);
        let test = Test::Between(Some(month.clone().into()), Some(format!("{month}-99").into()));
        list(&Query {
            filters: vec![Filter {
                field: "confirmed_on".into(),
                test,
            }],
            ..base.clone()
        })
    });
    timed("search, two kanji, one of 7", |_| list(&search("税務")));
    timed("search, in all", |_| list(&search("棚卸し")));
    timed("search, a rare word", |n| {
        list(&search(&format!("A-{:06}", (n * 7_919) % ROWS)))
    });
    timed("search, two words, 1 of 35", |_| list(&search("税務 サーバ")));
    timed("search and filter", |n| {
        list(&Query {
            search: "図書館".into(),
            ..filter("section", &(100 + n % 40).to_string())
        })
    });
    timed("search, nothing", |_| {
        assert!(store.list(&search("存在")).unwrap().rows.is_empty())
    });
    timed("detail", |n| {
        assert!(
            store
                .entry("asset", &format!("A-{:06}", (n * 7_919) % ROWS))
                .unwrap()
                .is_some()
        )
    });
    timed("history", |n| {
        assert_eq!(
            store
                .versions("asset", &format!("A-{:06}", (n * 7_919) % ROWS))
                .unwrap()
                .len(),
            1
        )
    });
}

/// Requests a second of 32 threads that ask for lists and details in turn.
fn together(store: &dyn Store) {
    const THREADS: usize = 32;
    const EACH: usize = 100;
    let began = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for n in 0..EACH {
                    let n = thread * EACH + n;
                    let base = Query::of("asset");
                    let query = match n % 4 {
                        0 => base,
                        1 => Query {
                            filters: vec![Filter::is("section", (100 + n % 40).to_string())],
                            ..base
                        },
                        2 => Query {
                            search: "税務".to_owned(),
                            ..base
                        },
                        _ => {
                            assert!(store.entry("asset", &format!("A-{:06}", n * 31)).unwrap().is_some());
                            continue;
                        }
                    };
                    assert!(!store.list(&query).unwrap().rows.is_empty());
                }
            });
        }
    });
    let rate = (THREADS * EACH) as f64 / began.elapsed().as_secs_f64();
    println!("32 threads: list, filter, search, detail      {rate:>7.0} requests/s");
}

fn timed(what: &str, act: impl Fn(usize)) {
    let mut times: Vec<f64> = (0..300)
        .map(|n| {
            let began = Instant::now();
            act(n);
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    let first = times[0];
    times.sort_by(f64::total_cmp);
    println!(
        "{what:<45} p50 {:>7.2} ms   p99 {:>7.2} ms   first {first:>7.2} ms",
        times[150], times[297]
    );
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1e3
}
