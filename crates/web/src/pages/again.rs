//! `/again/{id}`: a form whose sender had to prove again who they are goes on from where it was.
//!
//! The [`layer`] keeps what was typed when an act asks for a new proof; this page sends it on the visitor's word. Without it they would
//! come back to an empty form.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Form, FromRequest as _, Path, Request, State as Of};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use model::lang::{Lang, Text};
use service::hall::entrance::held_form::HeldForm;
use service::hall::entrance::sessions::{Seen, Visitor};

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::sent::Who;
use crate::site::Site;
use crate::visit::Visit;

/// The largest form that is kept, in bytes.
const LARGEST: usize = 4 << 20;
/// Forms with secrets in them are not kept.
const SECRET: &[&str] = &[href::ACCOUNT, href::SIGN_IN, "/invitation", "/first", "/api", "/again"];

/// The page.
#[derive(Template)]
#[template(path = "page/again.html")]
struct Again {
    frame: Frame,
    path: String,
    pairs: Vec<(String, String)>,
}

impl Page for Again {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Again {
    fn new(visit: &Visit, path: &str, pairs: Vec<(String, String)>) -> Self {
        Self {
            frame: visit.frame(Text::fixed("続きを送る", "Go on with what you sent"), None),
            path: path.to_owned(),
            pairs,
        }
    }
}

/// Keeps a form that needs a newer proof than its sender gave, and leads them back to it after the proof.
pub async fn layer(Of(site): Of<Site>, request: Request, next: Next) -> Response {
    let Some(visitor) = to_be_kept(&site, &request) else {
        return next.run(request).await;
    };
    let path = request.uri().path().to_owned();
    let (head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let sent = String::from_utf8_lossy(&bytes).into_owned();
    let response = next.run(Request::from_parts(head, Body::from(bytes))).await;
    if response.extensions().get() != Some(&Failure::Reauthenticate) {
        return response;
    }
    let form = HeldForm { path, body: sent };
    match blocking(&site, move |hall| hall.hold_form(&visitor, &form)).await {
        Ok(id) => {
            let back = href::segment(&format!("/again/{id}"));
            Redirect::to(&format!("{}?next={back}", href::AGAIN)).into_response()
        }
        // What was typed is lost then, and the way on is the same.
        Err(_) => response,
    }
}

/// Who sends a form that may have to be kept; nobody for everything else.
fn to_be_kept(site: &Site, request: &Request) -> Option<Arc<Visitor>> {
    let kind = request.headers().get(CONTENT_TYPE)?.as_bytes();
    let path = request.uri().path();
    if request.method() != Method::POST
        || !kind.starts_with(b"application/x-www-form-urlencoded")
        || SECRET.iter().any(|secret| path.starts_with(secret))
    {
        return None;
    }
    match request.extensions().get::<Arc<Seen>>()?.as_ref() {
        Seen::Visitor(visitor) if site.hall().ok()?.fresh(visitor).is_ok() => None,
        Seen::Visitor(visitor) | Seen::TooWeak(visitor) => Some(Arc::new((**visitor).clone())),
        Seen::Nobody | Seen::Enrolling(_) => None,
    }
}

async fn show(
    Of(site): Of<Site>,
    Who(visitor): Who,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let held = blocking(&site, move |hall| hall.held_form(&visitor, &id)).await?;
    let held = held.ok_or(Failure::Invalid(Text::fixed(
        "送られた内容を保つ時間が過ぎました。元の画面から、もう一度入力してください。",
        "What was sent is no longer kept. Enter it again on its page.",
    )))?;
    let request = Request::post(held.path.as_str())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(held.body))
        .map_err(|_| Failure::Internal)?;
    let Form(mut pairs) = Form::<Vec<(String, String)>>::from_request(request, &site)
        .await
        .map_err(|_| Failure::Internal)?;
    // Its token was that of the session before.
    pairs.retain(|(name, _)| name != "csrf");
    Ok(Again::new(&visit, &held.path, pairs).show())
}

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/again/{id}", get(show))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::visit(site, Uri::from_static("/again/x"), lang);
    let pairs = vec![("reason".to_owned(), "年度の切替え".to_owned())];
    vec![Sample::of("again", &Again::new(&visit, "/admin/files", pairs))]
}
