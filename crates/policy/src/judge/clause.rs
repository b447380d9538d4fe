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
/// A clause bound to a concept carries the duties of that concept and of those below it, but not those of a more particular
/// concept that one of its own sub-clauses is bound to. A sub-clause that only continues its clause's concept (the items of
/// a list) carries the same duties, and so do two clauses that say the same (audit under 評価 and as an article).
#[must_use]
pub fn clause_standings<'r>(document: &'r Document, verdicts: &[Verdict<'_>]) -> Report<'r> {
    let judged: Vec<Judged<'_>> = verdicts
        .iter()
        .map(|verdict| Judged {
            concept: &verdict.duty.concept,
            standing: verdict.standing,
        })
        .collect();
    standings(document, &judged)
}

/// What a clause needs to know of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged<'j> {
    /// What the duty is about.
    pub concept: &'j str,
    /// How it stands.
    pub standing: Standing,
}

/// As [`clause_standings`], where the verdicts themselves are kept elsewhere.
#[must_use]
pub fn standings<'r>(document: &'r Document, judged: &[Judged<'_>]) -> Report<'r> {
    let clauses: Vec<_> = document.clauses.iter().map(|clause| stand(clause, judged)).collect();
    let mut attached = BTreeSet::new();
    for clause in &clauses {
        clause.collect(&mut attached);
    }
    Report {
        summary: judged.iter().map(|judged| judged.standing).collect(),
        clauses,
        unattached: (0..judged.len()).filter(|place| !attached.contains(place)).collect(),
    }
}

impl ClauseStanding<'_> {
    /// Adds the duties of the clause and of those below it.
    pub fn collect(&self, into: &mut BTreeSet<DutyPlace>) {
        into.extend(&self.duties);
        for child in &self.children {
            child.collect(into);
        }
    }
}

fn stand<'r>(clause: &'r Clause, judged: &[Judged<'_>]) -> ClauseStanding<'r> {
    let children: Vec<_> = clause.children.iter().map(|child| stand(child, judged)).collect();
    let mut particular = BTreeSet::new();
    particular_below(clause, &clause.concept, &mut particular);
    let paragraphs = clause
        .paragraphs
        .iter()
        .filter_map(|paragraph| paragraph.concept.as_deref());
    let own: Vec<&str> = clause.concept.as_deref().into_iter().chain(paragraphs).collect();
    let carries = |concept: &str| {
        own.iter().any(|own| lies_below(concept, own)) && !particular.iter().any(|below| lies_below(concept, below))
    };
    let places = judged.iter().enumerate().filter(|(_, judged)| carries(judged.concept));
    let duties: Vec<DutyPlace> = places.map(|(place, _)| place).collect();
    let standings = duties
        .iter()
        .filter_map(|&place| judged.get(place))
        .map(|judged| judged.standing);
    let standing = standings
        .chain(children.iter().filter_map(|child| child.standing))
        .max();
    ClauseStanding {
        clause,
        standing,
        duties,
        children,
    }
}

/// The concepts below a clause, other than its own.
fn particular_below<'c>(clause: &'c Clause, own: &Option<String>, into: &mut BTreeSet<&'c str>) {
    for child in &clause.children {
        into.extend(
            child
                .concept
                .as_deref()
                .filter(|concept| Some(*concept) != own.as_deref()),
        );
        particular_below(child, own, into);
    }
}
