//! A log is verified as a whole, and exported.

use std::collections::BTreeMap;
use std::convert::Infallible;

use ledger::Hash;
use ledger::checkpoint::Checkpoint;
use ledger::export::{Export, ExportFault};
use ledger::key::{Algorithm, VerifierKey};
use ledger::note::Note;
use ledger::tile::{Cutter, Resource};
use ledger::verify::{self, Difference, Files, Leaves};
use proptest::prelude::*;

use crate::log::{Log, ORIGIN, at, key};

#[derive(Clone)]
struct Folder(BTreeMap<String, Vec<u8>>);

impl Files for Folder {
    type Error = Infallible;

    fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(path).cloned())
    }
}

type Rows = Vec<(Vec<u8>, Hash)>;
type Paths = BTreeMap<String, Vec<u8>>;

fn folder(log: &Log) -> Folder {
    published_at(log, &[])
}

/// The folder of a log that published checkpoints at these sizes on its way.
fn published_at(log: &Log, sizes: &[usize]) -> Folder {
    let mut cutter = Cutter::default();
    let mut files = BTreeMap::new();
    for (size, entry) in log.entries.iter().enumerate() {
        if sizes.contains(&size) {
            files.extend(cutter.partial().map(|piece| (piece.resource.to_string(), piece.bytes)));
        }
        cutter.push(entry, |piece| {
            files.insert(piece.resource.to_string(), piece.bytes);
        });
    }
    files.extend(cutter.partial().map(|piece| (piece.resource.to_string(), piece.bytes)));
    Folder(files)
}

#[test]
fn a_stream_of_leaves_is_verified_against_all_its_checkpoints() {
    let log = Log::of(300);
    let mut leaves = Leaves::against([300, 0, 17, 256, 17].map(|size| log.checkpoint(size)));
    for entry in &log.entries {
        leaves.read(entry, Some(Hash::leaf(entry))).unwrap();
    }
    assert_eq!(&leaves.finish().unwrap(), log.tree.edge());
}

#[test]
fn the_first_difference_in_a_stream_is_told() {
    let log = Log::of(50);
    let run = |change: &dyn Fn(&mut Rows)| {
        let mut rows: Vec<_> = log
            .entries
            .iter()
            .map(|entry| (entry.clone(), Hash::leaf(entry)))
            .collect();
        change(&mut rows);
        let mut leaves = Leaves::against([log.checkpoint(20), log.checkpoint(50)]);
        let read = rows
            .iter()
            .try_for_each(|(entry, hash)| leaves.read(entry, Some(*hash)).map(drop));
        read.and_then(|()| leaves.finish().map(drop))
    };
    let kept_too = |rows: &mut Rows, index: usize, bytes: Vec<u8>| {
        rows[index] = (bytes.clone(), Hash::leaf(&bytes));
    };
    assert_eq!(run(&|_| ()), Ok(()));
    assert_eq!(run(&|rows| rows[7].0[9] ^= 1), Err(Difference::Leaf { index: 7 }));
    assert_eq!(run(&|rows| rows[7].1.0[9] ^= 1), Err(Difference::Leaf { index: 7 }));
    let other = |index: usize| {
        String::from_utf8(log.entries[index].clone())
            .unwrap()
            .replace("6.3.1", "6.3.2")
            .into_bytes()
    };
    assert_eq!(
        run(&|rows| kept_too(rows, 7, other(7))),
        Err(Difference::Root { size: 20 })
    );
    assert_eq!(
        run(&|rows| kept_too(rows, 27, other(27))),
        Err(Difference::Root { size: 50 })
    );
    assert_eq!(
        run(&|rows| rows.swap(3, 4)),
        Err(Difference::Place { index: 3, says: 4 })
    );
    assert!(matches!(
        run(&|rows| kept_too(rows, 3, b"{}".to_vec())),
        Err(Difference::Entry { index: 3, .. })
    ));
    assert_eq!(
        run(&|rows| rows.truncate(49)),
        Err(Difference::Short { size: 50, found: 49 })
    );
}

#[test]
fn a_folder_of_tiles_is_verified_and_the_first_difference_told() {
    let log = Log::of(600);
    let (files, checkpoint) = (folder(&log), log.checkpoint(600));
    assert_eq!(verify::files(&mut files.clone(), &checkpoint, 0), Ok(()));
    let run = |change: &dyn Fn(&mut Paths)| {
        let mut files = files.clone();
        change(&mut files.0);
        verify::files(&mut files, &checkpoint, 0).unwrap_err()
    };
    let tile = |path: &str, index| Difference::Tile {
        path: path.to_owned(),
        index,
    };
    let path = |path: &str| path.to_owned();
    assert_eq!(
        run(&|files| files.get_mut("tile/0/001").unwrap()[32 * 5] ^= 1),
        tile("tile/0/001", 261)
    );
    assert_eq!(
        run(&|files| files.get_mut("tile/0/002.p/88").unwrap()[0] ^= 1),
        tile("tile/0/002.p/88", 512)
    );
    assert_eq!(
        run(&|files| files.get_mut("tile/1/000.p/2").unwrap()[40] ^= 1),
        tile("tile/1/000.p/2", 256)
    );
    assert_eq!(
        run(&|files| files.get_mut("tile/entries/000").unwrap()[60] ^= 1),
        tile("tile/0/000", 0)
    );
    assert_eq!(
        run(&|files| files.get_mut("tile/entries/001").unwrap()[0] ^= 1),
        Difference::Bundle {
            path: path("tile/entries/001")
        }
    );
    assert_eq!(
        run(&|files| drop(files.remove("tile/0/000"))),
        Difference::Missing {
            path: path("tile/0/000")
        }
    );
    assert_eq!(
        run(&|files| drop(files.remove("tile/entries/000"))),
        Difference::Missing {
            path: path("tile/entries/000")
        }
    );
    let other = Checkpoint::new(ORIGIN, 600, Hash::EMPTY).unwrap();
    assert_eq!(
        verify::files(&mut files.clone(), &other, 0),
        Err(Difference::Root { size: 600 })
    );
}

