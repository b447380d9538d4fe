//! What no rule decides: the doors of the house, which are there for whoever is outside, and what is one's own by its address.

use axum::http::StatusCode;

use super::{Came, came};
use crate::house::House;

pub(super) const ROUTES: &[&str] = &[
    "POST /sign-in",
    "POST /sign-in/sample",
    "POST /sign-in/code",
    "POST /sign-in/recovery-code",
    "POST /sign-in/passkey",
    "POST /sign-in/passkey/options",
    "POST /first/{token}",
    "POST /invitation/{token}",
    "POST /sign-out",
    "POST /account/password",
    "POST /account/authenticator",
    "POST /account/passkeys",
    "POST /account/passkeys/options",
    "POST /account/passkeys/remove",
    "POST /account/sessions/end",
    "POST /account/mail",
    "POST /notices/open",
    "POST /notices/read",
    "POST /people/{key}/absences",
    "POST /people/{key}/absences/cancel",
];

#[tokio::test]
async fn a_visitor_finds_no_door_open_without_a_key() {
    let house = House::town();
    let visitor = house.nobody();
    for route in ROUTES {
        let path = route
            .strip_prefix("POST ")
            .unwrap()
            .replace("{token}", "none")
            .replace("{key}", "P17");
        let reply = visitor.post(&path, &[]).await;
        let to_sign_in = reply.status == StatusCode::SEE_OTHER && reply.location.starts_with("/sign-in");
        assert!(
            to_sign_in || reply.status.is_client_error(),
            "{path}: {} {}",
            reply.status,
            reply.location
        );
    }
}

#[tokio::test]
async fn nobody_enters_that_another_is_away() {
    let house = House::town();
    let who = house.person("P05");
    let days = [("from", "2026-12-01"), ("until", "2026-12-02")];
    let own = who.post("/people/P05/absences", &days).await;
    assert_eq!(came(&who, &own), Ok(Came::Done));
    let kept = house.hall.absences_of("P05").unwrap();
    let cancel = [("absence", kept[0].key.as_str()), ("version", "1")];
    let other = house.person("P15");
    assert_eq!(
        other.post("/people/P05/absences", &days).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        other.post("/people/P05/absences/cancel", &cancel).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(house.hall.absences_of("P05").unwrap().len(), 1);
}
