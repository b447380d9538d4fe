//! Pages and API.
//!
//! # How a page is made
//!
//! A handler takes the [`Visit`](visit::Visit) (language, visitor, address) and `State<Site>` ([`site`]), makes a struct with a template, and
//! answers with [`Page::show`](page::Page::show). What it cannot show is a [`Failure`](failure::Failure), which becomes a page too. Nothing
//! is computed in templates: what they show is made in [`view`] once for a snapshot of the city's standing, or in the page's own file.
//!
//! # Add a page
//!
//! 1. `src/pages/NAME.rs`: a struct with `frame: Frame` and `#[template(path = "page/NAME.html")]`, its [`Page`](page::Page), `routes()`, and
//!    `samples()` with one [`Sample`](page::Sample) for each state worth a look (full, empty, with faults). `use crate::filters;` brings the filters.
//! 2. `templates/page/NAME.html`: extends `layout.html` and fills the block `main` (one `h1`); block `width` is `is-wide`, `is-narrow` or
//!    empty. Pieces that pages share are in `templates/part/`.
//! 3. One line in the list of [`pages`].
//! 4. Words: Japanese stands in the template as `{{ "登録する"|t }}`, its English in `locales/en.toml`. A sentence with something in it is a
//!    [`Text`](model::lang::Text) that Rust makes, shown by `{{ text|say }}`. A long text has a template per language (`help/…ja.html`, `…en.html`).
//! 5. `INSTA_UPDATE=always cargo nextest run -p web`, then look at the page: `cargo run -p web --example look`.
//!
//! The suite renders every sample in both languages, holds it against its snapshot, and asks it what it asks every page (one `h1`, labels, no
//! inline style or script, no missing English); `tests/browser` looks at the same samples in a browser.
//!
//! # Rules of the pages
//!
//! * Every act works without the script: links and forms first, [`assets/sanmon.js`](asset) only makes them smoother.
//! * No inline style, script or event handler: the [content security policy](security) refuses them.
//! * A standing is mark, word and colour (`{{ standing|badge }}`), never colour alone. Dates are `{{ date|day }}` and `{{ at|moment }}`.
//! * An address is made in [`href`]; what a form sends carries `part/csrf.html`.
//! * After an act: [`notice::see`], so that going back does not repeat it.

pub mod api;
pub mod asset;
pub mod blocking;
pub mod failure;
pub mod filters;
pub mod frame;
pub mod guard;
pub mod hall;
pub mod health;
pub mod href;
pub mod lang;
pub mod notice;
mod outgoing;
pub mod page;
pub mod pages;
pub mod part;
pub mod rate;
pub mod sample;
pub mod security;
pub mod sent;
pub mod site;
pub mod upload;
pub mod view;
pub mod visit;
pub mod words;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

use crate::site::Site;

/// The service: every page, its assets, its headers.
///
/// Whoever knows sessions puts a layer around it that leaves an `Arc<`[`Viewer`](frame::Viewer)`>` in the request.
pub fn app(site: Site) -> Router {
    Router::new()
        .merge(pages::routes())
        .merge(api::routes())
        .layer(from_fn_with_state(site.clone(), guard::guard))
        .layer(from_fn_with_state(site.clone(), pages::again::layer))
        .merge(asset::routes())
        .merge(health::routes())
        .layer(from_fn_with_state(site.clone(), visit::layer))
        .layer(from_fn_with_state(site.clone(), security::headers))
        .layer(from_fn(health::count))
        .with_state(site)
}
