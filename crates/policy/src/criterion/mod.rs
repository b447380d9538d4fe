//! Criteria (判断基準): CEL expressions over the rows of the registers.
//!
//! The `cel` crate parses; this module checks every name, field and type against the [`Schema`](crate::facts::Schema) and
//! compiles to a small tree that reads [`Facts`](crate::facts::Facts) in place (why: `docs/design/0001`).
//!
//! What an expression may name, beside the row's own fields:
//!
//! | name | is |
//! |---|---|
//! | `today` | the date of the judgement |
//! | `fiscal_year` | the fiscal year of today, where the row has no field of that name |
//! | `city.model`, `city.NAME` | the city's model and parameters |
//! | `referring.REGISTER.FIELD` | the rows of REGISTER whose FIELD refers to this row |
//! | `days(n)`, `date('2026-04-01')`, `fiscal_year_of(d)`, `in_effect(start, end)`, `has_text(t)` | functions |
//!
//! A cell may be empty. Every operator but `== null` and `!= null` makes *missing* of a missing operand, and `&&`, `||`
//! absorb it as CEL absorbs errors: `false && missing` is false, `true || missing` is true. `==` with a missing operand is
//! false, `!=` true.

mod check;
mod city;
mod eval;
mod explain;
mod functions;
mod kind;
mod node;
mod path;

pub use check::{Problem, compile};
pub use city::City;
pub use eval::{Moment, Truth};
pub(crate) use explain::Blame;
use kind::Kind;
pub(crate) use path::{Path, Step, end as path_end, subjects};

use std::collections::BTreeSet;

use crate::criterion::node::Node;
use crate::facts::{Facts, RowId};

/// A checked expression that holds, or not, of a row.
#[derive(Debug)]
pub struct Criterion {
    node: Node,
    /// Where the rows it reads lie, seen from its subject.
    pub(crate) paths: Vec<Path>,
    /// Whether its truth may change as time passes.
    pub(crate) reads_today: bool,
    /// The city's parameters that it reads.
    pub(crate) parameters: BTreeSet<String>,
}

impl Criterion {
    /// Whether it holds of `row`.
    #[must_use]
    pub fn holds(&self, facts: &Facts, moment: &Moment<'_>, row: RowId) -> Truth {
        eval::Evaluator::new(facts, moment, row).truth(&self.node)
    }

    /// Which conjunct fails, or is missing, and the fields it reads.
    pub(crate) fn blame(&self, facts: &Facts, moment: &Moment<'_>, row: RowId) -> Blame {
        explain::blame(&self.node, &mut eval::Evaluator::new(facts, moment, row))
    }
}

#[cfg(test)]
mod tests;
