//! `/registers/{slug}/bulk`: one field is set in the rows that were chosen in the list.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use model::lang::{Lang, Text};
use register::form::{Filled, Form};
use register::{Cell, FieldKind, KEY, Kind, Words};
use serde_json::Value;
use service::hall::acts::bulk::{Become, Setting};
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};

use super::control::{ControlView, Look};
use super::form::told;
use super::value::ValueView;
use super::with_kind;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::visit::Visit;

/// The page: which field, which value; then what would change.
#[derive(Template)]
#[template(path = "page/register-bulk.html")]
struct BulkPage {
    frame: Frame,
    slug: String,
    action: String,
    keys: Vec<String>,
    step: Step,
    faults: Vec<Fault>,
}

impl Page for BulkPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// How far it is.
enum Step {
    /// A field is chosen among these: path and label.
    Field(Vec<(String, Text)>),
    /// A value is entered.
    Value(Box<ControlView>),
    /// What would change is looked at.
    Look(Box<Looked>),
}

/// What would change.
struct Looked {
    field: String,
    label: Text,
    /// The values as they were sent.
    sent: Vec<String>,
    rows: Vec<Row>,
}

/// One row.
struct Row {
    key: String,
    version: u64,
    title: String,
    before: ValueView,
    after: ValueView,
}

impl BulkPage {
    fn new(visit: &Visit, kind: &Kind, keys: Vec<String>, step: Step) -> Self {
        Self {
            frame: super::frame(visit, Text::fixed("まとめて変える", "Change several rows"), kind),
            action: href::of_register(&kind.slug, "bulk"),
            slug: kind.slug.clone(),
            keys,
            step,
            faults: Vec::new(),
        }
    }

    fn count(&self) -> Text {
        let count = self.keys.len();
        Text::new(format!("選んだ行: {count}件"), format!("rows chosen: {count}"))
    }
}

impl Looked {
    fn button(&self) -> Text {
        let count = self.rows.len();
        Text::new(format!("{count}件を変える"), format!("Change {count} rows"))
    }
}

/// The fields that may be set in several rows at once: not the key, which is one row's own.
fn fields(kind: &Kind) -> Vec<(String, Text)> {
    let fields = kind.fields.iter().filter(|field| field.local || field.name != KEY);
    fields.map(|field| (field.path(), field.label.clone())).collect()
}

/// The control of one field, filled with what was sent.
fn control(
    kind: &Kind,
    words: &Words,
    field: &str,
    sent: &[(String, String)],
    look_up: bool,
    faults: &[register::Fault],
) -> Option<ControlView> {
    let filled = if sent.is_empty() {
        Filled::Nothing
    } else {
        Filled::Submitted { pairs: sent, key: None }
    };
    let form = Form::of(kind, filled, words, faults);
    let control = form.controls.iter().find(|control| control.name == field)?;
    Some(ControlView::new(control, words, look_up.then_some(field)))
}

/// What was sent for a field, as a value.
fn value(kind: &Kind, words: &Words, field: &str, sent: &Sent) -> Result<Value, Vec<register::Fault>> {
    let field = kind.field(field).ok_or_else(Vec::new)?;
    let path = field.path();
    let values: Vec<&str> = sent.values(&path).collect();
    let cell = match (&field.kind, values.as_slice()) {
        (FieldKind::References(_), values) => Cell::text(values.join("\n")),
        (_, [value]) => Cell::from(*value),
        (_, _) => Cell::Empty,
    };
    field.read(&cell, words).map_err(|fault| vec![*fault])
}

async fn begin(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(slug): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let asked = Sent(pairs);
    blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            if !hall.may_somewhere(&visitor, Verb::Update, kind) {
                hall.allow(&visitor, Verb::Update, &hall.register_resource(kind))?;
            }
            let keys: Vec<String> = asked.values("key").map(str::to_owned).collect();
            let chosen = asked.value("field");
            let step = match kind.field(chosen) {
                Some(field) if field.local || field.name != KEY => {
                    let control = hall.with_words(|words| control(kind, words, chosen, &[], false, &[]))?;
                    Step::Value(Box::new(control.ok_or(Refusal::NotFound)?))
                }
                _ => Step::Field(fields(kind)),
            };
            let mut page = BulkPage::new(&visit, kind, keys, step);
            if page.keys.is_empty() {
                page.faults.push(Fault {
                    field: String::new(),
                    words: Text::fixed("行を選んでください", "choose rows"),
                });
                return Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY));
            }
            Ok(page.show())
        })
    })
    .await
}

