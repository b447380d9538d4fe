//! What a handler answers when it cannot show its page; the visitor gets a page that offers a way onward.

use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::lang::Text;
use service::hall::Refusal;
use store::Refused;

use crate::href;
use crate::page::Page;
use crate::pages::error::ErrorPage;
use crate::visit::Visit;

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// There is no such thing.
    NotFound,
    /// The visitor may not see or do this; the reason, where it helps to know it.
    Forbidden(Option<Text>),
    /// Nobody is signed in: sent to the sign-in page, and back after it.
    SignIn,
    /// The visitor must prove again who they are: sent to the page for it, and back after it.
    Reauthenticate,
    /// The visitor lacks a factor that their roles demand: sent to the page where it is enrolled.
    Enrol,
    /// No city has been loaded yet: sent to the first page of all.
    NoCity,
    /// Somebody else changed it in the meantime.
    Conflict(Option<Text>),
    /// The request makes no sense; what is wrong with it.
    Invalid(Text),
    /// Too many attempts; wait.
    TooMany,
    /// Changes are refused at present (a ledger that does not verify, a database that is read-only); why.
    ReadOnly(Text),
    /// Something broke here. What it was stands in the log.
    Internal,
}

impl Failure {
    const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::SignIn | Self::Reauthenticate | Self::Enrol | Self::NoCity => StatusCode::SEE_OTHER,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::ReadOnly(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether an answer is a page for people.
pub(crate) fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Turns a failure into its page. Programs (`/api/`) and whatever brings a page of its own are left as they are.
pub(crate) fn show(visit: &Visit, mut response: Response) -> Response {
    let status = response.status();
    let failure = response.extensions_mut().remove::<Failure>();
    if visit.uri.path().starts_with("/api/") || is_page(&response) {
        return response;
    }
    match failure.or_else(|| of_status(status)) {
        None => response,
        Some(Failure::SignIn) => redirect(&onward(href::SIGN_IN, visit)),
        Some(Failure::Reauthenticate) => redirect(&onward(href::AGAIN, visit)),
        Some(Failure::Enrol) => redirect(href::ACCOUNT),
        Some(Failure::NoCity) => redirect(href::START),
        Some(failure) => {
            let mut page = ErrorPage::new(visit, &failure).show_as(status);
            // A method that is not allowed still says which ones are.
            let kept = response.headers_mut().drain().filter(|(name, _)| {
                name.as_ref()
                    .is_some_and(|name| *name != CONTENT_TYPE && name != "content-length")
            });
            for (name, value) in kept {
                if let Some(name) = name {
                    page.headers_mut().append(name, value);
                }
            }
            page
        }
    }
}

/// What the router and the extractors answer with a bare status.
fn of_status(status: StatusCode) -> Option<Failure> {
    match status {
        StatusCode::NOT_FOUND => Some(Failure::NotFound),
        StatusCode::FORBIDDEN => Some(Failure::Forbidden(None)),
        StatusCode::UNAUTHORIZED => Some(Failure::SignIn),
        StatusCode::CONFLICT => Some(Failure::Conflict(None)),
        StatusCode::TOO_MANY_REQUESTS => Some(Failure::TooMany),
        status if status.is_client_error() => Some(Failure::Invalid(Text::fixed(
            "送られた内容を読み取れませんでした。",
            "What was sent could not be read.",
        ))),
        status if status.is_server_error() => Some(Failure::Internal),
        _ => None,
    }
}

/// A page of the entrance that leads back here. A form that was sent is not sent again: its page is.
fn onward(page: &str, visit: &Visit) -> String {
    let back = visit.uri.path_and_query().map_or("/", |path| path.as_str());
    format!("{page}?next={}", href::segment(back))
}

fn redirect(to: &str) -> Response {
    HeaderValue::from_str(to).map_or_else(
        |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        |to| (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
    )
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.text();
        match refusal {
            Refusal::NoCity => Self::NoCity,
            Refusal::NotFound => Self::NotFound,
            Refusal::Denied(why) => Self::Forbidden(Some(why)),
            Refusal::Reauthenticate => Self::Reauthenticate,
            Refusal::Faults(_) | Refusal::Problems(_) | Refusal::Rules(_) | Refusal::Request(_) => Self::Invalid(text),
            Refusal::Store(Refused::Conflict { .. }) => Self::Conflict(Some(text)),
            Refusal::Store(Refused::ReadOnly(why)) => Self::ReadOnly(why),
            Refusal::Store(refused) => {
                tracing::error!(%refused, "the store refused");
                Self::Internal
            }
        }
    }
}
