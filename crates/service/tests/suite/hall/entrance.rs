//! The way in: the first administrator, second factors, waits, and what a session is good for.

use access::rule::Strength;
use access::session::Scope;
use access::signin::{Method, Refusal as Why};
use jiff::SignedDuration;
use service::hall::Refusal;
use service::hall::entrance::Origin;
use service::hall::entrance::sessions::{Seen, Visitor};
use service::hall::entrance::sign_in::Step;

use super::House;

const PASSWORD: &str = "朝の市場で買う青い梨と古い傘を";

fn origin(address: [u8; 4]) -> Origin {
    Origin {
        address: std::net::Ipv4Addr::from(address).into(),
        device: String::new(),
        agent: "test".to_owned(),
    }
}

fn here() -> Origin {
    origin([192, 0, 2, 1])
}

fn enrolling(house: &House, cookie: &str) -> Visitor {
    match house.hall.seen(Some(cookie)).unwrap() {
        Seen::Enrolling(visitor) => *visitor,
        other => panic!("{other:?}"),
    }
}

/// The codes of the authenticator app that a page shows.
struct App(totp_rs::Totp);

impl App {
    fn of(written: &str) -> Self {
        let secret = totp_rs::Secret::try_from_base32(written.replace(' ', "")).unwrap();
        Self(totp_rs::Builder::new().with_secret(secret).build().unwrap())
    }

    fn code(&self, house: &House) -> String {
        let now = house.hall.clock().now().as_second();
        self.0.generate(u64::try_from(now).unwrap()).to_string()
    }
}

/// The first administrator, with a password and an app.
fn administrator(house: &House) -> (Visitor, App) {
    let link = house.hall.first_link().unwrap().unwrap();
    let session = house.hall.use_link(&link.text(), Some("Kanri"), &here()).unwrap();
    let visitor = enrolling(house, &session.text());
    assert_eq!(visitor.person, "kanri");
    house.hall.set_password(&visitor, PASSWORD).unwrap();
    let offered = house.hall.offer_authenticator(&visitor, "見本市").unwrap();
    assert!(offered.image.starts_with("<svg"));
    let app = App::of(&offered.written);
    let session = house.hall.confirm_authenticator(&visitor, &app.code(house)).unwrap();
    // The link proved nothing by itself: they sign in with what they enrolled.
    let _ = session;
    house.clock.advance(SignedDuration::from_secs(60));
    let visitor = sign_in(house, "kanri", &app);
    (visitor, app)
}

