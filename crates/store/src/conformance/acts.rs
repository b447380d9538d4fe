//! Acts: done as a whole or not at all.

use jiff::SignedDuration;
use model::clock::Clock as _;
use model::lang::Text;
use serde_json::json;

use super::bench::{Bench, asset, edited, mark, name_of, retire};
use crate::{Act, Change, Expected, Put, Refused};

pub fn a_first_version_is_stored_and_read_back(bench: &Bench) {
    let put = asset("A-1", "住民台帳");
    let receipt = bench.put(put.clone());
    assert_eq!(
        (receipt.index, receipt.count, receipt.versions.as_slice()),
        (0, 1, [1].as_slice())
    );
    assert_eq!(receipt.at, bench.clock.now());
    let entry = bench.store.entry("asset", "A-1").unwrap().unwrap();
    assert_eq!(
        (entry.document, entry.title, entry.version, entry.leaf),
        (put.document, put.title, 1, 0)
    );
    assert_eq!(bench.store.entry("asset", "A-2"), Ok(None));
    assert_eq!(bench.store.entry("terminal", "A-1"), Ok(None));
}

pub fn the_second_of_two_editors_sees_the_conflict(bench: &Bench) {
    bench.put(asset("A-1", "一"));
    bench.put(edited("A-1", "二", 1));
    let late = bench.refused(Act::new("entry.put").with(edited("A-1", "三", 1)));
    let conflict = |current| Refused::Conflict {
        change: 0,
        register: "asset".to_owned(),
        key: "A-1".to_owned(),
        current,
    };
    assert_eq!(late, conflict(Some(2)));
    let again = bench.refused(Act::new("entry.put").with(asset("A-1", "四")));
    assert_eq!(again, conflict(Some(2)));
    let unknown = Put {
        key: "A-1".to_owned(),
        register: "terminal".to_owned(),
        ..edited("A-1", "五", 1)
    };
    assert!(matches!(
        bench.refused(Act::new("entry.put").with(unknown)),
        Refused::Conflict { current: None, .. }
    ));
    let entry = bench.store.entry("asset", "A-1").unwrap().unwrap();
    assert_eq!((name_of(&entry.document), entry.version), ("二", 2));
}

pub fn a_refused_act_changes_nothing_and_harms_no_other(bench: &Bench) {
    bench.put(asset("A-1", "一"));
    let half = Act::new("entry.put")
        .with(asset("A-2", "二"))
        .with(asset("A-1", "また一"));
    // Handed in together, so that they are likely to share a transaction.
    let pending: Vec<_> = [
        Act::new("entry.put").with(asset("A-3", "三")),
        half,
        Act::new("entry.put").with(Put {
            expected: Expected::Version(1),
            ..asset("A-3", "三改")
        }),
    ]
    .into_iter()
    .map(|act| bench.sequencer.enqueue(act).unwrap())
    .collect();
    let answers: Vec<_> = pending.into_iter().map(crate::Pending::wait).collect();
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert!(
        matches!(answers[1], Err(Refused::Conflict { change: 1, .. })),
        "{answers:?}"
    );
    assert_eq!(bench.store.entry("asset", "A-2"), Ok(None));
    assert_eq!(bench.store.head().unwrap().edge.size(), 3);
}

pub fn a_unique_value_has_one_holder(bench: &Bench) {
    bench.put(asset("A-1", "一"));
    let twin = Put {
        unique: vec![("code".to_owned(), "A-1".to_owned())],
        ..asset("A-2", "二")
    };
    let refused = bench.refused(Act::new("entry.put").with(twin.clone()));
    let duplicate = Refused::Duplicate {
        change: 0,
        register: "asset".to_owned(),
        name: "code".to_owned(),
        holder: "A-1".to_owned(),
    };
    assert_eq!(refused, duplicate);
    let elsewhere = Put {
        register: "terminal".to_owned(),
        ..twin.clone()
    };
    bench.put(elsewhere);
    let both = Act::new("entry.put")
        .with(Put {
            unique: vec![("code".to_owned(), "same".to_owned())],
            ..asset("B-1", "一")
        })
        .with(Put {
            unique: vec![("code".to_owned(), "same".to_owned())],
            ..asset("B-2", "二")
        });
    assert!(matches!(bench.refused(both), Refused::Duplicate { change: 1, .. }));
}

