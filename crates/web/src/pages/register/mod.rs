//! `/registers`: the registers, their rows, and all that is done with them.
//!
//! One file a page. None of them knows a register: what they show comes from its [`Kind`], so that a register that a city
//! defined has the same pages as one of ours.

mod address;
mod bulk;
mod control;
mod detail;
mod export;
mod form;
mod history;
mod import;
mod index;
mod kept;
mod list;
mod narrow;
mod race;
mod record;
mod retire;
mod submit;
mod value;

use axum::Router;
use model::lang::{Lang, Text};
use register::Kind;
use service::hall::{Hall, Refusal};

use crate::frame::{Frame, Section};
use crate::href;
use crate::page::Sample;
use crate::site::Site;
use crate::visit::Visit;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .merge(index::routes())
        .merge(list::routes())
        .merge(kept::routes())
        .merge(export::routes())
        .merge(import::routes())
        .merge(bulk::routes())
        .merge(form::routes())
        .merge(detail::routes())
        .merge(history::routes())
        .merge(retire::routes())
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let mut samples = index::samples(site, lang);
    samples.extend(list::samples(site, lang));
    samples.extend(import::samples(site, lang));
    samples.extend(bulk::samples(site, lang));
    samples.extend(form::samples(site, lang));
    samples.extend(detail::samples(site, lang));
    samples.extend(history::samples(site, lang));
    samples
}

/// The frame of a page about one register.
fn frame(visit: &Visit, title: Text, kind: &Kind) -> Frame {
    visit
        .frame(title, Section::Registers)
        .crumb(Section::Registers.label(), Section::Registers.href())
        .crumb(kind.label.clone(), href::register(&kind.slug))
}

/// The frame of a page about one row.
fn frame_of_row(visit: &Visit, title: Text, kind: &Kind, key: &str) -> Frame {
    frame(visit, title, kind).crumb(Text::same(key), href::entry(&kind.slug, key))
}

/// A register of the living city.
fn with_kind<T>(hall: &Hall, slug: &str, work: impl FnOnce(&Kind) -> Result<T, Refusal>) -> Result<T, Refusal> {
    let city = hall.city().ok_or(Refusal::NoCity)?;
    work(city.kind(slug).ok_or(Refusal::NotFound)?)
}
