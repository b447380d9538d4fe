//! The API for programs, under `/api/v1`: what its [document] says, for whoever bears a token.
//!
//! A handler takes the [`Caller`](bearer::Caller), asks it for the [`Visitor`](service::hall::entrance::sessions::Visitor) that a scope gives
//! it, and does what a page would do in that visitor's name: a token reaches no further than its scopes, and no further than its person. What
//! is refused is a [`Refused`](refused::Refused), which becomes JSON in the language of the request.
//!
//! To add a part: a file here with `routes()` and `describe()`, and a line in each of the two lists below.

mod bearer;
mod document;
mod import;
mod ledger;
mod mark;
mod part;
mod refused;
mod request;
mod rows;
mod standing;
mod table;
mod write;

use axum::Router;
use axum::middleware::from_fn;
use register::openapi::BASE;

use crate::site::Site;

pub use document::document;

/// The routes of the API. An address below it that is none is refused as JSON too.
pub fn routes() -> Router<Site> {
    let api = Router::new()
        .merge(rows::routes())
        .merge(write::routes())
        .merge(mark::routes())
        .merge(table::routes())
        .merge(import::routes())
        .merge(standing::routes())
        .merge(request::routes())
        .merge(ledger::routes())
        .merge(document::routes())
        .fallback(refused::nowhere);
    Router::new().nest(BASE, api.layer(from_fn(refused::speak)))
}

/// Describes the parts that are no register's.
fn describe(api: &mut register::openapi::OpenApi) {
    standing::describe(api);
    request::describe(api);
    ledger::describe(api);
    document::describe(api);
}
