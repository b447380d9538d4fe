//! `/requests`: requests by state and kind.

use approval::request::{Request, State};
use askama::Template;
use axum::extract::{Query, State as Of};
use axum::http::Uri;
use axum::response::Response;
use model::lang::{Lang, Text};
use serde::Deserialize;
use service::hall::Hall;
use service::hall::entrance::sessions::Visitor;

use super::row::{self, RequestRow};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// Which requests are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Show {
    /// Those that wait for the visitor.
    #[default]
    Awaiting,
    /// The visitor's own.
    Mine,
    /// Everything that waits for somebody.
    Waiting,
    /// What has ended.
    Ended,
}

impl Show {
    const ALL: [Self; 4] = [Self::Awaiting, Self::Mine, Self::Waiting, Self::Ended];

    const fn word(self) -> &'static str {
        match self {
            Self::Awaiting => "awaiting",
            Self::Mine => "mine",
            Self::Waiting => "waiting",
            Self::Ended => "ended",
        }
    }

    const fn label(self) -> Text {
        match self {
            Self::Awaiting => Text::fixed("わたしの決裁待ち", "Waiting for me"),
            Self::Mine => Text::fixed("わたしの申請", "My requests"),
            Self::Waiting => Text::fixed("決裁待ちのすべて", "All that wait"),
            Self::Ended => Text::fixed("終わったもの", "Ended"),
        }
    }
}

/// The page.
#[derive(Template)]
#[template(path = "page/requests.html")]
struct List {
    frame: Frame,
    chosen: Show,
    kind: String,
    kinds: Vec<(String, Text)>,
    rows: Vec<RequestRow>,
}

impl Page for List {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl List {
    fn href(&self, show: &Show) -> String {
        let kind = if self.kind.is_empty() {
            String::new()
        } else {
            format!("&kind={}", href::segment(&self.kind))
        };
        format!("{}?show={}{kind}", href::REQUESTS, show.word())
    }

    fn is_kind(&self, id: &str) -> bool {
        self.kind == id
    }

    /// 3件
    fn count(&self) -> Text {
        let count = self.rows.len();
        Text::new(format!("{count}件"), format!("{count} in all"))
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: Show,
    #[serde(default)]
    kind: String,
}

pub(super) async fn list(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (show, kind) = (asked.show, asked.kind.clone());
    let rows = blocking(&site, move |hall| {
        let found = found(hall, &visitor, show)?;
        let directory = hall.directory();
        let wanted = found.iter().filter(|request| kind.is_empty() || request.kind() == kind);
        Ok(wanted
            .map(|request| RequestRow::of(request, hall, &directory))
            .collect())
    })
    .await?;
    let kinds = site.hall()?.request_kinds().iter();
    let page = List {
        frame: visit.frame(Section::Requests.label(), Section::Requests),
        chosen: show,
        kind: asked.kind,
        kinds: kinds.map(|kind| (kind.id.clone(), kind.title.clone())).collect(),
        rows,
    };
    Ok(page.show())
}

fn found(hall: &Hall, visitor: &Visitor, show: Show) -> Result<Vec<Request>, service::hall::Refusal> {
    let ended = [State::Approved, State::Rejected, State::Withdrawn, State::Expired];
    let loaded = match show {
        Show::Awaiting => hall.awaiting(&visitor.person)?,
        Show::Mine => hall.requests(&[], Some(&visitor.person))?,
        Show::Waiting => hall.requests(&[State::Waiting, State::Returned], None)?,
        Show::Ended => hall.requests(&ended, None)?,
    };
    let requests = loaded.into_iter().map(|loaded| loaded.request);
    Ok(requests
        .filter(|request| hall.may_read_request(visitor, request))
        .collect())
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static(href::REQUESTS), lang);
    let page = |chosen, rows| List {
        frame: visit.frame(Section::Requests.label(), Section::Requests),
        chosen,
        kind: String::new(),
        kinds: vec![("exception".to_owned(), Text::fixed("例外措置", "exception"))],
        rows,
    };
    vec![
        Sample::of("requests", &page(Show::Waiting, row::samples())),
        Sample::of("requests-none", &page(Show::Awaiting, Vec::new())),
    ]
}
