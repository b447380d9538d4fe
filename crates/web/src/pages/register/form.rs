//! `/registers/{slug}/new` and `/registers/{slug}/{key}/edit`: a row as a form.
//!
//! A button of the form may also look up a row that a field refers to (`_look_up`), or take one that was found (`_choose`);
//! then nothing is stored and the form comes back as it was typed.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use model::lang::{Lang, Text};
use register::form::{self, Filled, Form};
use register::{Kind, Words};
use service::hall::acts::Entered;
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};
use store::{Entry, Refused};

use super::control::{ControlView, Look};
use super::detail::is_judged;
use super::race::{Race, Three};
use super::reach::{may_somewhere, readable};
use super::record::RecordView;
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
use crate::site::{Edition, Site};
use crate::visit::Visit;

/// The page.
#[derive(Template)]
#[template(path = "page/register-form.html")]
struct FormPage {
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
struct Desk<'d> {
    visit: &'d Visit,
    kind: &'d Kind,
    words: &'d Words,
    edition: Option<&'d Edition>,
    /// The row that is changed; none for a new one.
    row: Option<&'d Entry>,
}

/// What the form shows beside its fields.
#[derive(Default)]
struct Shown<'s> {
    version: Option<u64>,
    reason: String,
    faults: &'s [register::Fault],
    look_up: Option<&'s str>,
    race: Option<Race>,
}

impl Desk<'_> {
    fn page(&self, filled: Filled<'_>, shown: Shown<'_>) -> FormPage {
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

/// What became of a form that was sent.
enum Came {
    /// It is stored under this key.
    Stored(String),
    /// It is shown again.
    Again(StatusCode, Box<FormPage>),
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
            if !may_somewhere(hall, &visitor, Verb::Create, kind) {
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
fn changeable(hall: &Hall, visitor: &Visitor, kind: &Kind, key: &str) -> Result<Entry, Refusal> {
    let entry = readable(hall, visitor, kind, key)?;
    hall.allow(visitor, Verb::Update, &hall.entry_resource(kind, &entry.document))?;
    if entry.retired_at.is_some() {
        return Err(Refusal::rule(
            "廃止した行は変えられない。先に使用中に戻してください",
            "a retired row cannot be changed; take it into use again first",
        ));
    }
    Ok(entry)
}

async fn create(
    site: State<Site>,
    who: Who,
    visit: Visit,
    Path(slug): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    send(site, who, visit, (slug, None), sent).await
}

async fn change(
    site: State<Site>,
    who: Who,
    visit: Visit,
    Path((slug, key)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Failure> {
    send(site, who, visit, (slug, Some(key)), sent).await
}

async fn send(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    (slug, key): (String, Option<String>),
    sent: Sent,
) -> Result<Response, Failure> {
    let (edition, there, done) = (
        site.edition().ok(),
        slug.clone(),
        if key.is_some() { Notice::Saved } else { Notice::Added },
    );
    let came = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let row = match &key {
                Some(key) => Some(changeable(hall, &visitor, kind, key)?),
                None => None,
            };
            let words = hall.with_words(Words::clone)?;
            let desk = Desk {
                visit: &visit,
                kind,
                words: &words,
                edition: edition.as_deref(),
                row: row.as_ref(),
            };
            taken(hall, &visitor, &desk, &sent)
        })
    });
    match came.await? {
        Came::Stored(key) => Ok(notice::see(&href::entry(&there, &key), done)),
        Came::Again(status, page) => Ok(page.show_as(status)),
    }
}

/// Stores what was sent, or says why not with everything as it was typed.
fn taken(hall: &Hall, visitor: &Visitor, desk: &Desk<'_>, sent: &Sent) -> Result<Came, Refusal> {
    let key = desk.row.map(|row| row.key.as_str());
    let version = sent.value("_version").parse::<u64>().ok().filter(|_| key.is_some());
    let reason = sent.value("_reason").to_owned();
    let again = |status, pairs: &[(String, String)], shown: Shown<'_>| {
        let shown = Shown {
            version,
            reason: reason.clone(),
            ..shown
        };
        Came::Again(status, Box::new(desk.page(Filled::Submitted { pairs, key }, shown)))
    };
    if let Some((name, row)) = sent.value("_choose").split_once('=') {
        let pairs = with_chosen(&sent.0, name, row, desk.kind);
        return Ok(again(StatusCode::OK, &pairs, Shown::default()));
    }
    let look_up = Some(sent.value("_look_up")).filter(|name| !name.is_empty());
    if look_up.is_some() {
        return Ok(again(
            StatusCode::OK,
            &sent.0,
            Shown {
                look_up,
                ..Shown::default()
            },
        ));
    }
    let with_faults = |faults: &[register::Fault]| {
        again(
            StatusCode::UNPROCESSABLE_ENTITY,
            &sent.0,
            Shown {
                faults,
                ..Shown::default()
            },
        )
    };
    let document = match form::read(desk.kind, &sent.0, desk.words, key) {
        Ok(document) => document,
        Err(faults) => return Ok(with_faults(&faults)),
    };
    let entered = Entered {
        register: desk.kind.slug.clone(),
        seen: key.map(|key| (key.to_owned(), version.unwrap_or_default())),
        document,
        reason: Some(reason.clone()),
    };
    match hall.enter(visitor, &entered) {
        Ok(_) => Ok(Came::Stored(desk.kind.key_of(&entered.document).to_owned())),
        Err(Refusal::Faults(faults)) => Ok(with_faults(&faults)),
        Err(Refusal::Store(Refused::Conflict {
            current: Some(current), ..
        })) if key.is_some() => lost(hall, desk, &entered, (current, &reason)),
        // Somebody took the key between the check and the act.
        Err(Refusal::Store(Refused::Conflict { .. })) => Ok(with_faults(&[form::key_taken(
            desk.kind,
            desk.kind.key_of(&entered.document),
        )])),
        Err(refusal) => Err(refusal),
    }
}

