//! `/people`: who works here, in which section and roles; absences; invitations and recoveries; transfers.

mod elsewhere;
mod list;
mod person;
mod recovery;
mod step;
mod transfer;
mod transfers;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use model::lang::Lang;
use service::hall::acts::import::UPLOAD_BYTES;

use crate::page::Sample;
use crate::site::Site;

/// What a form holds beside its file, in bytes.
const BESIDE: usize = 64 << 10;

pub(super) fn routes() -> Router<Site> {
    let sheet = DefaultBodyLimit::max(UPLOAD_BYTES.saturating_add(BESIDE));
    Router::new()
        .route("/people", get(list::list))
        .route(
            "/people/transfers",
            get(transfers::list).post(transfers::draft).layer(sheet),
        )
        .route("/people/transfers/template", get(transfers::template))
        .route("/people/transfers/confirm", post(transfers::confirm))
        .route("/people/transfers/{number}", get(transfer::show))
        .route("/people/transfers/{number}/cancel", post(transfer::cancel))
        .route("/people/{key}", get(person::show))
        .route("/people/{key}/absences", post(person::set_absence))
        .route("/people/{key}/absences/cancel", post(person::cancel_absence))
        .route("/people/{key}/invitation", post(person::invite))
        .route("/people/{key}/elsewhere/forget", post(elsewhere::forget))
        .route("/people/{key}/recovery", post(recovery::ask))
        .route("/people/{key}/recovery/decision", post(recovery::decide))
        .route("/people/{key}/administrator", post(person::set_administrator))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let mut samples = list::samples(site, lang);
    samples.extend(person::samples(site, lang));
    samples.extend(transfers::samples(site, lang));
    samples.extend(transfer::samples(site, lang));
    samples
}
