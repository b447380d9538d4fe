//! The judge: facts and a standard give every duty its standing, and every breach its finding.
//!
//! [`Judge::new`] judges everything once and remembers a mark a row; [`Judge::change`] judges again only the rows that a
//! changed row can touch, found by walking back the paths that the criteria read.

mod attested;
mod clause;
mod engine;
mod exception;
mod finding;
mod mark;
mod reason;
mod since;
mod standing;
mod within;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;

pub use clause::{ClauseStanding, DutyPlace, Judged, Report, clause_standings, standings};
pub use engine::{EngineFact, Evidence, FileLine, Input, Observed};
pub use finding::{Finding, Place, Verdict};
pub use standing::{Standing, Summary};

use self::exception::Exceptions;
use self::mark::Marks;
use crate::criterion::{City, Moment, Path, Truth, path_end, subjects};
use crate::facts::{Facts, Record, RowId};
use crate::standard::{CompiledDuty, CompiledStandard, Duty, Plan};

/// From so many rows on, judging all of them is worth several threads.
const MANY: usize = 10_000;
/// More threads than this are never taken.
const WORKERS: usize = 8;

/// A standing judgement over facts that change.
#[derive(Debug)]
pub struct Judge {
    standard: Arc<CompiledStandard>,
    facts: Facts,
    city: City,
    today: Date,
    marks: Vec<Marks>,
    /// By register: the duties that read its rows, and how they reach them.
    readers: Vec<Vec<(usize, Path)>>,
    exceptions: Exceptions,
    /// What engines said, by the name of the fact.
    reported: BTreeMap<String, EngineFact>,
}

impl Judge {
    /// Judges everything.
    #[must_use]
    pub fn new(standard: Arc<CompiledStandard>, facts: Facts, city: City, today: Date) -> Self {
        let readers = readers(&standard, &facts);
        let mut judge = Self {
            marks: standard.duties.iter().map(|_| Marks::default()).collect(),
            exceptions: Exceptions::read(&facts, today),
            readers,
            standard,
            facts,
            city,
            today,
            reported: BTreeMap::new(),
        };
        judge.mark_all();
        judge
    }

    /// Judges everything again for another day.
    pub fn move_to(&mut self, today: Date) {
        self.today = today;
        self.exceptions = Exceptions::read(&self.facts, today);
        self.mark_all();
    }

    /// Marks every row for every duty. A large city is parted among the processors.
    fn mark_all(&mut self) {
        let rows: usize = (0..self.facts.schema().registers.len())
            .map(|register| self.facts.len(register))
            .sum();
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        self.mark_with(if rows < MANY { 1 } else { processors.min(WORKERS) });
    }

    /// Marks every row for every duty with so many threads, each of which takes the next duty that nobody has taken.
    fn mark_with(&mut self, workers: usize) {
        let duties = self.standard.duties.len();
        let next = AtomicUsize::new(0);
        let judge = &*self;
        let work = || {
            let mut marked = Vec::new();
            loop {
                let duty = next.fetch_add(1, Ordering::Relaxed);
                if duty >= duties {
                    return marked;
                }
                marked.push((duty, judge.marks_of(duty)));
            }
        };
        let marked = std::thread::scope(|scope| {
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            let mut marked = work();
            for other in others {
                marked.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            marked
        });
        for (duty, marks) in marked {
            if let Some(slot) = self.marks.get_mut(duty) {
                *slot = marks;
            }
        }
    }

    /// The marks of all rows in use for one duty.
    fn marks_of(&self, duty: usize) -> Marks {
        let (Some(compiled), Some(register)) = (self.standard.duties.get(duty), subject_register(self.plan(duty)))
        else {
            return Marks::default();
        };
        let mut marks = Marks::of(self.facts.len(register));
        for row in self.facts.rows(register) {
            marks.set(row.index, mark::mark(&compiled.plan, &self.facts, &self.moment(), row));
        }
        marks
    }

    /// Adds or replaces one row; returns the positions of the duties that were judged again.
    pub fn change(&mut self, register: usize, record: Record) -> Vec<usize> {
        let before = self.facts.find(register, &record.key);
        let mut touched = before.map_or_else(BTreeMap::new, |row| self.touched(row));
        if let Some(row) = self.facts.put(register, record, &mut Vec::new()) {
            merge(&mut touched, self.touched(row));
        }
        self.again(register, touched)
    }

    /// Takes in what an engine says, by the names of its facts; returns the positions of the duties that are judged otherwise now.
    pub fn report(&mut self, facts: BTreeMap<String, EngineFact>) -> Vec<usize> {
        let changed: BTreeSet<String> = facts
            .iter()
            .filter(|(name, fact)| self.reported.get(*name) != Some(fact))
            .map(|(name, _)| name.clone())
            .collect();
        self.reported.extend(facts);
        let asks = |plan: &Plan| matches!(plan, Plan::Engine { fact } if changed.contains(fact));
        let duties = self.standard.duties.iter().enumerate();
        let again = duties.filter(|(_, compiled)| asks(&compiled.plan));
        again.map(|(position, _)| position).collect()
    }

    /// Takes one row out of sight; returns the positions of the duties that were judged again.
    pub fn retire(&mut self, register: usize, key: &str) -> Vec<usize> {
        let Some(row) = self.facts.find(register, key) else {
            return Vec::new();
        };
        let touched = self.touched(row);
        self.facts.retire(row);
        self.again(register, touched)
    }

    fn again(&mut self, register: usize, touched: BTreeMap<usize, BTreeSet<RowId>>) -> Vec<usize> {
        for (duty, rows) in &touched {
            let rows: Vec<RowId> = rows.iter().copied().collect();
            self.mark(*duty, &rows);
        }
        let mut again: BTreeSet<usize> = touched.into_keys().collect();
        if self.facts.schema().position(exception::REGISTER) == Some(register) {
            again.extend(self.excepted());
            self.exceptions = Exceptions::read(&self.facts, self.today);
            again.extend(self.excepted());
        }
        let slug = self
            .facts
            .schema()
            .registers
            .get(register)
            .map(|register| register.slug.as_str());
        if slug.is_some_and(|slug| attested::READS.contains(&slug)) {
            let attested = |(position, duty): (usize, &CompiledDuty)| {
                matches!(duty.plan, Plan::Attested { .. }).then_some(position)
            };
            again.extend(self.standard.duties.iter().enumerate().filter_map(attested));
        }
        again.into_iter().collect()
    }

    /// The positions of the duties that an exception names.
    fn excepted(&self) -> Vec<usize> {
        let duties = self.standard.duties.iter().enumerate();
        let named = duties.filter(|(_, compiled)| self.exceptions.names(&compiled.duty.id));
        named.map(|(position, _)| position).collect()
    }

    /// The subjects that must be judged again, by duty, when `row` changes.
    fn touched(&self, row: RowId) -> BTreeMap<usize, BTreeSet<RowId>> {
        let mut touched: BTreeMap<usize, BTreeSet<RowId>> = BTreeMap::new();
        for (duty, path) in self.readers.get(row.register).into_iter().flatten() {
            let rows = subjects(path, row, &self.facts);
            if !rows.is_empty() {
                touched.entry(*duty).or_default().extend(rows);
            }
        }
        touched
    }

    fn mark(&mut self, duty: usize, rows: &[RowId]) {
        let Some(compiled) = self.standard.duties.get(duty) else {
            return;
        };
        let moment = Moment {
            today: self.today,
            city: &self.city,
        };
        let Some(marks) = self.marks.get_mut(duty) else {
            return;
        };
        for row in rows {
            let mark = mark::mark(&compiled.plan, &self.facts, &moment, *row);
            marks.set(row.index, mark);
        }
    }

    fn moment(&self) -> Moment<'_> {
        Moment {
            today: self.today,
            city: &self.city,
        }
    }

