//! Any text as the answer of a browser: refused, or read and told apart from one that was verified.
#![no_main]

use access::passkey::assertion::Assertion;
use access::passkey::registration::{self, Owner};
use access::passkey::Site;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use model::random::SeededRandom;

fuzz_target!(|text: &str| {
    let _ = Assertion::read(text).map(|assertion| assertion.passkey().len());
    let site = Site::at("https://sanmon.example.lg.jp", "三門").expect("the origin is fit");
    let owner = Owner {
        handle: "AAAA",
        login: "p0104",
        name: "見本 花子",
    };
    let (ceremony, _) = registration::begin(&site, owner, &[], &SeededRandom::new(1), Timestamp::UNIX_EPOCH);
    let made = registration::finish(&site, &ceremony, text, &[], "", Timestamp::UNIX_EPOCH);
    // Nobody guesses the challenge.
    assert!(made.is_err());
});
