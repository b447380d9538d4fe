//! Lists of a register of 100,000 records.

use store::{Cursor, Filter, Query, Sort, Store, Test};

use super::rows::{key, kind, scattered};
use crate::clock::{Stopwatch, Times};
use crate::report::{Report, Row};
use crate::stop::{OrStop as _, give_up};

/// What a list is asked, by the number of the question.
type Asked = fn(usize) -> Query;

const LISTS: &[(&str, Asked)] = &[
    ("first page, by reading", |_| base()),
    ("first page, by a field, descending", |_| Query {
        sort: Sort::Field("confirmed_on".into()),
        descending: true,
        ..base()
    }),
    ("page deep in the list, by place", |n| Query {
        after: Some(Cursor {
            value: format!("{:05}", (n * 977) % 99_000).into_bytes(),
            entry: 0,
        }),
        ..base()
    }),
    ("page deep in the list, by number (90,000)", |_| Query {
        skip: 90_000,
        ..base()
    }),
    ("filter, one of 40", |n| by_section(n)),
    ("filter, one of 5", |n| narrowed("kind", kind(n))),
    ("filter, 98 of 100", |_| narrowed("status", "in_use")),
    ("filter, 2 of 100, by key", |_| Query {
        sort: Sort::Key,
        ..narrowed("status", "spare")
    }),
    ("two filters, one of 40 and one of 5", |n| Query {
        filters: vec![
            Filter::is("section", (100 + n % 40).to_string()),
            Filter::is("kind", kind(n % 40)),
        ],
        ..base()
    }),
    ("filter, a range of dates, 1 of 12", |n| {
        let month = format!("2026-{:02}", 1 + n % 12);
        let test = Test::Between(Some(month.clone().into()), Some(format!("{month}-99").into()));
        Query {
            filters: vec![Filter {
                field: "confirmed_on".into(),
                test,
            }],
            ..base()
        }
    }),
    ("search, two kanji, one of 7", |_| search("税務")),
    ("search, in all", |_| search("棚卸し")),
    ("search, a rare word", |n| search(&key(scattered(n)))),
    ("search, two words, 1 of 35", |_| search("税務 サーバ")),
    ("search and filter", |n| Query {
        search: "図書館".into(),
        ..by_section(n)
    }),
];

pub(super) fn measure(report: &mut Report, store: &dyn Store) {
    for (what, asked) in LISTS {
        let times = Times::calling(300, |n| found(store, &asked(n)));
        report.add(Row::new(format!("{what}: p99"), times.p99, "ms"));
    }
    let nothing = Times::calling(300, |_| {
        if !store.list(&search("存在")).or_stop("a list").rows.is_empty() {
            give_up("a word that no record has was found");
        }
    });
    report.add(Row::new("search, nothing: p99", nothing.p99, "ms"));
    let detail = Times::calling(300, |n| {
        let entry = store.entry("asset", &key(scattered(n)));
        entry.or_stop("a record").or_stop("a record");
    });
    report.add(Row::new("one record: p99", detail.p99, "ms"));
    let history = Times::calling(300, |n| {
        let versions = store.versions("asset", &key(scattered(n))).or_stop("versions");
        versions.first().or_stop("a version");
    });
    report.add(Row::new("its versions: p99", history.p99, "ms"));
    report.add(Row::new(
        "32 threads: list, filter, search, one record",
        together(store),
        "questions/s",
    ));
}

/// Questions a second of 32 threads.
fn together(store: &dyn Store) -> f64 {
    const THREADS: usize = 32;
    const EACH: usize = 100;
    let start = Stopwatch::start();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for n in thread * EACH..(thread + 1) * EACH {
                    match n % 4 {
                        0 => found(store, &base()),
                        1 => found(store, &by_section(n)),
                        2 => found(store, &search("税務")),
                        _ => {
                            let entry = store.entry("asset", &key(n * 31));
                            entry.or_stop("a record").or_stop("a record");
                        }
                    }
                }
            });
        }
    });
    (THREADS * EACH) as f64 / start.seconds()
}

fn found(store: &dyn Store, query: &Query) {
    let page = store.list(query).or_stop("a list");
    if page.rows.is_empty() {
        give_up(&format!("nothing was found: {query:?}"));
    }
}

fn base() -> Query {
    Query::of("asset")
}

fn narrowed(field: &str, value: &str) -> Query {
    Query {
        filters: vec![Filter::is(field, value)],
        ..base()
    }
}

fn by_section(n: usize) -> Query {
    narrowed("section", &(100 + n % 40).to_string())
}

fn search(words: &str) -> Query {
    Query {
        search: words.to_owned(),
        ..base()
    }
}
