//! Passkeys against a foreign browser and authenticator: 1Password's `passkey`.

use ::passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use ::passkey::client::{Client, DefaultClientData};
use ::passkey::crypto::rust_crypto::RustCryptoBackend;
use ::passkey::types::ctap2::{Aaguid, Ctap2Error};
use ::passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use access::account::{Account, Credentials};
use access::passkey::assertion::{self, Assertion};
use access::passkey::registration::{self, Owner};
use access::passkey::{Ceremony, LASTS, NO_MODEL, Passkey, Refused, Site};
use access::rule::{Assurance, Rules, Strength};
use access::signin::{Candidate, Kind, Next, Progress, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use model::random::SeededRandom;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, IsCa, KeyPair, SigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

const ORIGIN: &str = "https://sanmon.example.lg.jp";
const MODEL: &str = "00112233-4455-6677-8899-aabbccddeeff";

/// Somebody who touches the authenticator and shows their finger when asked.
struct User;

#[async_trait::async_trait]
impl UserValidationMethod for User {
    type PasskeyItem = ::passkey::types::Passkey;

    async fn check_user<'a>(
        &self,
        _hint: UiHint<'a, Self::PasskeyItem>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// What the script of our page asks a browser at an origin: options in, the answer's `toJSON()` out.
struct Browser(Box<Asked>);

type Asked = dyn FnMut(Ask, Value) -> String;

enum Ask {
    Create,
    Get,
}

impl Browser {
    fn new(counts: bool) -> Self {
        let model = Aaguid::from(*b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff");
        let mut authenticator = Authenticator::new(model, None::<::passkey::types::Passkey>, User, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(counts);
        let mut client = Client::new(authenticator);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self(Box::new(move |ask, options| {
            let origin = &Url::parse(ORIGIN).unwrap();
            let options = json!({ "publicKey": options });
            match ask {
                Ask::Create => {
                    let options: CredentialCreationOptions = serde_json::from_value(options).unwrap();
                    let answer = runtime.block_on(client.register(origin, options, DefaultClientData));
                    to_json(serde_json::to_value(answer.unwrap()).unwrap()).to_string()
                }
                Ask::Get => {
                    let options: CredentialRequestOptions = serde_json::from_value(options).unwrap();
                    let answer = runtime.block_on(client.authenticate(origin, options, DefaultClientData));
                    to_json(serde_json::to_value(answer.unwrap()).unwrap()).to_string()
                }
            }
        }))
    }

    fn create(&mut self, options: Value) -> String {
        (self.0)(Ask::Create, options)
    }

    fn get(&mut self, options: Value) -> String {
        (self.0)(Ask::Get, options)
    }
}

/// What `PublicKeyCredential.toJSON()` does: bytes become base64url.
fn to_json(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, to_json(value)))
            .collect(),
        Value::Array(members) if members.iter().all(Value::is_u64) && !members.is_empty() => {
            let bytes = members.iter().filter_map(|byte| u8::try_from(byte.as_u64()?).ok());
            json!(URL_SAFE_NO_PAD.encode(bytes.collect::<Vec<u8>>()))
        }
        other => other,
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

fn site() -> Site {
    Site::at(ORIGIN, "見本市 三門").unwrap()
}

fn account() -> Account {
    Account::invited("P0104", "p0104", &SeededRandom::new(1))
}

fn owner(account: &Account) -> Owner<'_> {
    Owner {
        handle: &account.handle,
        login: &account.login,
        name: "見本 花子",
    }
}

fn enrolled(browser: &mut Browser, account: &Account) -> Passkey {
    let (ceremony, options) = registration::begin(&site(), owner(account), &[], &SeededRandom::new(2), at(0));
    let answer = browser.create(options);
    registration::finish(&site(), &ceremony, &answer, &[], "庁用パソコン", at(1)).unwrap()
}

/// A sign-in whose challenge is drawn from this seed.
fn asserted(browser: &mut Browser, seed: u64) -> (Ceremony, String) {
    let (ceremony, options) = assertion::begin(&site(), &[], &SeededRandom::new(seed), at(10));
    (ceremony, browser.get(options))
}

fn verify(answer: &str, ceremony: &Ceremony, passkey: &mut Passkey) -> Result<(), Refused> {
    Assertion::read(answer)?.verify(&site(), ceremony, passkey, at(11))
}

#[test]
fn a_passkey_is_enrolled_and_signs_in() {
    let mut browser = Browser::new(true);
    let account = account();
    let mut passkey = enrolled(&mut browser, &account);
    let label = passkey.label();
    assert_eq!((label.model.as_str(), label.label.as_str()), (MODEL, "庁用パソコン"));
    assert_eq!(passkey.model(), NO_MODEL);
    for seed in 20..23 {
        let (ceremony, answer) = asserted(&mut browser, seed);
        let assertion = Assertion::read(&answer).unwrap();
        assert_eq!(assertion.handle(), Some(account.handle.as_str()));
        assert_eq!(assertion.passkey(), passkey.id());
        assertion.verify(&site(), &ceremony, &mut passkey, at(11)).unwrap();
        let kept = serde_json::to_string(&passkey).unwrap();
        passkey = serde_json::from_str(&kept).unwrap();
    }
    assert_eq!(passkey.used_at(), Some(at(11)));
}

#[test]
fn an_answer_is_good_once() {
    let mut browser = Browser::new(true);
    let mut passkey = enrolled(&mut browser, &account());
    let (ceremony, answer) = asserted(&mut browser, 20);
    assert_eq!(verify(&answer, &ceremony, &mut passkey), Ok(()));
    assert_eq!(verify(&answer, &ceremony, &mut passkey), Err(Refused::Counter));
    let (other, _) = asserted(&mut browser, 21);
    assert_eq!(verify(&answer, &other, &mut passkey), Err(Refused::Foreign));
}

#[test]
fn an_authenticator_without_a_counter_signs_in_again_and_again() {
    let mut browser = Browser::new(false);
    let mut passkey = enrolled(&mut browser, &account());
    for seed in 20..22 {
        let (ceremony, answer) = asserted(&mut browser, seed);
        assert_eq!(verify(&answer, &ceremony, &mut passkey), Ok(()));
    }
}

#[test]
fn an_answer_that_comes_late_or_to_the_other_half_is_refused() {
    let mut browser = Browser::new(true);
    let account = account();
    let (ceremony, options) = registration::begin(&site(), owner(&account), &[], &SeededRandom::new(2), at(0));
    let answer = browser.create(options);
    let finish = |ceremony, now| registration::finish(&site(), ceremony, &answer, &[], "", now);
    assert_eq!(finish(&ceremony, at(LASTS.as_secs())).unwrap_err(), Refused::Late);
    let (other, _) = assertion::begin(&site(), &[], &SeededRandom::new(2), at(0));
    assert_eq!(finish(&other, at(1)).unwrap_err(), Refused::Foreign);
    let passkey = finish(&ceremony, at(1)).unwrap();
    let again = registration::finish(&site(), &ceremony, &answer, &[passkey], "", at(1));
    assert_eq!(again.unwrap_err(), Refused::Duplicate);
}

#[test]
fn the_site_of_somebody_else_gets_nothing_that_we_accept() {
    let mut browser = Browser::new(true);
    let mut passkey = enrolled(&mut browser, &account());
    let (ceremony, answer) = asserted(&mut browser, 20);
    let assertion = Assertion::read(&answer).unwrap();
    for origin in [
        "https://www.example.lg.jp",
        "https://sanmon.example.lg.jp:8443",
        "http://localhost:8080",
    ] {
        let other = Site::at(origin, "").unwrap();
        assert_eq!(
            assertion.verify(&other, &ceremony, &mut passkey, at(11)),
            Err(Refused::Foreign),
            "{origin}"
        );
    }
}

#[test]
fn a_user_who_was_not_verified_is_refused() {
    let mut browser = Browser::new(true);
    let account = account();
    let (ceremony, mut options) = registration::begin(&site(), owner(&account), &[], &SeededRandom::new(2), at(0));
    options["authenticatorSelection"]["userVerification"] = json!("discouraged");
    let answer = browser.create(options);
    let refused = registration::finish(&site(), &ceremony, &answer, &[], "", at(1));
    assert_eq!(refused.unwrap_err(), Refused::Unverified);

    let mut passkey = enrolled(&mut browser, &account);
    let (ceremony, mut options) = assertion::begin(&site(), &[passkey.clone()], &SeededRandom::new(20), at(10));
    options["userVerification"] = json!("discouraged");
    let answer = browser.get(options);
    assert_eq!(verify(&answer, &ceremony, &mut passkey), Err(Refused::Unverified));
}

/// The answer with one byte of one member changed.
fn flipped(answer: &str, member: &str, at: usize) -> String {
    let mut json: Value = serde_json::from_str(answer).unwrap();
    let place = &mut json["response"][member];
    let mut bytes = URL_SAFE_NO_PAD.decode(place.as_str().unwrap()).unwrap();
    bytes[at] ^= 1;
    *place = json!(URL_SAFE_NO_PAD.encode(bytes));
    json.to_string()
}

#[test]
fn one_flipped_bit_of_an_assertion_is_noticed() {
    let mut browser = Browser::new(true);
    let mut passkey = enrolled(&mut browser, &account());
    let (ceremony, answer) = asserted(&mut browser, 20);
    let json: Value = serde_json::from_str(&answer).unwrap();
    for member in ["clientDataJSON", "authenticatorData", "signature"] {
        let length = URL_SAFE_NO_PAD
            .decode(json["response"][member].as_str().unwrap())
            .unwrap()
            .len();
        for at in 0..length {
            let changed = flipped(&answer, member, at);
            assert!(
                verify(&changed, &ceremony, &mut passkey).is_err(),
                "byte {at} of {member}"
            );
        }
    }
    assert_eq!(verify(&answer, &ceremony, &mut passkey), Ok(()));
}

#[test]
fn what_is_no_answer_is_refused() {
    let mut browser = Browser::new(true);
    let account = account();
    let (ceremony, options) = registration::begin(&site(), owner(&account), &[], &SeededRandom::new(2), at(0));
    let answer = browser.create(options);
    let without = |member: &str| {
        let mut json: Value = serde_json::from_str(&answer).unwrap();
        json["response"].as_object_mut().unwrap().remove(member);
        json.to_string()
    };
    let long = format!("{answer}{}", " ".repeat(access::passkey::LONGEST));
    let cut = flipped(&answer, "attestationObject", 0);
    for wrong in [
        "",
        "{}",
        "[]",
        &without("clientDataJSON"),
        &without("attestationObject"),
        &long,
        &cut,
    ] {
        let refused = registration::finish(&site(), &ceremony, wrong, &[], "", at(1));
        assert_eq!(refused.unwrap_err(), Refused::Malformed);
        assert_eq!(Assertion::read(wrong).unwrap_err(), Refused::Malformed);
    }
}

#[test]
fn a_sign_in_with_a_passkey_needs_nothing_else() {
    let mut browser = Browser::new(true);
    let mut credentials = Credentials {
        passkeys: vec![enrolled(&mut browser, &account())],
        ..Credentials::default()
    };
    let account = account().with(&credentials);
    let requirement = Rules::shipped()
        .unwrap()
        .requirement(&[access::rule::Held::role("ciso")]);
    let mut progress = Progress::begin(at(10));
    let options = progress.offer_passkey(&site(), None, &SeededRandom::new(20), at(10));
    let assertion = Assertion::read(&browser.get(options)).unwrap();
    let mut turn = || {
        let candidate = Candidate {
            account: &account,
            credentials: &mut credentials,
            requirement: &requirement,
        };
        progress.passkey(Some(candidate), &site(), &assertion, at(11))
    };
    let first = turn();
    let proved = Assurance {
        strength: Strength::Passkey,
        // Nobody vouched for it.
        model: Some(NO_MODEL.into()),
    };
    assert_eq!((first.next, first.credentials_changed), (Next::Done(proved), true));
    let again = turn();
    assert_eq!(again.next, Next::Refused(Refusal::PasskeyNotRecognised));
    assert_eq!(again.events[0].kind, Kind::PasskeyRefused);
}

#[test]
fn an_answer_is_short_lived() {
    let (ceremony, _) = assertion::begin(&site(), &[], &SeededRandom::new(20), at(10));
    assert_eq!(ceremony.expires_at, at(10) + LASTS);
    assert!(LASTS <= SignedDuration::from_mins(5));
}

/// A maker of authenticators: its authority, and what it puts into each of them.
struct Maker {
    authority: CertifiedIssuer<'static, KeyPair>,
    key: KeyPair,
    certificate: Vec<u8>,
}

impl Maker {
    /// `model` is the AAGUID that the certificate names.
    fn new(model: [u8; 16]) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::ExplicitNoCa;
        let named = [&[0x04, 0x10][..], &model].concat();
        let oid = [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4];
        params.custom_extensions = vec![CustomExtension::from_oid_content(&oid, named)];
        let certificate = params.signed_by(&key, &authority).unwrap().der().to_vec();
        Self {
            authority,
            key,
            certificate,
        }
    }

    fn site(&self) -> Site {
        site().trusting(self.authority.pem().as_bytes()).unwrap()
    }

    /// The answer of an authenticator without attestation, as one of this maker would have given it.
    fn vouch(&self, answer: &str) -> String {
        let mut json: Value = serde_json::from_str(answer).unwrap();
        let bytes = |member: &str| {
            URL_SAFE_NO_PAD
                .decode(json["response"][member].as_str().unwrap())
                .unwrap()
        };
        let client_data = Sha256::digest(bytes("clientDataJSON"));
        let data = bytes("authenticatorData");
        let signature = self.key.sign(&[data.as_slice(), &client_data].concat()).unwrap();
        let long = |bytes: &[u8]| [&[0x59][..], &u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
        let object = [
            b"\xa3\x63fmt\x66packed\x67attStmt\xa3\x63alg\x26\x63sig\x58".to_vec(),
            vec![u8::try_from(signature.len()).unwrap()],
            signature,
            b"\x63x5c\x81".to_vec(),
            long(&self.certificate),
            b"\x68authData".to_vec(),
            match u8::try_from(data.len()) {
                Ok(short) => [&[0x58, short][..], &data].concat(),
                Err(_) => long(&data),
            },
        ];
        json["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(object.concat()));
        json.to_string()
    }
}

#[test]
fn a_model_counts_where_its_maker_vouches_for_it() {
    let model = *b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff";
    let (maker, stranger, other_model) = (Maker::new(model), Maker::new(model), Maker::new([7; 16]));
    let mut browser = Browser::new(true);
    let account = account();
    let now = jiff::Timestamp::from_second(1_780_000_000).unwrap();
    let mut enrol = |site: &Site, maker: Option<&Maker>| {
        let (ceremony, options) = registration::begin(site, owner(&account), &[], &SeededRandom::new(2), now);
        let answer = browser.create(options);
        let answer = maker.map_or(answer.clone(), |maker| maker.vouch(&answer));
        registration::finish(site, &ceremony, &answer, &[], "", now).map(|passkey| passkey.model().to_owned())
    };
    assert_eq!(enrol(&maker.site(), Some(&maker)), Ok(MODEL.to_owned()));
    assert_eq!(enrol(&site(), Some(&maker)), Ok(NO_MODEL.to_owned()));
    assert_eq!(enrol(&maker.site(), Some(&stranger)), Ok(NO_MODEL.to_owned()));
    assert_eq!(enrol(&other_model.site(), Some(&other_model)), Ok(NO_MODEL.to_owned()));
    assert_eq!(enrol(&maker.site(), None), Ok(NO_MODEL.to_owned()));
    let forged = Maker {
        key: KeyPair::generate().unwrap(),
        ..Maker::new(model)
    };
    assert_eq!(enrol(&forged.site(), Some(&forged)), Err(Refused::Signature));
}
