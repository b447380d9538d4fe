//! `/registers/{slug}/{key}`: one row, with all that is known about it.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use jiff::civil::Date;
use model::lang::{Lang, Text};
use policy::judge::Standing;
use register::form::{Filled, Form};
use register::{Kind, Words};
use service::hall::entrance::sessions::Visitor;
use service::hall::rights::Verb;
use service::hall::{Hall, Refusal};
use service::standing::Snapshot;
use store::Entry;

use super::record::RecordView;
use super::value::ValueView;
use super::with_kind;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::{Edition, Site};
use crate::visit::Visit;

/// The most rows that are named as referring to one.
const REFERRERS: usize = 50;

/// The page.
#[derive(Template)]
#[template(path = "page/register-detail.html")]
struct DetailPage {
    frame: Frame,
    title: String,
    retired_at: Option<Timestamp>,
    groups: Vec<Group>,
    findings: Vec<Found>,
    referrers: Vec<Referring>,
    has_more: bool,
    record: Option<RecordView>,
    edit: Option<String>,
    retire: Option<String>,
    restore: Option<String>,
    history: String,
}

impl Page for DetailPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Fields under one heading.
struct Group {
    heading: Text,
    fields: Vec<(Text, ValueView)>,
}

/// What a duty finds in the row.
struct Found {
    standing: Standing,
    duty: Text,
    href: String,
    reason: Text,
    remedy: Text,
    since: Option<Date>,
    edit: Option<String>,
    exception: Option<String>,
}

/// A row that refers to this one.
struct Referring {
    register: Text,
    field: Text,
    words: String,
    href: String,
    is_retired: bool,
}

/// What the visitor may do with the row.
#[derive(Debug, Clone, Copy)]
struct May {
    update: bool,
    retire: bool,
}

impl DetailPage {
    fn new(visit: &Visit, (kind, words): (&Kind, &Words), entry: &Entry, edition: Option<&Edition>, may: May) -> Self {
        let (slug, key) = (kind.slug.as_str(), entry.key.as_str());
        let in_use = entry.retired_at.is_none();
        let findings = edition.map(|edition| findings(&edition.snapshot, entry, may));
        Self {
            frame: super::frame(visit, Text::same(title(entry)), kind),
            title: title(entry),
            retired_at: entry.retired_at,
            groups: groups(kind, words, entry, edition, visit.lang),
            findings: findings.unwrap_or_default(),
            referrers: Vec::new(),
            has_more: false,
            record: None,
            edit: (may.update && in_use).then(|| href::edit(slug, key, None)),
            retire: (may.retire && in_use).then(|| href::of_entry(slug, key, "retire")),
            restore: (may.retire && !in_use).then(|| href::of_entry(slug, key, "restore")),
            history: href::of_entry(slug, key, "history"),
        }
    }
}

/// What a page about a row is called: its title, with its key where that says more.
pub(super) fn title(entry: &Entry) -> String {
    if entry.title.is_empty() || entry.title == entry.key {
        entry.key.clone()
    } else {
        format!("{} {}", entry.key, entry.title)
    }
}

fn groups(kind: &Kind, words: &Words, entry: &Entry, edition: Option<&Edition>, lang: Lang) -> Vec<Group> {
    let form = Form::of(kind, Filled::Entry(&entry.document), words, &[]);
    let groups = form.groups(|name| edition.is_some_and(|edition| is_judged(edition, kind, name)));
    let group = |group: &register::form::Group<'_>| Group {
        heading: group.heading.clone(),
        fields: group
            .controls
            .iter()
            .filter_map(|control| {
                let field = kind.field(&control.name)?;
                Some((field.label.clone(), ValueView::of(field, &entry.document, words, lang)))
            })
            .collect(),
    };
    groups.iter().map(group).collect()
}

/// Whether some duty looks at a field.
pub(super) fn is_judged(edition: &Edition, kind: &Kind, name: &str) -> bool {
    let own = href::register(&kind.slug);
    let mut duties = edition.policy.duties.iter();
    duties.any(|duty| {
        let register = duty.proof.register.as_ref();
        register.is_some_and(|register| register.href == own)
            && duty
                .expression
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == name)
    })
}

