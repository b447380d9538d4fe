//! A proxy in front that has TLS, and speaks for others.

use super::browser::Browser;
use super::city::City;
use super::peer;

fn city() -> City {
    let url = Some("https://sanmon.example.lg.jp");
    City::at(
        peer::free_port(),
        url,
        "server.trusted_proxies = [\"127.0.0.0/8\", \"::1\"]\n",
        &[],
    )
}

/// A browser behind the proxy: what it told is what the proxy hands on.
fn behind(city: &City, told: &[(&'static str, &str)]) -> Browser {
    let mut browser = city.browser();
    browser.told = told.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    // A page of the service, as its visitors know it.
    browser.origin = Some("https://sanmon.example.lg.jp".to_owned());
    browser
}

#[test]
fn behind_a_proxy_cookies_are_for_tls_only_and_forms_come_from_the_url() {
    let city = city();
    let mut browser = behind(
        &city,
        &[("x-forwarded-for", "198.51.100.1"), ("x-forwarded-proto", "https")],
    );
    let page = browser.open("/sign-in");
    let cookie = page
        .set
        .iter()
        .find(|set| set.starts_with("__Host-sanmon-sign-in="))
        .unwrap();
    assert!(
        cookie.contains("; Secure") && cookie.contains("; HttpOnly") && cookie.contains("; Path=/;"),
        "{cookie}"
    );
    assert_eq!(page.headers["strict-transport-security"], "max-age=31536000");
    let form = [("login", "nobody"), ("password", "夕の鐘")];
    assert_eq!(browser.send(&page, "/sign-in", &form).status, 422);
    browser.origin = None;
    assert_eq!(
        browser.send(&page, "/sign-in", &form).status,
        403,
        "a page of another site"
    );
}

#[test]
fn whoever_guesses_behind_a_proxy_waits_alone() {
    let city = city();
    let guess = |told: &[(&'static str, &str)]| {
        let mut browser = behind(&city, told);
        let page = browser.open("/sign-in");
        browser
            .send(&page, "/sign-in", &[("login", "nobody"), ("password", "夕の鐘")])
            .status
    };
    let attacker = [("x-forwarded-for", "8.8.8.8, 203.0.113.9")];
    let answers: Vec<u16> = (0..7).map(|_| guess(&attacker)).collect();
    assert_eq!((answers[0], answers[6]), (422, 429), "{answers:?}");
    assert_eq!(
        guess(&[("x-forwarded-for", "198.51.100.1")]),
        422,
        "somebody else is not slowed down"
    );
    for made_up in [
        "198.51.100.7, 203.0.113.9",
        "for=x, 203.0.113.9",
        "é, 203.0.113.9",
        ",,, 203.0.113.9",
    ] {
        assert_eq!(guess(&[("x-forwarded-for", made_up)]), 429, "{made_up}");
    }
}
