//! The pages that are asked for.

use super::city::City;

/// A page with addresses of its kind.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) paths: Vec<String>,
    /// How often it is asked for over one connection.
    pub(crate) requests: usize,
}

pub(crate) fn all(city: &City) -> Vec<Page> {
    let page = |name, paths| Page {
        name,
        paths,
        requests: 300,
    };
    let list = |rest: &str| format!("/registers/terminal{rest}");
    // Codes from everywhere in the register, the same in every run.
    let codes: Vec<&String> = city
        .terminals
        .iter()
        .step_by(city.terminals.len().div_ceil(97))
        .collect();
    let filters = ["desktop", "notebook", "tablet"].map(|kind| list(&format!("?filter%5Bkind%5D={kind}")));
    let rare = codes.iter().map(|code| list(&format!("?search={code}")));
    vec![
        page("home", vec!["/".to_owned()]),
        page("list", vec![list("")]),
        page("filter", filters.to_vec()),
        // A word that most rows have, and words that one row has each.
        page("search, frequent", vec![list("?search=windows")]),
        page("search, rare", rare.collect()),
        page("detail", codes.iter().map(|code| list(&format!("/{code}"))).collect()),
    ]
}
