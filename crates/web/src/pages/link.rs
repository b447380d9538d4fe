//! `/first/{token}` and `/invitation/{token}`: what a one-time link opens.

use std::net::SocketAddr;

use access::link::Purpose;
use askama::Template;
use axum::extract::{ConnectInfo, Form, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use axum::Router;
use model::lang::{Lang, Text};
use serde::Deserialize;
use service::hall::Refusal;

use crate::blocking::blocking;
use crate::failure::Failure;
use crate::filters;
use crate::frame::Frame;
use crate::hall::origin;
use crate::href;
use crate::page::{Page, Sample};
use crate::pages::door::{inside, to_sign_in};
use crate::sample;
use crate::site::Site;
use crate::visit::Visit;

/// The page behind a link: it asks before it uses it, since mail programs open links to look at them.
#[derive(Template)]
#[template(path = "page/link.html")]
struct LinkPage {
    frame: Frame,
    purpose: Purpose,
    login: String,
    refusal: Option<Text>,
    /// Whether the link still opens.
    is_good: bool,
}

impl Page for LinkPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl LinkPage {
    fn new(visit: &Visit, purpose: Purpose) -> Self {
        let title = match purpose {
            Purpose::FirstAdministrator => Text::fixed("最初の管理者を登録する", "Enrol the first administrator"),
            Purpose::Invitation => Text::fixed("招待", "Invitation"),
            Purpose::Enrolment => Text::fixed("サインインの手段の登録", "One more way to sign in"),
            Purpose::Recovery => Text::fixed("サインインの手段の回復", "Recovery of your ways to sign in"),
        };
        Self {
            frame: visit.frame(title, None),
            purpose,
            login: String::new(),
            refusal: None,
            is_good: true,
        }
    }

    fn gone(visit: &Visit, why: Text) -> Self {
        Self {
            refusal: Some(why),
            is_good: false,
            ..Self::new(visit, Purpose::Invitation)
        }
    }

    /// The first administrator chooses a name; everybody else has one.
    fn asks_login(&self) -> bool {
        self.purpose == Purpose::FirstAdministrator
    }

    /// With a link for one more factor the person signs in, with what they have.
    fn leads_to_sign_in(&self) -> bool {
        self.purpose == Purpose::Enrolment
    }

    fn recovers(&self) -> bool {
        self.purpose == Purpose::Recovery
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    login: String,
}

async fn show(State(site): State<Site>, Path(token): Path<String>, visit: Visit) -> Result<Response, Failure> {
    let link = blocking(&site, move |hall| Ok(hall.link(&token))).await?;
    Ok(match link {
        Ok(link) => LinkPage::new(&visit, link.purpose).show(),
        Err(Refusal::Rules(_)) => {
            let why = access::link::Gone.message();
            LinkPage::gone(&visit, why).show_as(StatusCode::GONE)
        }
        Err(refusal) => return Err(refusal.into()),
    })
}

async fn open(
    State(site): State<Site>,
    Path(token): Path<String>,
    ConnectInfo(connected): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    visit: Visit,
    Form(answer): Form<Answer>,
) -> Result<Response, Failure> {
    let from = origin(site.hall()?, connected, &headers);
    let typed = answer.login.clone();
    let opened = blocking(&site, move |hall| {
        let purpose = hall.link(&token).map(|link| link.purpose);
        let typed = Some(typed.as_str()).filter(|typed| !typed.is_empty());
        let opened = match purpose {
            Ok(Purpose::Enrolment) => hall.sign_in_by_link(&token),
            _ => hall.use_link(&token, typed, &from),
        };
        Ok((purpose, opened))
    });
    match opened.await? {
        (Ok(Purpose::Enrolment), Ok(sign_in)) => to_sign_in(&site, &sign_in),
        (_, Ok(session)) => inside(&site, href::ACCOUNT, &session, None),
        (Ok(purpose @ Purpose::FirstAdministrator), Err(Refusal::Rules(rules))) => {
            let page = LinkPage {
                login: answer.login,
                refusal: rules.into_iter().next(),
                ..LinkPage::new(&visit, purpose)
            };
            Ok(page.show_as(StatusCode::UNPROCESSABLE_ENTITY))
        }
        (_, Err(refusal @ Refusal::Rules(_))) => {
            Ok(LinkPage::gone(&visit, refusal.text()).show_as(StatusCode::GONE))
        }
        (_, Err(refusal)) => Err(refusal.into()),
    }
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/first/{token}", get(show).post(open))
        .route("/invitation/{token}", get(show).post(open))
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::guest(site, Uri::from_static("/invitation/x"), lang);
    vec![
        Sample::of("link-first", &LinkPage::new(&visit, Purpose::FirstAdministrator)),
        Sample::of("link", &LinkPage::new(&visit, Purpose::Invitation)),
        Sample::of("link-enrolment", &LinkPage::new(&visit, Purpose::Enrolment)),
        Sample::of("link-recovery", &LinkPage::new(&visit, Purpose::Recovery)),
        Sample::of("link-gone", &LinkPage::gone(&visit, access::link::Gone.message())),
    ]
}
