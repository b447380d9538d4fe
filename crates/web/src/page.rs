//! A page: what its template shows, and the frame around it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::filters::Spoken;
use crate::frame::Frame;

/// A struct with a template of `templates/page/`.
pub trait Page: Template {
    /// The frame that the layout shows around it.
    fn frame(&self) -> &Frame;

    /// The page as HTML, in the language of its frame.
    ///
    /// # Errors
    /// A filter that fails; none of ours does.
    fn html(&self) -> askama::Result<String> {
        self.render_with_values(&Spoken(self.frame().lang))
    }

    /// The page as the answer to a request.
    fn show(&self) -> Response {
        self.show_as(StatusCode::OK)
    }

    /// The page as an answer with this status: 422 for a form with faults, 409 for a lost race.
    fn show_as(&self, status: StatusCode) -> Response {
        match self.html() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, "a page was not rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// One page with sample content, for the tests that look at every page.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What it shows, in the words of a file name: `home`, `home-broken`.
    pub name: String,
    /// The page.
    pub html: String,
}

impl Sample {
    /// A page under a name; what cannot be rendered is shown as its error, so that the test sees it.
    #[must_use]
    pub fn of(name: impl Into<String>, page: &impl Page) -> Self {
        let html = page.html().unwrap_or_else(|error| error.to_string());
        let name = name.into();
        Self { name, html }
    }
}
