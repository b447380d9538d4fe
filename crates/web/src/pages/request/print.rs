//! `/requests/{number}/print`: the record of decisions (決裁記録) on one sheet of paper.

use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::Uri;
use axum::response::Response;
use jiff::Timestamp;
use model::lang::{Lang, Text};

use super::show::{self, Shown};
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

/// The page.
#[derive(Template)]
#[template(path = "page/request-print.html")]
struct Print {
    frame: Frame,
    shown: Shown,
    printed_at: Timestamp,
}

impl Page for Print {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Print {
    fn new(visit: &Visit, shown: Shown, printed_at: Timestamp) -> Self {
        let frame = visit
            .frame(Text::fixed("決裁記録", "Record of decisions"), Section::Requests)
            .crumb(Section::Requests.label(), href::REQUESTS)
            .crumb(Text::same(shown.row.title.as_str()), shown.row.href.clone());
        Self {
            frame,
            shown,
            printed_at,
        }
    }
}

pub(super) async fn print(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let shown = blocking(&site, move |hall| show::shown(hall, &visitor, &number)).await?;
    Ok(Print::new(&visit, shown, site.clock().now()).show())
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/requests/2026-00012/print"), lang);
    let page = Print::new(&visit, show::sample_shown(), site.clock().now());
    vec![Sample::of("request-print", &page)]
}