/// The form after a lost race: what the other one did, and the visitor's own values over it.
fn lost(hall: &Hall, desk: &Desk<'_>, entered: &Entered, (current, reason): (u64, &str)) -> Result<Came, Refusal> {
    let (Some(row), Some((_, seen))) = (desk.row, &entered.seen) else {
        return Err(Refusal::NotFound);
    };
    let slug = &desk.kind.slug;
    let there = hall
        .store()
        .version(slug, &row.key, current)?
        .ok_or(Refusal::NotFound)?;
    let base = hall
        .store()
        .version(slug, &row.key, *seen)?
        .and_then(|version| version.document);
    let theirs = there.document.clone().ok_or(Refusal::NotFound)?;
    let three = Three {
        base: base.as_ref().unwrap_or(&theirs),
        theirs: &theirs,
        yours: &entered.document,
    };
    let merged = three.merged(desk.kind);
    let race = Race {
        by: Some(RecordView::new(&there, &hall.directory())),
        fields: three.contested(desk.kind, desk.words, desk.visit.lang),
    };
    let shown = Shown {
        version: Some(current),
        reason: reason.to_owned(),
        race: Some(race),
        ..Shown::default()
    };
    let page = desk.page(Filled::Entry(&merged), shown);
    Ok(Came::Again(StatusCode::CONFLICT, Box::new(page)))
}

/// What was sent, with the row that was chosen in its field.
fn with_chosen(pairs: &[(String, String)], name: &str, row: &str, kind: &Kind) -> Vec<(String, String)> {
    let several = kind
        .field(name)
        .is_some_and(|field| matches!(field.kind, register::FieldKind::References(_)));
    let mut chosen: Vec<(String, String)> = pairs.to_vec();
    let at = chosen.iter().position(|(known, _)| known == name);
    let value = match at.and_then(|at| chosen.get(at)) {
        // The last part is what was searched for.
        Some((_, typed)) if several => {
            let typed = typed.replace('；', ";");
            let before = typed.rsplit_once(';').map_or("", |(before, _)| before.trim());
            if before.is_empty() {
                row.to_owned()
            } else {
                format!("{before}; {row}")
            }
        }
        _ => row.to_owned(),
    };
    match at.and_then(|at| chosen.get_mut(at)) {
        Some(pair) => pair.1 = value,
        None => chosen.push((name.to_owned(), value)),
    }
    chosen
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/registers/{slug}/new", get(new).post(create))
        .route("/registers/{slug}/{key}/edit", get(edit).post(change))
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
