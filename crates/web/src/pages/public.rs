//! `/public`: the published policy, for everybody and without standings. `/public/{document}`: another published text.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use service::hall::publications::Publication;

use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::Site;
use crate::view::{PolicyView, Run};
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/public.html")]
struct Public {
    frame: Frame,
    policy: Arc<PolicyView>,
    others: Vec<Other>,
}

/// A published text that is not the policy.
struct Other {
    title: String,
    href: String,
    on: Option<Date>,
}

impl Other {
    fn of(publication: &Publication) -> Self {
        Self {
            title: publication.title.clone(),
            href: href::publication(&publication.document),
            on: publication.published_on,
        }
    }
}

/// The page of one of them.
#[derive(Template)]
#[template(path = "page/publication.html")]
struct PublicationPage {
    frame: Frame,
    on: Option<Date>,
    text: String,
}

impl Page for PublicationPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl PublicationPage {
    fn new(visit: &Visit, publication: &Publication) -> Self {
        let frame = visit.frame(Text::same(publication.title.as_str()), None);
        Self {
            frame: frame.crumb(Text::fixed("公表している方針", "Published policy"), href::PUBLIC),
            on: publication.published_on,
            text: publication.text.clone(),
        }
    }
}

impl Page for Public {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Public {
    fn new(visit: &Visit, policy: Arc<PolicyView>, others: Vec<Other>) -> Self {
        Self {
            frame: visit.frame(Text::same(&policy.title), None),
            policy,
            others,
        }
    }

    fn link(&self, id: &str) -> String {
        format!("#{}", href::anchor(id))
    }
}

/// The page before anything is published.
#[derive(Template)]
#[template(path = "page/unpublished.html")]
struct Unpublished {
    frame: Frame,
    others: Vec<Other>,
}

impl Page for Unpublished {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Unpublished {
    fn new(visit: &Visit, others: Vec<Other>) -> Self {
        let title = Text::fixed("情報セキュリティ基本方針", "Information security policy");
        Self {
            frame: visit.frame(title, None),
            others,
        }
    }
}

async fn public(State(site): State<Site>, visit: Visit) -> Response {
    let publications = site.publications();
    let others = publications.iter().filter(|publication| !publication.is_policy);
    let others: Vec<Other> = others.map(Other::of).collect();
    match site.published() {
        Some(policy) => Public::new(&visit, policy, others).show(),
        None => Unpublished::new(&visit, others).show(),
    }
}

async fn publication(
    State(site): State<Site>,
    Path(document): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let publications = site.publications();
    let found = publications.iter().find(|publication| publication.document == document);
    let found = found.ok_or(Failure::NotFound)?;
    Ok(PublicationPage::new(&visit, found).show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(href::PUBLIC, get(public))
        .route("/public/{document}", get(publication))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::guest(site, Uri::from_static(href::PUBLIC), lang);
    let plan = Publication {
        document: "D-120".to_owned(),
        title: "見本市情報セキュリティ研修計画".to_owned(),
        text: "1 目的\n職員等が方針を知り、守れるようにする。\n".to_owned(),
        published_on: Some(jiff::civil::date(2026, 4, 1)),
        is_policy: false,
        version: 1,
    };
    let others = || vec![Other::of(&plan)];
    let published = site.published().map(|policy| Public::new(&visit, policy, others()));
    let published = published.map(|page| Sample::of("public", &page));
    let unpublished = Sample::of("public-nothing", &Unpublished::new(&visit, Vec::new()));
    let one = Sample::of("publication", &PublicationPage::new(&visit, &plan));
    published.into_iter().chain([unpublished, one]).collect()
}
