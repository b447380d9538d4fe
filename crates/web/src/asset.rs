//! Stylesheet, script and icon: embedded, named after their content, kept by browsers for ever.
//!
//! The stylesheet is written in several files (`assets/css/`, in the order of [`SHEETS`]) and served as one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::Embed;
use separation::picture::STYLE;
use sha2::{Digest, Sha256};

/// The file of the stylesheet that the picture of the network brings its own style before.
const PICTURE: &str = "css/network.css";

/// The files of the stylesheet; what stands later wins.
const SHEETS: &[&str] = &[
    "css/token.css",
    "css/base.css",
    "css/frame.css",
    "css/part.css",
    "css/table.css",
    "css/form.css",
    "css/policy.css",
    "css/clause.css",
    "css/request.css",
    PICTURE,
    "css/print.css",
];

#[derive(Embed)]
#[folder = "assets"]
struct Files;

/// One file as it is served.
struct Served {
    bytes: Vec<u8>,
    kind: &'static str,
}

/// Where a page finds its stylesheet, script and icon.
#[derive(Debug)]
pub struct Hrefs {
    /// `/assets/sanmon-….css`
    pub style: String,
    /// `/assets/sanmon-….js`
    pub script: String,
    /// `/assets/icon-….svg`
    pub icon: String,
}

struct Shelf {
    hrefs: Hrefs,
    by_name: BTreeMap<String, Served>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(Shelf::fill);

impl Shelf {
    fn fill() -> Self {
        let mut by_name = BTreeMap::new();
        let mut put = |stem: &str, ending: &str, kind, bytes: Vec<u8>| {
            let name = format!("{stem}-{}.{ending}", fingerprint(&bytes));
            let href = format!("/assets/{name}");
            by_name.insert(name, Served { bytes, kind });
            href
        };
        let sheets = SHEETS.iter().flat_map(|sheet| {
            let before = if *sheet == PICTURE { STYLE.as_bytes() } else { &[] };
            [before.to_vec(), read(sheet)].concat()
        });
        let sheets = sheets.collect();
        let hrefs = Hrefs {
            style: put("sanmon", "css", "text/css; charset=utf-8", sheets),
            script: put("sanmon", "js", "text/javascript; charset=utf-8", read("sanmon.js")),
            icon: put("icon", "svg", "image/svg+xml", read("icon.svg")),
        };
        Self { hrefs, by_name }
    }
}

fn read(name: &str) -> Vec<u8> {
    Files::get(name).map_or_else(Vec::new, |file| file.data.into_owned())
}

fn fingerprint(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The addresses of the files as they are now.
#[must_use]
pub fn hrefs() -> &'static Hrefs {
    &SHELF.hrefs
}

/// `/assets/{name}`
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let Some(served) = SHELF.by_name.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(served.kind)),
        (
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    (headers, served.bytes.as_slice()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let listed = SHEETS.iter().copied().chain(["sanmon.js", "icon.svg"]);
        let listed: std::collections::BTreeSet<String> = listed.map(str::to_owned).collect();
        let there = Files::iter().map(std::borrow::Cow::into_owned).collect();
        assert_eq!(listed, there);
    }
}
