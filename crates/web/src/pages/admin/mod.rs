//! `/admin`: what the city decided for itself, and changing it; loading a city.

mod city;
mod overview;
pub(super) mod problem;
mod rule;
mod rules;
mod standard;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use model::lang::Lang;

use crate::page::Sample;
use crate::site::Site;

pub(super) fn routes() -> Router<Site> {
    let upload = DefaultBodyLimit::max(service::archive::LARGEST);
    Router::new()
        .route("/admin", get(overview::overview))
        .route("/admin/rules", get(rules::rules))
        .route("/admin/rules/edit", get(rule::form).post(rule::change))
        .route("/admin/files", get(standard::form).post(standard::change))
        .route("/admin/city", get(city::form).post(city::load).layer(upload))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let mut samples = overview::samples(site, lang);
    samples.extend(rules::samples(site, lang));
    samples.extend(rule::samples(site, lang));
    samples.extend(standard::samples(site, lang));
    samples.extend(city::samples(site, lang));
    samples
}
