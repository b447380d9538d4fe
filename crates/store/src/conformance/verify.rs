//! The whole database against itself, and against what was signed.

use model::lang::Text;

use super::bench::{Bench, asset, edited, mark, retire};
use crate::driver::Pen;
use crate::log::Tree;
use crate::{Act, Change, Difference, Put, Query, Signed, Store};

/// A little of everything, small enough to be kept: what the fixtures of released schemas hold.
pub fn few(bench: &Bench) {
    bench.do_act(
        Act::new("entry.put")
            .by("P-1")
            .with(asset("A-1", "端末"))
            .note("reason", "購入"),
    );
    bench.put(asset("A-2", "台帳システム"));
    bench.put(edited("A-1", "新しい端末", 1));
    bench.do_act(retire("A-2", 1));
    let secret = Change::SetSecret {
        scope: "totp".to_owned(),
        key: "P-1".to_owned(),
        value: vec![1, 2, 3],
    };
    bench.do_act(Act::new("user.totp").by("P-2").with(secret));
    bench.do_act(Act::new("erasure").with(Change::Erase { leaf: 0 }));
}

/// What [`few`] leaves behind, in whichever schema it was written.
pub fn few_is_there(store: &dyn Store) {
    let verified = store.verify().unwrap().unwrap();
    assert_eq!(
        (verified.leaves, verified.records, verified.versions, verified.erased),
        (6, 2, 4, 1)
    );
    let query = Query {
        search: "端末".to_owned(),
        ..Query::of("asset")
    };
    let page = store.list(&query).unwrap();
    assert_eq!((page.rows.len(), page.rows[0].version), (1, 2));
    assert_eq!(store.secret("totp", "P-1"), Ok(Some(vec![1, 2, 3])));
    assert!(store.entry("asset", "A-2").unwrap().unwrap().retired_at.is_some());
}

/// A little of everything, in several hundred ledger entries.
pub fn filled(bench: &Bench) {
    let changes = (0..300)
        .map(|n| Change::Put(asset(&format!("A-{n}"), "端末")))
        .collect();
    bench.do_act(
        Act {
            changes,
            ..Act::new("register.import").by("P-1")
        }
        .note("file", "assets.xlsx"),
    );
    bench.put(edited("A-0", "二", 1));
    bench.put(edited("A-1", "二", 1));
    bench.do_act(retire("A-1", 2));
    bench.put(edited("A-1", "三", 3));
    bench.do_act(retire("A-2", 1));
    bench.do_act(Act::new("entry.restore").with(Change::Restore(mark("A-2", 2))));
    bench.do_act(retire("A-3", 1));
    let secret = Change::SetSecret {
        scope: "totp".to_owned(),
        key: "P-1".to_owned(),
        value: vec![1, 2, 3],
    };
    bench.do_act(Act::new("user.totp").by("P-2").with(secret));
    let erase = |leaf| Change::Erase { leaf };
    bench.do_act(
        Act::new("erasure")
            .with(erase(0))
            .with(erase(301))
            .note("basis", "保存期間の満了"),
    );
    bench.do_act(Act::new("erasure").with(erase(306)));
    bench.do_act(Act {
        policy: Some("2026".to_owned()),
        ..Act::new("policy.adopt")
    });
    bench.put(Put {
        fields: vec![("long".to_owned(), vec![7; 300]), ("long".to_owned(), vec![7; 301])],
        ..asset("Z", "長")
    });
}

fn difference(bench: &Bench) -> Difference {
    bench.store.verify().unwrap().unwrap_err()
}

/// Does what nobody can do through the store.
pub(super) fn tamper(bench: &Bench, sql: &str) {
    bench
        .store
        .writing(&Pen::ACT, |transaction| transaction.batch(sql))
        .unwrap();
}

pub fn a_sound_database_verifies(bench: &Bench) {
    let empty = bench.store.verify().unwrap().unwrap();
    assert_eq!((empty.leaves, empty.records), (0, 0));
    filled(bench);
    let verified = bench.store.verify().unwrap().unwrap();
    assert_eq!(
        (verified.leaves, verified.records, verified.versions, verified.erased),
        (312, 301, 308, 3)
    );
    assert_eq!(verified.root, bench.store.head().unwrap().edge.root());
}

