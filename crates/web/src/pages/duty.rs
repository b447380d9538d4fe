//! `/duties/{id}`: one duty, how it is decided, and all of its findings.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::Lang;
use serde::Deserialize;

use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::part::Pages;
use crate::sample;
use crate::site::{Edition, Site};
use crate::view::{ClauseView, DutyView, FindingView};
use crate::visit::Visit;

/// Findings a page.
const SIZE: usize = 50;

/// The page.
#[derive(Template)]
#[template(path = "page/duty.html")]
struct DutyPage<'p> {
    frame: Frame,
    duty: &'p DutyView,
    carriers: Vec<&'p ClauseView>,
    findings: &'p [FindingView],
    pages: Pages,
}

impl Page for DutyPage<'_> {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl<'p> DutyPage<'p> {
    fn new(visit: &Visit, edition: &'p Edition, duty: &'p DutyView, from: usize) -> Self {
        let total = duty.findings.len();
        let from = from.min(total);
        let findings = duty.findings.get(from..total.min(from.saturating_add(SIZE)));
        let findings = findings.unwrap_or_default();
        let carriers = edition.policy.carriers(&duty.id);
        let mut frame = visit
            .frame(duty.title.clone(), Section::Policy)
            .crumb(Section::Policy.label(), href::HOME);
        if let Some(clause) = carriers.first() {
            frame = frame.crumb(model::lang::Text::same(clause.name()), clause.href());
        }
        Self {
            frame,
            carriers,
            pages: Pages::new(from, findings.len(), total, SIZE, |from| {
                format!("{}?from={from}", duty.href)
            }),
            findings,
            duty,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Part {
    #[serde(default)]
    from: usize,
}

async fn duty(
    State(site): State<Site>,
    visit: Visit,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, Failure> {
    let edition = site.edition()?;
    let duty = edition.policy.duty(&id).ok_or(Failure::NotFound)?;
    Ok(DutyPage::new(&visit, &edition, duty, part.from).show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/duties/{id}", get(duty))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Ok(edition) = site.edition() else {
        return Vec::new();
    };
    let broken = edition.policy.duties.iter().find(|duty| duty.broken() > 0);
    let kept = edition.policy.duties.iter().find(|duty| duty.findings.is_empty());
    let asked = [("duty-broken", broken), ("duty-kept", kept)];
    let pages = asked.into_iter().filter_map(|(name, duty)| {
        let visit = sample::visit(site, Uri::from_static("/duties/sample"), lang);
        Some(Sample::of(name, &DutyPage::new(&visit, &edition, duty?, 0)))
    });
    pages.collect()
}