    fn plan(&self, duty: usize) -> Option<&Plan> {
        self.standard.duties.get(duty).map(|compiled| &compiled.plan)
    }

    /// The facts as they stand.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The date of the judgement.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// The duties, in the order of their positions.
    pub fn duties(&self) -> impl Iterator<Item = &Duty> {
        self.standard.duties.iter().map(|compiled| &compiled.duty)
    }

    /// The verdict on every duty.
    #[must_use]
    pub fn verdicts(&self) -> Vec<Verdict<'_>> {
        (0..self.standard.duties.len())
            .filter_map(|duty| self.verdict(duty))
            .collect()
    }

    /// The verdict on the duty at this position.
    #[must_use]
    pub fn verdict(&self, duty: usize) -> Option<Verdict<'_>> {
        let compiled = self.standard.duties.get(duty)?;
        let marks = self.marks.get(duty)?;
        Some(
            self.applicable(compiled)
                .unwrap_or_else(|| finding::verdict(self, compiled, marks)),
        )
    }

    /// A verdict where the duty need not be judged at all.
    fn applicable<'j>(&'j self, compiled: &'j CompiledDuty) -> Option<Verdict<'j>> {
        let duty = &compiled.duty;
        if let Some(reason) = &duty.disabled {
            return Some(Verdict::plain(duty, Standing::NotApplicable, reason.clone()));
        }
        let nobody = RowId {
            register: usize::MAX,
            index: 0,
        };
        match compiled.applies.as_ref()?.holds(&self.facts, &self.moment(), nobody) {
            Truth::True => None,
            Truth::False => Some(Verdict::plain(duty, Standing::NotApplicable, reason::does_not_apply())),
            Truth::Missing => {
                let reason = reason::unset_parameters(compiled.applies.as_ref(), &self.city);
                Some(Verdict::plain(
                    duty,
                    Standing::Unproven,
                    reason.unwrap_or_else(reason::undecided),
                ))
            }
        }
    }
}

fn merge(into: &mut BTreeMap<usize, BTreeSet<RowId>>, from: BTreeMap<usize, BTreeSet<RowId>>) {
    for (duty, rows) in from {
        into.entry(duty).or_default().extend(rows);
    }
}

/// The register whose rows a duty marks.
fn subject_register(plan: Option<&Plan>) -> Option<usize> {
    match plan? {
        Plan::Each(each) => Some(each.register),
        Plan::Count(count) => Some(count.register),
        Plan::Within(within) => Some(within.per.as_ref().map_or(within.register, |per| per.register)),
        Plan::Engine { .. } | Plan::Attested { .. } => None,
    }
}

fn readers(standard: &CompiledStandard, facts: &Facts) -> Vec<Vec<(usize, Path)>> {
    let mut readers = vec![Vec::new(); facts.schema().registers.len()];
    for (duty, compiled) in standard.duties.iter().enumerate() {
        let Some(subject) = subject_register(Some(&compiled.plan)) else {
            continue;
        };
        for path in mark::paths(&compiled.plan) {
            if let Some(list) = path_end(&path, subject, facts).and_then(|end| readers.get_mut(end)) {
                list.push((duty, path));
            }
        }
    }
    readers
}

#[cfg(test)]
mod tests;
