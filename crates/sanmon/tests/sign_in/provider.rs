//! A real identity provider: `oidc-provider` on Node.js.

use super::browser::{Browser, Page};
use super::city::City;
use super::peer::{self, Peer};

/// The service and a provider that know each other.
struct Both {
    city: City,
    provider: u16,
    peer: Option<Peer>,
}

const HANAKO: [(&str, &str); 2] = [("login", "hanako"), ("password", "朝の市場")];

impl Both {
    fn start() -> Self {
        let (port, provider) = (peer::free_port(), peer::free_port());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../access/tests/peers/oidc/provider.js");
        let back = format!("http://localhost:{port}/sign-in/provider/prefecture/callback");
        let peer = peer::start("node", &[script, &provider.to_string(), &back], "listening");
        let configuration = format!(
            r#"
            [[sign_in.provider]]
            name = "prefecture"
            label = "県の認証基盤"
            issuer = "http://localhost:{provider}"
            client_id = "sanmon"
            client_secret_file = "FOLDER/secret"
            claim = "employee_number"
            two_factors = ["mfa"]
            groups_claim = "groups"
            groups = {{ csirt = ["csirt_member"] }}
            "#
        );
        Self {
            city: City::at(port, None, &configuration, &[("secret", "a secret of the test\n")]),
            provider,
            peer: Some(peer),
        }
    }

    fn back(&self) -> String {
        format!("http://localhost:{}/sign-in/provider/", self.city.port)
    }

    /// Sets out from the sign-in page, fills in the provider's form, and stops before coming back.
    fn away(&self, browser: &mut Browser, next: &str, form: &[(&str, &str)]) -> Page {
        let page = browser.open(&format!("/sign-in?next={next}"));
        assert!(page.says("県の認証基盤でサインインする"));
        let theirs = browser.open(&format!("/sign-in/provider/prefecture?next={next}"));
        assert_eq!(theirs.url.port(), Some(self.provider), "{}", theirs.url);
        let action = theirs.url.clone();
        browser.send_until(&theirs, action.as_str(), form, &self.back())
    }

    fn sign_in(&self, form: &[(&str, &str)]) -> Page {
        let mut browser = self.city.browser();
        let back = self.away(&mut browser, "%2Fwork", form);
        browser.open(back.url.as_str())
    }
}

#[test]
fn a_provider_vouches_for_people_of_the_register_and_for_nobody_else() {
    let both = Both::start();
    let page = both.sign_in(&HANAKO);
    assert_eq!((page.status, page.path()), (200, "/work"), "{}", page.body);
    assert!(
        page.says("宮本 恵"),
        "whom the number belongs to, not what the provider calls them"
    );
    assert_eq!(both.city.acts("sign-in.linked"), 1);
    assert_eq!(
        (
            both.city.acts("sign-in.proved-elsewhere"),
            both.city.acts("sign-in.signed-in")
        ),
        (1, 1)
    );
    both.sign_in(&HANAKO);
    assert_eq!(
        (both.city.acts("sign-in.linked"), both.city.acts("sign-in.signed-in")),
        (1, 2)
    );

    let stranger = both.sign_in(&[("login", "stranger"), ("password", "夜の雨")]);
    assert_eq!(stranger.status, 403);
    assert!(stranger.says("職員の登録と結び付きません") && stranger.says("ほかの方法でサインインする"));
    let wrong = both.sign_in(&[("login", "hanako"), ("password", "夕の鐘")]);
    assert_eq!(wrong.status, 403);
    assert!(wrong.says("認証されませんでした"), "{}", wrong.body);
    assert_eq!(
        (
            both.city.acts("sign-in.not-linked"),
            both.city.acts("sign-in.refused-elsewhere")
        ),
        (1, 1)
    );
}

