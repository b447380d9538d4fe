//! Any text as a city's schema file: diagnostics, or a register without defects.
#![no_main]

use libfuzzer_sys::fuzz_target;
use register::Kind;

fuzz_target!(|source: &str| {
    if let Ok(kind) = Kind::from_schema(source) {
        assert!(kind.defects().is_empty());
    }
});
