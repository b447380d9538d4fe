//! `sanmon ledger`: the ledger from outside the service.

mod check;
mod take;
pub(super) mod verify;

use super::{Desk, Outcome};
use crate::cli::Ledger;
use crate::serve::Stopped;

pub(super) fn run(arguments: &Ledger, desk: Desk) -> Result<Outcome, Stopped> {
    match arguments {
        Ledger::Verify { place, format } => verify::run(place, *format, desk),
        Ledger::Prove {
            index,
            output,
            entry,
            place,
        } => {
            let to = take::Proof {
                index: *index,
                output: output.as_deref(),
                entry: entry.as_deref(),
            };
            take::prove(&to, place, desk)
        }
        Ledger::Disclose {
            index,
            field,
            output,
            place,
        } => take::disclose(*index, field, output.as_deref(), place, desk),
        Ledger::Export { output, place } => take::export(output.as_deref(), place, desk),
        Ledger::Check(arguments) => check::run(arguments, desk),
    }
}
