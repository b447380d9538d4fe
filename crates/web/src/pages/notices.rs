//! `/notices`: what the visitor was told, and whether they have read it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use model::lang::{Lang, Text};
use service::hall::notices::{Kept, Link, kinds};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/notices.html")]
struct Notices {
    frame: Frame,
    rows: Vec<Row>,
}

/// One notice.
struct Row {
    key: String,
    kind: Text,
    title: Text,
    href: String,
    at: Timestamp,
    is_unread: bool,
}

impl Page for Notices {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Notices {
    fn new(visit: &Visit, rows: Vec<Row>) -> Self {
        Self {
            frame: visit.frame(Text::fixed("お知らせ", "Notices"), None),
            rows,
        }
    }

    fn unread(&self) -> usize {
        self.rows.iter().filter(|row| row.is_unread).count()
    }

    fn count(&self) -> Text {
        let unread = self.unread();
        Text::new(format!("未読 {unread}件"), format!("{unread} unread"))
    }
}

impl Row {
    fn of(kept: Kept) -> Self {
        let Kept { key, notice, .. } = kept;
        // A kind of a later version, seen after an older one was put back, has no label here.
        let kind = kinds::of(&notice.kind).map(|kind| kind.label.clone());
        Self {
            key,
            kind: kind.unwrap_or_default(),
            title: notice.title,
            href: href::link(&notice.link),
            at: notice.at,
            is_unread: notice.read_at.is_none(),
        }
    }
}

async fn show(State(site): State<Site>, Who(visitor): Who, visit: Visit) -> Result<Response, Failure> {
    let kept = blocking(&site, move |hall| hall.notices_of(&visitor.person)).await?;
    Ok(Notices::new(&visit, kept.into_iter().map(Row::of).collect()).show())
}

/// Marks a notice as read and leads to what it is about. A form, not a link: no other site can mark it.
async fn open(State(site): State<Site>, Who(visitor): Who, sent: Sent) -> Result<Response, Failure> {
    let key = sent.value("key").to_owned();
    let read = blocking(&site, move |hall| hall.read_notices(&visitor.person, Some(&key))).await?;
    let read = read.ok_or(Failure::NotFound)?;
    Ok(Redirect::to(&href::link(&read.link)).into_response())
}

async fn read_all(State(site): State<Site>, Who(visitor): Who, _: Sent) -> Result<Response, Failure> {
    blocking(&site, move |hall| hall.read_notices(&visitor.person, None)).await?;
    Ok(notice::see(href::NOTICES, Notice::Read))
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(href::NOTICES, get(show))
        .route("/notices/open", post(open))
        .route("/notices/read", post(read_all))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static(href::NOTICES), lang);
    let row = |kind: &kinds::Kind, title, link: &Link, is_unread| Row {
        key: kind.word.to_owned(),
        kind: kind.label.clone(),
        title,
        href: href::link(link),
        at: site.clock().now(),
        is_unread,
    };
    let request = Link::Request("2026-00012".to_owned());
    let rows = vec![
        row(
            &kinds::waiting::KIND,
            Text::fixed(
                "「窓口端末の例外措置」があなたの決裁を待っています",
                "`窓口端末の例外措置` waits for your decision",
            ),
            &request,
            true,
        ),
        row(
            &kinds::finding::KIND,
            Text::fixed(
                "「端末の暗号化」に新しい指摘が1件あります",
                "1 new findings: terminals are encrypted",
            ),
            &Link::Row("terminal".to_owned(), "T-0012".to_owned()),
            true,
        ),
        row(
            &kinds::decided::KIND,
            Text::fixed("「例規集の公開」が承認されました", "`例規集の公開` was approved"),
            &request,
            false,
        ),
    ];
    vec![
        Sample::of("notices", &Notices::new(&visit, rows)),
        Sample::of("notices-none", &Notices::new(&visit, Vec::new())),
    ]
}
