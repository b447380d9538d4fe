//! Duties meet clauses: every clause carries the duties of its concept, and the worst of them is its standing.

use std::collections::BTreeSet;

use super::finding::Verdict;
use super::standing::{Standing, Summary};
use crate::concept::lies_below;
use crate::text::{Clause, Document};

/// A policy with the standing of every clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Report<'r> {
    /// How many duties have each standing, each duty once.
    pub summary: Summary,
    /// In document order.
    pub clauses: Vec<ClauseStanding<'r>>,
    /// Positions of the verdicts on duties that no clause carries.
    pub unattached: Vec<DutyPlace>,
}

/// The position of a verdict among those that the report was made of.
pub type DutyPlace = usize;

/// A clause with its standing.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseStanding<'r> {
    /// The clause.
    pub clause: &'r Clause,
    /// The worst of its duties and sub-clauses; `None` where neither owes anything (purpose, definitions).
    pub standing: Option<Standing>,
    /// The duties that it carries itself.
    pub duties: Vec<DutyPlace>,
    /// In document order.
    pub children: Vec<ClauseStanding<'r>>,
}

/// Gives every clause of a bound policy its duties and standing.
///
/// A clause bound to a concept carries the duties of that concept and of those below it, but not those that one of its own
/// sub-clauses carries. Two clauses that say the same (audit under 評価 and as an article) carry the same duties.
#[must_use]
pub fn clause_standings<'r>(document: &'r Document, verdicts: &[Verdict<'_>]) -> Report<'r> {
    let mut attached = BTreeSet::new();
    let clauses = document
        .clauses
        .iter()
        .map(|clause| stand(clause, verdicts, &mut attached))
        .collect();
    Report {
        summary: verdicts.iter().map(|verdict| verdict.standing).collect(),
        clauses,
        unattached: (0..verdicts.len()).filter(|place| !attached.contains(place)).collect(),
    }
}

fn stand<'r>(clause: &'r Clause, verdicts: &[Verdict<'_>], attached: &mut BTreeSet<DutyPlace>) -> ClauseStanding<'r> {
    let mut below = BTreeSet::new();
    let children: Vec<_> = clause
        .children
        .iter()
        .map(|child| stand(child, verdicts, &mut below))
        .collect();
    let own = clause
        .concept
        .iter()
        .chain(clause.paragraphs.iter().filter_map(|p| p.concept.as_ref()));
    let concepts: Vec<&String> = own.filter(|concept| !carried_by_child(concept, clause)).collect();
    let carried = |concept: &str| concepts.iter().any(|own| lies_below(concept, own));
    let places = verdicts
        .iter()
        .enumerate()
        .filter(|(place, verdict)| !below.contains(place) && carried(&verdict.duty.concept));
    let duties: Vec<DutyPlace> = places.map(|(place, _)| place).collect();
    let own = duties
        .iter()
        .filter_map(|&place| verdicts.get(place))
        .map(|verdict| verdict.standing);
    let standing = own.chain(children.iter().filter_map(|child| child.standing)).max();
    attached.extend(below);
    attached.extend(&duties);
    ClauseStanding {
        clause,
        standing,
        duties,
        children,
    }
}

/// Whether a sub-clause is bound to the very same concept: then it carries the duties.
fn carried_by_child(concept: &str, clause: &Clause) -> bool {
    clause
        .children
        .iter()
        .any(|child| child.concept.as_deref() == Some(concept) || carried_by_child(concept, child))
}
