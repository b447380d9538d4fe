//! A real identity provider: `oidc-provider` on Node.js, driven as a browser would.

use std::collections::BTreeMap;

use access::elsewhere::{Failure, Identity, KnownBy};
use access::oidc::{Callback, Client, Pending, Settings};
use jiff::{SignedDuration, Timestamp};
use model::clock::{Clock as _, SystemClock};
use model::random::SeededRandom;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use url::Url;

use super::peer::{self, Peer};

const REDIRECT: &str = "http://localhost:8080/sign-in/prefecture";

struct Provider {
    port: u16,
    runtime: tokio::runtime::Runtime,
    _peer: Peer,
}

impl Provider {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/oidc/provider.js");
        let port = peer::free_port();
        let peer = peer::start("node", &[script, &port.to_string(), REDIRECT], "listening");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self {
            port,
            runtime,
            _peer: peer,
        }
    }

    fn client(&self, changes: &[(&str, &str)]) -> Result<Client, Failure> {
        let mut text = format!(
            r#"
            name = "prefecture"
            label = {{ ja = "県の認証", en = "prefecture" }}
            issuer = "http://localhost:{}"
            client-id = "sanmon"
            scopes = ["profile", "email"]
            claim = "employee_number"
            known-by = "number"
            two-factors = ["mfa"]
            groups-claim = "groups"
            groups = {{ csirt = ["csirt_member"] }}
            "#,
            self.port
        );
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        let settings: Settings = toml::from_str(&text).unwrap();
        let secret = Some(String::from("a secret of the test").into());
        self.runtime
            .block_on(Client::discover(settings, secret, REDIRECT, None))
    }

    /// What a browser does: follows the way to the form, fills it in, comes back to us with a query.
    fn browse(&self, url: &str, form: &[(&str, &str)]) -> Callback {
        self.runtime.block_on(async {
            let mut browser = Browser::new();
            let page = browser.follow(url).await;
            let back = browser.submit(page, form).await;
            let query = back.query().unwrap_or_default().as_bytes();
            let parameter = |name: &str| {
                let mut pairs = url::form_urlencoded::parse(query);
                pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
            };
            Callback {
                code: parameter("code"),
                state: parameter("state"),
                iss: parameter("iss"),
                error: parameter("error"),
            }
        })
    }

    fn finish(
        &self,
        client: &Client,
        pending: &Pending,
        callback: &Callback,
        now: Timestamp,
    ) -> Result<Identity, Failure> {
        self.runtime.block_on(client.finish(pending, callback, now))
    }

    fn sign_in(&self, client: &Client, form: &[(&str, &str)]) -> Result<Identity, Failure> {
        let (url, pending) = client.begin(false, &SeededRandom::new(1), now());
        let callback = self.browse(&url, form);
        self.finish(client, &pending, &callback, now())
    }
}

fn now() -> Timestamp {
    SystemClock.now()
}

/// A browser without a screen: cookies and redirects.
struct Browser {
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new() -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            http,
            cookies: BTreeMap::new(),
        }
    }

    /// Goes to an address and on, until a page comes or the way leads back to us.
    async fn follow(&mut self, url: &str) -> Url {
        let mut url = Url::parse(url).unwrap();
        while !url.as_str().starts_with(REDIRECT) {
            let request = self.http.get(url.clone());
            let Some(next) = self.send(request).await else { break };
            url = url.join(&next).unwrap();
        }
        url
    }

    async fn submit(&mut self, page: Url, form: &[(&str, &str)]) -> Url {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = self.http.post(page.clone()).body(body);
        let next = self.send(request).await.unwrap();
        self.follow(page.join(&next).unwrap().as_str()).await
    }

    /// Where the answer leads.
    async fn send(&mut self, request: reqwest::RequestBuilder) -> Option<String> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        assert!(answer.status().as_u16() < 400, "{}", answer.status());
        answer
            .headers()
            .get(LOCATION)
            .map(|location| location.to_str().unwrap().to_owned())
    }
}