#[test]
fn a_log_that_grew_still_verifies_at_its_older_checkpoint() {
    let log = Log::of(600);
    let mut files = published_at(&log, &[17, 256, 300]);
    // What has become a full tile serves for its beginning.
    assert!(files.0.remove("tile/0/000.p/17").is_some());
    assert!(files.0.remove("tile/entries/001.p/44").is_some());
    for size in [600, 300, 256, 17, 0] {
        assert_eq!(verify::files(&mut files, &log.checkpoint(size), 0), Ok(()), "{size}");
    }
}

#[test]
fn pruned_bundles_may_be_missing_and_no_others() {
    let log = Log::of(600);
    let mut files = folder(&log);
    files.0.remove("tile/entries/000");
    assert_eq!(verify::files(&mut files, &log.checkpoint(600), 256), Ok(()));
    let missing = Difference::Missing {
        path: "tile/entries/000".to_owned(),
    };
    assert_eq!(verify::files(&mut files, &log.checkpoint(600), 255), Err(missing));
}

fn export(log: &Log, note: &Note, from: u64) -> Result<Vec<u8>, ExportFault<Infallible>> {
    let keys: Vec<VerifierKey> = [Algorithm::Ed25519, Algorithm::MlDsa44]
        .map(|it| key(it).verifier().clone())
        .to_vec();
    let export = Export {
        folder: "ledger-FY2026",
        note,
        keys: &keys,
        policy: "quorum none\n",
        from,
        attachments: &[("checkpoint.tsr".to_owned(), b"token".to_vec())],
        at: at(),
    };
    let mut file = Vec::new();
    export.write(&mut file, log.entries.iter().cloned().map(Ok))?;
    Ok(file)
}

/// Names and bytes of the files in an archive.
fn unpacked(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut rest = archive;
    while rest[0] != 0 {
        let text = |range: std::ops::Range<usize>| {
            String::from_utf8(rest[range].iter().copied().take_while(|byte| *byte != 0).collect()).unwrap()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap();
        files.insert(text(0..100), rest[512..512 + size].to_vec());
        rest = &rest[512 + size.next_multiple_of(512)..];
    }
    files
}

#[test]
fn an_export_holds_the_whole_log_and_what_is_needed_to_verify_it() {
    let log = Log::of(600);
    let archive = export(&log, &log.signed(600), 0).unwrap();
    assert_eq!(archive, export(&log, &log.signed(600), 0).unwrap());
    let files = unpacked(&archive);
    let (inside, beside): (BTreeMap<_, _>, BTreeMap<_, _>) = files
        .into_iter()
        .partition(|(name, _)| name.starts_with("ledger-FY2026/log/"));
    let names: Vec<&str> = beside
        .keys()
        .map(|name| name.strip_prefix("ledger-FY2026/").unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "README.en.md",
            "README.ja.md",
            "attachments/checkpoint.tsr",
            "keys/log-2.pem",
            "keys/log-2.vkey",
            "keys/log.pem",
            "keys/log.vkey",
            "policy.txt",
            "verify.go",
            "verify.py"
        ]
    );
    let mut files = Folder(
        inside
            .into_iter()
            .map(|(name, bytes)| (name.replacen("ledger-FY2026/log/", "", 1), bytes))
            .collect(),
    );
    let note = Note::parse(&files.0["checkpoint"]).unwrap();
    assert_eq!(
        verify::files(&mut files, &Checkpoint::parse(note.text()).unwrap(), 0),
        Ok(())
    );
}

#[test]
fn an_export_may_leave_out_the_bundles_of_earlier_ones() {
    let log = Log::of(600);
    let files = unpacked(&export(&log, &log.signed(600), 300).unwrap());
    let bundles: Vec<&str> = files
        .keys()
        .filter_map(|name| name.strip_prefix("ledger-FY2026/log/tile/entries/"))
        .collect();
    assert_eq!(bundles, ["001", "002.p/88"]);
}

#[test]
fn entries_that_are_not_those_of_the_checkpoint_give_no_export() {
    let (log, mut other) = (Log::of(30), Log::of(30));
    other.entries[3] = b"forged".to_vec();
    assert!(matches!(
        export(&other, &log.signed(30), 0),
        Err(ExportFault::Differs(Difference::Root { size: 30 }))
    ));
    other.entries.truncate(20);
    let short = export(&other, &log.signed(30), 0);
    assert!(matches!(
        short,
        Err(ExportFault::Differs(Difference::Short { size: 30, found: 20 }))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn one_flipped_bit_in_any_file_of_a_log_is_found(file in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), bit in 0u32..8) {
        let log = Log::of(300);
        let mut files = folder(&log);
        let paths: Vec<String> = files.0.keys().cloned().collect();
        let bytes = files.0.get_mut(file.get(&paths)).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        prop_assert!(file.get(&paths).parse::<Resource>().is_ok());
        prop_assert!(verify::files(&mut files, &log.checkpoint(300), 0).is_err());
    }
}