fn sign_in(house: &House, login: &str, app: &App) -> Visitor {
    let cookie = house.hall.begin_sign_in(None).unwrap().text();
    let step = house
        .hall
        .sign_in_by_password(&cookie, None, (login, PASSWORD), &here())
        .unwrap();
    let Step::Show(methods) = step else { panic!("{step:?}") };
    assert!(methods.contains(&Method::Totp));
    let code = app.code(house);
    let step = house
        .hall
        .sign_in_by_code(&cookie, None, Method::Totp, &code, &here())
        .unwrap();
    let Step::Inside { session, enrol, .. } = step else {
        panic!("{step:?}")
    };
    assert!(enrol.is_empty());
    match house.hall.seen(Some(&session.text())).unwrap() {
        Seen::Visitor(visitor) => *visitor,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_administrator_comes_in_by_a_link_that_opens_once() {
    let house = House::empty();
    let link = house.hall.first_link().unwrap().unwrap();
    let unnamed = house.hall.use_link(&link.text(), None, &here());
    assert!(matches!(unnamed, Err(Refusal::Rules(_))));
    let (visitor, _) = administrator(&house);
    assert!(visitor.is_administrator() && visitor.session.scope == Scope::Full);
    assert_eq!(visitor.session.assurance.unwrap().strength, Strength::TwoFactors);
    assert!(
        house.hall.use_link(&link.text(), Some("other"), &here()).is_err(),
        "there is an administrator"
    );
    assert!(house.hall.first_link().unwrap().is_none());
}

#[test]
fn a_password_alone_opens_nothing_and_a_code_counts_once() {
    let house = House::empty();
    let (_, app) = administrator(&house);
    let cookie = house.hall.begin_sign_in(None).unwrap().text();
    let used = app.code(&house);
    house
        .hall
        .sign_in_by_password(&cookie, None, ("kanri", PASSWORD), &here())
        .unwrap();
    let again = house
        .hall
        .sign_in_by_code(&cookie, None, Method::Totp, &used, &here())
        .unwrap();
    assert!(matches!(again, Step::Again(Why::CodeWrong)), "{again:?}");
    assert!(matches!(house.hall.seen(Some(&cookie)).unwrap(), Seen::Nobody));
}

#[test]
fn whoever_guesses_waits_and_the_person_elsewhere_does_not() {
    let house = House::empty();
    let (_, app) = administrator(&house);
    let cookie = house.hall.begin_sign_in(None).unwrap().text();
    let guess = |from: &Origin| {
        house
            .hall
            .sign_in_by_password(&cookie, None, ("kanri", "違う言葉をいくつも並べて試す夜"), from)
    };
    let attacker = origin([203, 0, 113, 9]);
    let steps: Vec<Step> = (0..7).map(|_| guess(&attacker).unwrap()).collect();
    assert!(matches!(steps[0], Step::Again(Why::NotRecognised)));
    assert!(matches!(steps[6], Step::Wait(_)), "{:?}", steps[6]);
    house.clock.advance(SignedDuration::from_secs(60));
    sign_in(&house, "kanri", &app);
}

#[test]
fn whoever_has_the_password_cannot_guess_codes_for_ever() {
    let house = House::empty();
    let (_, _) = administrator(&house);
    let mut waits = 0;
    for _ in 0..4 {
        let cookie = house.hall.begin_sign_in(None).unwrap().text();
        house
            .hall
            .sign_in_by_password(&cookie, None, ("kanri", PASSWORD), &here())
            .unwrap();
        for _ in 0..4 {
            let step = house
                .hall
                .sign_in_by_code(&cookie, None, Method::Totp, "000000", &here())
                .unwrap();
            waits += usize::from(matches!(step, Step::Wait(_)));
        }
    }
    assert!(waits >= 8, "{waits}");
}

#[test]
fn an_unknown_name_is_answered_like_a_wrong_password() {
    let house = House::empty();
    administrator(&house);
    let cookie = house.hall.begin_sign_in(None).unwrap().text();
    for name in ["kanri", "nobody"] {
        let step = house
            .hall
            .sign_in_by_password(&cookie, None, (name, "違う言葉をいくつも並べて試す夜"), &here())
            .unwrap();
        assert!(matches!(step, Step::Again(Why::NotRecognised)));
    }
}

#[test]
fn a_session_ends_by_pause_and_by_signing_out_and_leaves_no_name_in_the_ledger() {
    let house = House::empty();
    let (visitor, app) = administrator(&house);
    house.hall.sign_out(&visitor).unwrap();
    house.clock.advance(SignedDuration::from_secs(60));
    let again = sign_in(&house, "kanri", &app);
    house.clock.advance(SignedDuration::from_hours(13));
    assert!(house.hall.sessions_of(&again.person).unwrap().is_empty());
    let leaves = house.hall.store().leaves(0, 1_000).unwrap();
    assert!(
        leaves
            .iter()
            .all(|leaf| !String::from_utf8_lossy(&leaf.bytes).contains("kanri"))
    );
    let kinds: Vec<String> = leaves
        .iter()
        .map(|leaf| store::log::parsed(&leaf.bytes).unwrap().kind)
        .collect();
    assert!(
        kinds.iter().any(|kind| kind == "sign-in.signed-in") && kinds.iter().any(|kind| kind == "sign-in.signed-out")
    );
}
