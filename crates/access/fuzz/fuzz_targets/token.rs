//! Any text as a token or a link: refused, or written back as it came.
#![no_main]

use access::opaque::Opaque;
use access::token::Presented;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(token) = Presented::read(text) {
        assert_eq!(token.text(), text);
    }
    if let Some(opaque) = Opaque::parse(text) {
        assert_eq!(opaque.text(), text);
    }
});
