//! How a city stands at a moment: every duty and clause, kept whole so that pages read it without asking the judge.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use model::lang::Text;
use policy::judge::{ClauseStanding, Evidence, Finding, Judge, Judged, Standing, Summary, Verdict, standings};
use policy::standard::{CompiledStandard, Duty};

use crate::city::City;
use crate::network::Known;

/// The standing of a city; never changes, a change makes another one.
pub struct Snapshot {
    /// What was judged.
    pub city: Arc<City>,
    /// The date of the judgement.
    pub today: Date,
    /// The size of the ledger up to which acts are taken into account.
    pub ledger: u64,
    /// By the position of the duty.
    pub duties: Vec<Arc<DutyState>>,
    /// In document order.
    pub clauses: Vec<ClauseState>,
    /// Positions of the duties that no clause carries.
    pub unattached: Vec<usize>,
    /// How many duties have each standing.
    pub summary: Summary,
    /// What is known of the network: what its duties were judged by.
    pub network: Known,
    compiled: Arc<CompiledStandard>,
}

/// How one duty stands.
#[derive(Debug, Clone, PartialEq)]
pub struct DutyState {
    /// Its standing.
    pub standing: Standing,
    /// Why, where no finding says it.
    pub reason: Option<Text>,
    /// What is not kept, in the order of the rows.
    pub findings: Vec<Finding>,
    /// How many rows keep it.
    pub kept: usize,
    /// What an engine's answer was made of, where one answered.
    pub evidence: Option<Arc<Evidence>>,
}

/// How one clause stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseState {
    /// `6.3.1`
    pub id: String,
    /// The worst of its duties and sub-clauses; `None` where neither owes anything.
    pub standing: Option<Standing>,
    /// Positions of the duties that it carries itself.
    pub duties: Vec<usize>,
    /// Of its duties and those below it, how many have each standing, each duty once.
    pub summary: Summary,
    /// How many things are broken in it and below it.
    pub broken: usize,
    /// Sub-clauses in document order.
    pub children: Vec<ClauseState>,
}

impl Snapshot {
    /// Everything that `judge` says.
    #[must_use]
    pub fn new(city: Arc<City>, compiled: Arc<CompiledStandard>, judge: &Judge, ledger: u64) -> Self {
        let duties = judge.verdicts().into_iter().map(|v| Arc::new(v.into())).collect();
        Self::with(city, compiled, judge.today(), ledger, duties)
    }

    /// The same, with what the judge was told of the network.
    #[must_use]
    pub fn showing(mut self, network: Known) -> Self {
        self.network = network;
        self
    }

    /// What changed since, where only the duties at these positions were judged again.
    #[must_use]
    pub fn after(&self, judge: &Judge, again: &[usize], ledger: u64) -> Self {
        let mut duties = self.duties.clone();
        for &position in again {
            if let (Some(state), Some(verdict)) = (duties.get_mut(position), judge.verdict(position)) {
                *state = Arc::new(verdict.into());
            }
        }
        let (city, compiled) = (Arc::clone(&self.city), Arc::clone(&self.compiled));
        Self::with(city, compiled, judge.today(), ledger, duties).showing(self.network.clone())
    }

    fn with(
        city: Arc<City>,
        compiled: Arc<CompiledStandard>,
        today: Date,
        ledger: u64,
        duties: Vec<Arc<DutyState>>,
    ) -> Self {
        let judged = compiled.duties().zip(&duties).map(|(duty, state)| Judged {
            concept: &duty.concept,
            standing: state.standing,
        });
        let judged: Vec<Judged<'_>> = judged.collect();
        let report = standings(&city.document, &judged);
        Self {
            today,
            ledger,
            clauses: report.clauses.iter().map(|clause| state(clause, &duties)).collect(),
            unattached: report.unattached,
            summary: report.summary,
            network: Known::default(),
            duties,
            compiled,
            city,
        }
    }

    /// The duty at a position, with how it stands.
    #[must_use]
    pub fn duty(&self, position: usize) -> Option<(&Duty, &DutyState)> {
        Some((self.compiled.duty(position)?, self.duties.get(position)?))
    }

    /// The position of a duty.
    #[must_use]
    pub fn position(&self, duty: &str) -> Option<usize> {
        self.compiled.duties().position(|known| known.id == duty)
    }

    /// How a clause stands.
    #[must_use]
    pub fn clause(&self, id: &str) -> Option<&ClauseState> {
        self.walk().find(|clause| clause.id == id)
    }

    /// Every clause, parents before children, in document order.
    pub fn walk(&self) -> impl Iterator<Item = &ClauseState> {
        let mut stack: Vec<&ClauseState> = self.clauses.iter().rev().collect();
        std::iter::from_fn(move || {
            let clause = stack.pop()?;
            stack.extend(clause.children.iter().rev());
            Some(clause)
        })
    }
}

impl From<Verdict<'_>> for DutyState {
    fn from(verdict: Verdict<'_>) -> Self {
        Self {
            standing: verdict.standing,
            reason: verdict.reason,
            findings: verdict.findings,
            kept: verdict.kept,
            evidence: verdict.evidence,
        }
    }
}

fn state(clause: &ClauseStanding<'_>, duties: &[Arc<DutyState>]) -> ClauseState {
    let mut below = BTreeSet::new();
    clause.collect(&mut below);
    let below: Vec<&Arc<DutyState>> = below.into_iter().filter_map(|position| duties.get(position)).collect();
    let broken = |state: &&Arc<DutyState>| {
        let found = state.findings.iter();
        found.filter(|finding| finding.standing == Standing::Broken).count()
    };
    ClauseState {
        id: clause.clause.id.clone(),
        standing: clause.standing,
        duties: clause.duties.clone(),
        summary: below.iter().map(|state| state.standing).collect(),
        broken: below.iter().map(broken).sum(),
        children: clause.children.iter().map(|child| state(child, duties)).collect(),
    }
}
