//! Since when something is broken, where the facts themselves tell.

use jiff::Span;
use jiff::civil::Date;

use super::mark::scope;
use crate::criterion::{Moment, Truth};
use crate::facts::{Facts, RowId};
use crate::standard::Each;

/// How far back it is worth looking.
const HORIZON_DAYS: i64 = 3660;

/// The day after a due date.
pub(super) fn after(due: Option<Date>) -> Option<Date> {
    due?.tomorrow().ok()
}

/// The first day from which the row, as it is recorded today, has been breaking the duty.
///
/// Only a criterion that reads the date can tell. What expires stays expired, so the day is found by halving.
pub(super) fn since(each: &Each, facts: &Facts, moment: &Moment<'_>, row: RowId) -> Option<Date> {
    let reads_today = each.holds.reads_today || each.scope.as_ref().is_some_and(|scope| scope.reads_today);
    if !reads_today {
        return None;
    }
    let broken_before = |days: i64| {
        let today = moment.today.checked_sub(Span::new().days(days)).ok()?;
        let moment = Moment { today, ..*moment };
        let asked = scope(each.scope.as_ref(), facts, &moment, row) == Truth::True;
        Some(asked && each.holds.holds(facts, &moment, row) == Truth::False)
    };
    if broken_before(HORIZON_DAYS)? {
        return None;
    }
    let (mut broken, mut kept) = (0, HORIZON_DAYS);
    while kept.saturating_sub(broken) > 1 {
        let middle = broken.midpoint(kept);
        if broken_before(middle)? {
            broken = middle;
        } else {
            kept = middle;
        }
    }
    moment.today.checked_sub(Span::new().days(broken)).ok()
}
