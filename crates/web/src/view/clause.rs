//! A clause as pages show it: the city's sentences, what stands in the margin, what lies below.

use jiff::Timestamp;
use model::lang::{Lang, Text};
use policy::judge::{Standing, Summary};
use policy::text::Clause;
use service::standing::ClauseState;

use super::history::History;
use super::run::{Run, Setter};
use super::trend::Spark;
use crate::filters::{class_of, day_of};
use crate::href;

/// How many days the spark in the margin looks back.
const SPARK_DAYS: u32 = 180;

/// One clause.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseView {
    /// `6.3.1`
    pub id: String,
    /// The labels from the article down: `6(3)①`.
    pub number: String,
    /// As written: `(3)`.
    pub label: String,
    /// The heading, empty where the clause has only sentences.
    pub heading: String,
    /// 0 for an article.
    pub depth: usize,
    /// Its own sentences.
    pub paragraphs: Vec<Vec<Run>>,
    /// The worst of its duties and sub-clauses; `None` where neither owes anything.
    pub standing: Option<Standing>,
    /// Positions of the duties that it carries and the clause above does not.
    pub duties: Vec<usize>,
    /// Of its duties and those below it, how many have each standing.
    pub summary: Summary,
    /// How many things are broken in it and below it.
    pub broken: usize,
    /// Since when it has stood like this.
    pub since: Option<Timestamp>,
    /// How many things were broken over the last months.
    pub spark: Option<Spark>,
}

impl ClauseView {
    /// `/clauses/6.3.1`
    #[must_use]
    pub fn href(&self) -> String {
        href::clause(&self.id)
    }

    /// Its place on the page of the policy.
    #[must_use]
    pub fn anchor(&self) -> String {
        href::anchor(&self.id)
    }

    /// What people call it: 6(3)　三つの領域に分けた守り.
    #[must_use]
    pub fn name(&self) -> String {
        match (self.number.is_empty(), self.heading.is_empty()) {
            (false, false) => format!("{}　{}", self.number, self.heading),
            (false, true) => self.number.clone(),
            (true, _) => self.heading.clone(),
        }
    }

    /// How its sentences begin, for lists of clauses without headings.
    #[must_use]
    pub fn opening(&self) -> String {
        const LONG: usize = 40;
        let runs = self.paragraphs.first().into_iter().flatten();
        let words: String = runs.map(Run::words).collect();
        let mut opening: String = words.chars().take(LONG).collect();
        if words.chars().nth(LONG).is_some() {
            opening.push('…');
        }
        opening
    }

    /// Whether the heading stands on a line of its own.
    #[must_use]
    pub const fn is_headed(&self) -> bool {
        !self.heading.is_empty()
    }

    /// The level of its heading below the title: 2 for an article, never deeper than 6.
    #[must_use]
    pub fn level(&self) -> usize {
        self.depth.saturating_add(2).min(6)
    }

    /// The class that colours its standing.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.standing.map_or("", class_of)
    }

    /// Whether somebody should look at what it carries itself.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.duties.is_empty()
            && self
                .standing
                .is_some_and(|standing| matches!(standing, Standing::Broken | Standing::Unproven | Standing::Excepted))
    }

    /// In the margin: 遵守事項12のうち3 / 3 of 12 duties.
    #[must_use]
    pub fn share(&self) -> Option<Text> {
        let (all, standing) = (self.total(), self.standing?);
        let count = self.summary.count(standing);
        Some(if count == all {
            Text::new(format!("遵守事項{all}件"), format!("{all} {}", duties(all)))
        } else {
            Text::new(
                format!("遵守事項{all}件のうち{count}件"),
                format!("{count} of {all} {}", duties(all)),
            )
        })
    }

    /// How many things are broken: 指摘7件 / 7 findings.
    #[must_use]
    pub fn findings(&self) -> Option<Text> {
        let broken = self.broken;
        let noun = if broken == 1 { "finding" } else { "findings" };
        (broken > 0).then(|| Text::new(format!("指摘{broken}件"), format!("{broken} {noun}")))
    }

    /// Since when somebody should have looked at it.
    #[must_use]
    pub fn lasting(&self) -> Option<Text> {
        let since = self.since.filter(|_| self.is_open())?;
        let (ja, en) = (day_of(since, Lang::Ja), day_of(since, Lang::En));
        Some(Text::new(format!("{ja}から"), format!("since {en}")))
    }

    fn total(&self) -> usize {
        Standing::ALL.iter().map(|standing| self.summary.count(*standing)).sum()
    }
}

const fn duties(count: usize) -> &'static str {
    if count == 1 { "duty" } else { "duties" }
}

/// Lays the clauses of a document out in order.
pub(crate) struct Layout<'l> {
    pub(crate) setter: Setter<'l>,
    pub(crate) history: &'l History,
    pub(crate) now: Timestamp,
}

impl Layout<'_> {
    /// The clauses with their states, parents before children.
    pub(crate) fn clauses(&self, clauses: &[Clause], states: &[ClauseState]) -> Vec<ClauseView> {
        let mut views = Vec::new();
        self.below(clauses, states, &Above::default(), &mut views);
        views
    }

    fn below(&self, clauses: &[Clause], states: &[ClauseState], above: &Above<'_>, into: &mut Vec<ClauseView>) {
        for (position, clause) in clauses.iter().enumerate() {
            let state = states.get(position);
            let number = joined(&above.number, &clause.label);
            into.push(self.view(clause, state, number.clone(), above));
            let below = Above {
                number,
                depth: above.depth.saturating_add(1),
                duties: state.map_or(&[], |state| state.duties.as_slice()),
            };
            let states = state.map_or(&[][..], |state| &state.children);
            self.below(&clause.children, states, &below, into);
        }
    }

    fn view(&self, clause: &Clause, state: Option<&ClauseState>, number: String, above: &Above<'_>) -> ClauseView {
        let points = self.history.of(&clause.id);
        // The items of a list carry what their clause carries: told once.
        let own = state.filter(|state| state.duties != above.duties);
        ClauseView {
            id: clause.id.clone(),
            number,
            label: clause.label.clone(),
            heading: clause.heading.clone(),
            depth: above.depth,
            paragraphs: self.setter.clause(clause),
            standing: state.and_then(|state| state.standing),
            duties: own.map_or_else(Vec::new, |state| state.duties.clone()),
            summary: state.map(|state| state.summary).unwrap_or_default(),
            broken: state.map_or(0, |state| state.broken),
            since: self.history.since(&clause.id),
            spark: Spark::new(points, self.now, SPARK_DAYS),
        }
    }
}

/// What stands above the clauses being laid out.
#[derive(Default)]
struct Above<'l> {
    number: String,
    depth: usize,
    duties: &'l [usize],
}

/// `6` and `(3)` are `6(3)`; two plain numbers keep apart.
fn joined(above: &str, label: &str) -> String {
    let plain = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if plain(above.chars().next_back()) && plain(label.chars().next()) {
        format!("{above} {label}")
    } else {
        format!("{above}{label}")
    }
}
