//! The sample city as the pages see it.

use std::path::Path;

use jiff::civil::date;
use web::site::Site;

pub(crate) fn site() -> Site {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    web::sample::site(&folder, date(2026, 11, 23)).unwrap_or_else(|problems| panic!("{problems:?}"))
}
