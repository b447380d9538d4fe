//! `/documents`: what the city laid down in writing.

use askama::Template;
use axum::extract::{Query, State as Of};
use axum::http::Uri;
use axum::response::Response;
use model::lang::{Lang, Text};
use serde::Deserialize;
use serde_json::Value;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal, collection};

use super::REGISTER;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::page::{Page, Sample};
use crate::part::Pages;
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::view::name;
use crate::visit::Visit;

/// Documents a page.
const SIZE: usize = 100;

/// The page.
#[derive(Template)]
#[template(path = "page/documents.html")]
struct List {
    frame: Frame,
    asked: String,
    rows: Vec<Row>,
    pages: Pages,
}

/// One document.
struct Row {
    href: String,
    title: String,
    key: String,
    kind: Text,
    publicity: Text,
    section: String,
    version: String,
    has_text: bool,
}

impl Page for List {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    from: usize,
}

pub(super) async fn list(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let frame = visit.frame(Section::Documents.label(), Section::Documents);
    let page = blocking(&site, move |hall| read(hall, &visitor, frame, asked)).await?;
    Ok(page.show())
}

fn read(hall: &Hall, visitor: &Visitor, frame: Frame, asked: Asked) -> Result<List, Refusal> {
    let query = store::Query {
        search: asked.q.clone(),
        sort: store::Sort::Key,
        limit: 5_000,
        ..store::Query::of(REGISTER)
    };
    let mut entries = hall.store().list(&query)?.rows;
    // What somebody may not read is not in their list.
    entries.retain(|entry| hall.permit_on_document(visitor, Verb::Read, &entry.document).is_ok());
    let from = asked.from.min(entries.len());
    let mut rows = Vec::new();
    for entry in entries.iter().skip(from).take(SIZE) {
        rows.push(row(hall, entry)?);
    }
    let q = href::segment(&asked.q);
    Ok(List {
        frame,
        pages: Pages::new(from, rows.len(), entries.len(), SIZE, |from| {
            format!("/documents?q={q}&from={from}")
        }),
        rows,
        asked: asked.q,
    })
}

fn row(hall: &Hall, entry: &store::Entry) -> Result<Row, Refusal> {
    let text = |field: &str| entry.document.get(field).and_then(Value::as_str).unwrap_or_default();
    Ok(Row {
        href: href::document(&entry.key),
        title: entry.title.clone(),
        key: entry.key.clone(),
        kind: word(hall, &entry.document, "kind")?,
        publicity: word(hall, &entry.document, "publicity")?,
        section: name::section(&hall.directory(), text("section")),
        version: text("version").to_owned(),
        has_text: hall.store().entry(collection::TEXT, &entry.key)?.is_some(),
    })
}

/// A field of a document as people read it.
pub(super) fn word(hall: &Hall, document: &Value, field: &str) -> Result<Text, Refusal> {
    let city = hall.city().ok_or(Refusal::NoCity)?;
    let field = city.kind(REGISTER).and_then(|kind| kind.field(field));
    let Some((field, value)) = field.and_then(|field| Some((field, document.get(&field.name)?))) else {
        return Ok(Text::default());
    };
    hall.with_words(|words| {
        let say = |lang| field.display(value, words, lang).text(lang).into_owned();
        Text::new(say(Lang::Ja), say(Lang::En))
    })
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/documents"), lang);
    let row = |key: &str, title: &str, kind: Text, publicity: Text, has_text| Row {
        href: href::document(key),
        title: title.to_owned(),
        key: key.to_owned(),
        kind,
        publicity,
        section: "情報政策課".to_owned(),
        version: "令和8年4月1日改定".to_owned(),
        has_text,
    };
    let public = || Text::fixed("公開", "public");
    let page = List {
        frame: visit.frame(Section::Documents.label(), Section::Documents),
        asked: String::new(),
        rows: vec![
            row(
                "D-001",
                "見本市情報セキュリティ基本方針",
                Text::fixed("基本方針", "basic policy"),
                public(),
                true,
            ),
            row(
                "D-002",
                "見本市情報セキュリティ対策基準",
                Text::fixed("対策基準", "standard"),
                Text::fixed("庁内", "internal"),
                false,
            ),
        ],
        pages: Pages::new(0, 2, 2, SIZE, |_| String::new()),
    };
    vec![Sample::of("documents", &page)]
}
