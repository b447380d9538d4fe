//! `/admin/city`: the first administrator loads the city: an archive is looked at with all its problems, then loaded.

use askama::Template;
use axum::extract::State as Of;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use model::lang::{Lang, Text};
use service::hall::Refusal;
use service::hall::acts::Readied;

use super::problem::{ProblemView, counted};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::upload::Upload;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/admin-city.html")]
struct CityPage {
    frame: Frame,
    /// Whether there is a city already.
    is_loaded: bool,
    faults: Vec<Fault>,
    problems: Vec<ProblemView>,
    total: usize,
    readied: Option<Readied>,
}

impl Page for CityPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl CityPage {
    fn new(visit: &Visit, is_loaded: bool) -> Self {
        let title = Text::fixed("団体を読み込む", "Load the city");
        Self {
            frame: visit.frame(title, Section::Admin),
            is_loaded,
            faults: Vec::new(),
            problems: Vec::new(),
            total: 0,
            readied: None,
        }
    }

    fn counted(&self) -> Text {
        counted(self.problems.len(), self.total)
    }
}

pub(super) async fn form(Of(site): Of<Site>, Who(_): Who, visit: Visit) -> Result<Response, Failure> {
    let is_loaded = site.hall()?.city().is_some();
    Ok(CityPage::new(&visit, is_loaded).show())
}

pub(super) async fn load(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Failure> {
    let token = upload.fields.iter().find(|(name, _)| name == "token");
    let token = token.map(|(_, token)| token.clone());
    let done = blocking(&site, move |hall| {
        Ok(match token {
            Some(token) => hall.found_readied(&visitor, &token).map(|()| None),
            None => hall.ready_city(&visitor, &upload.bytes).map(Some),
        })
    });
    let page = CityPage::new(&visit, site.hall()?.city().is_some());
    match done.await? {
        Ok(None) => Ok(notice::see(href::HOME, Notice::Imported)),
        Ok(readied) => Ok(CityPage { readied, ..page }.show()),
        Err(Refusal::Problems(problems)) => {
            let page = CityPage {
                total: problems.len(),
                problems: ProblemView::first(&problems),
                ..page
            };
            Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(refusal @ Refusal::Rules(_)) => {
            let fault = Fault {
                field: String::new(),
                words: refusal.text(),
            };
            let page = CityPage {
                faults: vec![fault],
                ..page
            };
            Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/admin/city"), lang);
    let readied = Readied {
        token: "0123456789abcdef".to_owned(),
        name: Text::fixed("見本市", "Mihon City"),
        code: "999999".to_owned(),
        clauses: 231,
        duties: 190,
        registers: vec![
            (Text::fixed("端末", "terminals"), 412),
            (Text::fixed("職員", "personnel"), 300),
        ],
    };
    let problem = ProblemView {
        place: Text::fixed("registers/端末.csv C17", "registers/端末.csv C17"),
        words: Text::fixed("日付として読めない", "not a date"),
        help: None,
    };
    let faulty = CityPage {
        problems: vec![problem],
        total: 412,
        ..CityPage::new(&visit, false)
    };
    let ready = CityPage {
        readied: Some(readied),
        ..CityPage::new(&visit, false)
    };
    vec![
        Sample::of("admin-city", &CityPage::new(&visit, false)),
        Sample::of("admin-city-problems", &faulty),
        Sample::of("admin-city-ready", &ready),
        Sample::of("admin-city-loaded", &CityPage::new(&visit, true)),
    ]
}
