//! `/registers/{slug}/new` and `/registers/{slug}/{key}/edit`: a row as a form.
//!
//! A button of the form may also look up a row that a field refers to (`_look_up`), or take one that was found (`_choose`);
//! then nothing is stored and the form comes back as it was typed.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};
use register::form::{self, Filled, Form};
use register::{Kind, Words};
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};
use store::Entry;

use super::control::{ControlView, Look};
use super::detail::is_judged;
use super::race::{Race, Three};
use super::value::ValueView;
use super::{submit, with_kind};
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::part::Fault;
use crate::sample;
use crate::sent::Who;
use crate::site::{Edition, Site};
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/register-form.html")]
pub(super) struct FormPage {
    frame: Frame,
    action: String,
    groups: Vec<Group>,
    faults: Vec<Fault>,
    /// The version that the form began with; none for a new row.
    version: Option<u64>,
    reason: String,
    race: Option<Race>,
    /// Where to go instead.
    back: String,
}

impl Page for FormPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Controls under one heading.
struct Group {
    heading: Text,
    controls: Vec<ControlView>,
}

/// What the form of a row is made of.
pub(super) struct Desk<'d> {
    pub(super) visit: &'d Visit,
    pub(super) kind: &'d Kind,
    pub(super) words: &'d Words,
    pub(super) edition: Option<&'d Edition>,
    /// The row that is changed; none for a new one.
    pub(super) row: Option<&'d Entry>,
}

/// What the form shows beside its fields.
#[derive(Default)]
pub(super) struct Shown<'s> {
    pub(super) version: Option<u64>,
    pub(super) reason: String,
    pub(super) faults: &'s [register::Fault],
    pub(super) look_up: Option<&'s str>,
    pub(super) race: Option<Race>,
}

impl Desk<'_> {
    pub(super) fn page(&self, filled: Filled<'_>, shown: Shown<'_>) -> FormPage {
        let (kind, slug) = (self.kind, self.kind.slug.as_str());
        let form = Form::of(kind, filled, self.words, shown.faults);
        let groups = form.groups(|name| self.edition.is_some_and(|edition| is_judged(edition, kind, name)));
        let control = |control: &&form::Control| ControlView::new(control, self.words, shown.look_up);
        let (frame, action, back) = match self.row {
            Some(row) => (
                super::frame_of_row(self.visit, Text::fixed("変更する", "Change"), kind, &row.key),
                href::edit(slug, &row.key, None),
                href::entry(slug, &row.key),
            ),
            None => (
                super::frame(self.visit, Text::fixed("新しく登録する", "Add a row"), kind),
                href::of_register(slug, "new"),
                href::register(slug),
            ),
        };
        let groups = groups.iter().map(|group| Group {
            heading: group.heading.clone(),
            controls: group.controls.iter().map(control).collect(),
        });
        FormPage {
            frame,
            action,
            back,
            groups: groups.collect(),
            faults: shown.faults.iter().map(|fault| told(fault, kind)).collect(),
            version: shown.version,
            reason: shown.reason,
            race: shown.race,
        }
    }
}

impl FormPage {
    /// The register or the row that the form is about.
    fn about(&self) -> Text {
        self.frame
            .crumbs
            .last()
            .map(|crumb| crumb.label.clone())
            .unwrap_or_default()
    }
}

/// A fault as the summary tells it, with a link to its control.
pub(super) fn told(fault: &register::Fault, kind: &Kind) -> Fault {
    let field = fault.field.as_deref().filter(|field| kind.field(field).is_some());
    let words = match &fault.label {
        Some(label) => Text::new(
            format!("{}: {}", label.ja, fault.message.ja),
            format!("{}: {}", label.en, fault.message.en),
        ),
        None => fault.message.clone(),
    };
    Fault {
        field: field.unwrap_or_default().to_owned(),
        words,
    }
}

