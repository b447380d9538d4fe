//! Any bytes as a request to a witness: an answer, and nothing cosigned that its log did not sign.
#![no_main]

use std::convert::Infallible;

use jiff::Timestamp;
use ledger::key::{Algorithm, SigningKey};
use ledger::witness::{Memory, Seen, Witness};
use libfuzzer_sys::fuzz_target;

struct Nothing;

impl Memory for Nothing {
    type Error = Infallible;

    fn latest(&mut self, _: &str) -> Result<Option<Seen>, Infallible> {
        Ok(None)
    }

    fn replace(&mut self, _: &str, _: Option<&Seen>, _: &Seen) -> Result<bool, Infallible> {
        panic!("cosigned without the log's signature");
    }
}

fuzz_target!(|bytes: &[u8]| {
    let log = SigningKey::from_seed("log", Algorithm::Ed25519, &[1; 32]).expect("a fit name");
    let mut witness = Witness::new([]);
    witness.watch(log.verifier().clone());
    let Ok(answer) = witness.add_checkpoint(bytes, &mut Nothing, Timestamp::UNIX_EPOCH);
    assert!(matches!(answer.status, 400 | 403 | 404 | 409 | 422));
});
