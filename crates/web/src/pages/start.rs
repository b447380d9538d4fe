//! `/start`: what to do before there is a city.

use askama::Template;
use axum::Router;
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
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/start.html")]
struct Start {
    frame: Frame,
}

impl Page for Start {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Start {
    fn new(visit: &Visit) -> Self {
        Self {
            frame: visit.frame(Text::fixed("はじめに", "Getting started"), None),
        }
    }
}

async fn start(visit: Visit) -> Response {
    Start::new(&visit).show()
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route(href::START, get(start))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::guest(site, Uri::from_static(href::START), lang);
    vec![Sample::of("start", &Start::new(&visit))]
}
