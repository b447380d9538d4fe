//! `/requests/new`, `/requests/{number}/edit`: the form of a request.

use std::collections::BTreeMap;

use approval::kind::Kind;
use approval::request::{Content, Event, State};
use askama::Template;
use axum::extract::{Path, Query, State as Of};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use model::lang::{Lang, Text};
use service::hall::acts::LoadedRequest;
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};

use super::control::{self, Choice, Control, FieldView, Typed};
use super::kinds::KindsPage;
use super::show;
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

/// The field of the form that names the request.
const TITLE: &str = "title";

/// The page.
#[derive(Template)]
#[template(path = "page/request-form.html")]
struct Form {
    frame: Frame,
    action: String,
    kind: String,
    title: String,
    title_fault: Option<Text>,
    fields: Vec<FieldView>,
    faults: Vec<Fault>,
    /// The version that is changed; nothing for a new request.
    seen: Option<u64>,
    back: String,
}

impl Page for Form {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What a form is made of, apart from the visit.
struct Filled {
    kind: String,
    kind_title: Text,
    title: String,
    fields: Vec<FieldView>,
    faults: Vec<Fault>,
    /// The request that is changed, in the version that was seen.
    existing: Option<(String, u64)>,
}

impl Form {
    fn new(visit: &Visit, filled: Filled) -> Self {
        let kind = filled.kind_title;
        let frame = visit
            .frame(
                Text::new(format!("{}の申請", kind.ja), format!("Request: {}", kind.en)),
                Section::Requests,
            )
            .crumb(Section::Requests.label(), href::REQUESTS);
        let fault = filled.faults.iter().find(|fault| fault.field == TITLE);
        let title_fault = fault.map(|fault| fault.words.clone());
        let (action, back, frame) = match &filled.existing {
            Some((number, _)) => {
                let page = href::request(number);
                let frame = frame.crumb(Text::same(number.as_str()), page.clone());
                (format!("{page}/edit"), page, frame)
            }
            None => ("/requests/new".to_owned(), href::REQUESTS.to_owned(), frame),
        };
        Self {
            frame,
            action,
            kind: filled.kind,
            title: filled.title,
            title_fault,
            fields: filled.fields,
            faults: filled.faults,
            seen: filled.existing.map(|(_, seen)| seen),
            back,
        }
    }
}

pub(super) async fn new(
    Of(site): Of<Site>,
    Who(_): Who,
    visit: Visit,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let Some(kind) = asked.get("kind").filter(|kind| !kind.is_empty()).cloned() else {
        return Ok(KindsPage::new(&visit, &site.hall()?.request_kinds()).show());
    };
    let filled = blocking(&site, move |hall| {
        let kinds = hall.request_kinds();
        let kind = kinds.get(&kind).ok_or(Refusal::NotFound)?;
        let typed = prefilled(kind, &asked);
        let title = title_of(hall, kind, &typed);
        filled(hall, kind, title, typed, None)
    });
    Ok(Form::new(&visit, filled.await?).show())
}

pub(super) async fn create(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    let (who, form) = (visitor.clone(), sent.clone());
    let done = blocking(&site, move |hall| {
        let kinds = hall.request_kinds();
        let kind = kinds.get(form.value("kind")).ok_or(Refusal::NotFound)?;
        let (content, typed) = match content(hall, kind, &form)? {
            Ok(read) => read,
            Err(filled) => return Ok(Done::Again(filled)),
        };
        if let Some(filled) = unready(hall, kind, &form, &content, typed, None)? {
            return Ok(Done::Again(filled));
        }
        let number = hall.draft_request(&who, &kind.id, content)?;
        submitted(hall, &who, number, &form)
    });
    answer(&site, &visit, &visitor, done.await?).await
}

pub(super) async fn edit(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let filled = blocking(&site, move |hall| {
        let (loaded, kind) = editable(hall, &visitor, &number)?;
        let content = loaded.request.content();
        let typed = control::written(&content.payload);
        let title = content.title.clone();
        filled(hall, &kind, title, typed, Some((number, loaded.version)))
    });
    Ok(Form::new(&visit, filled.await?).show())
}

pub(super) async fn change(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(number): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let (who, form) = (visitor.clone(), sent.clone());
    let done = blocking(&site, move |hall| {
        let (_, kind) = &editable(hall, &who, &number)?;
        let seen = form.value("seen").parse().unwrap_or_default();
        let existing = Some((number.clone(), seen));
        let (content, typed) = match content(hall, kind, &form)? {
            Ok(read) => read,
            Err(filled) => return Ok(Done::Again(Box::new(Filled { existing, ..*filled }))),
        };
        if let Some(filled) = unready(hall, kind, &form, &content, typed, existing)? {
            return Ok(Done::Again(filled));
        }
        hall.act_on_request(&who, &number, seen, Event::Edit(Box::new(content)))?;
        submitted(hall, &who, number, &form)
    });
    answer(&site, &visit, &visitor, done.await?).await
}

/// What a form came to.
enum Done {
    /// It has faults.
    Again(Box<Filled>),
    /// A draft is kept.
    Kept(String),
    /// It waits for its first decision.
    Submitted(String),
    /// It is kept, but was not to be submitted.
    Refused(String, Refusal),
}

async fn answer(site: &Site, visit: &Visit, visitor: &Visitor, done: Done) -> Result<Response, Failure> {
    match done {
        Done::Again(filled) => Ok(Form::new(visit, *filled).show_as(StatusCode::UNPROCESSABLE_ENTITY)),
        Done::Kept(number) => Ok(notice::see(&href::request(&number), Notice::Drafted)),
        Done::Submitted(number) => Ok(notice::see(&href::request(&number), Notice::Submitted)),
        Done::Refused(number, refusal) => show::refused(site, visit, visitor, &number, &refusal, String::new()).await,
    }
}

fn submitted(hall: &Hall, visitor: &Visitor, number: String, form: &Sent) -> Result<Done, Refusal> {
    if form.value("do") != "submit" {
        return Ok(Done::Kept(number));
    }
    let seen = hall.request(&number)?.version;
    match hall.act_on_request(visitor, &number, seen, Event::Submit { comment: None }) {
        Ok(_) => Ok(Done::Submitted(number)),
        Err(refusal @ (Refusal::Request(_) | Refusal::Faults(_) | Refusal::Rules(_))) => {
            Ok(Done::Refused(number, refusal))
        }
        Err(refusal) => Err(refusal),
    }
}

fn editable(hall: &Hall, visitor: &Visitor, number: &str) -> Result<(LoadedRequest, Kind), Refusal> {
    let loaded = hall.request(number)?;
    let request = &loaded.request;
    if request.applicant() != visitor.person {
        return Err(Refusal::NotFound);
    }
    if ![State::Draft, State::Returned].contains(&request.state()) {
        return Err(approval::request::Refusal::NotNow(request.state()).into());
    }
    let kinds = hall.request_kinds();
    let kind = kinds.get(request.kind()).ok_or(Refusal::NotFound)?;
    Ok((loaded, kind.clone()))
}

/// What a form says, or the form again where it cannot be read.
fn content(hall: &Hall, kind: &Kind, form: &Sent) -> Result<Result<(Content, Typed), Box<Filled>>, Refusal> {
    let typed = control::read(hall, kind, form)?;
    let title = form.value(TITLE).trim().to_owned();
    let mut faults = typed.faults.clone();
    if title.is_empty() || title.chars().count() > 200 {
        let words = Text::fixed(
            "件名を200文字以内で入力してください",
            "enter a title of at most 200 characters",
        );
        faults.insert(
            0,
            Fault {
                field: TITLE.to_owned(),
                words,
            },
        );
    }
    if faults.is_empty() {
        let content = Content {
            title,
            payload: typed.payload.clone(),
            ..Content::default()
        };
        return Ok(Ok((content, typed)));
    }
    // Somebody who corrects this should not find out afterwards what else is missing.
    if form.value("do") == "submit" {
        add_faults(hall, kind, &typed, &mut faults)?;
    }
    let typed = Typed { faults, ..typed };
    Ok(Err(Box::new(filled(hall, kind, title, typed, None)?)))
}

/// The form again, where it is to be submitted and lacks something.
fn unready(
    hall: &Hall,
    kind: &Kind,
    form: &Sent,
    content: &Content,
    typed: Typed,
    existing: Option<(String, u64)>,
) -> Result<Option<Box<Filled>>, Refusal> {
    if form.value("do") != "submit" {
        return Ok(None);
    }
    let mut faults = Vec::new();
    add_faults(hall, kind, &typed, &mut faults)?;
    if faults.is_empty() {
        return Ok(None);
    }
    let typed = Typed { faults, ..typed };
    Ok(Some(Box::new(filled(
        hall,
        kind,
        content.title.clone(),
        typed,
        existing,
    )?)))
}

fn add_faults(hall: &Hall, kind: &Kind, typed: &Typed, faults: &mut Vec<Fault>) -> Result<(), Refusal> {
    for found in hall.request_faults(kind, &typed.payload)? {
        if faults.iter().all(|fault| fault.field != found.field) {
            faults.push(Fault {
                field: found.field,
                words: found.message,
            });
        }
    }
    Ok(())
}

fn filled(
    hall: &Hall,
    kind: &Kind,
    title: String,
    typed: Typed,
    existing: Option<(String, u64)>,
) -> Result<Filled, Refusal> {
    Ok(Filled {
        fields: control::fields(hall, kind, &typed, &typed.faults)?,
        kind: kind.id.clone(),
        kind_title: kind.title.clone(),
        title,
        faults: summary(kind, typed.faults),
        existing,
    })
}

/// The faults above the form, each with the name of its field.
fn summary(kind: &Kind, faults: Vec<Fault>) -> Vec<Fault> {
    let told = |fault: Fault| {
        let Some(field) = kind.field(&fault.field) else {
            return fault;
        };
        let words = Text::new(
            format!("{}: {}", field.label.ja, fault.words.ja),
            format!("{}: {}", field.label.en, fault.words.en),
        );
        Fault { words, ..fault }
    };
    faults.into_iter().map(told).collect()
}

/// What an address already says: `?kind=exception&duty=…&register=…&key=…`.
fn prefilled(kind: &Kind, asked: &BTreeMap<String, String>) -> Typed {
    let mut typed = Typed::default();
    for field in &kind.fields {
        let by_key = || {
            let names_row = match &field.kind {
                approval::kind::FieldKind::Reference { register } => asked.get("register") == Some(register),
                _ => field.name == "subject",
            };
            asked.get("key").filter(|_| names_row)
        };
        if let Some(value) = asked.get(&field.name).or_else(by_key) {
            typed.raw.insert(field.name.clone(), value.chars().take(200).collect());
        }
    }
    typed
}

fn title_of(hall: &Hall, kind: &Kind, typed: &Typed) -> String {
    let duty = kind.fields.iter().find(|field| control::is_duty(kind, field));
    let named = duty.and_then(|field| typed.raw.get(&field.name));
    let duty = named.and_then(|named| {
        let snapshot = hall.snapshot()?;
        let (duty, _) = snapshot.duty(snapshot.position(named)?)?;
        Some(format!("{}: {}", kind.title.ja, duty.title.ja))
    });
    duty.unwrap_or_default()
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/requests/new?kind=exception"), lang);
    let Ok(kinds) = approval::kind::Kinds::shipped() else {
        return Vec::new();
    };
    let Some(kind) = kinds.get("exception") else {
        return Vec::new();
    };
    let form = |faulty: bool| {
        let fault = |field: &str| {
            let words = Text::fixed("入力してください", "must be filled in");
            (faulty && field == "measures").then_some(words)
        };
        let fields = kind.fields.iter().map(|field| FieldView {
            name: field.name.clone(),
            label: field.label.clone(),
            help: field.help.clone(),
            needed: field.required,
            control: sample_control(&field.name),
            value: if field.name == "reason" {
                "認証装置の修理に二週間かかる。".to_owned()
            } else {
                String::new()
            },
            fault: fault(&field.name),
        });
        let faults = kind.fields.iter().filter_map(|field| {
            let words = fault(&field.name)?;
            Some(Fault {
                field: field.name.clone(),
                words,
            })
        });
        Form::new(
            &visit,
            Filled {
                kind: kind.id.clone(),
                kind_title: kind.title.clone(),
                title: "窓口端末の認証装置の故障による例外措置".to_owned(),
                fields: fields.collect(),
                faults: summary(kind, faults.collect()),
                existing: faulty.then(|| ("2026-00012".to_owned(), 3)),
            },
        )
    };
    vec![
        Sample::of("request-new", &form(false)),
        Sample::of("request-edit-faults", &form(true)),
    ]
}

fn sample_control(name: &str) -> Control {
    let choice = |value: &str, ja: &'static str, en: &'static str| Choice {
        value: value.to_owned(),
        label: Text::fixed(ja, en),
    };
    match name {
        "duty" => Control::Choose(vec![choice(
            "resilience.mynumber.authentication",
            "二要素認証",
            "two-factor authentication",
        )]),
        "register" => Control::Suggest(vec![choice("terminal", "端末", "terminals")]),
        "reason" | "measures" => Control::Area,
        "expires_on" => Control::Date,
        _ => Control::Line,
    }
}
