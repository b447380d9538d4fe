//! How acts are written: a batch is read from the database, decided in memory and written, in one transaction.
//!
//! * [`check`]: what cannot be stored at all is refused before it is handed in.
//! * [`state`]: everything that the acts of a batch can touch, loaded in a few statements.
//! * [`decide`]: one act after another over that state, without the database; a refused act leaves no trace.
//! * [`leaf`]: what an act commits to, as ledger entries and bodies.
//! * [`write`]: all rows of all acts, in a few statements.

pub(crate) mod check;
mod decide;
pub(crate) mod head;
pub(crate) mod index;
pub(crate) mod leaf;
pub(crate) mod reindex;
mod stage;
mod state;
mod write;

use model::clock::Clock;
use model::random::Random;

use crate::act::{Act, Receipt};
use crate::driver::Dialect;
use crate::failure::Result;
use crate::refused::Refused;
use crate::session::Transaction;

use head::Head;
use state::State;

/// What became of a batch: an answer for each act, in order, and the ledger as it is if the transaction is committed.
pub(crate) struct Applied {
    pub(crate) answers: Vec<Result<Receipt, Refused>>,
    /// The index and the hash of the first new leaf, to tell afterwards whether a commit of unknown outcome took place.
    pub(crate) first: Option<(u64, ledger::Hash)>,
}

/// Applies acts within a transaction; the caller commits, or rolls all of it back.
///
/// # Errors
/// What the database says; then no act is done.
pub(crate) fn apply(
    transaction: &mut dyn Transaction,
    dialect: Dialect,
    acts: &[Act],
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<Applied> {
    let head = Head::lock(transaction, dialect)?;
    let mut state = State::load(transaction, head, acts)?;
    let mut answers = Vec::with_capacity(acts.len());
    for act in acts {
        let at = state.moment(clock.now());
        answers.push(decide::act(act, at, &mut state, random)?);
    }
    let first = state.leaves.first().map(|leaf| (leaf.index, leaf.hash));
    write::all(transaction, dialect, &state)?;
    Ok(Applied { answers, first })
}
