//! `/sign-in/provider/{name}`: away to an identity provider and back; and what is asked of the directory.
//!
//! A sign-in begins with a link, not with a form: a form that leads to another server would need a wider content security
//! policy. Whoever sets out gets a new sign-in, whose cookie binds what comes back to this browser; state, nonce and
//! verifier are kept with it and are good once, for ten minutes.

use std::sync::Arc;

use access::elsewhere::Failure as NotVouched;
use access::oidc::{Callback, Settings};
use access::session::cookie::Name;
use access::signin::Refusal as Why;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use model::lang::{Lang, Text};
use service::hall::entrance::elsewhere::{Attempt, Away};
use service::hall::entrance::sign_in::Step;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::pages::door::{Door, Onward, append, inside, local, onward};
use crate::sample;
use crate::sent::Sent;
use crate::site::Site;
use crate::visit::Visit;

/// Somebody was not vouched for, and which ways there are now.
#[derive(Template)]
#[template(path = "page/error.html")]
struct NotVouchedPage {
    frame: Frame,
    explanation: Text,
    reason: Option<Text>,
    ways: Vec<(Text, String)>,
}

impl Page for NotVouchedPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl NotVouchedPage {
    fn new(visit: &Visit, provider: &Settings, why: Text, next: &str) -> Self {
        let label = &provider.label;
        let title = Text::new(
            format!("{}でサインインできませんでした", label.ja),
            format!("You could not be signed in with {}", label.en),
        );
        let other = if visit.viewer.is_some() {
            href::AGAIN
        } else {
            href::SIGN_IN
        };
        let other = format!("{other}?next={}", href::segment(local(next)));
        Self {
            frame: visit.frame(title, None),
            explanation: why,
            reason: None,
            ways: vec![
                (
                    Text::fixed("もう一度試す", "Try again"),
                    href::provider(&provider.name, local(next)),
                ),
                (Text::fixed("ほかの方法でサインインする", "Sign in another way"), other),
                (
                    Text::fixed("ヘルプを見る", "See the help"),
                    format!("{}/sign-in", href::HELP),
                ),
            ],
        }
    }
}

/// How a failure is answered.
pub(super) const fn status(failure: NotVouched) -> StatusCode {
    match failure {
        NotVouched::Unavailable | NotVouched::Settings => StatusCode::SERVICE_UNAVAILABLE,
        NotVouched::Foreign | NotVouched::Late => StatusCode::BAD_REQUEST,
        NotVouched::NotRecognised | NotVouched::Unknown | NotVouched::Outside => StatusCode::FORBIDDEN,
    }
}

async fn start(mut door: Door, Path(name): Path<String>, Query(to): Query<Onward>) -> Result<Response, Failure> {
    let hall = Arc::clone(door.site.hall()?);
    let provider = hall.entrance().elsewhere.provider(&name).ok_or(Failure::NotFound)?;
    let now = hall.clock().now();
    let client = match provider.client(now).await {
        Ok(client) => client,
        Err(failure) => {
            tracing::warn!(provider = name, %failure, "nobody was sent to an identity provider");
            return Ok(refused(&door.visit, provider.settings(), failure, &to.next));
        }
    };
    let sign_in = door.begin_anew().await?;
    let (url, pending) = client.begin(door.again.is_some(), hall.random(), now);
    let away = Away {
        pending,
        provider: name,
        next: local(&to.next).to_owned(),
    };
    let kept = sign_in.clone();
    blocking(&door.site, move |hall| hall.send_away(&kept, &away)).await?;
    let mut response = redirect(&url)?;
    append(
        &mut response,
        &hall.entrance().cookies.set(Name::SignIn, &sign_in.text()),
    );
    Ok(response)
}

