//! `/public`: the published policy, for everybody and without standings.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};

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
}

impl Page for Public {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Public {
    fn new(visit: &Visit, policy: Arc<PolicyView>) -> Self {
        Self {
            frame: visit.frame(Text::same(&policy.title), None),
            policy,
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
}

impl Page for Unpublished {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Unpublished {
    fn new(visit: &Visit) -> Self {
        let title = Text::fixed("情報セキュリティ基本方針", "Information security policy");
        Self {
            frame: visit.frame(title, None),
        }
    }
}

async fn public(State(site): State<Site>, visit: Visit) -> Response {
    match site.published() {
        Some(policy) => Public::new(&visit, policy).show(),
        None => Unpublished::new(&visit).show(),
    }
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route(href::PUBLIC, get(public))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::guest(site, Uri::from_static(href::PUBLIC), lang);
    let published = site.published().map(|policy| Public::new(&visit, policy));
    let published = published.map(|page| Sample::of("public", &page));
    let unpublished = Sample::of("public-nothing", &Unpublished::new(&visit));
    published.into_iter().chain([unpublished]).collect()
}
