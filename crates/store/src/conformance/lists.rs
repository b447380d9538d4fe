//! Lists: sorted, filtered, searched.

use super::bench::{Bench, asset, edited, retire};
use serde_json::json;

use crate::list::Limits;
use crate::{Act, Change, Filter, Page, Put, Query, Sort, State, Test, Total};

fn keys(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|entry| entry.key.as_str()).collect()
}

fn import(bench: &Bench, puts: impl Iterator<Item = Put>) {
    bench.do_act(Act {
        changes: puts.map(Change::Put).collect(),
        ..Act::new("register.import")
    });
}

pub fn a_list_is_sorted_and_paged(bench: &Bench) {
    let readings = ["ほしの", "あおき", "かわだ", "うえの", "いけだ"];
    import(
        bench,
        (0..).zip(readings).map(|(n, reading)| Put {
            reading: reading.to_owned(),
            fields: vec![("size".to_owned(), vec![9 - n])],
            ..asset(&format!("A-{n}"), "人")
        }),
    );
    let query = Query {
        limit: 2,
        ..Query::of("asset")
    };
    let first = bench.store.list(&query).unwrap();
    assert_eq!((keys(&first), first.total), (vec!["A-1", "A-4"], Total::Exactly(5)));
    let second = bench
        .store
        .list(&Query {
            after: first.next,
            ..query.clone()
        })
        .unwrap();
    assert_eq!(keys(&second), ["A-3", "A-2"]);
    let third = bench
        .store
        .list(&Query {
            after: second.next,
            ..query.clone()
        })
        .unwrap();
    assert_eq!((keys(&third), &third.next), (vec!["A-0"], &None));
    let skipped = bench
        .store
        .list(&Query {
            skip: 4,
            ..query.clone()
        })
        .unwrap();
    assert_eq!(keys(&skipped), ["A-0"]);
    let backwards = Query {
        descending: true,
        sort: Sort::Key,
        limit: 9,
        ..query.clone()
    };
    assert_eq!(
        keys(&bench.store.list(&backwards).unwrap()),
        ["A-4", "A-3", "A-2", "A-1", "A-0"]
    );
    let by_field = Query {
        sort: Sort::Field("size".to_owned()),
        ..backwards
    };
    assert_eq!(
        keys(&bench.store.list(&by_field).unwrap()),
        ["A-0", "A-1", "A-2", "A-3", "A-4"]
    );
    assert!(bench.store.list(&Query::of("nothing")).unwrap().rows.is_empty());
}

pub fn a_list_reads_of_a_document_what_it_is_asked_for(bench: &Bench) {
    // Sorted by a field of which an entry has two values, the list shows it twice.
    let fields = vec![("tag".to_owned(), b"a".to_vec()), ("tag".to_owned(), b"b".to_vec())];
    import(
        bench,
        [Put {
            fields,
            ..asset("A-1", "人")
        }]
        .into_iter(),
    );
    let query = Query {
        sort: Sort::Field("tag".to_owned()),
        ..Query::of("asset")
    };
    let documents = |query: &Query| {
        let rows = bench.store.list(query).unwrap().rows.into_iter();
        rows.map(|entry| entry.document).collect::<Vec<_>>()
    };
    let whole = bench.store.entry("asset", "A-1").unwrap().unwrap().document;
    assert_eq!(documents(&query), [whole.clone(), whole]);
    let some = Query {
        only: Some(["grade", "count", "nothing"].into_iter().collect()),
        ..query
    };
    let part = json!({ "grade": "3A", "count": 3 });
    assert_eq!(documents(&some), [part.clone(), part]);
}

pub fn what_changed_is_in_a_list_that_was_asked_for_before(bench: &Bench) {
    let graded = |put: Put, grade: &str| Put {
        fields: vec![("grade".to_owned(), grade.into())],
        ..put
    };
    import(bench, (1..4).map(|n| graded(asset(&format!("A-{n}"), "端末"), "2")));
    let asked = || {
        let search = Query {
            search: "端末".to_owned(),
            sort: Sort::Key,
            ..Query::of("asset")
        };
        let filter = Query {
            filters: vec![Filter::is("grade", "2")],
            sort: Sort::Key,
            ..Query::of("asset")
        };
        [search, filter].map(|query| keys(&bench.store.list(&query).unwrap()).join(" "))
    };
    let both = |keys: &str| [keys, keys].map(str::to_owned);
    // Whatever was answered before, and however often.
    for _ in 0..2 {
        assert_eq!(asked(), both("A-1 A-2 A-3"));
    }
    bench.put(graded(asset("A-0", "端末"), "2"));
    assert_eq!(asked(), both("A-0 A-1 A-2 A-3"));
    bench.put(graded(edited("A-2", "机", 1), "1"));
    assert_eq!(asked(), both("A-0 A-1 A-3"));
    bench.do_act(retire("A-3", 1));
    assert_eq!(asked(), both("A-0 A-1"));
    bench.store.reindex().unwrap();
    assert_eq!(asked(), both("A-0 A-1"));
}

