//! May this database be written? Asked once, before the sequencer starts.

use ledger::Hash;
use ledger::tree::{Edge, prove};
use model::lang::Text;

use crate::driver::Store;
use crate::failure::{Failure, Result};
use crate::log::Hashes;
use crate::sequence::head::Head;
use crate::session::{Snapshot, Value};

/// The last checkpoint that was signed, as it is kept outside the database: only that tells a database that was rolled
/// back from one that was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// The size of the tree.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// Leaves at the end of the ledger that are hashed anew at every start; all of them are by [`Store::verify`](dyn Store::verify).
const REHASHED: u64 = 1_000;

impl dyn Store + '_ {
    /// Whether the ledger in the database is the one that was signed, or has grown from it. Returns why it must not be
    /// written otherwise. Takes milliseconds, whatever the size: a
    /// leaf that is missing far from the end is found by [`verify`](dyn Store::verify).
    ///
    /// `signed` is `None` where nothing was ever signed: a new city.
    ///
    /// # Errors
    /// What the database says; what it says about damage is a reason, not an error.
    pub fn start_check(&self, signed: Option<Signed>) -> Result<Option<Text>> {
        match self.reading(|snapshot| check(snapshot, signed)) {
            Err(Failure::Damaged(_)) => Ok(Some(edited())),
            other => other,
        }
    }
}

fn check(snapshot: &mut dyn Snapshot, signed: Option<Signed>) -> Result<Option<Text>> {
    let edge = Head::read(snapshot)?.edge;
    let last = snapshot.first("SELECT max(idx) FROM ledger_leaf", &[], |row| row.optional_number(0))?;
    if last.flatten() != edge.size().checked_sub(1) {
        return Ok(Some(edited()));
    }
    if root(snapshot, edge.size())? != Some(edge.root()) || !end_is_sound(snapshot, &edge)? {
        return Ok(Some(edited()));
    }
    let Some(signed) = signed else {
        return Ok((edge.size() > 0).then(unsigned));
    };
    if signed.size > edge.size() {
        return Ok(Some(rolled_back(signed.size, edge.size())));
    }
    Ok((root(snapshot, signed.size)? != Some(signed.root)).then(edited))
}

/// The root over the first `size` leaves, from the hashes that are stored; `None` where some are missing.
fn root(snapshot: &mut dyn Snapshot, size: u64) -> Result<Option<Hash>> {
    match prove::root(Hashes(snapshot), size) {
        Ok(root) => Ok(Some(root)),
        Err(prove::ProveFault::Source(failure)) => Err(failure),
        Err(_) => Ok(None),
    }
}

/// Whether the newest entries are those that their hashes say.
fn end_is_sound(snapshot: &mut dyn Snapshot, edge: &Edge) -> Result<bool> {
    let from = Value::from(edge.size().saturating_sub(REHASHED));
    let mut sound = true;
    snapshot.query(
        "SELECT entry, hash FROM ledger_leaf WHERE idx >= $1",
        &[from],
        &mut |row| {
            sound &= Hash::leaf(row.blob(0)?) == Hash(row.array(1)?);
            Ok(())
        },
    )?;
    Ok(sound)
}

fn rolled_back(signed: u64, found: u64) -> Text {
    Text::new(
        format!(
            "データベースが古い状態に戻されている(署名済みの証跡は{signed}件、データベースには{found}件)。最新のバックアップから復元してください"
        ),
        format!(
            "the database was rolled back: {signed} ledger entries are signed, the database has {found}; restore the newest backup"
        ),
    )
}

fn edited() -> Text {
    Text::fixed(
        "証跡が、署名した内容と一致しない。データベースが書き換えられたか壊れている。「sanmon ledger verify」で場所を調べ、バックアップから復元してください",
        "the ledger is not the one that was signed: the database was edited or is damaged; find the place with `sanmon ledger verify` and restore a backup",
    )
}

fn unsigned() -> Text {
    Text::fixed(
        "データベースには証跡があるのに、署名済みのチェックポイントが見つからない。チェックポイントを元の場所に戻すか、バックアップから復元してください",
        "the database has ledger entries, but no signed checkpoint was found; put it back or restore a backup",
    )
}
