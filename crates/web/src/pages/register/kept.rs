//! `/registers/{slug}/kept`: the city says that a register is kept although nothing is in it.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use service::hall::entrance::sessions::Visitor;
use service::hall::{Hall, Refusal};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::href;
use crate::notice::{self, Notice};
use crate::sent::{Sent, Who};
use crate::site::Site;

/// Whether an empty register is kept, and whether the visitor may say so.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kept {
    pub(super) is_kept: bool,
    pub(super) may_say: bool,
}

impl Kept {
    pub(super) fn of(hall: &Hall, visitor: &Visitor, slug: &str) -> Result<Self, Refusal> {
        Ok(Self {
            is_kept: hall.is_kept(slug)?,
            may_say: hall.may_keep(visitor, slug).is_ok(),
        })
    }
}

async fn keep(
    State(site): State<Site>,
    Who(visitor): Who,
    Path(slug): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let there = href::register(&slug);
    blocking(&site, move |hall| {
        hall.keep_register(&visitor, &slug, sent.value("is") == "yes")
    })
    .await?;
    Ok(notice::see(&there, Notice::Saved))
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/registers/{slug}/kept", post(keep))
}
