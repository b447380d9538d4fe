//! Any text as a one-time code, a recovery code, an identifier or a password: no panic, and hardly ever right.
#![no_main]

use access::account::identifier;
use access::password::{Cost, Rules};
use access::totp::{Authenticator, Code, RecoveryCodes};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use model::random::SeededRandom;

fuzz_target!(|text: &str| {
    let random = SeededRandom::new(1);
    let mut authenticator = Authenticator::draw(&random);
    let now = Timestamp::from_second(1_780_000_000).expect("a moment");
    if authenticator.check(text, now) == Code::Right {
        assert_eq!(authenticator.check(text, now), Code::Used);
    }
    let (_, mut codes) = RecoveryCodes::draw(&random);
    let before = codes.left();
    let taken = codes.take(text);
    assert_eq!(codes.left() + usize::from(taken), before);
    assert!(identifier(text).chars().count() <= 4000);
    let cost = Cost {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };
    let rules = Rules { shortest: 12, argon2: cost };
    let _ = rules.faults(text, &["見本 花子", text]);
});
