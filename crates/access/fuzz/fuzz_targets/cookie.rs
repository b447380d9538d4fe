//! Any text as a `Cookie` header, a device mark or a token of a form: what is read is plain, and nobody forges a mark.
#![no_main]

use access::device::Devices;
use access::opaque::Opaque;
use access::session::cookie::{Cookies, Name};
use access::session::csrf::Token;
use libfuzzer_sys::fuzz_target;
use model::random::SeededRandom;

fuzz_target!(|text: &str| {
    for cookies in [Cookies::Secure, Cookies::Plain] {
        for name in [Name::Session, Name::SignIn, Name::Device] {
            if let Some(value) = cookies.read(name, text) {
                assert!(!value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';'));
            }
        }
    }
    let keys = [[7; 32]];
    let devices = Devices::new(&keys);
    assert!(devices.recognise("P0104", text).is_none());
    let cookie = devices.remember("P0104", text, &SeededRandom::new(1));
    assert!(devices.recognise("P0104", &cookie).is_some());
    assert!(!Token::of(&Opaque::draw(&SeededRandom::new(1))).matches(text));
});
