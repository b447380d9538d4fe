//! Acts that are owed again and again.

use jiff::civil::Date;
use model::date::{fiscal_year, fiscal_year_end};

use super::mark::{Mark, plus_days, scope};
use crate::criterion::{Moment, Truth};
use crate::facts::{Facts, RowId};
use crate::standard::{Cadence, Per, Within};

/// When an act was last done, and by when it is owed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owed {
    /// The row of the last act.
    pub(super) last: Option<RowId>,
    /// The last day on which the duty is still kept; `None` where nothing dates it.
    pub(super) due: Option<Date>,
}

/// The mark of an act, or, with `per`, of one to whom the act is owed.
pub(super) fn mark(within: &Within, facts: &Facts, moment: &Moment<'_>, row: RowId) -> Mark {
    let Some(per) = &within.per else {
        return match scope(within.scope.as_ref(), facts, moment, row) {
            Truth::True if is_done(within, facts, moment, row) => Mark::Kept,
            Truth::Missing => Mark::Missing,
            _ => Mark::Out,
        };
    };
    match scope(per.among.as_ref(), facts, moment, row) {
        Truth::False => return Mark::Out,
        Truth::Missing => return Mark::Missing,
        Truth::True => {}
    }
    if cadence_days(&within.cadence, moment).is_none() {
        return Mark::Missing;
    }
    match owed_to(within, per, facts, moment, row).due {
        Some(due) if due >= moment.today => Mark::Kept,
        _ => Mark::Broken,
    }
}

/// Whether the act's date has come; a planned act was not done.
fn is_done(within: &Within, facts: &Facts, moment: &Moment<'_>, row: RowId) -> bool {
    facts.date(row, within.date).is_some_and(|date| date <= moment.today)
}

/// What is owed to one row of the `per` register.
pub(super) fn owed_to(within: &Within, per: &Per, facts: &Facts, moment: &Moment<'_>, subject: RowId) -> Owed {
    let acts = facts.referring(within.register, per.field, subject.index).iter();
    let acts = acts.map(|&index| RowId {
        register: within.register,
        index,
    });
    let done = acts.filter(|act| {
        is_done(within, facts, moment, *act) && scope(within.scope.as_ref(), facts, moment, *act) == Truth::True
    });
    let owed = latest(within, facts, moment, done);
    if owed.last.is_some() {
        return owed;
    }
    let from = per.from.and_then(|field| facts.date(subject, field));
    let due = from.and_then(|from| match per.grace_days {
        Some(days) => Some(plus_days(from, days)),
        None => next_due(&within.cadence, moment, from),
    });
    Owed { last: None, due }
}

/// The latest of the acts, and when it is owed again. Of two on one day, the one whose key sorts last.
pub(super) fn latest(within: &Within, facts: &Facts, moment: &Moment<'_>, acts: impl Iterator<Item = RowId>) -> Owed {
    let dated = acts.filter_map(|act| Some((facts.date(act, within.date)?, act)));
    let last = dated.max_by_key(|&(date, act)| (date, facts.row(act).map(|row| &row.key)));
    Owed {
        last: last.map(|(_, act)| act),
        due: last.and_then(|(date, _)| next_due(&within.cadence, moment, date)),
    }
}

/// The last day on which an act done on `date` still counts.
fn next_due(cadence: &Cadence, moment: &Moment<'_>, date: Date) -> Option<Date> {
    match cadence {
        Cadence::FiscalYear => Some(fiscal_year_end(fiscal_year(date).saturating_add(1))),
        _ => cadence_days(cadence, moment).map(|days| plus_days(date, days)),
    }
}

/// How many days the cadence is; `None` while the city has not set it.
pub(super) fn cadence_days(cadence: &Cadence, moment: &Moment<'_>) -> Option<u32> {
    match cadence {
        Cadence::FiscalYear => Some(366),
        Cadence::Days(days) => Some(*days),
        Cadence::Parameter(name) => {
            let days = moment.city.parameters.get(name)?;
            u32::try_from(*days).ok()
        }
    }
}
