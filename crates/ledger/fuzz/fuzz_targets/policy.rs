//! Any bytes as a trust policy or a key: a fault with its line, or a policy.
#![no_main]

use ledger::key::{SigningKey, VerifierKey};
use ledger::policy::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match Policy::parse(bytes) {
        Ok(policy) => drop(policy.open(b"")),
        Err(fault) => assert!((1..=bytes.len() + 1).contains(&fault.line)),
    }
    if let Ok(text) = str::from_utf8(bytes) {
        if let Ok(key) = text.parse::<VerifierKey>() {
            assert_eq!(key.to_string(), text);
        }
        if let Ok(key) = text.parse::<SigningKey>() {
            assert_eq!(key.to_secret_text(), text);
        }
    }
});
