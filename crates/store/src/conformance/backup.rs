//! A city goes into a file and comes out of it.

use super::bench::{Bench, asset};
use super::verify::{filled, tamper};
use crate::backup::{Contents, NotRestored};
use crate::{Act, Blobs, Change, Query};

fn backup(bench: &Bench, contents: &Contents<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    bench.store.back_up(contents, &mut file).unwrap();
    file
}

pub fn a_backup_restores_everything(bench: &Bench) {
    filled(bench);
    let files = [
        ("checkpoint".to_owned(), b"signed".to_vec()),
        ("empty".to_owned(), Vec::new()),
    ];
    let file = backup(
        bench,
        &Contents {
            files: &files,
            blobs: None,
        },
    );
    let other = bench.another();
    let restored = other.store.restore(&mut file.as_slice(), None).unwrap();
    assert_eq!(restored.files, files);
    let verified = other.store.verify().unwrap().unwrap();
    assert_eq!(verified, bench.store.verify().unwrap().unwrap());
    assert_eq!(
        (restored.header.size, restored.header.root),
        (verified.leaves, verified.root)
    );
    let page = |bench: &Bench| {
        bench
            .store
            .list(&Query {
                search: "端末".to_owned(),
                ..Query::of("asset")
            })
            .unwrap()
    };
    assert_eq!(page(&other), page(bench));
    assert_eq!(other.store.secret("totp", "P-1"), bench.store.secret("totp", "P-1"));
    assert_eq!(
        other.store.versions("asset", "A-1"),
        bench.store.versions("asset", "A-1")
    );
    // It is the same city: the next act is the same ledger's next.
    assert_eq!(other.put(asset("B-1", "次")).index, bench.put(asset("B-1", "次")).index);
    assert!(other.store.verify().unwrap().is_ok());
}

pub fn a_damaged_backup_restores_nothing(bench: &Bench) {
    filled(bench);
    let file = backup(bench, &Contents::default());
    let other = bench.another();
    let restore = |file: &[u8]| other.store.restore(&mut &*file, None).unwrap_err();
    for place in (0..file.len()).step_by(file.len() / 12) {
        let mut damaged = file.clone();
        damaged[place] ^= 4;
        let refused = restore(&damaged);
        assert!(
            matches!(
                refused,
                NotRestored::Damaged | NotRestored::NotABackup | NotRestored::OtherSchema { .. }
            ),
            "{place}"
        );
        let refused = restore(&file[..place]);
        assert!(
            matches!(refused, NotRestored::Damaged | NotRestored::NotABackup),
            "{place}: {refused}"
        );
    }
    assert!(matches!(restore(&[&file[..], b"x"].concat()), NotRestored::Damaged));
    assert!(matches!(restore(b"PK\x03\x04 something else"), NotRestored::NotABackup));
    assert_eq!(other.store.head().unwrap().edge.size(), 0);
    other.store.restore(&mut file.as_slice(), None).unwrap();
}

pub fn files_of_documents_are_in_the_backup(bench: &Bench) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::in_folder(&folder.path().join("a")).unwrap();
    let large = vec![7; 600_000];
    for bytes in [b"small".to_vec(), large.clone(), Vec::new()] {
        let size = u64::try_from(bytes.len()).unwrap();
        let hash = blobs.put(bytes).unwrap();
        let media = "application/pdf".to_owned();
        bench.do_act(Act::new("document.upload").with(Change::Blob { hash, size, media }));
    }
    let empty = blobs.put(Vec::new()).unwrap();
    assert_eq!(bench.store.blob(&empty), Ok(Some((0, "application/pdf".to_owned()))));
    let file = backup(
        bench,
        &Contents {
            files: &[],
            blobs: Some(&blobs),
        },
    );
    let other = bench.another();
    assert!(matches!(
        other.store.restore(&mut file.as_slice(), None),
        Err(NotRestored::NoPlace)
    ));
    let elsewhere = Blobs::in_folder(&folder.path().join("b")).unwrap();
    let restored = other.store.restore(&mut file.as_slice(), Some(&elsewhere)).unwrap();
    assert!(restored.files.is_empty());
    let hash = blobs.put(large.clone()).unwrap();
    assert_eq!(elsewhere.get(&hash), Ok(Some(large)));
}

pub fn only_an_empty_database_is_filled(bench: &Bench) {
    filled(bench);
    let file = backup(bench, &Contents::default());
    assert!(matches!(
        bench.store.restore(&mut file.as_slice(), None),
        Err(NotRestored::NotEmpty)
    ));
    assert!(bench.store.verify().unwrap().is_ok());
}

pub fn an_index_is_made_anew(bench: &Bench) {
    filled(bench);
    tamper(bench, "DELETE FROM entry_field; DELETE FROM entry_ref");
    assert!(bench.store.verify().unwrap().is_err());
    bench.store.reindex().unwrap();
    assert!(bench.store.verify().unwrap().is_ok());
}
