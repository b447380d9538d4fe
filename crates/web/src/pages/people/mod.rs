//! `/people`: who works here, in which section and roles; absences; invitations and recoveries.

mod list;
mod person;
mod recovery;

use axum::Router;
use axum::routing::{get, post};
use model::lang::Lang;

use crate::page::Sample;
use crate::site::Site;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/people", get(list::list))
        .route("/people/{key}", get(person::show))
        .route("/people/{key}/absences", post(person::set_absence))
        .route("/people/{key}/absences/cancel", post(person::cancel_absence))
        .route("/people/{key}/invitation", post(person::invite))
        .route("/people/{key}/recovery", post(recovery::ask))
        .route("/people/{key}/recovery/decision", post(recovery::decide))
        .route("/people/{key}/administrator", post(person::set_administrator))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let mut samples = list::samples(site, lang);
    samples.extend(person::samples(site, lang));
    samples
}
