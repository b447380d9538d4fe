//! `/documents/{key}`: one document, its text and the versions of it.

use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::Uri;
use axum::response::Response;
use jiff::Timestamp;
use model::lang::{Lang, Text};
use serde_json::Value;
use service::hall::acts::text::text_of;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal, collection};

use super::acknowledge::AcknowledgementView;
use super::{REGISTER, list};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::view::name;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/document.html")]
struct DocumentPage {
    frame: Frame,
    shown: Shown,
}

/// What is shown of a document.
pub(super) struct Shown {
    pub(super) key: String,
    pub(super) title: String,
    kind: Text,
    publicity: Text,
    section: String,
    version: String,
    text: Option<String>,
    versions: Vec<VersionRow>,
    may_write: bool,
    /// Whether it is one to ask publication for.
    is_publishable: bool,
    is_policy: bool,
    published: Option<u64>,
    /// How far it was acknowledged.
    acknowledged: Option<AcknowledgementView>,
}

/// One version of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VersionRow {
    version: u64,
    at: Timestamp,
    by: String,
    reason: Option<String>,
    leaf: u64,
}

impl Page for DocumentPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl DocumentPage {
    fn new(visit: &Visit, shown: Shown) -> Self {
        let frame = visit.frame(Text::same(shown.title.as_str()), Section::Documents);
        Self {
            frame: frame.crumb(Section::Documents.label(), "/documents"),
            shown,
        }
    }

    fn below(&self, name: &str) -> String {
        format!("{}/{name}", href::document(&self.shown.key))
    }

    fn ask(&self, kind: &str) -> String {
        let key = href::segment(&self.shown.key);
        format!(
            "/requests/new?kind={kind}&document={key}&text={key}&version={}",
            href::segment(&self.shown.version)
        )
    }

    fn row(&self) -> String {
        href::entry(REGISTER, &self.shown.key)
    }

    fn is_published(&self, row: &VersionRow) -> bool {
        self.shown.published == Some(row.version)
    }
}

impl VersionRow {
    /// What changed since the version before.
    fn compare(&self, page: &str) -> Option<String> {
        let before = self.version.checked_sub(1).filter(|before| *before > 0)?;
        Some(format!("{page}?from={before}&to={}", self.version))
    }

    fn leaf(&self) -> String {
        href::leaf(self.leaf)
    }
}

pub(super) async fn show(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, Failure> {
    let shown = blocking(&site, move |hall| shown(hall, &visitor, &key)).await?;
    Ok(DocumentPage::new(&visit, shown).show())
}

pub(super) fn shown(hall: &Hall, visitor: &Visitor, key: &str) -> Result<Shown, Refusal> {
    let entry = hall.store().entry(REGISTER, key)?.ok_or(Refusal::NotFound)?;
    let document = &entry.document;
    // That there is such a document is no secret less than what it says.
    hall.permit_on_document(visitor, Verb::Read, document)
        .map_err(|_| Refusal::NotFound)?;
    let text = |field: &str| document.get(field).and_then(Value::as_str).unwrap_or_default();
    let directory = hall.directory();
    let versions = hall.store().versions(collection::TEXT, key)?;
    let current = versions.first().and_then(|version| version.document.as_ref());
    let current = current.map(|document| text_of(document).to_owned());
    let row = |version: store::Version| VersionRow {
        version: version.version,
        at: version.at,
        by: version
            .actor
            .map(|person| name::person(&directory, &person))
            .unwrap_or_default(),
        reason: version.reason.and_then(|reason| reason.as_str().map(str::to_owned)),
        leaf: version.leaf,
    };
    let published = hall.store().entry(collection::PUBLICATION, key)?;
    Ok(Shown {
        key: key.to_owned(),
        title: entry.title.clone(),
        kind: list::word(hall, document, "kind")?,
        publicity: list::word(hall, document, "publicity")?,
        section: name::section(&directory, text("section")),
        version: text("version").to_owned(),
        text: current,
        versions: versions.into_iter().map(row).collect(),
        may_write: hall.permit_on_document(visitor, Verb::Update, document).is_ok(),
        is_publishable: text("kind") != "procedure",
        is_policy: text("kind") == "basic_policy",
        published: published.and_then(|entry| entry.document.get("version")?.as_u64()),
        acknowledged: AcknowledgementView::of(hall, visitor, key)?,
    })
}

fn sample_shown(has_text: bool) -> Shown {
    let at: Timestamp = "2026-11-18T01:12:00Z".parse().unwrap_or_default();
    let row = |version: u64| VersionRow {
        version,
        at,
        by: "見本 花子".to_owned(),
        reason: Some("用語を改めた".to_owned()),
        leaf: 48_200 + version,
    };
    Shown {
        key: "D-001".to_owned(),
        title: "見本市情報セキュリティ基本方針".to_owned(),
        kind: Text::fixed("基本方針", "basic policy"),
        publicity: Text::fixed("公開", "public"),
        section: "情報政策課".to_owned(),
        version: "令和8年4月1日改定".to_owned(),
        text: has_text.then(|| "第1条 この方針は、市が保有する情報資産を守るために定める。\n第2条 …".to_owned()),
        versions: if has_text { vec![row(2), row(1)] } else { Vec::new() },
        may_write: true,
        is_publishable: true,
        is_policy: true,
        published: has_text.then_some(1),
        acknowledged: has_text.then(|| AcknowledgementView {
            done: 398,
            of: 400,
            is_mine: true,
            missing: Some(vec![(
                "市民課".to_owned(),
                vec!["見本 次郎".to_owned(), "見本 三郎".to_owned()],
            )]),
            total_missing: 2,
        }),
    }
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/documents/D-001"), lang);
    vec![
        Sample::of("document", &DocumentPage::new(&visit, sample_shown(true))),
        Sample::of("document-empty", &DocumentPage::new(&visit, sample_shown(false))),
    ]
}
