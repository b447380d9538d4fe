//! Letters reach a mailbox through a real mail server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]
#![expect(clippy::panic, reason = "a test that cannot go on fails here")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test starts, stops and looks at what it speaks with"
)]

mod city;
mod postfix;

use std::time::{Duration, Instant};

use crate::city::{City, PERSON};
use crate::postfix::Postfix;

/// How long anything may take before the test gives up: long, since it is met only where something is wrong.
const PATIENCE: Duration = Duration::from_secs(150);

/// Waits until `is_so`.
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn letters_arrive_whole_over_starttls_once_the_server_is_there_and_no_title_writes_a_header() {
    let (city, postfix) = (City::found(), Postfix::new());
    city.tell("a", "「Prüfung – 端末の例外措置」が承認されました");
    city.tell("b", "件名\r\nBcc: p0002@city.mihon.example\r\n\r\n本文");

    // The server is down: the letters wait, also through a restart of the service.
    let service = city.serve(&postfix, postfix.authority());
    eventually("the service tries", || service.log().contains("a letter was not sent"));
    service.stop();
    assert_eq!(postfix.letters().len(), 0);
    let service = city.serve(&postfix, postfix.authority());
    postfix.start();
    eventually("both letters arrive", || postfix.letters().len() == 2);
    // Nothing more comes: the outbox is empty, and each of them was sent once.
    eventually("the outbox is empty", || city.waiting() == 0);
    let log = service.stop();
    let letters = postfix.letters();
    assert_eq!(letters.len(), 2);

    let of = |words: &str| {
        letters
            .iter()
            .find(|letter| letter["subject"].as_str().unwrap().contains(words))
            .unwrap_or_else(|| panic!("{letters:#?}"))
    };
    let whole = of("Prüfung");
    assert_eq!(whole["subject"], "【三門】「Prüfung – 端末の例外措置」が承認されました");
    assert_eq!(whole["from"], "三門 <sanmon@city.mihon.example>");
    assert_eq!(whole["kind"], "text/plain");
    assert_eq!(whole["auto"], "auto-generated");
    // Lines of a letter end with CRLF.
    let body = whole["body"].as_str().unwrap().replace("\r\n", "\n");
    assert!(
        body.contains("「Prüfung – 端末の例外措置」が承認されました\nhttp://localhost:"),
        "{body}"
    );
    assert!(body.contains("/requests/2026-00001\n"), "{body}");
    assert!(whole["received"].as_str().unwrap().contains("TLSv1.3"), "{whole}");
    for letter in &letters {
        assert_eq!(
            letter["to"],
            serde_json::json!([format!("{}@city.mihon.example", PERSON.to_lowercase())])
        );
        let headers: Vec<&str> = letter["headers"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|name| name.as_str())
            .collect();
        assert!(
            !headers.iter().any(|name| name.eq_ignore_ascii_case("bcc")),
            "{headers:?}"
        );
    }
    assert_eq!(
        of("Bcc")["subject"],
        "【三門】件名  Bcc: p0002@city.mihon.example    本文"
    );
    assert!(!log.contains("mihon.example\"") && !log.contains("Prüfung"), "{log}");
}

#[test]
fn nothing_is_sent_to_a_server_that_somebody_else_vouches_for() {
    let (city, postfix, stranger) = (City::found(), Postfix::new(), Postfix::new());
    city.tell("a", "件名");
    postfix.start();
    let service = city.serve(&postfix, stranger.authority());
    eventually("the service refuses", || {
        service.log().contains("a letter was not sent")
    });
    service.stop();
    assert_eq!((postfix.letters().len(), city.waiting()), (0, 1));
}