fn findings(snapshot: &Snapshot, entry: &Entry, may: May) -> Vec<Found> {
    let positions = 0..snapshot.duties.len();
    let duties = positions.filter_map(|position| snapshot.duty(position));
    let found = duties.flat_map(|(duty, state)| {
        let mine = state.findings.iter().filter(|finding| {
            let place = finding.place.as_ref();
            place.is_some_and(|place| place.register == entry.register && place.key.as_deref() == Some(&entry.key))
        });
        mine.map(|finding| {
            let place = finding.place.as_ref();
            Found {
                standing: finding.standing,
                duty: duty.title.clone(),
                href: href::duty(&duty.id),
                reason: finding.reason.clone(),
                remedy: duty.remedy.clone(),
                since: finding.since,
                edit: place.filter(|_| may.update).map(href::place),
                exception: (finding.standing != Standing::Excepted).then(|| href::exception(&duty.id, place)),
            }
        })
    });
    found.collect()
}

/// The rows that refer to a row, as far as the visitor may read them; whether there are more.
fn referring(hall: &Hall, visitor: &Visitor, entry: &Entry) -> Result<(Vec<Referring>, bool), Refusal> {
    let city = hall.city().ok_or(Refusal::NoCity)?;
    let referrers = hall
        .store()
        .referring(&entry.register, &entry.key, REFERRERS.saturating_add(1))?;
    let has_more = referrers.len() > REFERRERS;
    let mut shown = Vec::new();
    for referrer in referrers.into_iter().take(REFERRERS) {
        let Some(kind) = city.kind(&referrer.register) else {
            continue;
        };
        let Some(row) = hall.store().entry(&referrer.register, &referrer.key)? else {
            continue;
        };
        if !hall.may(visitor, Verb::Read, kind, &row.document) {
            continue;
        }
        let field = kind.field(&referrer.field).map(|field| field.label.clone());
        shown.push(Referring {
            register: kind.label.clone(),
            field: field.unwrap_or_else(|| Text::same(&referrer.field)),
            words: title(&row),
            href: href::entry(&referrer.register, &referrer.key),
            is_retired: referrer.retired,
        });
    }
    Ok((shown, has_more))
}

async fn show(
    State(site): State<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path((slug, key)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let edition = site.edition().ok();
    let page = blocking(&site, move |hall| {
        with_kind(hall, &slug, |kind| {
            let entry = hall.readable(&visitor, kind, &key)?;
            let may = May {
                update: hall.may(&visitor, Verb::Update, kind, &entry.document),
                retire: hall.may(&visitor, Verb::Retire, kind, &entry.document),
            };
            let version = hall.store().version(&slug, &key, entry.version)?;
            let (referrers, has_more) = referring(hall, &visitor, &entry)?;
            let page =
                hall.with_words(|words| DetailPage::new(&visit, (kind, words), &entry, edition.as_deref(), may))?;
            Ok(DetailPage {
                record: version.map(|version| RecordView::new(&version, &hall.directory())),
                referrers,
                has_more,
                ..page
            })
        })
    });
    Ok(page.await?.show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/registers/{slug}/{key}", get(show))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let Some((city, words)) = super::record::sample_words(site) else {
        return Vec::new();
    };
    let (Some(kind), Ok(edition)) = (city.kind("terminal"), site.edition()) else {
        return Vec::new();
    };
    let visit = sample::visit(site, Uri::from_static("/registers/terminal/T-0001"), lang);
    let mut entry = super::record::sample_entry(kind);
    let may = May {
        update: true,
        retire: true,
    };
    let finding = edition.snapshot.duties.iter().flat_map(|duty| &duty.findings);
    let places = finding.filter_map(|finding| finding.place.as_ref());
    let found = places
        .filter(|place| place.register == "terminal")
        .find_map(|place| place.key.clone());
    entry.key = found.unwrap_or(entry.key);
    let full = DetailPage {
        record: Some(super::record::sample_record(site.clock().now())),
        referrers: vec![Referring {
            register: Text::fixed("持出し", "taken out"),
            field: Text::fixed("端末", "terminal"),
            words: "K-0012".to_owned(),
            href: href::entry("take_out", "K-0012"),
            is_retired: true,
        }],
        has_more: true,
        ..DetailPage::new(&visit, (kind, &words), &entry, Some(&edition), may)
    };
    entry.retired_at = Some(site.clock().now());
    let retired = DetailPage::new(&visit, (kind, &words), &entry, None, may);
    vec![
        Sample::of("register-detail", &full),
        Sample::of("register-detail-retired", &retired),
    ]
}
