//! `/network`: the zones, what passes between them, and what is wrong with it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State as Of;
use axum::http::Uri;
use axum::response::Response;
use model::diagnostic::Diagnostic;
use model::lang::{Lang, Text};
use service::network::{Asked, Known};
use service::problem::Problem;

use super::explain::Question;
use super::known;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::pages::admin::problem::{ProblemView, counted};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::view::NetworkView;
use crate::visit::Visit;

/// The page of a network that was asked.
#[derive(Template)]
#[template(path = "page/network.html")]
struct Network {
    frame: Frame,
    view: NetworkView,
    /// SVG, made by the engine: names in it are escaped.
    picture: String,
    /// The same as an HTML table.
    table: String,
    question: Question,
}

/// The page where there is none, or none that can be read.
#[derive(Template)]
#[template(path = "page/network-none.html")]
struct Nothing {
    frame: Frame,
    problems: Vec<ProblemView>,
    total: usize,
}

impl Page for Network {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Page for Nothing {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Network {
    fn new(frame: Frame, asked: &Asked) -> Self {
        let view = NetworkView::new(asked);
        Self {
            picture: asked.picture(frame.lang),
            table: asked.table(frame.lang),
            question: Question::empty(&view.zones),
            view,
            frame,
        }
    }
}

impl Nothing {
    fn new(frame: Frame, problems: &[Problem]) -> Self {
        Self {
            frame,
            problems: ProblemView::first(problems),
            total: problems.len(),
        }
    }

    fn counted(&self) -> Text {
        counted(self.problems.len(), self.total)
    }
}

/// What the page is called.
pub(super) const TITLE: Text = Text::fixed("ネットワークの分離", "Separation of the network");

pub(super) async fn show(Of(site): Of<Site>, Who(visitor): Who, visit: Visit) -> Result<Response, Failure> {
    let frame = visit.frame(TITLE, Section::Network);
    // What is asked for the first time takes a moment.
    let page = blocking(&site, move |hall| Ok(page(frame, &known(hall, &visitor)?))).await?;
    Ok(match page {
        Shown::Network(network) => network.show(),
        Shown::Nothing(nothing) => nothing.show(),
    })
}

/// Which page there is to show.
enum Shown {
    Network(Box<Network>),
    Nothing(Box<Nothing>),
}

fn page(frame: Frame, known: &Known) -> Shown {
    match known {
        Known::Asked(asked) => Shown::Network(Box::new(Network::new(frame, asked))),
        Known::Unusable(problems) => Shown::Nothing(Box::new(Nothing::new(frame, problems))),
        Known::Undescribed => Shown::Nothing(Box::new(Nothing::new(frame, &[]))),
    }
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Ok(edition) = site.edition() else {
        return Vec::new();
    };
    let visit = sample::visit(site, Uri::from_static(href::NETWORK), lang);
    let message = Text::fixed("機器「core」の設定ファイルがない", "a configuration of device `core` is missing");
    let problem = Problem::whole("network/network.toml", Diagnostic::error("network-configuration", message));
    let known = [
        ("network", edition.snapshot.network.clone()),
        ("network-none", Known::Undescribed),
        ("network-unusable", Known::Unusable(Arc::new(vec![problem]))),
    ];
    let shown = known
        .into_iter()
        .map(|(name, known)| match page(visit.frame(TITLE, Section::Network), &known) {
            Shown::Network(network) => Sample::of(name, &*network),
            Shown::Nothing(nothing) => Sample::of(name, &*nothing),
        });
    shown.collect()
}
