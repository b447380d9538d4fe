//! A real directory: OpenLDAP's slapd.

use super::browser::{Browser, Page};
use super::city::City;
use super::slapd::Slapd;

/// The service with the directory at an address of it.
fn city(slapd: &Slapd, url: &str) -> City {
    let configuration = format!(
        r#"
        [sign_in.directory]
        label = "庁内ネットワーク"
        url = "{url}"
        authority = "FOLDER/authority.pem"
        bind = "cn=search,dc=example"
        password_file = "FOLDER/password"
        base = "ou=people,dc=example"
        filter = "(&(objectClass=inetOrgPerson)(uid={{login}}))"
        person = "employeeNumber"
        subject = "entryUUID"
        "#
    );
    let files = [
        ("password", "a secret of the test\n"),
        ("authority.pem", slapd.authority.as_str()),
    ];
    City::start(&configuration, &files)
}

fn sign_in(browser: &mut Browser, login: &str, password: &str) -> Page {
    let page = browser.open("/sign-in?next=%2Fwork");
    let form = [("login", login), ("password", password), ("next", "/work")];
    browser.send(&page, "/sign-in", &form)
}

#[test]
fn the_password_of_the_directory_opens_the_door_to_people_of_the_register() {
    let slapd = Slapd::start();
    let city = city(&slapd, &format!("ldap://localhost:{}", slapd.plain));
    assert!(
        city.browser()
            .open("/sign-in")
            .says("庁内ネットワークの利用者IDとパスワードでもサインインできます。")
    );

    let page = sign_in(&mut city.browser(), "Hanako", "朝の市場");
    assert_eq!((page.status, page.path()), (200, "/work"), "{}", page.body);
    assert!(page.says("宮本 恵"));
    assert_eq!(
        (city.acts("sign-in.linked"), city.acts("sign-in.proved-elsewhere")),
        (1, 1)
    );
    assert_eq!(
        city.acts("sign-in.password-wrong") + city.acts("sign-in.unknown-account"),
        0
    );

    let kacho = sign_in(&mut city.browser(), "kacho", "noon gong");
    assert_eq!(kacho.path(), "/account", "a password alone is not enough for this role");

    let stranger = sign_in(&mut city.browser(), "stranger", "night rain");
    assert_eq!(stranger.status, 403);
    assert!(stranger.says("職員の登録と結び付きません"));
}

#[test]
fn who_does_not_know_the_password_learns_nothing_and_waits() {
    let slapd = Slapd::start();
    let city = city(&slapd, &format!("ldaps://localhost:{}", slapd.tls));
    let message = |page: &Page| {
        let after = page.body.split("role=\"alert\"").nth(1).unwrap_or_default();
        (page.status, after.split("</div>").next().unwrap_or_default().to_owned())
    };
    let wrong = message(&sign_in(&mut city.browser(), "hanako", "夕の鐘"));
    assert!(
        wrong.0 == 422 && wrong.1.contains("利用者IDかパスワードが違います"),
        "{wrong:?}"
    );
    for (login, password) in [
        ("nobody", "夕の鐘"),
        ("hanako", ""),
        ("kacho", ""),
        ("hana*", "朝の市場"),
        ("stranger", "朝の市場"),
        ("twin", "same password"),
    ] {
        let page = sign_in(&mut city.browser(), login, password);
        assert_eq!(message(&page), wrong, "{login}");
    }

    let noted = (
        city.acts("sign-in.password-wrong"),
        city.acts("sign-in.unknown-account"),
    );
    assert_eq!(noted, (0, 7), "none of them has an account here");

    let guess = |word: &str| sign_in(&mut city.browser(), "kacho", word).status;
    let answers: Vec<u16> = (0..7).map(|at| guess(&format!("guess {at}"))).collect();
    assert_eq!((answers[0], answers[6]), (422, 429), "{answers:?}");
    assert_eq!(
        guess("noon gong"),
        429,
        "nobody is asked while somebody waits, right or wrong"
    );
    assert!(city.acts("sign-in.slowed-down") >= 2);
}

#[test]
fn a_directory_that_is_down_is_told_to_everybody_alike() {
    let slapd = Slapd::start();
    let city = city(&slapd, &format!("ldap://localhost:{}", slapd.plain));
    drop(slapd);
    for login in ["hanako", "nobody"] {
        let page = sign_in(&mut city.browser(), login, "朝の市場");
        assert_eq!(page.status, 503);
        assert!(page.says("認証サーバーから応答がありません"));
    }
}
