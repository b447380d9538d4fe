//! Records, their versions and what refers to them.

use serde_json::json;

use super::bench::{Bench, asset, edited, retire};
use crate::{Act, Change, Put, Reference, Refused};

pub fn versions_tell_who_when_and_why(bench: &Bench) {
    bench.put(asset("A-1", "一"));
    let act = Act::new("entry.put")
        .by("P-2")
        .with(edited("A-1", "二", 1))
        .note("reason", "機器の更新");
    bench.do_act(act);
    bench.do_act(Act::new("job.nightly").with(edited("A-1", "三", 2)));
    let versions = bench.store.versions("asset", "A-1").unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|version| (version.version, version.title.as_str(), version.actor.as_deref()))
        .collect();
    assert_eq!(told, [(3, "三", None), (2, "二", Some("P-2")), (1, "一", Some("P-1"))]);
    assert_eq!((versions[0].kind.as_str(), versions[0].leaf), ("job.nightly", 2));
    assert_eq!(versions[1].reason, Some(json!("機器の更新")));
    assert_eq!(versions[2].document.as_ref().unwrap()["name"], "一");
    let second = bench.store.version("asset", "A-1", 2).unwrap();
    assert_eq!(second.as_ref(), Some(&versions[1]));
    assert_eq!(bench.store.version("asset", "A-1", 4), Ok(None));
    assert!(bench.store.versions("asset", "A-2").unwrap().is_empty());
}

pub fn what_refers_to_a_record_is_known(bench: &Bench) {
    bench.put(asset("A-1", "一"));
    bench.put(asset("A-2", "二"));
    bench.do_act(retire("A-2", 1));
    let referring = bench.store.referring("section", "100", 10).unwrap();
    let told: Vec<_> = referring
        .iter()
        .map(|from| (from.key.as_str(), from.field.as_str(), from.retired))
        .collect();
    assert_eq!(told, [("A-1", "section", false), ("A-2", "section", true)]);
    let mut moved = edited("A-1", "一", 1);
    moved.references = vec![Reference {
        field: "section".to_owned(),
        register: "section".to_owned(),
        key: "200".to_owned(),
    }];
    bench.put(moved);
    assert_eq!(bench.store.referring("section", "100", 10).unwrap().len(), 1);
    assert_eq!(bench.store.referring("section", "200", 10).unwrap()[0].key, "A-1");
}

pub fn a_scan_gives_every_record_in_order(bench: &Bench) {
    let changes = (0..150).map(|n| Change::Put(asset(&format!("A-{n}"), "一"))).collect();
    bench.do_act(Act {
        changes,
        ..Act::new("register.import")
    });
    bench.do_act(retire("A-7", 1));
    let mut keys = Vec::new();
    bench
        .store
        .scan("asset", &mut |entry| {
            keys.push(entry.key);
            Ok(())
        })
        .unwrap();
    assert_eq!(keys, (0..150).map(|n| format!("A-{n}")).collect::<Vec<_>>());
    bench.put(Put {
        register: "other".to_owned(),
        ..asset("A-0", "二")
    });
    let mut lines = Vec::new();
    bench
        .store
        .scan_all(&mut |line| {
            let document: serde_json::Value = serde_json::from_str(line.document).unwrap();
            assert_eq!(document["name"], line.title);
            lines.push(format!("{} {}", line.register, line.key));
            Ok(())
        })
        .unwrap();
    let mut expected: Vec<String> = (0..150).filter(|n| *n != 7).map(|n| format!("asset A-{n}")).collect();
    expected.push("other A-0".to_owned());
    assert_eq!(lines, expected);
}

pub fn a_forgotten_person_cannot_be_named_and_gets_another_pseudonym(bench: &Bench) {
    bench.put(asset("A-1", "一"));
    let pseudonym = || {
        bench
            .store
            .leaves(0, 9)
            .unwrap()
            .pop()
            .map(|leaf| crate::log::parsed(&leaf.bytes).unwrap().actor)
    };
    let before = pseudonym().flatten().unwrap();
    assert_eq!(bench.store.person(&before), Ok(Some("P-1".to_owned())));
    assert_eq!(bench.store.pseudonym("P-1"), Ok(Some(before.clone())));
    bench.do_act(Act::new("person.forget").with(Change::Forget {
        person: "P-1".to_owned(),
    }));
    assert_eq!(bench.store.person(&before), Ok(None));
    assert_eq!(bench.store.versions("asset", "A-1").unwrap()[0].actor, None);
    bench.put(asset("A-2", "二"));
    let after = pseudonym().flatten().unwrap();
    assert_ne!(after, before);
    assert_eq!(bench.store.person(&after), Ok(Some("P-1".to_owned())));
}

pub fn an_erased_version_keeps_its_ledger_entry(bench: &Bench) {
    bench.do_act(
        Act::new("entry.put")
            .with(asset("A-1", "山川"))
            .note("reason", "山川のため"),
    );
    let before = bench.store.leaf(0).unwrap().unwrap();
    let erase = |leaf| {
        Act::new("erasure")
            .with(Change::Erase { leaf })
            .note("basis", "保存期間の満了")
    };
    assert!(
        matches!(bench.refused(erase(0)), Refused::NotErasable { leaf: 0, .. }),
        "the current version in use"
    );
    assert!(
        matches!(bench.refused(erase(9)), Refused::NotErasable { leaf: 9, .. }),
        "no such ledger entry"
    );
    bench.put(edited("A-1", "二", 1));
    bench.do_act(erase(0));
    let after = bench.store.leaf(0).unwrap().unwrap();
    assert_eq!((after.bytes, after.erased_by), (before.bytes, Some(2)));
    assert!(bench.store.body(0).unwrap().is_none());
    let version = bench.store.version("asset", "A-1", 1).unwrap().unwrap();
    assert_eq!(
        (version.document, version.title.as_str(), version.reason),
        (None, "", None)
    );
    assert!(
        matches!(bench.refused(erase(0)), Refused::NotErasable { .. }),
        "erased already"
    );
    assert!(
        matches!(bench.refused(erase(2)), Refused::NotErasable { .. }),
        "an erasure says what was erased"
    );
    bench.do_act(retire("A-1", 2));
    bench.do_act(erase(3));
    let entry = bench.store.entry("asset", "A-1").unwrap().unwrap();
    assert_eq!((entry.title.as_str(), entry.document), ("", json!({})));
}
