//! Every page with the sample city, and what holds for all of them.

mod html;
mod pages;
mod routes;
mod words;

use std::path::Path;

use jiff::civil::date;
use web::site::Site;

/// The sample city as the pages see it.
fn site() -> Site {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    web::sample::site(&folder, date(2026, 11, 23)).unwrap_or_else(|problems| panic!("{problems:?}"))
}
