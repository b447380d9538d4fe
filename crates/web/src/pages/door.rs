//! What the forms of the sign-in pages send, and the way out. Whoever is inside proves here again who they are.

use std::net::SocketAddr;
use std::sync::Arc;

use access::opaque::Opaque;
use access::session::cookie::Name;
use access::session::csrf;
use access::signin::{Method, Refusal as Why};
use axum::extract::{ConnectInfo, FromRequestParts, Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::SignedDuration;
use model::lang::{Lang, Text};
use serde::Deserialize;
use service::hall::entrance::Origin;
use service::hall::entrance::elsewhere::Tried;
use service::hall::entrance::sessions::{Seen, Visitor};
use service::hall::entrance::sign_in::Step;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::hall::{cookie, origin};
use crate::href;
use crate::notice::{self, Notice};
use crate::page::{Page, Sample};
use crate::pages::elsewhere;
use crate::pages::sign_in::{Provider, SecondFactor, SignIn};
use crate::sent::{Enrolling, Sent};
use crate::site::Site;
use crate::visit::Visit;

/// Whoever stands at the door.
pub(super) struct Door {
    pub(super) site: Site,
    pub(super) visit: Visit,
    /// Somebody inside who proves again who they are.
    pub(super) again: Option<Arc<Visitor>>,
    pub(super) from: Origin,
    /// The sign-in that is under way.
    sign_in: Option<Opaque>,
}

impl FromRequestParts<Site> for Door {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failure> {
        let hall = site.hall()?;
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let connected = connected.map_or(SocketAddr::from(([0, 0, 0, 0], 0)), |info| info.0);
        let again = match parts.extensions.get::<Arc<Seen>>().map(AsRef::as_ref) {
            Some(Seen::Visitor(visitor) | Seen::TooWeak(visitor)) => Some(Arc::new((**visitor).clone())),
            _ => None,
        };
        let Ok(visit) = Visit::from_request_parts(parts, site).await;
        Ok(Self {
            from: origin(hall, connected, &parts.headers),
            sign_in: cookie(hall, &parts.headers, Name::SignIn).as_deref().and_then(Opaque::parse),
            site: site.clone(),
            visit,
            again,
        })
    }
}

/// Where somebody wanted to go.
#[derive(Deserialize)]
pub(super) struct Onward {
    #[serde(default)]
    pub(super) next: String,
}

async fn show(mut door: Door, Query(onward): Query<Onward>) -> Result<Response, Failure> {
    let sign_in = door.begin().await?;
    let mut response = door.first(&onward.next, None, "")?.show();
    let cookies = door.site.hall()?.entrance().cookies;
    append(&mut response, &cookies.set(Name::SignIn, &sign_in.text()));
    Ok(response)
}

async fn password(door: Door, sent: Sent) -> Result<Response, Failure> {
    let (key, again, from, typed) = (door.key()?, door.again.clone(), door.from.clone(), sent.clone());
    let tried = blocking(&door.site, move |hall| {
        let typed = (typed.value("login"), typed.value("password"));
        hall.try_password(&key, again.as_deref(), typed, &from)
    });
    let step = match tried.await? {
        Tried::Settled(step) => step,
        Tried::AskDirectory(attempt) => door.ask_directory(*attempt, &sent).await?,
    };
    door.answer(step, &sent)
}

async fn code(door: Door, sent: Sent) -> Result<Response, Failure> {
    by_code(Method::Totp, door, sent).await
}

async fn recovery_code(door: Door, sent: Sent) -> Result<Response, Failure> {
    by_code(Method::RecoveryCode, door, sent).await
}

async fn by_code(method: Method, door: Door, sent: Sent) -> Result<Response, Failure> {
    let (key, again, from) = (door.key()?, door.again.clone(), door.from.clone());
    let typed = sent.value("code").to_owned();
    let step = blocking(&door.site, move |hall| {
        hall.sign_in_by_code(&key, again.as_deref(), method, &typed, &from)
    });
    let step = step.await?;
    door.answer(step, &sent)
}

async fn passkey_options(door: Door, _: Sent) -> Result<Response, Failure> {
    let key = door.key()?;
    let options = blocking(&door.site, move |hall| hall.offer_passkey(&key)).await?;
    Ok(Json(options).into_response())
}

async fn passkey(door: Door, sent: Sent) -> Result<Response, Failure> {
    let (key, again, from) = (door.key()?, door.again.clone(), door.from.clone());
    let given = sent.value("answer").to_owned();
    let step = blocking(&door.site, move |hall| {
        hall.sign_in_by_passkey(&key, again.as_deref(), &given, &from)
    });
    let step = step.await?;
    door.answer(step, &sent)
}

async fn sample(door: Door, sent: Sent) -> Result<Response, Failure> {
    let (person, from) = (sent.value("person").to_owned(), door.from.clone());
    let session = blocking(&door.site, move |hall| hall.sign_in_as_sample(&person, &from)).await?;
    inside(&door.site, local(sent.value(NEXT)), &session, None)
}

async fn sign_out(State(site): State<Site>, Enrolling(visitor): Enrolling, _: Sent) -> Result<Response, Failure> {
    blocking(&site, move |hall| hall.sign_out(&visitor)).await?;
    let mut response = notice::see(href::SIGN_IN, Notice::SignedOut);
    append(&mut response, &site.hall()?.entrance().cookies.clear(Name::Session));
    Ok(response)
}

impl Door {
    /// The sign-in that is under way, or a new one.
    async fn begin(&mut self) -> Result<Opaque, Failure> {
        let (known, again) = (self.sign_in.clone(), self.again.clone());
        let sign_in = blocking(&self.site, move |hall| match known {
            // One that began outside is of no use to somebody inside.
            Some(known) if again.is_none() && hall.is_under_way(&known)? => Ok(known),
            _ => hall.begin_sign_in(again.as_deref()),
        });
        let sign_in = sign_in.await?;
        self.sign_in = Some(sign_in.clone());
        Ok(sign_in)
    }

    /// A new sign-in, whatever is under way.
    pub(super) async fn begin_anew(&mut self) -> Result<Opaque, Failure> {
        let (known, again) = (self.sign_in.take(), self.again.clone());
        let sign_in = blocking(&self.site, move |hall| {
            hall.begin_sign_in_anew(known.as_ref(), again.as_deref())
        });
        let sign_in = sign_in.await?;
        self.sign_in = Some(sign_in.clone());
        Ok(sign_in)
    }

    /// The id of the sign-in that is under way.
    pub(super) fn key(&self) -> Result<String, Failure> {
        self.sign_in.as_ref().map(Opaque::text).ok_or(Failure::SignIn)
    }

    /// What the forms carry: the token of the session, or of the sign-in before there is one.
    fn token(&self) -> Result<String, Failure> {
        let random = self.site.hall()?.random();
        let token = match &self.again {
            Some(visitor) => visitor.csrf(),
            None => csrf::Token::of(self.sign_in.as_ref().ok_or(Failure::SignIn)?),
        };
        Ok(token.masked(random))
    }

    fn first(&self, next: &str, refusal: Option<Text>, login: &str) -> Result<SignIn, Failure> {
        let hall = self.site.hall()?;
        let elsewhere = &hall.entrance().elsewhere;
        let providers = elsewhere.providers.iter().map(|provider| provider.settings());
        let directory = elsewhere.directory.as_ref().map(|directory| directory.settings());
        Ok(SignIn {
            login: login.to_owned(),
            refusal,
            providers: providers.map(|settings| Provider::of(settings, local(next))).collect(),
            directory: directory.map(|settings| settings.label.clone()),
            people: hall.sample_people(),
            ..SignIn::new(&self.visit, &self.token()?, next)
        })
    }

    /// The page that asks for one of these factors.
    pub(super) fn second(&self, methods: &[Method], next: &str) -> Result<SecondFactor, Failure> {
        Ok(SecondFactor {
            by_code: methods.contains(&Method::Totp),
            by_passkey: methods.contains(&Method::Passkey),
            by_recovery: methods.contains(&Method::RecoveryCode),
            next: local(next).to_owned(),
            ..SecondFactor::new(&self.visit, &self.token()?)
        })
    }

    /// The page that follows a step.
    fn answer(&self, step: Step, sent: &Sent) -> Result<Response, Failure> {
        let again = |refusal: Text, status: StatusCode| {
            let page = self.first(sent.value(NEXT), Some(refusal), sent.value("login"))?;
            Ok(page.show_as(status))
        };
        match step {
            Step::Again(Why::Elsewhere(failure)) => again(failure.message(), elsewhere::status(failure)),
            Step::Again(why) if sent.value("code").is_empty() => again(why.message(), StatusCode::UNPROCESSABLE_ENTITY),
            Step::Again(why) => {
                let page = SecondFactor {
                    by_code: true,
                    by_recovery: true,
                    refusal: Some(why.message()),
                    next: sent.value(NEXT).to_owned(),
                    ..SecondFactor::new(&self.visit, &self.token()?)
                };
                Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
            }
            Step::Wait(until) => {
                let left = until.duration_since(self.site.clock().now());
                again(wait(left), StatusCode::TOO_MANY_REQUESTS)
            }
            Step::Show(methods) => Ok(self.second(&methods, sent.value(NEXT))?.show()),
            Step::Inside { session, device, enrol } => {
                let next = onward(sent.value(NEXT), &enrol);
                inside(&self.site, next, &session, Some(&device))
            }
        }
    }
}

/// Where somebody goes who is inside: where they wanted to, unless something is to be enrolled first.
pub(super) fn onward<'n>(next: &'n str, enrol: &[Method]) -> &'n str {
    if enrol.is_empty() { local(next) } else { href::ACCOUNT }
}