async fn callback(
    mut door: Door,
    Path(name): Path<String>,
    Query(callback): Query<Callback>,
) -> Result<Response, Failure> {
    // The address holds a code: no link of the page repeats it.
    door.visit.uri = Uri::from_static(href::SIGN_IN);
    let hall = Arc::clone(door.site.hall()?);
    let provider = hall.entrance().elsewhere.provider(&name).ok_or(Failure::NotFound)?;
    let foreign = |visit: &Visit| refused(visit, provider.settings(), NotVouched::Foreign, href::HOME);
    let Ok(key) = door.key() else {
        return Ok(foreign(&door.visit));
    };
    let sign_in = key.clone();
    let away = blocking(&door.site, move |hall| hall.take_away(&sign_in)).await?;
    let Some(away) = away.filter(|away| away.provider == name) else {
        return Ok(foreign(&door.visit));
    };
    let answer = provider.finish(&away.pending, &callback, hall.clock().now()).await;
    if let Err(failure) = &answer {
        tracing::warn!(provider = name, %failure, "an identity provider did not vouch for somebody");
    }
    let (again, from) = (door.again.clone(), door.from.clone());
    let step = blocking(&door.site, move |hall| {
        hall.sign_in_by_provider(&key, again.as_deref(), answer, &from)
    });
    match step.await? {
        Step::Inside { session, device, enrol } => {
            let next = onward(&away.next, &enrol);
            inside(&door.site, next, &session, Some(&device))
        }
        Step::Show(_) => redirect(&format!("{}?next={}", href::SECOND_FACTOR, href::segment(&away.next))),
        Step::Again(Why::Elsewhere(failure)) => Ok(refused(&door.visit, provider.settings(), failure, &away.next)),
        Step::Again(why) => {
            let page = NotVouchedPage::new(&door.visit, provider.settings(), why.message(), &away.next);
            Ok(page.show_as(StatusCode::FORBIDDEN))
        }
        Step::Wait(_) => Err(Failure::TooMany),
    }
}

async fn second_factor(door: Door, Query(to): Query<Onward>) -> Result<Response, Failure> {
    let key = door.key()?;
    let methods = blocking(&door.site, move |hall| hall.lacking(&key)).await?;
    if methods.is_empty() {
        return redirect(&format!("{}?next={}", href::SIGN_IN, href::segment(local(&to.next))));
    }
    Ok(door.second(&methods, &to.next)?.show())
}

impl Door {
    /// Asks the directory about a name and a password that do not fit here, and goes on with its answer.
    pub(super) async fn ask_directory(&self, attempt: Attempt, sent: &Sent) -> Result<Step, Failure> {
        let hall = Arc::clone(self.site.hall()?);
        let answer = match &hall.entrance().elsewhere.directory {
            Some(directory) => directory.verify(sent.value("login"), sent.value("password")).await,
            None => Err(NotVouched::NotRecognised),
        };
        if let Err(failure @ (NotVouched::Unavailable | NotVouched::Settings)) = &answer {
            tracing::warn!(%failure, "the directory did not answer");
        }
        let (again, from) = (self.again.clone(), self.from.clone());
        blocking(&self.site, move |hall| {
            hall.sign_in_by_directory(attempt, again.as_deref(), answer, &from)
        })
        .await
    }
}

fn refused(visit: &Visit, provider: &Settings, failure: NotVouched, next: &str) -> Response {
    NotVouchedPage::new(visit, provider, failure.message(), next).show_as(status(failure))
}

fn redirect(to: &str) -> Result<Response, Failure> {
    let to = HeaderValue::from_str(to).map_err(|_| Failure::Internal)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response())
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/sign-in/provider/{name}", get(start))
        .route("/sign-in/provider/{name}/callback", get(callback))
        .route(href::SECOND_FACTOR, get(second_factor))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::guest(site, Uri::from_static(href::SIGN_IN), lang);
    let settings = Settings {
        name: "prefecture".to_owned(),
        label: Text::fixed("県の認証基盤", "the prefecture's identity service"),
        issuer: String::new(),
        client_id: String::new(),
        scopes: Vec::new(),
        claim: String::new(),
        known_by: access::elsewhere::MatchBy::Number,
        trusts_mail: false,
        two_factors: Vec::new(),
        acr_values: Vec::new(),
        groups_claim: None,
        groups: access::elsewhere::Groups::default(),
        only_groups: Vec::new(),
    };
    let page = |failure: NotVouched| NotVouchedPage::new(&visit, &settings, failure.message(), "/work");
    vec![
        Sample::of("sign-in-provider-down", &page(NotVouched::Unavailable)),
        Sample::of("sign-in-provider-unknown", &page(NotVouched::Unknown)),
    ]
}
