//! The ledger as files for whoever wants to watch it (C2SP tlog-tiles): `/log/checkpoint`, `/log/tile/…`.
//!
//! No sign-in is asked: entries hold pseudonyms, kinds of acts and hashes. It is off unless the configuration says otherwise.
//! What is served never goes beyond the last checkpoint, and stays as it is for ever.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ledger::tile::{Kind, Resource, bundle};
use ledger::tree::{LEVEL_HEIGHT, TILE_WIDTH};
use service::hall::Hall;
use store::log::Tree;
use store::{Failure, Store};

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

pub(super) fn routes(hall: Arc<Hall>) -> Router {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/{*path}", get(tile))
        .with_state(hall)
}

async fn checkpoint(State(hall): State<Arc<Hall>>) -> Response {
    match hall.notary().checkpoint() {
        Some(note) => answer(TEXT, "no-cache", note.into_bytes()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn tile(State(hall): State<Arc<Hall>>, Path(path): Path<String>) -> Response {
    let Ok(resource) = path.parse::<Resource>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let read = tokio::task::spawn_blocking(move || {
        let size = hall.notary().signed().map_or(0, |signed| signed.size);
        bytes(hall.store(), resource, size)
    });
    match read.await {
        Ok(Ok(Some(bytes))) => answer(BYTES, "public, max-age=31536000, immutable", bytes),
        Ok(Ok(None)) => StatusCode::NOT_FOUND.into_response(),
        Ok(Err(failure)) => {
            tracing::error!(%failure, "a tile cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a tile cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The bytes of a tile or a bundle, if the first `size` entries of the ledger fill it. A partial one stays after it has
/// grown: whoever holds an older checkpoint asks for it.
fn bytes(store: &dyn Store, resource: Resource, size: u64) -> Result<Option<Vec<u8>>, Failure> {
    if !is_filled(resource, size) {
        return Ok(None);
    }
    if resource.kind != Kind::Entries {
        return resource.hashes(Tree(store));
    }
    let first = resource.index.saturating_mul(TILE_WIDTH);
    let mut bytes = Vec::new();
    for leaf in store.leaves(first, usize::from(resource.width))? {
        if !bundle::append(&mut bytes, &leaf.bytes) {
            return Err(Failure::Damaged("a ledger entry is too long".to_owned()));
        }
    }
    Ok(Some(bytes))
}

fn is_filled(resource: Resource, size: u64) -> bool {
    let level = match resource.kind {
        Kind::Hashes(level) => u32::from(level),
        Kind::Entries => 0,
    };
    let count = size.checked_shr(level.saturating_mul(LEVEL_HEIGHT)).unwrap_or(0);
    let end = resource.index.checked_mul(TILE_WIDTH);
    let end = end.and_then(|first| first.checked_add(u64::from(resource.width)));
    end.is_some_and(|end| end <= count)
}

fn answer(kind: &'static str, cache: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, cache),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_checkpoint_does_not_reach_is_not_served() {
        let filled = |path: &str, size| is_filled(path.parse().unwrap(), size);
        assert!(filled("tile/0/000.p/5", 5) && filled("tile/0/000.p/5", 300));
        assert!(!filled("tile/0/000.p/6", 5) && !filled("tile/0/000", 255));
        assert!(filled("tile/1/000.p/1", 256) && !filled("tile/1/000.p/1", 255));
        assert!(filled("tile/entries/001.p/44", 300) && !filled("tile/entries/001.p/45", 300));
    }
}
