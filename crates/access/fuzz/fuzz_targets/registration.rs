//! Any bytes as the attestation object of a new passkey, behind client data that are right: refused, or a passkey that can be kept.
#![no_main]

use access::passkey::registration::{self, Owner};
use access::passkey::{Passkey, Site};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use model::random::SeededRandom;
use serde_json::json;

const ORIGIN: &str = "https://sanmon.example.lg.jp";

fuzz_target!(|bytes: &[u8]| {
    let site = Site::at(ORIGIN, "三門").expect("the origin is fit");
    let owner = Owner {
        handle: "AAAA",
        login: "p0104",
        name: "見本 花子",
    };
    let (ceremony, options) = registration::begin(&site, owner, &[], &SeededRandom::new(1), Timestamp::UNIX_EPOCH);
    let client_data = json!({ "type": "webauthn.create", "challenge": options["challenge"], "origin": ORIGIN });
    // The id is that of the credential inside, wherever it lies: 55 bytes after the beginning of the authenticator data.
    for start in 0..bytes.len().min(64) {
        let id = bytes.get(start + 55..).and_then(|rest| rest.get(..16)).unwrap_or_default();
        let id = URL_SAFE_NO_PAD.encode(id);
        let answer = json!({
            "id": id, "rawId": id, "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data.to_string()),
                "attestationObject": URL_SAFE_NO_PAD.encode(bytes),
            },
        });
        let made = registration::finish(&site, &ceremony, &answer.to_string(), &[], "", Timestamp::UNIX_EPOCH);
        if let Ok(passkey) = made {
            let kept = serde_json::to_string(&passkey).expect("a passkey can be written");
            assert_eq!(serde_json::from_str::<Passkey>(&kept).expect("and read"), passkey);
        }
    }
});
