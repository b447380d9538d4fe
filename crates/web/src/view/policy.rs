//! The policy as pages show it: every clause in order, every duty by its position, how many have each standing.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use model::lang::Text;
use policy::judge::{Standing, Summary};
use policy::text::{Document, Revised};
use service::standing::Snapshot;

use super::Records;
use super::clause::{ClauseView, Layout};
use super::duty::DutyView;
use super::history::{Change, History};
use super::run::Setter;

/// The whole policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyView {
    /// Its title.
    pub title: String,
    /// The date of its last revision.
    pub revised: Option<Revised>,
    /// The clauses, parents before children.
    pub clauses: Vec<ClauseView>,
    /// The duties by their position.
    pub duties: Vec<Arc<DutyView>>,
    /// Positions of the duties that no clause carries.
    pub unattached: Vec<usize>,
    /// How many duties have each standing.
    pub summary: Summary,
    /// The date of the judgement.
    pub today: Date,
    /// How many acts the ledger held then.
    pub ledger: u64,
    /// Position by id of the clause.
    places: BTreeMap<String, usize>,
}

/// How many duties have one standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The standing.
    pub standing: Standing,
    /// How many.
    pub count: usize,
}

impl PolicyView {
    /// Makes the view of a snapshot.
    #[must_use]
    pub fn new(snapshot: &Snapshot, history: &History, records: &dyn Records, now: Timestamp) -> Self {
        let document = &snapshot.city.document;
        let layout = Layout {
            setter: Setter::new(document),
            history,
            now,
        };
        let positions = 0..snapshot.duties.len();
        let duties = positions.filter_map(|position| DutyView::new(snapshot, position, records));
        Self {
            duties: duties.map(Arc::new).collect(),
            unattached: snapshot.unattached.clone(),
            summary: snapshot.summary,
            today: snapshot.today,
            ledger: snapshot.ledger,
            ..Self::of(
                document,
                layout.clauses(&document.clauses, &snapshot.clauses),
                snapshot.today,
            )
        }
    }

    /// The text alone, without standings: the policy as it is published.
    #[must_use]
    pub fn text(document: &Document, today: Date) -> Self {
        let layout = Layout {
            setter: Setter::new(document),
            history: &History::default(),
            now: Timestamp::UNIX_EPOCH,
        };
        Self::of(document, layout.clauses(&document.clauses, &[]), today)
    }

    fn of(document: &Document, clauses: Vec<ClauseView>, today: Date) -> Self {
        let places = clauses.iter().enumerate();
        Self {
            title: document.title.clone(),
            revised: document.revised.clone(),
            places: places.map(|(place, clause)| (clause.id.clone(), place)).collect(),
            clauses,
            duties: Vec::new(),
            unattached: Vec::new(),
            summary: Summary::default(),
            today,
            ledger: 0,
        }
    }

    /// The clause with this id.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&ClauseView> {
        self.clauses.get(*self.places.get(id)?)
    }

    /// The headings of the contents: every article, and below it what somebody owes something for.
    pub fn contents(&self) -> impl Iterator<Item = &ClauseView> {
        let headed = self.clauses.iter().filter(|clause| clause.is_headed());
        headed.filter(|clause| clause.depth == 0 || (clause.depth == 1 && clause.standing.is_some()))
    }

    /// The clauses before and behind one, in the order of the policy.
    #[must_use]
    pub fn neighbours(&self, id: &str) -> (Option<&ClauseView>, Option<&ClauseView>) {
        let Some(&place) = self.places.get(id) else {
            return (None, None);
        };
        let before = place.checked_sub(1).and_then(|place| self.clauses.get(place));
        (before, self.clauses.get(place.saturating_add(1)))
    }

    /// The clauses above one, outermost first.
    #[must_use]
    pub fn above(&self, id: &str) -> Vec<&ClauseView> {
        let Some(&place) = self.places.get(id) else {
            return Vec::new();
        };
        let mut depth = self.clauses.get(place).map_or(0, |clause| clause.depth);
        let mut above = Vec::new();
        for clause in self.clauses.iter().take(place).rev() {
            if clause.depth < depth {
                depth = clause.depth;
                above.push(clause);
            }
        }
        above.reverse();
        above
    }

    /// The clauses right below one.
    #[must_use]
    pub fn below(&self, id: &str) -> Vec<&ClauseView> {
        let Some((place, clause)) = self
            .places
            .get(id)
            .and_then(|&place| Some((place, self.clauses.get(place)?)))
        else {
            return Vec::new();
        };
        let rest = self.clauses.iter().skip(place.saturating_add(1));
        let below = rest.take_while(|below| below.depth > clause.depth);
        below
            .filter(|below| below.depth == clause.depth.saturating_add(1))
            .collect()
    }

    /// The duties at these positions, worst first.
    #[must_use]
    pub fn duties(&self, positions: &[usize]) -> Vec<Arc<DutyView>> {
        let found = positions.iter().filter_map(|&position| self.duties.get(position));
        let mut found: Vec<_> = found.map(Arc::clone).collect();
        found.sort_by_key(|duty| std::cmp::Reverse(duty.standing));
        found
    }

    /// The duty with this id.
    #[must_use]
    pub fn duty(&self, id: &str) -> Option<&Arc<DutyView>> {
        self.duties.iter().find(|duty| duty.id == id)
    }

    /// The clauses that carry the duty with this id.
    #[must_use]
    pub fn carriers(&self, id: &str) -> Vec<&ClauseView> {
        let Some(position) = self.duties.iter().position(|duty| duty.id == id) else {
            return Vec::new();
        };
        let carrying = self.clauses.iter();
        carrying.filter(|clause| clause.duties.contains(&position)).collect()
    }

    /// How many duties have each standing, worst first.
    #[must_use]
    pub fn tallies(&self) -> Vec<Tally> {
        let tallies = Standing::ALL.iter().map(|&standing| Tally {
            standing,
            count: self.summary.count(standing),
        });
        tallies.collect()
    }

    /// What changed since a moment, in the order of the policy, with the innermost clauses only: a clause above changes with them.
    #[must_use]
    pub fn changes<'v>(&'v self, history: &History, since: Timestamp) -> Vec<(&'v ClauseView, Change)> {
        let changes = history.changes_since(since);
        let known = changes.into_iter();
        let mut known: Vec<_> = known
            .filter_map(|change| Some((*self.places.get(&change.clause)?, change)))
            .collect();
        known.sort_by_key(|(place, _)| *place);
        let ids: Vec<String> = known.iter().map(|(_, change)| change.clause.clone()).collect();
        let innermost = known.into_iter().filter(|(_, change)| {
            let inside = format!("{}.", change.clause);
            !ids.iter().any(|id| id.starts_with(&inside))
        });
        innermost
            .filter_map(|(place, change)| Some((self.clauses.get(place)?, change)))
            .collect()
    }
}

impl Tally {
    /// 4件
    #[must_use]
    pub fn words(&self) -> Text {
        Text::new(format!("{}件", self.count), self.count.to_string())
    }
}