pub fn a_unique_value_passes_on_when_it_is_given_up(bench: &Bench) {
    bench.put(asset("A-1", "一"));
    let code = |value: &str| vec![("code".to_owned(), value.to_owned())];
    let given_up = Put {
        unique: code("A-9"),
        ..edited("A-1", "一", 1)
    };
    let taken = Put {
        unique: code("A-1"),
        ..asset("A-2", "二")
    };
    bench.do_act(Act::new("entry.put").with(given_up).with(taken));
    let refused = bench.refused(Act::new("entry.put").with(Put {
        unique: code("A-9"),
        ..asset("A-3", "三")
    }));
    assert!(matches!(refused, Refused::Duplicate { holder, .. } if holder == "A-1"));
}

pub fn a_retired_record_stays_and_comes_back(bench: &Bench) {
    let put = asset("A-1", "一");
    bench.put(put.clone());
    bench.do_act(retire("A-1", 1));
    let entry = bench.store.entry("asset", "A-1").unwrap().unwrap();
    assert_eq!(
        (entry.version, entry.retired_at, &entry.document),
        (2, Some(bench.clock.now()), &put.document)
    );
    assert!(matches!(bench.refused(retire("A-1", 2)), Refused::Unchanged { .. }));
    assert!(matches!(
        bench.refused(retire("A-1", 1)),
        Refused::Conflict { current: Some(2), .. }
    ));
    assert!(matches!(
        bench.refused(retire("A-7", 1)),
        Refused::Conflict { current: None, .. }
    ));
    // The key and the unique value stay taken.
    assert!(matches!(
        bench.refused(Act::new("entry.put").with(asset("A-1", "一"))),
        Refused::Conflict { .. }
    ));
    bench.do_act(Act::new("entry.restore").with(Change::Restore(mark("A-1", 2))));
    let entry = bench.store.entry("asset", "A-1").unwrap().unwrap();
    assert_eq!(
        (entry.version, entry.retired_at, entry.document),
        (3, None, put.document)
    );
}

pub fn an_act_over_many_records_is_one_or_none(bench: &Bench) {
    let rows = |count: usize| {
        (0..count)
            .map(|n| Change::Put(asset(&format!("A-{n}"), "一")))
            .collect()
    };
    let receipt = bench.do_act(Act {
        changes: rows(300),
        ..Act::new("register.import")
    });
    assert_eq!((receipt.index, receipt.count, receipt.versions.len()), (0, 300, 300));
    let again: Vec<Change> = (1..400)
        .map(|n| Change::Put(asset(&format!("A-{}", 400 - n), "二")))
        .collect();
    let refused = bench.refused(Act {
        changes: again,
        ..Act::new("register.import")
    });
    assert!(matches!(refused, Refused::Conflict { change: 100, .. }), "{refused:?}");
    assert_eq!(bench.store.registers(), Ok(vec![("asset".to_owned(), 300, 0)]));
    let edits = (0..300)
        .map(|n| Change::Put(edited(&format!("A-{n}"), "三", 1)))
        .collect();
    let receipt = bench.do_act(Act {
        changes: edits,
        ..Act::new("register.import")
    });
    assert_eq!((receipt.index, receipt.versions), (300, vec![2; 300]));
}

pub fn what_no_caller_sends_is_refused(bench: &Bench) {
    let long = "長".repeat(2_000);
    for put in [
        Put {
            document: json!([]),
            ..asset("A-1", "一")
        },
        Put {
            key: String::new(),
            ..asset("A-1", "一")
        },
        Put {
            key: long.clone(),
            ..asset("A-1", "一")
        },
        Put {
            key: "nul\0".to_owned(),
            ..asset("A-1", "一")
        },
        Put {
            title: "nul\0".to_owned(),
            ..asset("A-1", "一")
        },
        Put {
            unique: vec![("code".to_owned(), long)],
            ..asset("A-1", "一")
        },
        Put {
            document: json!({ "code": u64::MAX }),
            ..asset("A-1", "一")
        },
    ] {
        let refused = bench.refused(Act::new("entry.put").with(put));
        assert!(matches!(refused, Refused::Malformed(_)), "{refused:?}");
    }
    for act in [
        Act::new(""),
        Act::new("two words"),
        Act {
            clauses: vec!["第6条 三".to_owned()],
            ..Act::new("x")
        },
        Act {
            actor: Some(String::new()),
            ..Act::new("x")
        },
    ] {
        assert!(matches!(bench.refused(act), Refused::Malformed(_)));
    }
    let odd = "NUL in text \0, ' and \" and $1 and \u{FFFF} and 😀";
    let put = Put {
        document: json!({ "name": odd }),
        text: odd.to_owned(),
        ..asset("A-1", "一'\"$1")
    };
    bench.put(put.clone());
    assert_eq!(
        bench.store.entry("asset", "A-1").unwrap().unwrap().document,
        put.document
    );
    assert_eq!(bench.store.head().unwrap().edge.size(), 1);
}