async fn look(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(slug): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let words = hall.with_words(Words::clone)?;
            let field = sent.value("_field").to_owned();
            let keys: Vec<String> = sent.values("_key").map(str::to_owned).collect();
            let again = |pairs: &[(String, String)], look_up, faults: &[register::Fault], status| {
                let control = control(kind, &words, &field, pairs, look_up, faults).ok_or(Refusal::NotFound)?;
                let mut page = BulkPage::new(&visit, kind, keys.clone(), Step::Value(Box::new(control)));
                page.faults = faults.iter().map(|fault| of_form(fault, kind, &field)).collect();
                Ok(page.show_as(status))
            };
            if let Some((_, row)) = sent.value("_choose").split_once('=') {
                return again(&[(field.clone(), row.to_owned())], false, &[], StatusCode::OK);
            }
            if !sent.value("_look_up").is_empty() {
                return again(&sent.0, true, &[], StatusCode::OK);
            }
            let refused =
                |faults: Vec<register::Fault>| again(&sent.0, false, &faults, StatusCode::UNPROCESSABLE_ENTITY);
            let value = match value(kind, &words, &field, &sent) {
                Ok(value) => value,
                Err(faults) => return refused(faults),
            };
            let setting = Setting {
                register: &slug,
                field: &field,
                value: &value,
            };
            match hall.preview_setting(&visitor, &setting, &keys) {
                Ok(rows) => {
                    let values = sent.values(&field).map(str::to_owned).collect();
                    let looked = looked(kind, &words, (&field, values), &rows, visit.lang).ok_or(Refusal::NotFound)?;
                    Ok(BulkPage::new(&visit, kind, keys.clone(), Step::Look(Box::new(looked))).show())
                }
                Err(Refusal::Faults(faults)) => refused(faults),
                Err(refusal) => Err(refusal),
            }
        })
    })
    .await
}

/// A fault of a row or of the value, at the one control that there is.
fn of_form(fault: &register::Fault, kind: &Kind, field: &str) -> Fault {
    let told = told(fault, kind);
    let field = if told.field == field { told.field } else { String::new() };
    Fault { field, ..told }
}

fn looked(
    kind: &Kind,
    words: &Words,
    (path, sent): (&str, Vec<String>),
    rows: &[Become],
    lang: Lang,
) -> Option<Looked> {
    let field = kind.field(path)?;
    let row = |row: &Become| Row {
        key: row.key.clone(),
        version: row.version,
        title: row.title.clone(),
        before: ValueView::of(field, &row.before, words, lang),
        after: ValueView::of(field, &row.after, words, lang),
    };
    Some(Looked {
        field: path.to_owned(),
        label: field.label.clone(),
        sent,
        rows: rows.iter().map(row).collect(),
    })
}

async fn set(
    State(site): State<Site>,
    Who(visitor): Who,
    Path(slug): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let there = href::register(&slug);
    blocking(&site, move |hall: &Hall| {
        with_kind(hall, &slug, |kind| {
            let field = sent.value("_field");
            let value = hall
                .with_words(|words| value(kind, words, field, &sent))?
                .map_err(Refusal::Faults)?;
            let seen = sent.values("_seen").filter_map(|seen| {
                let (version, key) = seen.split_once(':')?;
                Some((key.to_owned(), version.parse().ok()?))
            });
            let seen: Vec<(String, u64)> = seen.collect();
            let setting = Setting {
                register: &slug,
                field,
                value: &value,
            };
            hall.set_field(&visitor, &setting, &seen, Some(sent.value("_reason")))
        })
    })
    .await?;
    Ok(notice::see(&there, Notice::Saved))
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}/bulk", get(begin).post(look))
        .route("/registers/{slug}/bulk/confirm", post(set))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Some((city, words)) = super::record::sample_words(site) else {
        return Vec::new();
    };
    let Some(kind) = city.kind("terminal") else {
        return Vec::new();
    };
    let visit = sample::visit(site, Uri::from_static("/registers/terminal/bulk"), lang);
    let keys = || vec!["T-0001".to_owned(), "T-0002".to_owned()];
    let entry = super::record::sample_entry(kind);
    let mut after = entry.document.clone();
    if let Some(status) = after.get_mut("status") {
        *status = "repair".into();
    }
    let row = Become {
        key: entry.key,
        title: entry.title,
        version: 3,
        before: entry.document,
        after,
    };
    let page = |step| BulkPage::new(&visit, kind, keys(), step);
    let mut samples = vec![Sample::of("register-bulk-field", &page(Step::Field(fields(kind))))];
    if let Some(control) = control(kind, &words, "status", &[], false, &[]) {
        samples.push(Sample::of("register-bulk-value", &page(Step::Value(Box::new(control)))));
    }
    if let Some(looked) = looked(kind, &words, ("status", vec!["repair".to_owned()]), &[row], lang) {
        samples.push(Sample::of("register-bulk-look", &page(Step::Look(Box::new(looked)))));
    }
    samples
}
