//! One row, one duty, one mark.

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::Date;

use super::within;
use crate::criterion::{Criterion, Moment, Path, Step, Truth};
use crate::facts::{Facts, RowId};
use crate::standard::{Age, Count, Each, Plan};

/// What a row says about a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mark {
    /// The duty does not ask about it.
    #[default]
    Out,
    /// It satisfies the duty, or counts for it.
    Kept,
    /// It would, but the evidence is too old.
    Stale,
    /// A value that decides it is missing.
    Missing,
    /// It breaks the duty.
    Broken,
}

/// The marks of a duty's rows, and which of them somebody should look at.
#[derive(Debug, Default)]
pub(super) struct Marks {
    marks: Vec<Mark>,
    /// Rows that are neither out nor kept.
    pub(super) notable: BTreeSet<usize>,
    /// Rows that are not out.
    pub(super) inside: usize,
}

impl Marks {
    /// The marks of so many rows, about none of which the duty asks.
    pub(super) fn of(rows: usize) -> Self {
        Self {
            marks: vec![Mark::Out; rows],
            ..Self::default()
        }
    }

    pub(super) fn set(&mut self, index: usize, mark: Mark) {
        if self.marks.len() <= index {
            self.marks.resize(index.saturating_add(1), Mark::Out);
        }
        let Some(slot) = self.marks.get_mut(index) else {
            return;
        };
        let before = std::mem::replace(slot, mark);
        self.inside = self.inside.saturating_add(usize::from(mark != Mark::Out));
        self.inside = self.inside.saturating_sub(usize::from(before != Mark::Out));
        if matches!(mark, Mark::Out | Mark::Kept) {
            self.notable.remove(&index);
        } else {
            self.notable.insert(index);
        }
    }

    pub(super) fn get(&self, index: usize) -> Mark {
        self.marks.get(index).copied().unwrap_or_default()
    }

    /// The indices of the rows that are kept.
    pub(super) fn kept(&self) -> impl Iterator<Item = usize> {
        let kept = self.marks.iter().enumerate().filter(|(_, mark)| **mark == Mark::Kept);
        kept.map(|(index, _)| index)
    }

    /// How many rows are kept.
    pub(super) fn kept_count(&self) -> usize {
        self.inside.saturating_sub(self.notable.len())
    }
}

pub(super) fn mark(plan: &Plan, facts: &Facts, moment: &Moment<'_>, row: RowId) -> Mark {
    if facts.row(row).is_none() {
        return Mark::Out;
    }
    match plan {
        Plan::Each(each) => mark_each(each, facts, moment, row),
        Plan::Count(count) => mark_count(count, facts, moment, row),
        Plan::Within(within) => within::mark(within, facts, moment, row),
        Plan::Engine { .. } | Plan::Attested { .. } => Mark::Out,
    }
}

fn mark_each(each: &Each, facts: &Facts, moment: &Moment<'_>, row: RowId) -> Mark {
    match scope(each.scope.as_ref(), facts, moment, row) {
        Truth::False => return Mark::Out,
        Truth::Missing => return Mark::Missing,
        Truth::True => {}
    }
    match each.holds.holds(facts, moment, row) {
        Truth::False => Mark::Broken,
        Truth::Missing => Mark::Missing,
        Truth::True if is_fresh(each.age, facts, moment.today, row) => Mark::Kept,
        Truth::True => Mark::Stale,
    }
}

fn mark_count(count: &Count, facts: &Facts, moment: &Moment<'_>, row: RowId) -> Mark {
    match scope(count.scope.as_ref(), facts, moment, row) {
        Truth::False => Mark::Out,
        Truth::Missing => Mark::Missing,
        Truth::True if is_fresh(count.age, facts, moment.today, row) => Mark::Kept,
        Truth::True => Mark::Stale,
    }
}

/// Whether the duty asks about the row.
pub(super) fn scope(scope: Option<&Criterion>, facts: &Facts, moment: &Moment<'_>, row: RowId) -> Truth {
    scope.map_or(Truth::True, |scope| scope.holds(facts, moment, row))
}

/// Evidence is good from its date on, for as many days as the duty says; a date in the future proves nothing yet.
fn is_fresh(age: Option<Age>, facts: &Facts, today: Date, row: RowId) -> bool {
    let Some(age) = age else {
        return true;
    };
    let dated = facts.date(row, age.field);
    dated.is_some_and(|dated| dated <= today && plus_days(dated, age.days) >= today)
}

/// The calendar's last day where the sum lies beyond it.
pub(super) fn plus_days(date: Date, days: u32) -> Date {
    date.saturating_add(Span::new().try_days(i64::from(days)).unwrap_or_default())
}

/// The paths that marking a row of the plan's subject register reads.
pub(super) fn paths(plan: &Plan) -> BTreeSet<Path> {
    let mut paths = BTreeSet::from([Path::new()]);
    let mut add = |criterion: Option<&Criterion>, from: Option<Step>| {
        for path in criterion.into_iter().flat_map(|criterion| &criterion.paths) {
            paths.insert(from.iter().chain(path).copied().collect());
        }
    };
    match plan {
        Plan::Each(each) => {
            add(each.scope.as_ref(), None);
            add(Some(&each.holds), None);
        }
        Plan::Count(count) => add(count.scope.as_ref(), None),
        Plan::Within(within) => match &within.per {
            None => add(within.scope.as_ref(), None),
            Some(per) => {
                let back = Step::Backward {
                    register: within.register,
                    field: per.field,
                };
                add(per.among.as_ref(), None);
                add(within.scope.as_ref(), Some(back));
                paths.insert(vec![back]);
            }
        },
        Plan::Engine { .. } | Plan::Attested { .. } => {}
    }
    paths
}
