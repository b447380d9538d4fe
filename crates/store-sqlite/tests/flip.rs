//! One flipped byte anywhere in the database file is found.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "this test damages what it looks at"
)]

use std::path::Path;
use std::sync::Arc;

use model::random::{self, SeededRandom};
use rusqlite::types::Value;
use store::conformance::{Bench, Fresh, bench};
use store::{Act, Change, Store};
use store_sqlite::Sqlite;

/// Bytes that are flipped, one at a time.
const FLIPS: usize = 150;

const TABLES: [&str; 15] = [
    "register",
    "entry",
    "entry_version",
    "entry_ref",
    "entry_unique",
    "entry_field",
    "term_row",
    "ledger_head",
    "ledger_leaf",
    "ledger_tile",
    "pseudonym",
    "secret",
    "blob",
    "schema_migration",
    "sqlite_master",
];

#[test]
fn one_flipped_byte_anywhere_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.db");
    filled(&path);
    let sound = std::fs::read(&path).unwrap();
    let contents = contents(&path).unwrap();
    let random = SeededRandom::new(3);
    let (mut found, mut unused) = (0, 0);
    for _ in 0..FLIPS {
        let place = usize::try_from(u64::from_le_bytes(random::bytes(&random))).unwrap() % sound.len();
        let [bit] = random::bytes::<1>(&random);
        let mut damaged = sound.clone();
        damaged[place] ^= 1 << (bit % 8);
        let other = tempfile::tempdir().unwrap();
        let path = other.path().join("city.db");
        std::fs::write(&path, &damaged).unwrap();
        if is_found(&path) {
            found += 1;
            continue;
        }
        // Pages have room that nothing is stored in: there, and only there, a byte may differ.
        assert!(
            self::contents(&path).as_ref() == Some(&contents),
            "the byte at {place} changed something"
        );
        unused += 1;
    }
    assert!(found > FLIPS / 2, "{found} found, {unused} where nothing is stored");
}

fn is_found(path: &Path) -> bool {
    let Ok(store) = Sqlite::open(path) else { return true };
    let store: &dyn Store = &store;
    store.layout().is_err() || !store.verify().is_ok_and(|verified| verified.is_ok())
}

fn filled(path: &Path) {
    let path = path.to_owned();
    let bench = Bench::new(Arc::new(move || {
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(&path).unwrap());
        store.migrate().unwrap();
        Fresh {
            store,
            keep: Box::new(()),
        }
    }));
    let changes = (0..300)
        .map(|n| Change::Put(bench::asset(&format!("A-{n}"), "端末")))
        .collect();
    bench.do_act(
        Act {
            changes,
            ..Act::new("register.import").by("P-1")
        }
        .note("file", "assets.xlsx"),
    );
    bench.put(bench::edited("A-0", "二", 1));
    bench.do_act(bench::retire("A-1", 1));
    let secret = Change::SetSecret {
        scope: "totp".to_owned(),
        key: "P-1".to_owned(),
        value: vec![7; 64],
    };
    bench.do_act(Act::new("user.totp").by("P-2").with(secret));
    bench.do_act(Act::new("erasure").with(Change::Erase { leaf: 0 }));
}

/// Every row of every table; `None` where they cannot be read.
fn contents(path: &Path) -> Option<Vec<Vec<Value>>> {
    let connection = rusqlite::Connection::open(path).ok()?;
    let mut contents = Vec::new();
    for table in TABLES {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).ok()?;
        let columns = statement.column_count();
        let mut rows = statement.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            contents.push(
                (0..columns)
                    .map(|column| row.get(column))
                    .collect::<Result<_, _>>()
                    .ok()?,
            );
        }
    }
    Some(contents)
}
