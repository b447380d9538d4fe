//! `/clauses/{id}`: one clause with its duties, findings and history.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};

use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::{Edition, Site};
use crate::view::trend::Chart;
use crate::view::{ClauseView, DutyView, Point, Run};
use crate::visit::Visit;

/// How many days the chart looks back.
const DAYS: u32 = 366;

/// The page.
#[derive(Template)]
#[template(path = "page/clause.html")]
struct ClausePage<'p> {
    frame: Frame,
    clause: &'p ClauseView,
    below: Vec<&'p ClauseView>,
    /// Those that somebody should look at, worst first.
    duties: Vec<Arc<DutyView>>,
    /// Those that are kept or do not apply.
    quiet: Vec<Arc<DutyView>>,
    chart: Option<Chart>,
    /// Newest first.
    points: Vec<Point>,
    before: Option<&'p ClauseView>,
    next: Option<&'p ClauseView>,
}

impl Page for ClausePage<'_> {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl<'p> ClausePage<'p> {
    fn new(visit: &Visit, edition: &'p Edition, clause: &'p ClauseView) -> Self {
        let policy = &edition.policy;
        let mut frame = visit
            .frame(Text::same(clause.name()), Section::Policy)
            .crumb(Section::Policy.label(), href::HOME);
        for above in policy.above(&clause.id) {
            frame = frame.crumb(Text::same(above.name()), above.href());
        }
        let (duties, quiet) = policy
            .duties(&clause.duties)
            .into_iter()
            .partition(|duty| duty.needs_attention());
        let (before, next) = policy.neighbours(&clause.id);
        let points = edition.history.of(&clause.id);
        Self {
            frame,
            below: policy.below(&clause.id),
            duties,
            quiet,
            chart: Chart::new(points, edition.at, DAYS),
            points: points.iter().rev().copied().collect(),
            before,
            next,
            clause,
        }
    }

    fn link(&self, id: &str) -> String {
        href::clause(id)
    }

    fn order(&self) -> Text {
        let (open, all) = (self.duties.len(), self.duties.len().saturating_add(self.quiet.len()));
        Text::new(
            format!("{all}件のうち、対応の要る{open}件です。"),
            format!("{open} of {all} need attention."),
        )
    }

    fn quiet_words(&self) -> Text {
        let count = self.quiet.len();
        Text::new(
            format!("守られているもの・該当しないもの{count}件を見る"),
            format!("{count} that are kept or do not apply"),
        )
    }
}

async fn clause(State(site): State<Site>, visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    let edition = site.edition()?;
    let clause = edition.policy.clause(&id).ok_or(Failure::NotFound)?;
    Ok(ClausePage::new(&visit, &edition, clause).show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/clauses/{id}", get(clause))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Ok(edition) = site.edition() else {
        return Vec::new();
    };
    // One with sub-clauses, one that is broken, one that owes nothing.
    let asked = [("clause", "6.3"), ("clause-broken", "6.8"), ("clause-term", "2.2")];
    let pages = asked.iter().filter_map(|(name, id)| {
        let visit = sample::visit(site, Uri::from_static("/clauses/6.3"), lang);
        let clause = edition.policy.clause(id)?;
        Some(Sample::of(*name, &ClausePage::new(&visit, &edition, clause)))
    });
    pages.collect()
}