async fn new(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(slug): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let edition = site.edition().ok();
    let page = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            if !hall.may_somewhere(&visitor, Verb::Create, kind) {
                hall.allow(&visitor, Verb::Create, &hall.register_resource(kind))?;
            }
            // A link may begin the form: an exception for a duty, a drill for a plan.
            let begun: Vec<(String, String)> = pairs
                .into_iter()
                .filter(|(name, _)| kind.field(name).is_some())
                .collect();
            let filled = if begun.is_empty() {
                Filled::Nothing
            } else {
                Filled::Submitted {
                    pairs: &begun,
                    key: None,
                }
            };
            hall.with_words(|words| {
                let desk = Desk {
                    visit: &visit,
                    kind,
                    words,
                    edition: edition.as_deref(),
                    row: None,
                };
                desk.page(filled, Shown::default())
            })
        })
    });
    Ok(page.await?.show())
}

async fn edit(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path((slug, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let edition = site.edition().ok();
    let page = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let entry = changeable(hall, &visitor, kind, &key)?;
            hall.with_words(|words| {
                let desk = Desk {
                    visit: &visit,
                    kind,
                    words,
                    edition: edition.as_deref(),
                    row: Some(&entry),
                };
                let shown = Shown {
                    version: Some(entry.version),
                    ..Shown::default()
                };
                desk.page(Filled::Entry(&entry.document), shown)
            })
        })
    });
    Ok(page.await?.show())
}

/// A row that the visitor may change.
pub(super) fn changeable(hall: &Hall, visitor: &Visitor, kind: &Kind, key: &str) -> Result<Entry, Refusal> {
    let entry = hall.readable(visitor, kind, key)?;
    hall.allow(visitor, Verb::Update, &hall.entry_resource(kind, &entry.document))?;
    if entry.retired_at.is_some() {
        return Err(Refusal::rule(
            "廃止した行は変えられない。先に使用中に戻してください",
            "a retired row cannot be changed; take it into use again first",
        ));
    }
    Ok(entry)
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}/new", get(new).post(submit::create))
        .route("/registers/{slug}/{key}/edit", get(edit).post(submit::change))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Some((city, words)) = super::record::sample_words(site) else {
        return Vec::new();
    };
    let (Some(kind), Ok(edition)) = (city.kind("terminal"), site.edition()) else {
        return Vec::new();
    };
    let entry = super::record::sample_entry(kind);
    let visit = sample::visit(site, Uri::from_static("/registers/terminal/new"), lang);
    let desk = |row| Desk {
        visit: &visit,
        kind,
        words: &words,
        edition: Some(&edition),
        row,
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let typed = vec![
        pair("code", ""),
        pair("factors", "二つ"),
        pair("user", "見本"),
        pair("patched_on", "R8.13.1"),
    ];
    let faults = form::read(kind, &typed, &words, None).err().unwrap_or_default();
    let submitted = Filled::Submitted {
        pairs: &typed,
        key: None,
    };
    let mut theirs = entry.document.clone();
    if let Some(os) = theirs.get_mut("os") {
        *os = "Windows 11 25H2".into();
    }
    let three = Three {
        base: &entry.document,
        theirs: &theirs,
        yours: &entry.document,
    };
    let race = Race {
        by: Some(super::record::sample_record(site.clock().now())),
        fields: three.contested(kind, &words, lang),
    };
    let raced = Shown {
        version: Some(4),
        race: Some(race),
        reason: "棚卸し".to_owned(),
        ..Shown::default()
    };
    let edited = Shown {
        version: Some(3),
        ..Shown::default()
    };
    vec![
        Sample::of("register-form", &desk(None).page(Filled::Nothing, Shown::default())),
        Sample::of(
            "register-form-faults",
            &desk(None).page(
                submitted,
                Shown {
                    faults: &faults,
                    ..Shown::default()
                },
            ),
        ),
        Sample::of(
            "register-form-look-up",
            &desk(None).page(
                submitted,
                Shown {
                    look_up: Some("user"),
                    ..Shown::default()
                },
            ),
        ),
        Sample::of(
            "register-form-edit",
            &desk(Some(&entry)).page(Filled::Entry(&entry.document), edited),
        ),
        Sample::of(
            "register-form-race",
            &desk(Some(&entry)).page(Filled::Entry(&theirs), raced),
        ),
    ]
}
