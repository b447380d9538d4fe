//! `/documents/{key}/text`: the text of a document is written or revised.

use askama::Template;
use axum::extract::{Path, State as Of};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use model::lang::{Lang, Text};
use service::hall::Refusal;
use service::hall::rights::Verb;
use store::Refused;

use super::REGISTER;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::{Frame, Section};
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/document-text.html")]
struct Form {
    frame: Frame,
    key: String,
    text: String,
    reason: String,
    seen: Option<u64>,
    faults: Vec<Fault>,
}

impl Page for Form {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Form {
    fn new(visit: &Visit, key: &str, title: &str, text: String, seen: Option<u64>) -> Self {
        let frame = visit
            .frame(Text::fixed("本文を書く", "Write the text"), Section::Documents)
            .crumb(Section::Documents.label(), "/documents")
            .crumb(Text::same(title), href::document(key));
        Self {
            frame,
            key: key.to_owned(),
            text,
            reason: String::new(),
            seen,
            faults: Vec::new(),
        }
    }

    fn back(&self) -> String {
        href::document(&self.key)
    }
}

pub(super) async fn form(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
) -> Result<Response, Failure> {
    let of = key.clone();
    let (title, text) = blocking(&site, move |hall| {
        let entry = hall.store().entry(REGISTER, &of)?.ok_or(Refusal::NotFound)?;
        hall.permit_on_document(&visitor, Verb::Update, &entry.document)?;
        Ok((entry.title, hall.text(&of)?))
    })
    .await?;
    let (text, seen) = text.map_or_else(Default::default, |(text, version)| (text, Some(version)));
    Ok(Form::new(&visit, &key, &title, text, seen).show())
}

pub(super) async fn write(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let seen: Option<u64> = sent.value("seen").parse().ok();
    let (of, form) = (key.clone(), sent.clone());
    let done = blocking(&site, move |hall| {
        let entry = hall.store().entry(REGISTER, &of)?.ok_or(Refusal::NotFound)?;
        let reason = Some(form.value("reason"));
        let written = hall.write_text(&visitor, &of, seen, form.value("text"), reason);
        Ok((entry.title, written, hall.text(&of)?))
    });
    let (title, written, current) = done.await?;
    let (fault, status, seen) = match written {
        Ok(_) => return Ok(notice::see(&href::document(&key), Notice::Saved)),
        Err(refusal @ Refusal::Rules(_)) => (refusal.text(), StatusCode::UNPROCESSABLE_ENTITY, seen),
        Err(Refusal::Store(Refused::Conflict { .. })) => {
            let words = Text::fixed(
                "書いている間に、ほかの人が本文を改めました。版の違いを確かめてから、もう一度保存すると、この本文が最新になります。",
                "Somebody else revised the text while you wrote. Look at what changed; when you save again, yours is the latest.",
            );
            (words, StatusCode::CONFLICT, current.map(|(_, version)| version))
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let page = Form {
        reason: sent.value("reason").to_owned(),
        faults: vec![Fault {
            field: "text".to_owned(),
            words: fault,
        }],
        ..Form::new(&visit, &key, &title, sent.value("text").to_owned(), seen)
    };
    Ok(page.show_as(status))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/documents/D-001/text"), lang);
    let title = "見本市情報セキュリティ基本方針";
    let page = || Form::new(&visit, "D-001", title, "第1条 …".to_owned(), Some(2));
    let faulty = Form {
        faults: vec![Fault {
            field: "text".to_owned(),
            words: Text::fixed("本文を入力してください", "enter the text"),
        }],
        ..page()
    };
    vec![
        Sample::of("document-text", &page()),
        Sample::of("document-text-faults", &faulty),
    ]
}