#[test]
fn a_role_that_demands_two_factors_gets_them_from_the_provider_or_here() {
    let both = Both::start();
    let kacho = [("login", "kacho"), ("password", "昼の鐘")];
    let one = both.sign_in(&kacho);
    assert_eq!(one.path(), "/account", "one factor more is to be enrolled");
    let two = both.sign_in(&[kacho[0], kacho[1], ("code", "654321")]);
    assert_eq!((two.status, two.path()), (200, "/work"));

    let mut browser = both.city.browser();
    let back = both.away(&mut browser, "%2Fwork", &kacho);
    browser.open(back.url.as_str());
    let offer = browser.open("/account/authenticator");
    let secret = offer
        .body
        .split("<code>")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    let done = browser.send(&offer, "/account/authenticator", &[("code", &code(&secret, 0))]);
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(browser.open("/work").path(), "/work", "two factors together are enough");

    let mut later = both.city.browser();
    let back = both.away(&mut later, "%2Fledger", &kacho);
    let second = later.open(back.url.as_str());
    assert_eq!(second.path(), "/sign-in/second-factor");
    assert_eq!(
        later.open("/work").path(),
        "/sign-in",
        "the first factor alone opens nothing"
    );
    let wrong = later.send(&second, "/sign-in/code", &[("code", "000000"), ("next", "/ledger")]);
    assert_eq!(wrong.status, 422);
    let right = later.send(
        &second,
        "/sign-in/code",
        &[("code", &code(&secret, 1)), ("next", "/ledger")],
    );
    assert_eq!((right.status, right.path()), (200, "/ledger"));
}

#[test]
fn an_answer_counts_once_and_in_the_browser_that_asked() {
    let both = Both::start();
    let (mut one, mut other) = (both.city.browser(), both.city.browser());
    let back = both.away(&mut one, "%2Fwork", &HANAKO).url;

    let foreign = other.open(back.as_str());
    assert_eq!(foreign.status, 400);
    assert!(foreign.says("最初からやり直してください") && !foreign.says("code="));
    other.open("/sign-in/provider/prefecture");
    assert_eq!(other.open(back.as_str()).status, 400, "the state of another sign-in");

    assert_eq!(one.open(back.as_str()).path(), "/work");
    let mut replayed = one.open(back.as_str());
    assert_eq!(replayed.status, 400);
    assert!(!replayed.says("code="));
    for query in [
        "",
        "?state=x&code=y",
        "?error=access_denied",
        "?state=%00&code=%0d%0a",
        "?state=a&state=b",
    ] {
        replayed = one.open(&format!("/sign-in/provider/prefecture/callback{query}"));
        assert_eq!(replayed.status, 400, "{query}");
    }
    assert_eq!(one.open("/sign-in/provider/nobody").status, 404);
    assert_eq!(one.open("/sign-in/provider/nobody/callback?state=x&code=y").status, 404);

    for elsewhere in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2F%09%2Fevil.example",
    ] {
        let mut browser = both.city.browser();
        let back = both.away(&mut browser, elsewhere, &HANAKO);
        assert_eq!(browser.open(back.url.as_str()).path(), "/", "{elsewhere}");
    }
}

#[test]
fn a_provider_that_is_down_is_told_and_leaves_the_other_ways() {
    let mut both = Both::start();
    both.peer = None;
    let mut browser = both.city.browser();
    let page = browser.open("/sign-in/provider/prefecture?next=%2Fwork");
    assert_eq!(page.status, 503);
    assert!(page.says("県の認証基盤でサインインできませんでした") && page.says("応答がありません"));
    assert!(
        page.says("href=\"/sign-in/provider/prefecture?next=%2Fwork\"") && page.says("href=\"/sign-in?next=%2Fwork\"")
    );
    assert_eq!(browser.open("/sign-in").status, 200);
}

/// What an authenticator app shows, `steps` of 30 seconds from now.
fn code(secret: &str, steps: u64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = model::clock::Clock::now(&model::clock::SystemClock).as_second();
    app.generate(u64::try_from(now).unwrap() + steps * 30).to_string()
}
