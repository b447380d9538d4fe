//! Tiles and bundles, against the examples of tlog-tiles.

use std::collections::BTreeMap;

use ledger::Hash;
use ledger::tile::{self, Cutter, Kind, Resource, bundle};
use ledger::tree::Memory;
use proptest::prelude::*;

fn entry(number: u64) -> Vec<u8> {
    format!("entry {number}").into_bytes()
}

/// All files of a log of this size.
fn files(size: u64) -> (BTreeMap<Resource, Vec<u8>>, Hash) {
    let mut cutter = Cutter::default();
    let mut files = BTreeMap::new();
    for number in 0..size {
        cutter.push(&entry(number), |piece| {
            files.insert(piece.resource, piece.bytes);
        });
    }
    files.extend(cutter.partial().map(|piece| (piece.resource, piece.bytes)));
    (files, cutter.edge().root())
}

fn hashes(level: u8, index: u64, width: u16) -> Resource {
    Resource {
        kind: Kind::Hashes(level),
        index,
        width,
    }
}

#[test]
fn a_log_of_70000_entries_has_the_tiles_of_the_specification() {
    let all: Vec<Resource> = tile::all(70_000).collect();
    let at = |kind| all.iter().filter(|tile| tile.kind == kind).copied().collect::<Vec<_>>();
    assert_eq!(at(Kind::Hashes(0)).len(), 274);
    assert_eq!(at(Kind::Hashes(0)).last(), Some(&hashes(0, 273, 112)));
    assert_eq!(at(Kind::Hashes(1)), [hashes(1, 0, 256), hashes(1, 1, 17)]);
    assert_eq!(at(Kind::Hashes(2)), [hashes(2, 0, 1)]);
    assert_eq!(at(Kind::Entries).len(), 274);
    assert_eq!(all.len(), 274 + 2 + 1 + 274);
    assert_eq!(tile::all(0).count(), 0);
    let of_256: Vec<String> = tile::all(256).map(|tile| tile.to_string()).collect();
    assert_eq!(of_256, ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
}

#[test]
fn what_is_cut_from_a_stream_is_exactly_what_a_log_of_that_size_has() {
    for size in [0, 1, 255, 256, 257, 600, 66_000] {
        let (files, root) = files(size);
        let mut named: Vec<Resource> = tile::all(size).collect();
        named.sort_unstable();
        assert_eq!(files.keys().copied().collect::<Vec<_>>(), named, "{size}");
        let mut tree: Memory = (0..size).map(|number| Hash::leaf(&entry(number))).collect();
        assert_eq!(root, tree.root());
        for (resource, bytes) in files {
            assert!(resource.belongs_to(size), "{resource}");
            match resource.kind {
                Kind::Hashes(_) => {
                    assert_eq!(resource.hashes(&mut tree).unwrap().as_ref(), Some(&bytes), "{resource}");
                    assert_eq!(tile::read_hashes(&bytes).unwrap().len(), usize::from(resource.width));
                }
                Kind::Entries => {
                    let entries: Vec<&[u8]> = bundle::entries(&bytes).collect::<Result<_, _>>().unwrap();
                    assert_eq!(entries.len(), usize::from(resource.width));
                    assert_eq!(entries[0], entry(resource.index * 256));
                }
            }
        }
    }
}

#[test]
fn a_partial_tile_belongs_to_one_size_only() {
    assert!(hashes(0, 0, 3).belongs_to(3));
    assert!(!hashes(0, 0, 3).belongs_to(4));
    assert!(!hashes(0, 0, 3).belongs_to(300));
    assert!(hashes(0, 0, 256).belongs_to(300));
    assert!(!hashes(0, 1, 256).belongs_to(300));
    assert!(!hashes(63, 0, 1).belongs_to(u64::MAX));
}

#[test]
fn pruning_refuses_only_what_lies_wholly_below_the_minimum() {
    let bundle = Resource {
        kind: Kind::Entries,
        index: 1,
        width: 256,
    };
    assert_eq!(bundle.end(), 512);
    assert!(!bundle.may_be_refused(511));
    assert!(bundle.may_be_refused(512));
    assert!(hashes(0, 1, 256).may_be_refused(512));
    assert!(!hashes(1, 0, 256).may_be_refused(65_535));
    assert!(hashes(1, 0, 256).may_be_refused(65_536));
    assert_eq!(hashes(63, u64::MAX, 256).end(), u64::MAX);
}

#[test]
fn a_path_has_one_spelling() {
    for path in [
        "",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/03",
        "tile/0/000.p/+3",
        "tile/0/+00",
        "tile/0/000/",
        "/tile/0/000",
        "tile/data/000",
        "tile/0/000.p/3.p/3",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/entries/../000",
        "tile/0/000\n",
    ] {
        assert!(path.parse::<Resource>().is_err(), "{path}");
    }
}

#[test]
fn a_bundle_that_ends_within_an_entry_is_refused() {
    let (files, _) = files(3);
    let bytes = &files[&Resource {
        kind: Kind::Entries,
        index: 0,
        width: 3,
    }];
    for length in 0..bytes.len() {
        let read: Result<Vec<&[u8]>, _> = bundle::entries(&bytes[..length]).collect();
        let at_an_end = [0, 9, 18].contains(&length);
        assert_eq!(read.is_ok(), at_an_end, "{length}");
    }
    assert!(!bundle::append(&mut Vec::new(), &[0; 65_536]));
}

proptest! {
    #[test]
    fn every_path_reads_back(level in prop::option::of(0u8..64), index in any::<u64>(), width in 1u16..=256) {
        let resource = Resource { kind: level.map_or(Kind::Entries, Kind::Hashes), index, width };
        prop_assert_eq!(resource.to_string().parse(), Ok(resource));
    }
}