/// An address of ours, or the home page in its place.
pub(super) fn local(next: &str) -> &str {
    if href::is_local(next) { next } else { href::HOME }
}

/// The field of the forms that keeps where a person wanted to go.
const NEXT: &str = "next";

/// Sends somebody on into the house.
pub(super) fn inside(site: &Site, next: &str, session: &Opaque, device: Option<&str>) -> Result<Response, Failure> {
    let cookies = site.hall()?.entrance().cookies;
    let location = HeaderValue::from_str(next).map_err(|_| Failure::Internal)?;
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    append(&mut response, &cookies.set(Name::Session, &session.text()));
    append(&mut response, &cookies.clear(Name::SignIn));
    if let Some(device) = device {
        append(&mut response, &cookies.set(Name::Device, device));
    }
    Ok(response)
}

/// Sends somebody to the sign-in that a link opened, out of any session that they are in.
pub(super) fn to_sign_in(site: &Site, sign_in: &Opaque) -> Result<Response, Failure> {
    let cookies = site.hall()?.entrance().cookies;
    let location = HeaderValue::from_static(href::SIGN_IN);
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    append(&mut response, &cookies.clear(Name::Session));
    append(&mut response, &cookies.set(Name::SignIn, &sign_in.text()));
    Ok(response)
}

pub(super) fn append(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

fn wait(left: SignedDuration) -> Text {
    let seconds = left.as_secs().max(1);
    Text::new(
        format!("試行が続いたため、{seconds}秒ほど待ってから、もう一度行ってください。"),
        format!("Too many attempts. Wait about {seconds} seconds and try again."),
    )
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(href::SIGN_IN, get(show).post(password))
        .route(href::AGAIN, get(show))
        .route("/sign-in/sample", post(sample))
        .route("/sign-in/code", post(code))
        .route("/sign-in/recovery-code", post(recovery_code))
        .route("/sign-in/passkey", post(passkey))
        .route("/sign-in/passkey/options", post(passkey_options))
        .route("/sign-out", post(sign_out))
}

/// Its pages are samples of `sign_in`.
pub(super) fn samples(_: &Site, _: Lang) -> Vec<Sample> {
    Vec::new()
}
