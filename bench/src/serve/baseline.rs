//! What an axum server can do at most on this machine: it answers as many bytes as the path says, made beforehand.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::stop::OrStop as _;

/// The variable of the environment that says where to listen.
pub(crate) const ADDRESS: &str = "BENCH_ADDRESS";

/// No page is larger.
const LARGEST: usize = 16 << 20;

/// Serves until it is killed.
pub(crate) fn answer() {
    let address = std::env::var(ADDRESS).or_stop(ADDRESS);
    let page: Arc<str> = "門".repeat(LARGEST / 3).into();
    let answer = move |Path(bytes): Path<usize>| {
        let page = axum::body::Bytes::from_owner(Page(Arc::clone(&page))).slice(..bytes.min(LARGEST - 3));
        async move { ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response() }
    };
    let router: Router = Router::new().route("/{bytes}", get(answer));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.or_stop("a runtime").block_on(async move {
        let listener = tokio::net::TcpListener::bind(&address).await.or_stop("listen");
        axum::serve(listener, router).await.or_stop("serve");
    });
}

struct Page(Arc<str>);

impl AsRef<[u8]> for Page {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
