//! `/registers/{slug}/{key}/history`: every version of a row, and what differs from the one before.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};
use register::{Kind, Words, difference};
use serde_json::{Value, json};
use service::hall::directory::Directory;
use store::{Entry, Version};

use super::detail::title;
use super::record::RecordView;
use super::value::ValueView;
use super::with_kind;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/register-history.html")]
struct HistoryPage {
    frame: Frame,
    title: String,
    /// The newest first.
    versions: Vec<VersionView>,
}

impl Page for HistoryPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// One version.
struct VersionView {
    record: RecordView,
    change: Change,
}

/// What became of the document.
enum Change {
    /// It is the first version.
    First,
    /// These fields differ: label, before, after.
    Fields(Vec<(Text, ValueView, ValueView)>),
    /// Nothing but its being in use.
    None,
    /// Its contents, or those before, were erased.
    Erased,
}

impl HistoryPage {
    fn new(
        visit: &Visit,
        (kind, words): (&Kind, &Words),
        entry: &Entry,
        versions: &[Version],
        directory: &Directory,
    ) -> Self {
        let before = versions.iter().skip(1).map(Some).chain(std::iter::once(None));
        let views = versions.iter().zip(before).map(|(version, before)| VersionView {
            record: RecordView::new(version, directory),
            change: change((kind, words), version, before, visit.lang),
        });
        Self {
            frame: super::frame_of_row(visit, Text::fixed("履歴", "History"), kind, &entry.key),
            title: title(entry),
            versions: views.collect(),
        }
    }
}

fn change((kind, words): (&Kind, &Words), version: &Version, before: Option<&Version>, lang: Lang) -> Change {
    let Some(before) = before else { return Change::First };
    let (Some(old), Some(new)) = (&before.document, &version.document) else {
        return Change::Erased;
    };
    let told = difference::told(kind, old, new, words, lang);
    if told.is_empty() {
        return Change::None;
    }
    let fields = told.iter().map(|told| {
        let (old, new) = (ValueView::from_shown(&told.old), ValueView::from_shown(&told.new));
        (told.label.clone(), old, new)
    });
    Change::Fields(fields.collect())
}

async fn show(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path((slug, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let page = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let entry = hall.readable(&visitor, kind, &key)?;
            let versions = hall.store().versions(&slug, &key)?;
            let directory = hall.directory();
            hall.with_words(|words| HistoryPage::new(&visit, (kind, words), &entry, &versions, &directory))
        })
    });
    Ok(page.await?.show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/registers/{slug}/{key}/history", get(show))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Some((city, words)) = super::record::sample_words(site) else {
        return Vec::new();
    };
    let Some(kind) = city.kind("terminal") else {
        return Vec::new();
    };
    let visit = sample::visit(site, Uri::from_static("/registers/terminal/T-0001/history"), lang);
    let entry = super::record::sample_entry(kind);
    let version = |number: u64, kind: &str, encrypted: Option<bool>, document: Option<Value>| Version {
        version: number,
        title: entry.title.clone(),
        document: document.map(|mut document| {
            if let Some(place) = document.get_mut("encrypted") {
                *place = json!(encrypted);
            }
            document
        }),
        retired: false,
        at: site.clock().now(),
        kind: kind.to_owned(),
        actor: (kind != "register.import").then(|| "P0120".to_owned()),
        reason: (kind == "entry.update").then(|| json!("ディスクを暗号化したため")),
        leaf: 48_000_u64.saturating_add(number),
    };
    let document = || Some(entry.document.clone());
    let versions = [
        version(5, "entry.restore", Some(true), document()),
        version(4, "entry.update", Some(true), document()),
        version(3, "entry.update", Some(false), document()),
        version(2, "entry.update", None, None),
        version(1, "register.import", None, document()),
    ];
    let page = HistoryPage::new(&visit, (kind, &words), &entry, &versions, &Directory::default());
    vec![Sample::of("register-history", &page)]
}
