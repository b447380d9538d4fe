//! `/ledger`: everything that was ever done, and the proof of it.

mod entry;
mod list;
mod taken;

use axum::Router;
use axum::routing::{get, post};
use model::lang::Lang;

use crate::page::Sample;
use crate::site::Site;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/ledger", get(list::list))
        .route("/ledger/verify", post(list::verify))
        .route("/ledger/checkpoint", get(taken::checkpoint))
        .route("/ledger/keys", get(taken::keys))
        .route("/ledger/{index}", get(entry::show))
        .route("/ledger/{index}/entry", get(taken::bytes))
        .route("/ledger/{index}/proof", get(taken::proof))
        .route("/ledger/{index}/disclosure", get(taken::disclosure))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let mut samples = list::samples(site, lang);
    samples.extend(entry::samples(site, lang));
    samples
}
