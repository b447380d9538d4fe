//! What a form of a row sent: it is stored, or the form comes back with everything as it was typed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use register::form::{self, Filled};
use register::{Kind, Words};
use service::hall::acts::Entered;
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};
use store::Refused;

use super::form::{Desk, FormPage, Shown, changeable};
use super::race::{Race, Three};
use super::record::RecordView;
use super::with_kind;
use crate::blocking::blocking;
use crate::failure::Failure;
use crate::href;
use crate::notice::{self, Notice};
use crate::page::Page;
use crate::sent::{Sent, Who};
use crate::site::Site;
use crate::visit::Visit;

/// What became of a form that was sent.
enum Came {
    /// It is stored under this key.
    Stored(String),
    /// It is shown again.
    Again(StatusCode, Box<FormPage>),
}

pub(super) async fn create(
    site: State<Site>,
    who: Who,
    visit: Visit,
    Path(slug): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    send(site, who, visit, (slug, None), sent).await
}

pub(super) async fn change(
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
