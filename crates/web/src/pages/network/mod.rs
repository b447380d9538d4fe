//! `/network`: what the devices of the network let through, and why.
//!
//! Configurations are not public: whoever may not see them gets the ordinary refusal.

mod explain;
mod show;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use model::lang::Lang;
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};
use service::network::Known;
use service::standing::Snapshot;

use crate::href;
use crate::page::Sample;
use crate::site::Site;

/// What is known of the network, for somebody who may see it.
fn known(hall: &Hall, visitor: &Visitor) -> Result<Known, Refusal> {
    let snapshot: Arc<Snapshot> = hall.snapshot().ok_or(Refusal::NoCity)?;
    hall.permit_on_network(visitor)?;
    Ok(snapshot.network.clone())
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(href::NETWORK, get(show::show))
        .route(href::EXPLAIN, get(explain::explain))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let mut samples = show::samples(site, lang);
    samples.extend(explain::samples(site, lang));
    samples
}