pub fn filters_and_search_narrow_a_list(bench: &Bench) {
    let grades = ["3A", "2", "1", "2", ""];
    let dates = ["2026-01-01", "2026-02-01", "", "2026-04-01", "2026-05-01"];
    import(
        bench,
        (0..).zip(grades).zip(dates).map(|((n, grade), date)| Put {
            fields: vec![
                ("grade".to_owned(), grade.into()),
                ("until".to_owned(), date.into()),
                ("long".to_owned(), vec![n; 300]),
            ],
            text: ["資産管理台帳", "資源の産業", "端末", "資産 端末", "管理"][usize::from(n)].to_owned(),
            ..asset(&format!("A-{n}"), "人")
        }),
    );
    let filter = |field: &str, test: Test| Filter {
        field: field.to_owned(),
        test,
    };
    let found = |search: &str, filters: Vec<Filter>| {
        let page = bench
            .store
            .list(&Query {
                search: search.to_owned(),
                filters,
                ..Query::of("asset")
            })
            .unwrap();
        let rows = u64::try_from(page.rows.len()).unwrap();
        assert_eq!(page.total, Total::Exactly(rows));
        page.rows
            .into_iter()
            .map(|entry| entry.key)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let any = |values: &[&str]| Test::AnyOf(values.iter().map(|value| value.as_bytes().to_vec()).collect());
    let between = |from: &str, to: &str| {
        let bound = |text: &str| (!text.is_empty()).then(|| text.as_bytes().to_vec());
        Test::Between(bound(from), bound(to))
    };
    assert_eq!(found("資産", vec![]), "A-0 A-3");
    assert_eq!(found("資産管理", vec![]), "A-0");
    assert_eq!(found("端末 資産", vec![]), "A-3");
    assert_eq!(found("末", vec![]), "A-2 A-3");
    assert_eq!(found("の", vec![]), "A-1");
    assert_eq!(found("無い", vec![]), "");
    assert_eq!(found("", vec![filter("grade", any(&["2"]))]), "A-1 A-3");
    assert_eq!(found("", vec![filter("grade", any(&["2", "1"]))]), "A-1 A-2 A-3");
    assert_eq!(found("", vec![filter("grade", any(&[""]))]), "A-4");
    assert_eq!(found("", vec![filter("grade", any(&[]))]), "");
    assert_eq!(found("端末", vec![filter("grade", any(&["2"]))]), "A-3");
    assert_eq!(
        found("", vec![filter("until", between("2026-02-01", "2026-04-01"))]),
        "A-1 A-3"
    );
    assert_eq!(found("", vec![filter("until", between("", "2026-03"))]), "A-0 A-1");
    assert_eq!(found("", vec![filter("until", between("2026-03", ""))]), "A-3 A-4");
    assert_eq!(
        found(
            "",
            vec![filter("until", between("2026-03", "")), filter("grade", any(&["2"]))]
        ),
        "A-3"
    );
    assert_eq!(found("", vec![Filter::is("long", vec![1; 300])]), "A-1");
    assert_eq!(
        found("", vec![filter("long", Test::Between(Some(vec![3; 300]), None))]),
        "A-3 A-4"
    );
}

pub fn a_word_is_found_whatever_its_width_case_or_kana(bench: &Bench) {
    bench.put(Put {
        text: "ＳＶ－０１ ファイルｻｰﾊﾞ ㈱見本".to_owned(),
        ..asset("A-1", "一")
    });
    for search in ["sv-01", "SV－01", "ふぁいる", "サーバ", "(株)見本", "v-0", "イルサ"] {
        let page = bench
            .store
            .list(&Query {
                search: search.to_owned(),
                ..Query::of("asset")
            })
            .unwrap();
        assert_eq!(page.rows.len(), 1, "{search}");
    }
    for search in ["sv-02", "\"", "sv OR 01", "*", "'"] {
        let page = bench
            .store
            .list(&Query {
                search: search.to_owned(),
                ..Query::of("asset")
            })
            .unwrap();
        assert_eq!(page.rows.len(), 0, "{search}");
    }
}

pub fn an_edited_record_is_found_by_what_it_says_now(bench: &Bench) {
    bench.put(asset("A-1", "旧名"));
    bench.put(Put {
        fields: vec![("grade".to_owned(), b"1".to_vec())],
        ..edited("A-1", "新名", 1)
    });
    let count = |query: Query| bench.store.list(&query).unwrap().rows.len();
    let search = |word: &str| {
        count(Query {
            search: word.to_owned(),
            ..Query::of("asset")
        })
    };
    let grade = |grade: &str| {
        count(Query {
            filters: vec![Filter::is("grade", grade)],
            ..Query::of("asset")
        })
    };
    let sorted = |field: &str| {
        count(Query {
            sort: Sort::Field(field.to_owned()),
            ..Query::of("asset")
        })
    };
    assert_eq!((search("旧名"), search("新名")), (0, 1));
    assert_eq!((grade("3A"), grade("1")), (0, 1));
    assert_eq!((sorted("section"), sorted("grade")), (0, 1));
}

pub fn retired_records_have_a_list_of_their_own(bench: &Bench) {
    import(bench, (0..4).map(|n| asset(&format!("A-{n}"), "端末")));
    bench.do_act(retire("A-1", 1));
    bench.do_act(retire("A-2", 1));
    for search in ["", "端末"] {
        let found = |state| {
            let page = bench
                .store
                .list(&Query {
                    search: search.to_owned(),
                    state,
                    ..Query::of("asset")
                })
                .unwrap();
            (
                page.rows
                    .into_iter()
                    .map(|entry| entry.key)
                    .collect::<Vec<_>>()
                    .join(" "),
                page.total,
            )
        };
        assert_eq!(found(State::Live), ("A-0 A-3".to_owned(), Total::Exactly(2)));
        assert_eq!(found(State::Retired), ("A-1 A-2".to_owned(), Total::Exactly(2)));
        assert_eq!(found(State::Any), ("A-0 A-1 A-2 A-3".to_owned(), Total::Exactly(4)));
    }
}

pub fn long_lists_are_the_same_by_every_way(bench: &Bench) {
    const COUNT: usize = 2_500;
    import(
        bench,
        (0..COUNT).map(|n| Put {
            // Far from the order of the keys, and with equals.
            reading: format!("{:03}", (n * 7_919) % 500),
            fields: vec![
                ("tenth".to_owned(), vec![u8::from(n.is_multiple_of(10))]),
                ("most".to_owned(), vec![u8::from(n % 10 != 3)]),
                ("number".to_owned(), u32::try_from(n).unwrap().to_be_bytes().to_vec()),
            ],
            text: if n % 10 == 3 {
                "希少、普及、通の端"
            } else {
                "普通の端末"
            }
            .to_owned(),
            ..asset(&format!("A-{n:06}"), "人")
        }),
    );
    let all = usize::MAX - 1;
    let none = Limits {
        few: 0,
        gathered: 0,
        fetched: 0,
        sampled: all,
        weighed: all,
        steps: 0,
        looks: 0,
    };
    let ways = [
        (
            "gather",
            Limits {
                few: all,
                gathered: all,
                fetched: all,
                ..none
            },
        ),
        ("sift", Limits { fetched: all, ..none }),
        (
            "sift, then gather",
            Limits {
                gathered: all,
                fetched: all,
                steps: 1,
                ..none
            },
        ),
        (
            "sift what the rarest have",
            Limits {
                fetched: all,
                weighed: 0,
                ..none
            },
        ),
        (
            "sample, then look or sift",
            Limits {
                fetched: 2_000,
                sampled: 100,
                weighed: 0,
                looks: 800,
                ..none
            },
        ),
        ("look", Limits { looks: all, ..none }),
        ("look, then sift", Limits { looks: 30, ..none }),
    ];
    let number = |n: u32| Some(n.to_be_bytes().to_vec());
    let range = Filter {
        field: "number".to_owned(),
        test: Test::Between(number(400), number(2_100)),
    };
    type Fits = fn(usize) -> bool;
    let lists: [(Vec<Filter>, &str, Fits); 6] = [
        (vec![Filter::is("tenth", [1])], "", |n| n.is_multiple_of(10)),
        (vec![Filter::is("most", [1])], "", |n| n % 10 != 3),
        (vec![range.clone()], "", |n| (400..=2_100).contains(&n)),
        (vec![], "普通", |n| n % 10 != 3),
        (vec![], "普通の端", |n| n % 10 != 3),
        (vec![Filter::is("tenth", [0]), range], "の端", |n| {
            (400..=2_100).contains(&n) && !n.is_multiple_of(10)
        }),
    ];
    for (way, limits) in &ways {
        for (filters, search, fits) in &lists {
            for (sort, descending) in [(Sort::Key, false), (Sort::Reading, true)] {
                let query = Query {
                    filters: filters.clone(),
                    search: (*search).to_owned(),
                    sort,
                    descending,
                    limit: 700,
                    ..Query::of("asset")
                };
                let seen = pages(bench, limits, query);
                let mut expected: Vec<usize> = (0..COUNT).filter(|n| fits(*n)).collect();
                if descending {
                    expected.sort_by_key(|n| std::cmp::Reverse(((n * 7_919) % 500, *n)));
                }
                let expected: Vec<String> = expected.into_iter().map(|n| format!("A-{n:06}")).collect();
                assert!(
                    seen == expected,
                    "{way}: {search} {filters:?}: {} {}",
                    seen.len(),
                    expected.len()
                );
            }
        }
    }
}

/// The keys of all pages, one after another.
fn pages(bench: &Bench, limits: &Limits, mut query: Query) -> Vec<String> {
    let mut seen = Vec::new();
    let mut totals = Vec::new();
    loop {
        let page = bench.store.list_within(&query, limits).unwrap();
        seen.extend(page.rows.into_iter().map(|entry| entry.key));
        totals.push(page.total);
        let Some(next) = page.next else { break };
        query.after = Some(next);
    }
    let count = u64::try_from(seen.len()).unwrap();
    for total in totals {
        assert!(match total {
            Total::Exactly(total) => total == count,
            Total::About(total) => total >= count,
            Total::AtLeast(total) => total <= count,
        });
    }
    seen
}
