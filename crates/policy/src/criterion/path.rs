//! How an expression reaches the rows it reads, so that a change finds who must be judged again.

use crate::facts::{Facts, RowId};

/// The steps from the subject to rows that an expression reads; empty for the subject itself.
pub(crate) type Path = Vec<Step>;

/// One step from a row to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Follow the reference in `field` of `register`.
    Forward { register: usize, field: usize },
    /// To the rows of `register` whose `field` refers here.
    Backward { register: usize, field: usize },
}

/// The register at the end of a path that starts in `subject`.
pub(crate) fn end(path: &[Step], subject: usize, facts: &Facts) -> Option<usize> {
    match path.last() {
        None => Some(subject),
        Some(Step::Forward { register, field }) => facts.target(*register, *field),
        Some(Step::Backward { register, .. }) => Some(*register),
    }
}

/// The subjects from which `path` leads to `row`.
pub(crate) fn subjects(path: &[Step], row: RowId, facts: &Facts) -> Vec<RowId> {
    let mut rows = vec![row];
    for step in path.iter().rev() {
        rows = rows.into_iter().flat_map(|row| back(*step, row, facts)).collect();
        rows.sort_unstable();
        rows.dedup();
    }
    rows
}

fn back(step: Step, row: RowId, facts: &Facts) -> Vec<RowId> {
    let at = |register: usize| move |&index: &usize| RowId { register, index };
    match step {
        Step::Forward { register, field } => {
            let from = facts.referring(register, field, row.index);
            from.iter().map(at(register)).collect()
        }
        Step::Backward { register, field } => match facts.target(register, field) {
            Some(target) => facts.cell(row, field).rows().iter().map(at(target)).collect(),
            None => Vec::new(),
        },
    }
}
