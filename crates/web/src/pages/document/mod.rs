//! `/documents`: the city's documents, their texts, and what changed between two versions.

mod acknowledge;
mod compare;
mod list;
mod show;
mod write;

use axum::Router;
use axum::routing::{get, post};
use model::lang::Lang;

use crate::page::Sample;
use crate::site::Site;

/// The register of documents.
const REGISTER: &str = "document";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/documents", get(list::list))
        .route("/documents/{key}", get(show::show))
        .route("/documents/{key}/acknowledgement", post(acknowledge::acknowledge))
        .route("/documents/{key}/compare", get(compare::compare))
        .route("/documents/{key}/text", get(write::form).post(write::write))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let mut samples = list::samples(site, lang);
    samples.extend(show::samples(site, lang));
    samples.extend(compare::samples(site, lang));
    samples.extend(write::samples(site, lang));
    samples
}