pub fn threads_that_write_at_once_lose_nothing(bench: &Bench) {
    const THREADS: u64 = 8;
    const EACH: u64 = 40;
    bench.put(asset("shared", "0"));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for n in 0..EACH {
                    bench.put(asset(&format!("{thread}-{n}"), "一"));
                    // Everybody counts the same record up, and tries again after a lost race.
                    loop {
                        let now = bench.store.entry("asset", "shared").unwrap().unwrap();
                        let next: u64 = now.title.parse::<u64>().unwrap() + 1;
                        let act = Act::new("entry.put").with(edited("shared", &next.to_string(), now.version));
                        match bench.sequencer.submit(act) {
                            Ok(_) => break,
                            Err(Refused::Conflict { .. }) => {}
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
            });
        }
    });
    let shared = bench.store.entry("asset", "shared").unwrap().unwrap();
    assert_eq!(
        (shared.title, shared.version),
        ((THREADS * EACH).to_string(), THREADS * EACH + 1)
    );
    assert_eq!(bench.store.head().unwrap().edge.size(), 2 * THREADS * EACH + 1);
    assert_eq!(
        bench.store.registers(),
        Ok(vec![("asset".to_owned(), THREADS * EACH + 1, 0)])
    );
}

pub fn secrets_are_kept_and_dropped_within_acts(bench: &Bench) {
    let set = |value: &[u8]| Change::SetSecret {
        scope: "password".to_owned(),
        key: "P-1".to_owned(),
        value: value.to_vec(),
    };
    bench.do_act(Act::new("user.password").with(set(b"sealed")));
    bench.do_act(Act::new("user.password").with(set(b"sealed again")));
    assert_eq!(
        bench.store.secret("password", "P-1"),
        Ok(Some(b"sealed again".to_vec()))
    );
    assert_eq!(bench.store.secrets("password").unwrap().len(), 1);
    let conflict = Act::new("user.password")
        .with(set(b"other"))
        .with(edited("A-1", "一", 1));
    bench.refused(conflict);
    assert_eq!(
        bench.store.secret("password", "P-1"),
        Ok(Some(b"sealed again".to_vec()))
    );
    let drop = Change::DropSecret {
        scope: "password".to_owned(),
        key: "P-1".to_owned(),
    };
    bench.do_act(Act::new("user.password").with(drop));
    assert_eq!(bench.store.secret("password", "P-1"), Ok(None));
    let body = bench.store.body(0).unwrap().unwrap();
    assert!(!format!("{:?}", body.fields).contains("sealed"));
}

pub fn a_database_that_refuses_writes_says_why(bench: &Bench) {
    let why = Text::fixed("巻き戻されている", "rolled back");
    bench.sequencer.refuse_writes(why.clone());
    assert_eq!(bench.refused(Act::new("entry.put")), Refused::ReadOnly(why));
    bench.sequencer.stop();
    assert_eq!(bench.store.head().unwrap().edge.size(), 0);
}

pub fn the_time_of_the_ledger_never_goes_back(bench: &Bench) {
    let first = bench.put(asset("A-1", "一")).at;
    bench.clock.advance(SignedDuration::from_hours(-5));
    assert_eq!(bench.put(asset("A-2", "二")).at, first);
    bench.clock.advance(SignedDuration::from_hours(6));
    assert_eq!(bench.put(asset("A-3", "三")).at, bench.clock.now());
}
