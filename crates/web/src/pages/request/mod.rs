//! `/requests`: asking, deciding, and the record of it.

pub(crate) mod control;
mod draft;
mod kinds;
mod line;
mod list;
mod print;
pub(crate) mod row;
mod show;
mod step;

use axum::Router;
use axum::routing::get;
use model::lang::Lang;

use crate::href;
use crate::page::Sample;
use crate::site::Site;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(href::REQUESTS, get(list::list))
        .route("/requests/new", get(draft::new).post(draft::create))
        .route("/requests/{number}", get(show::show).post(show::act))
        .route("/requests/{number}/edit", get(draft::edit).post(draft::change))
        .route("/requests/{number}/print", get(print::print))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let mut samples = list::samples(site, lang);
    samples.extend(kinds::samples(site, lang));
    samples.extend(draft::samples(site, lang));
    samples.extend(show::samples(site, lang));
    samples.extend(print::samples(site, lang));
    samples
}
