//! The entries of a ledger that was written just before: put into the tree again, beside SHA-256 of the same bytes.

use std::path::Path;

use ledger::verify::Leaves;
use sha2::{Digest as _, Sha256};

use crate::clock::fastest;
use crate::report::{Goal, Report, Row};
use crate::stop::OrStop as _;

pub(super) fn measure(report: &mut Report, path: &Path) {
    let entries = entries(path);
    let count = entries.len() as f64;
    let bytes: usize = entries.iter().map(Vec::len).sum();
    let plain = fastest(
        5,
        || (),
        |()| {
            entries.iter().fold(0_u8, |seen, entry| {
                seen ^ Sha256::digest(entry).first().copied().unwrap_or_default()
            })
        },
    );
    let hashed = fastest(5, Leaves::default, |mut leaves| {
        for entry in &entries {
            leaves.hashed(entry, None).or_stop("a leaf");
        }
        leaves.finish().or_stop("the tree").root()
    });
    let read = fastest(5, Leaves::default, |mut leaves| {
        for entry in &entries {
            leaves.read(entry, None).or_stop("a leaf");
        }
        leaves.finish().or_stop("the tree").root()
    });
    let beside = format!("SHA-256 of the same {} bytes each", bytes / entries.len().max(1));
    let row = Row::new("verify leaves and tree, one core", count / hashed, "leaves/s").beside(&beside, count / plain);
    report.add(row.goal(Goal::AtLeast(1e6)));
    report.add(Row::new("the same, each entry read", count / read, "leaves/s").beside(beside, count / plain));
}

fn entries(path: &Path) -> Vec<Vec<u8>> {
    let connection = rusqlite::Connection::open(path).or_stop("the database");
    let statement = connection.prepare("SELECT entry FROM ledger_leaf ORDER BY idx");
    let mut statement = statement.or_stop("the ledger");
    let rows = statement.query_map([], |row| row.get(0)).or_stop("the ledger");
    rows.map(|row| row.or_stop("a ledger entry")).collect()
}
