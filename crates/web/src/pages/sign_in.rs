//! `/sign-in`: name and password or passkey, then the second factor.
//!
//! What the forms send is answered by whoever knows accounts; these are the pages that they show.

use askama::Template;
use axum::Router;
use axum::http::Uri;
use model::lang::{Lang, Text};
use service::hall::entrance::sample::SamplePerson;

use crate::filters;
use crate::frame::Frame;
use crate::href;
use crate::page::{Page, Sample};
use crate::sample;
use crate::site::Site;
use crate::visit::Visit;

/// A sign-in with another provider of identities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// 県の認証基盤でサインインする
    pub words: Text,
    /// Where it begins.
    pub href: String,
}

/// The first page: who are you.
#[derive(Template)]
#[template(path = "page/sign-in.html")]
pub struct SignIn {
    /// What stands around it.
    pub(super) frame: Frame,
    /// Where the visitor wanted to go; only addresses of ours.
    pub next: String,
    /// What was typed before.
    pub login: String,
    /// Why it did not work, without saying whether such an account exists.
    pub refusal: Option<Text>,
    /// Other ways.
    pub providers: Vec<Provider>,
    /// The directory whose names and passwords do as well.
    pub directory: Option<Text>,
    /// The sample city's people; nobody anywhere else.
    pub people: Vec<SamplePerson>,
}

impl Page for SignIn {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl SignIn {
    /// An empty form whose token is `token`, leading on to `next`.
    #[must_use]
    pub fn new(visit: &Visit, token: &str, next: &str) -> Self {
        let next = if href::is_local(next) { next } else { href::HOME };
        let frame = visit.frame(Text::fixed("サインイン", "Sign in"), None);
        Self {
            frame: frame.with_token(token),
            next: next.to_owned(),
            login: String::new(),
            refusal: None,
            providers: Vec::new(),
            directory: None,
            people: Vec::new(),
        }
    }
}

impl Provider {
    /// The button of a provider, leading on to `next`.
    #[must_use]
    pub fn of(settings: &access::oidc::Settings, next: &str) -> Self {
        let label = &settings.label;
        Self {
            words: Text::new(
                format!("{}でサインインする", label.ja),
                format!("Sign in with {}", label.en),
            ),
            href: href::provider(&settings.name, next),
        }
    }
}

/// The second page: prove it once more.
#[derive(Template)]
#[template(path = "page/second-factor.html")]
pub struct SecondFactor {
    /// What stands around it.
    pub(super) frame: Frame,
    /// A code of an authenticator app will do.
    pub by_code: bool,
    /// A passkey will do.
    pub by_passkey: bool,
    /// A recovery code will do.
    pub by_recovery: bool,
    /// Where the visitor wanted to go.
    pub next: String,
    /// Why the last try did not work.
    pub refusal: Option<Text>,
}

impl Page for SecondFactor {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl SecondFactor {
    /// Nothing is offered until a way is set.
    #[must_use]
    pub fn new(visit: &Visit, token: &str) -> Self {
        let frame = visit.frame(Text::fixed("本人の確認", "Confirm that it is you"), None);
        Self {
            frame: frame.with_token(token),
            by_code: false,
            by_passkey: false,
            by_recovery: false,
            next: String::new(),
            refusal: None,
        }
    }
}

pub(super) fn routes() -> Router<Site> {
    Router::new()
}

pub(super) fn samples(site: &Site, lang: Lang) -> Vec<Sample> {
    let visit = sample::guest(site, Uri::from_static(href::SIGN_IN), lang);
    let first = SignIn::new(&visit, "sample", "/work");
    let refused = SignIn {
        login: "hanako".to_owned(),
        refusal: Some(Text::fixed(
            "利用者IDかパスワードが違います。",
            "The user ID or the password is not right.",
        )),
        providers: vec![Provider {
            words: Text::fixed("県の認証基盤でサインインする", "Sign in with the prefecture's identity service"),
            href: href::provider("prefecture", href::HOME),
        }],
        directory: Some(Text::fixed("庁内ネットワーク", "the city network")),
        ..SignIn::new(&visit, "sample", href::HOME)
    };
    let of_sample = SignIn {
        people: vec![SamplePerson {
            person: "P0001".to_owned(),
            name: "見本 太郎".to_owned(),
            section: "情報政策課".to_owned(),
            role: Text::fixed("情報システム管理者", "information system manager"),
        }],
        ..SignIn::new(&visit, "sample", href::HOME)
    };
    let second = SecondFactor {
        by_code: true,
        by_passkey: true,
        by_recovery: true,
        ..SecondFactor::new(&visit, "sample")
    };
    vec![
        Sample::of("sign-in", &first),
        Sample::of("sign-in-refused", &refused),
        Sample::of("sign-in-sample-city", &of_sample),
        Sample::of("sign-in-second-factor", &second),
    ]
}