#[test]
fn a_provider_tells_who_somebody_is() {
    let provider = Provider::start();
    let client = provider.client(&[]).unwrap();
    let hanako = [("login", "hanako"), ("password", "朝の市場")];
    let identity = provider.sign_in(&client, &hanako).unwrap();
    assert_eq!(identity.known_by, KnownBy::Number("P0104".into()));
    assert_eq!((identity.subject.as_str(), identity.two_factors), ("hanako", false));
    let roles = client.settings().groups.roles(&identity.groups);
    assert_eq!(roles.into_iter().collect::<Vec<_>>(), ["csirt_member"]);

    let with_code = [("login", "hanako"), ("password", "朝の市場"), ("code", "123456")];
    assert!(provider.sign_in(&client, &with_code).unwrap().two_factors);
    let wrong = [("login", "hanako"), ("password", "夕の鐘")];
    assert_eq!(provider.sign_in(&client, &wrong), Err(Failure::NotRecognised));
    let guest = [("login", "guest"), ("password", "昼の月")];
    assert_eq!(provider.sign_in(&client, &guest), Err(Failure::Unknown));
}

#[test]
fn a_mail_address_counts_once_it_is_verified() {
    let provider = Provider::start();
    let mail = [("\"employee_number\"", "\"email\""), ("\"number\"", "\"mail\"")];
    let client = provider.client(&mail).unwrap();
    let hanako = [("login", "hanako"), ("password", "朝の市場")];
    let taro = [("login", "taro"), ("password", "夕の鐘")];
    let identity = provider.sign_in(&client, &hanako).unwrap();
    assert_eq!(identity.known_by, KnownBy::Mail("hanako@example.lg.jp".into()));
    assert_eq!(provider.sign_in(&client, &taro), Err(Failure::Unknown));
    let trusting = [mail[0], mail[1], ("name =", "trusts-mail = true\nname =")];
    let client = provider.client(&trusting).unwrap();
    assert!(provider.sign_in(&client, &taro).is_ok());
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let provider = Provider::start();
    let client = provider.client(&[]).unwrap();
    let hanako = [("login", "hanako"), ("password", "朝の市場")];
    let (url, pending) = client.begin(false, &SeededRandom::new(1), now());
    let (_, other) = client.begin(false, &SeededRandom::new(2), now());
    let callback = provider.browse(&url, &hanako);
    assert_eq!(callback.iss.as_deref(), Some(client.settings().issuer.as_str()));

    let finish = |pending: &Pending, callback: &Callback, now| provider.finish(&client, pending, callback, now);
    assert_eq!(finish(&other, &callback, now()), Err(Failure::Foreign));
    let elsewhere = Callback {
        iss: Some("https://evil.example".into()),
        ..callback.clone()
    };
    assert_eq!(finish(&pending, &elsewhere, now()), Err(Failure::Foreign));
    let stateless = Callback {
        state: None,
        ..callback.clone()
    };
    assert_eq!(finish(&pending, &stateless, now()), Err(Failure::Foreign));
    assert_eq!(finish(&pending, &callback, now() + Client::LASTS), Err(Failure::Late));
    // The code of one request with the state of another: PKCE and the nonce differ.
    let injected = Callback {
        state: provider
            .browse(&client.begin(false, &SeededRandom::new(2), now()).0, &hanako)
            .state,
        ..callback.clone()
    };
    assert_eq!(finish(&other, &injected, now()), Err(Failure::NotRecognised));
}

#[test]
fn a_code_is_good_once() {
    let provider = Provider::start();
    let client = provider.client(&[]).unwrap();
    let (url, pending) = client.begin(true, &SeededRandom::new(1), now());
    assert!(url.contains("prompt=login") && url.contains("code_challenge_method=S256"));
    let callback = provider.browse(&url, &[("login", "hanako"), ("password", "朝の市場")]);
    assert!(provider.finish(&client, &pending, &callback, now()).is_ok());
    assert_eq!(
        provider.finish(&client, &pending, &callback, now()),
        Err(Failure::NotRecognised)
    );
}

#[test]
fn a_token_of_another_time_is_refused() {
    let provider = Provider::start();
    let client = provider.client(&[]).unwrap();
    let before = now() - SignedDuration::from_hours(1);
    let (url, pending) = client.begin(false, &SeededRandom::new(1), before);
    let callback = provider.browse(&url, &[("login", "hanako"), ("password", "朝の市場")]);
    assert_eq!(
        provider.finish(&client, &pending, &callback, before),
        Err(Failure::Foreign)
    );
}

#[test]
fn a_provider_that_is_none_is_unavailable() {
    let provider = Provider::start();
    let port = provider.port.to_string();
    let with = |to: &str| provider.client(&[(&port, to)]).unwrap_err();
    assert_eq!(with("1"), Failure::Unavailable);
    assert_eq!(with(&format!("{port}/nothing")), Failure::Unavailable);
    let open = provider
        .client(&[("http://localhost", "http://login.example.lg.jp")])
        .unwrap_err();
    assert_eq!(open, Failure::Settings);
}
