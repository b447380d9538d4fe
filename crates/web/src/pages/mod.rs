//! The pages, one file each.
//!
//! To add a page: a file here with `routes()` and `samples()`, a template in `templates/page/`, and a line in the list below. The
//! [crate documentation](crate) goes through it.

use axum::Router;
use model::lang::Lang;

use crate::page::Sample;
use crate::site::Site;

macro_rules! pages {
    ($($(#[$doc:meta])* $page:ident)*) => {
        $($(#[$doc])* pub mod $page;)*

        /// The routes of all pages.
        pub fn routes() -> Router<Site> {
            Router::new()$(.merge($page::routes()))*
        }

        /// Every page with sample content.
        #[must_use]
        pub fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
            let mut samples = Vec::new();
            $(samples.extend($page::samples(site, lang));)*
            samples
        }
    };
}

pages! {
    /// `/`: the policy with its standings.
    home
    /// `/clauses/{id}`: one clause.
    clause
    /// `/duties/{id}`: one duty.
    duty
    /// `/public`: the published policy.
    public
    /// `/help`: how to read and use all this.
    help
    /// `/search`: clauses, duties and registers by their words.
    search
    /// `/sign-in`: who are you.
    sign_in
    /// What the forms of the sign-in pages send.
    door
    /// `/sign-in/provider/{name}`: sign-in with an identity provider or a directory.
    elsewhere
    /// `/first/{token}`, `/invitation/{token}`: one-time links.
    link
    /// `/work`: what waits for the visitor.
    work
    /// `/notices`: what the visitor was told.
    notices
    /// `/requests`: asking, deciding, and the record of it.
    request
    /// `/documents`: texts, their versions and what changed in them.
    document
    /// `/network`: what the devices let through, and why.
    network
    /// `/ledger`: everything that was ever done, and the proof of it.
    ledger
    /// `/admin`: settings, the standard, rules, loading a city.
    admin
    /// `/people`: who works here, absences, invitations.
    people
    /// `/account`: how the visitor signs in.
    account
    /// `/account/tokens`: tokens of the API.
    tokens
    /// `/start`: before there is a city.
    start
    /// `/registers`: the registers and their rows.
    register
    /// A question before an act.
    confirm
    /// `/again/{id}`: what was typed before a new proof of who it was.
    again
    /// What a visitor gets in place of a page.
    error
}