pub fn whatever_is_edited_is_found(bench: &Bench) {
    filled(bench);
    // Each is undone before the next one.
    for (edit, undo, leaf) in [
        (
            "UPDATE entry SET title = 'x' WHERE id = 9",
            "UPDATE entry SET title = '端末' WHERE id = 9",
            Some(8),
        ),
        (
            "UPDATE entry SET leaf = 9 WHERE id = 9",
            "UPDATE entry SET leaf = 8 WHERE id = 9",
            Some(8),
        ),
        (
            "UPDATE entry SET retired_at = '2026-04-01T00:00:00Z' WHERE id = 9",
            "UPDATE entry SET retired_at = NULL WHERE id = 9",
            Some(8),
        ),
        (
            "UPDATE entry SET search = 'x' WHERE id = 9",
            "UPDATE entry SET search = 'a-8 端末' WHERE id = 9",
            Some(8),
        ),
        (
            "UPDATE entry SET key = 'x' WHERE id = 9",
            "UPDATE entry SET key = 'A-8' WHERE id = 9",
            Some(8),
        ),
        (
            "UPDATE entry_version SET title = 'x' WHERE leaf = 8",
            "UPDATE entry_version SET title = '端末' WHERE leaf = 8",
            Some(8),
        ),
        (
            "UPDATE entry_version SET act = 8 WHERE leaf = 8",
            "UPDATE entry_version SET act = 0 WHERE leaf = 8",
            Some(8),
        ),
        (
            "UPDATE entry_version SET entry = 10 WHERE leaf = 300",
            "UPDATE entry_version SET entry = 1 WHERE leaf = 300",
            Some(300),
        ),
        (
            "UPDATE entry_version SET document = '{}' WHERE leaf = 0 OR leaf = 8; UPDATE entry_version SET document = '{}' WHERE leaf = 8",
            "SELECT 1",
            Some(8),
        ),
    ] {
        tamper(bench, edit);
        assert_eq!(difference(bench).leaf, leaf, "{edit}");
        tamper(bench, undo);
    }
    // What is found first hides the rest: the document of leaf 8 comes back before the next edits.
    let document = r#"{"code":"A-8","name":"端末","grade":"3A","count":3,"ratio":0.1}"#;
    tamper(
        bench,
        &format!("UPDATE entry_version SET document = '{document}' WHERE leaf = 8"),
    );
    assert!(bench.store.verify().unwrap().is_ok());
    for (edit, undo) in [
        (
            "UPDATE ledger_leaf SET class = 'x' WHERE idx = 8",
            "UPDATE ledger_leaf SET class = 'permanent' WHERE idx = 8",
        ),
        (
            "UPDATE ledger_leaf SET class = 'x' WHERE idx = 301",
            "UPDATE ledger_leaf SET class = 'permanent' WHERE idx = 301",
        ),
        (
            "UPDATE ledger_leaf SET erased_by = 5 WHERE idx = 8",
            "UPDATE ledger_leaf SET erased_by = NULL WHERE idx = 8",
        ),
        (
            "UPDATE entry_version SET retired = 1 WHERE leaf = 301",
            "UPDATE entry_version SET retired = 0 WHERE leaf = 301",
        ),
        (
            "UPDATE register SET live = live + 1",
            "UPDATE register SET live = live - 1",
        ),
        (
            "UPDATE ledger_head SET policy = 'x'",
            "UPDATE ledger_head SET policy = '2026'",
        ),
        (
            "UPDATE ledger_head SET next_entry = 1",
            "UPDATE ledger_head SET next_entry = 302",
        ),
        (
            "UPDATE entry_field SET field = 'x' WHERE entry = 9 AND field = 'grade'",
            "UPDATE entry_field SET field = 'grade' WHERE entry = 9 AND field = 'x'",
        ),
        (
            "UPDATE entry_ref SET field = 'x' WHERE source = 9",
            "UPDATE entry_ref SET field = 'section' WHERE source = 9",
        ),
        (
            "UPDATE entry_unique SET value = 'x' WHERE entry = 9",
            "UPDATE entry_unique SET value = 'A-8' WHERE entry = 9",
        ),
        (
            "UPDATE pseudonym SET person = 'P-9' WHERE person = 'P-2'",
            "UPDATE pseudonym SET person = 'P-2' WHERE person = 'P-9'",
        ),
        ("UPDATE secret SET key = 'P-9'", "UPDATE secret SET key = 'P-1'"),
    ] {
        tamper(bench, edit);
        let found = difference(bench);
        assert!(!found.what.ja.is_empty(), "{edit}");
        tamper(bench, undo);
    }
    assert!(bench.store.verify().unwrap().is_ok());
    for edit in [
        "DELETE FROM ledger_tile",
        "UPDATE ledger_leaf SET secret = NULL, fields = NULL, erased_by = 309 WHERE idx = 20",
        "DELETE FROM ledger_leaf WHERE idx = 311",
        "DELETE FROM entry WHERE id = 301",
    ] {
        tamper(bench, edit);
        assert!(bench.store.verify().unwrap().is_err(), "{edit}");
    }
}

pub fn a_database_that_was_rolled_back_or_edited_is_not_written(bench: &Bench) {
    let check = |signed| {
        bench
            .store
            .start_check(signed)
            .unwrap()
            .map(|why: Text| why.en.into_owned())
    };
    let sign = || {
        let edge = bench.store.head().unwrap().edge;
        Signed {
            size: edge.size(),
            root: edge.root(),
        }
    };
    assert_eq!(check(None), None);
    let nothing = sign();
    filled(bench);
    assert_eq!(check(Some(nothing)), None);
    let signed = sign();
    assert_eq!(check(Some(signed)), None);
    bench.put(asset("B-1", "後"));
    assert_eq!(check(Some(signed)), None, "it has grown since");
    let earlier = Signed {
        size: 100,
        root: ledger::tree::prove::root(Tree(&*bench.store), 100).unwrap(),
    };
    assert_eq!(check(Some(earlier)), None);
    let ahead = Signed {
        size: 314,
        root: signed.root,
    };
    assert!(check(Some(ahead)).unwrap().contains("rolled back: 314"));
    let other = Signed {
        size: 100,
        root: signed.root,
    };
    assert!(check(Some(other)).unwrap().contains("edited"));
    assert!(check(None).unwrap().contains("no signed checkpoint"));
    tamper(bench, "DELETE FROM ledger_leaf WHERE idx = 312");
    assert!(check(Some(signed)).unwrap().contains("edited"));
}
