//! The ledger beside the records.

use ledger::Hash;
use ledger::tree::{Edge, HashSource as _, check, prove};

use super::bench::{Bench, asset, edited, retire};
use crate::log::{Tree, parsed};
use crate::{Act, Change};

fn filled(bench: &Bench, count: usize) {
    let changes = (0..count)
        .map(|n| Change::Put(asset(&format!("A-{n}"), "一")))
        .collect();
    let import = Act {
        changes,
        clauses: vec!["6.2".to_owned()],
        ..Act::new("register.import")
    };
    bench.do_act(import.by("P-1").note("file", "assets.xlsx"));
    bench.put(edited("A-0", "二", 1));
    bench.do_act(retire("A-1", 1));
    bench.do_act(Act::new("sign-in.refused").note("why", "password"));
}

pub fn every_leaf_is_in_the_tree(bench: &Bench) {
    filled(bench, 300);
    let leaves = bench.store.leaves(0, 1_000).unwrap();
    assert_eq!(leaves.len(), 303);
    let edge: Edge = leaves.iter().map(|leaf| Hash::leaf(&leaf.bytes)).collect();
    assert_eq!(bench.store.head().unwrap().edge, edge);
    for (index, leaf) in (0..).zip(&leaves) {
        let entry = parsed(&leaf.bytes).unwrap();
        assert_eq!((leaf.index, entry.seq), (index, index));
        assert_eq!(bench.store.leaf_hash(index), Ok(Some(Hash::leaf(&leaf.bytes))));
        let text = String::from_utf8(leaf.bytes.clone()).unwrap();
        assert!(
            !text.contains("A-") && !text.contains("P-1") && !text.contains("asset"),
            "{text}"
        );
    }
    let first = parsed(&leaves[0].bytes).unwrap();
    let edit = parsed(&leaves[300].bytes).unwrap();
    assert_eq!(
        (first.subjects, first.actor, first.clauses),
        (edit.subjects, edit.actor, vec!["6.2".to_owned()])
    );
}

pub fn bodies_give_the_commitments_of_their_entries(bench: &Bench) {
    filled(bench, 20);
    for leaf in bench.store.leaves(0, 100).unwrap() {
        let body = bench.store.body(leaf.index).unwrap().unwrap();
        assert_eq!(
            body.root().unwrap(),
            parsed(&leaf.bytes).unwrap().commit,
            "{}",
            leaf.index
        );
    }
    let names = |index| {
        bench
            .store
            .body(index)
            .unwrap()
            .unwrap()
            .fields
            .into_iter()
            .map(|(name, _)| name)
            .collect::<Vec<_>>()
    };
    let record = ["register", "key", "version", "title", "reading", "retired", "index"];
    let document = [
        "document.code",
        "document.name",
        "document.grade",
        "document.count",
        "document.ratio",
    ];
    assert_eq!(
        names(0),
        [&record[..], &document[..], &["class", "act", "note.file"]].concat()
    );
    assert_eq!(names(1), [&record[..], &document[..], &["class", "act"]].concat());
    assert_eq!(names(20), [&record[..], &document[..], &["class"]].concat());
    assert_eq!(names(22), ["class", "note.why"]);
    assert!(bench.store.body(23).unwrap().is_none());
}

pub fn changes_are_followed_from_any_leaf(bench: &Bench) {
    filled(bench, 20);
    let changes = bench.store.changes_since(19, 100).unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|changed| (changed.leaf, changed.key.as_str(), changed.version, changed.retired))
        .collect();
    assert_eq!(
        told,
        [(19, "A-19", 1, false), (20, "A-0", 2, false), (21, "A-1", 2, true)]
    );
    assert_eq!(bench.store.changes_since(0, 5).unwrap().len(), 5);
    assert_eq!(bench.store.record_of(20).unwrap().unwrap().key, "A-0");
    assert_eq!(bench.store.record_of(22), Ok(None));
}

pub fn tiles_and_proofs_are_made_from_the_tree(bench: &Bench) {
    filled(bench, 600);
    let mut tree = Tree(&*bench.store);
    let leaves: Vec<Hash> = (0..3)
        .flat_map(|tile| tree.hashes(0, tile * 256, 256).unwrap())
        .collect();
    assert_eq!(leaves.len(), 603);
    let expected: Vec<Hash> = leaves
        .chunks_exact(256)
        .map(|tile| tile.iter().copied().collect::<Edge>().root())
        .collect();
    assert_eq!(tree.hashes(1, 0, 256).unwrap(), expected);
    assert_eq!(tree.hashes(1, 1, 1).unwrap(), expected[1..]);
    assert!(tree.hashes(2, 0, 256).unwrap().is_empty());
    let root = bench.store.head().unwrap().edge.root();
    let old = prove::root(&mut tree, 77).unwrap();
    let inclusion = prove::inclusion(&mut tree, 301, 603).unwrap();
    check::inclusion(leaves[301], 301, 603, &inclusion, root).unwrap();
    let consistency = prove::consistency(&mut tree, 77, 603).unwrap();
    check::consistency(77, old, 603, root, &consistency).unwrap();
}

pub fn the_policy_in_force_stands_in_every_entry(bench: &Bench) {
    bench.put(asset("A-1", "一"));
    bench.do_act(Act {
        policy: Some("2026-04-01".to_owned()),
        ..Act::new("policy.adopt")
    });
    bench.put(asset("A-2", "二"));
    let policies: Vec<_> = bench
        .store
        .leaves(0, 9)
        .unwrap()
        .iter()
        .map(|leaf| parsed(&leaf.bytes).unwrap().policy)
        .collect();
    let adopted = Some("2026-04-01".to_owned());
    assert_eq!(policies, [None, adopted.clone(), adopted.clone()]);
    assert_eq!(bench.store.head().unwrap().policy, adopted);
}
