use super::*;
use crate::password::{Cost, Rules as PasswordRules};
use crate::rule::{Held, Rules};
use crate::totp::{Authenticator, RecoveryCodes};
use model::random::SeededRandom;

const PASSWORD: &str = "朝の市場で買う青い梨";

struct Person {
    account: Account,
    credentials: Credentials,
    requirement: Requirement,
    recovery: Vec<String>,
}

impl Person {
    fn with(roles: &[Held], second: bool) -> Self {
        let random = SeededRandom::new(4);
        let (recovery, recovery_codes) = RecoveryCodes::draw(&random);
        let credentials = Credentials {
            password: Some(passwords().hash(PASSWORD, &random).unwrap().into()),
            authenticator: second.then(|| Authenticator::draw(&random)),
            recovery_codes: if second {
                recovery_codes
            } else {
                RecoveryCodes::default()
            },
            passkeys: Vec::new(),
        };
        Self {
            account: Account::invited("P0104", "p0104", &random).with(&credentials),
            credentials,
            requirement: Rules::shipped().unwrap().requirement(roles),
            recovery,
        }
    }

    fn candidate(&mut self) -> Candidate<'_> {
        Candidate {
            account: &self.account,
            credentials: &mut self.credentials,
            requirement: &self.requirement,
        }
    }

    /// What the person's app shows.
    fn code(&self, now: Timestamp) -> String {
        let secret = self
            .credentials
            .authenticator
            .as_ref()
            .unwrap()
            .written()
            .replace(' ', "");
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(now.as_second()).unwrap()).to_string()
    }
}

fn passwords() -> PasswordRules {
    PasswordRules {
        shortest: 12,
        argon2: Cost {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        },
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

fn enter(progress: &mut Progress, candidate: Option<Candidate<'_>>, password: &str) -> Turn {
    progress.password(candidate, password, &passwords(), &SeededRandom::new(8), at(1))
}

fn kinds(turn: &Turn) -> Vec<Kind> {
    turn.events.iter().map(|event| event.kind).collect()
}

fn proved(strength: Strength) -> Assurance {
    Assurance { strength, model: None }
}

#[test]
fn a_password_is_enough_for_whom_the_rules_ask_no_more() {
    let mut person = Person::with(&[], false);
    let mut progress = Progress::begin(at(0));
    let turn = enter(&mut progress, Some(person.candidate()), PASSWORD);
    assert_eq!(turn.next, Next::Done(proved(Strength::OneFactor)));
    assert_eq!(kinds(&turn), [Kind::PasswordRight, Kind::SignedIn]);
    assert!(!turn.credentials_changed);
}

#[test]
fn nobody_learns_which_accounts_exist() {
    let mut person = Person::with(&[Held::role("ciso")], true);
    let unknown = enter(&mut Progress::begin(at(0)), None, PASSWORD);
    let wrong = enter(&mut Progress::begin(at(0)), Some(person.candidate()), "another phrase");
    person.account.state = State::Suspended;
    let suspended = enter(&mut Progress::begin(at(0)), Some(person.candidate()), PASSWORD);
    person.account.state = State::Active;
    person.credentials.password = None;
    let without = enter(&mut Progress::begin(at(0)), Some(person.candidate()), PASSWORD);
    for turn in [&unknown, &wrong, &suspended, &without] {
        assert_eq!(turn.next, Next::Refused(Refusal::NotRecognised));
    }
    assert_eq!(kinds(&unknown), [Kind::UnknownAccount]);
    assert_eq!(kinds(&wrong), [Kind::PasswordWrong]);
    assert_eq!(kinds(&suspended), [Kind::AccountSuspended]);
    assert_eq!(unknown.events[0].person, None);
}

#[test]
fn a_second_factor_is_asked_of_whoever_has_one() {
    let mut person = Person::with(&[], true);
    let mut progress = Progress::begin(at(0));
    let turn = enter(&mut progress, Some(person.candidate()), PASSWORD);
    assert_eq!(turn.next, Next::Show(vec![Method::Totp, Method::RecoveryCode]));
    let code = person.code(at(2));
    let kept = serde_json::to_vec(&progress).unwrap();
    let mut progress: Progress = serde_json::from_slice(&kept).unwrap();
    let turn = progress.totp(person.candidate(), &code, at(2));
    assert_eq!(turn.next, Next::Done(proved(Strength::TwoFactors)));
    assert!(turn.credentials_changed);

    let mut again = Progress::begin(at(3));
    enter(&mut again, Some(person.candidate()), PASSWORD);
    let turn = again.totp(person.candidate(), &code, at(4));
    assert_eq!(
        (turn.next.clone(), kinds(&turn)),
        (Next::Refused(Refusal::CodeWrong), vec![Kind::CodeUsedAgain])
    );
    let code = person.recovery[0].clone();
    let turn = again.recovery_code(person.candidate(), &code, at(5));
    assert_eq!(turn.next, Next::Done(proved(Strength::TwoFactors)));
}

#[test]
fn who_lacks_a_factor_enrols_it_or_asks_for_an_invitation() {
    let mut manager = Person::with(&[Held::role("section_manager")], false);
    let turn = enter(&mut Progress::begin(at(0)), Some(manager.candidate()), PASSWORD);
    let choices = vec![Method::Passkey, Method::Totp];
    assert_eq!(turn.next, Next::Enrol(proved(Strength::OneFactor), choices));
    assert_eq!(kinds(&turn), [Kind::PasswordRight, Kind::EnrolmentDemanded]);

    let over_mynumber = Held {
        role: "system_manager".into(),
        tier: Some("mynumber".into()),
    };
    let mut manager = Person::with(&[over_mynumber], false);
    let turn = enter(&mut Progress::begin(at(0)), Some(manager.candidate()), PASSWORD);
    assert_eq!(turn.next, Next::Refused(Refusal::InvitationNeeded));
}

#[test]
fn whoever_must_have_a_passkey_shows_the_factor_they_have_before_they_enrol_one() {
    let mut person = Person::with(&[], true);
    let rules =
        "[[rule]]\nid = \"x\"\ntitle = { ja = \"人\", en = \"x\" }\nroles = [\"personnel\"]\nproof = \"passkey\"\n";
    person.requirement = Rules::parse(rules).unwrap().requirement(&[]);
    let mut progress = Progress::begin(at(0));
    let turn = enter(&mut progress, Some(person.candidate()), PASSWORD);
    assert_eq!(turn.next, Next::Show(vec![Method::Totp, Method::RecoveryCode]));
    let code = person.code(at(2));
    let turn = progress.totp(person.candidate(), &code, at(2));
    assert_eq!(
        turn.next,
        Next::Enrol(proved(Strength::TwoFactors), vec![Method::Passkey])
    );
}

#[test]
fn codes_cannot_be_tried_for_ever() {
    let mut person = Person::with(&[], true);
    let mut progress = Progress::begin(at(0));
    enter(&mut progress, Some(person.candidate()), PASSWORD);
    for _ in 1..Progress::WRONG_CODES {
        let turn = progress.totp(person.candidate(), "000000", at(2));
        assert_eq!(turn.next, Next::Refused(Refusal::CodeWrong));
    }
    assert_eq!(
        progress.totp(person.candidate(), "000000", at(2)).next,
        Next::Refused(Refusal::TooSlow)
    );
    let code = person.code(at(2));
    assert_eq!(
        progress.totp(person.candidate(), &code, at(2)).next,
        Next::Refused(Refusal::TooSlow)
    );
}

#[test]
fn a_code_counts_only_after_a_first_factor_of_the_same_person() {
    let mut person = Person::with(&[], true);
    let code = person.code(at(2));
    let turn = Progress::begin(at(0)).totp(person.candidate(), &code, at(2));
    assert_eq!(turn.next, Next::Refused(Refusal::NotRecognised));
    let turn = Progress::again("P0104", at(0)).totp(person.candidate(), &code, at(2));
    assert_eq!(turn.next, Next::Refused(Refusal::NotRecognised));
    let mut other = Progress::begin(at(0));
    other.person = Some("P0999".into());
    other.methods = vec![Method::Password];
    assert_eq!(
        other.totp(person.candidate(), &code, at(2)).next,
        Next::Refused(Refusal::NotRecognised)
    );
}

#[test]
fn nobody_proves_again_with_the_account_of_another() {
    let mut person = Person::with(&[], false);
    let turn = enter(&mut Progress::again("P0999", at(0)), Some(person.candidate()), PASSWORD);
    assert_eq!(turn.next, Next::Refused(Refusal::NotRecognised));
    let turn = Progress::again("P0999", at(0)).elsewhere(Some(person.candidate()), Method::Provider, at(1));
    assert_eq!(turn.next, Next::Refused(Refusal::NotRecognised));
    let turn = enter(&mut Progress::again("P0104", at(0)), Some(person.candidate()), PASSWORD);
    assert_eq!(turn.next, Next::Done(proved(Strength::OneFactor)));
}

#[test]
fn a_sign_in_that_lasts_too_long_begins_again() {
    let mut person = Person::with(&[], false);
    let late = at(Progress::LASTS.as_secs());
    let turn = Progress::begin(at(0)).password(
        Some(person.candidate()),
        PASSWORD,
        &passwords(),
        &SeededRandom::new(8),
        late,
    );
    assert_eq!(turn.next, Next::Refused(Refusal::TooSlow));
}

#[test]
fn a_provider_that_vouches_for_two_factors_is_two_factors() {
    let mut person = Person::with(&[Held::role("ciso")], false);
    let mut begin = |method| {
        Progress::begin(at(0))
            .elsewhere(Some(person.candidate()), method, at(1))
            .next
    };
    assert_eq!(
        begin(Method::ProviderTwoFactors),
        Next::Done(proved(Strength::TwoFactors))
    );
    assert!(matches!(begin(Method::Provider), Next::Enrol(..)));
    assert!(matches!(begin(Method::Directory), Next::Enrol(..)));
    assert_eq!(
        Progress::begin(at(0)).elsewhere(None, Method::Provider, at(1)).next,
        Next::Refused(Refusal::NotRecognised)
    );
}

#[test]
fn an_outgrown_hash_is_replaced_in_the_same_act() {
    let mut person = Person::with(&[], false);
    let mut rules = passwords();
    rules.argon2.passes = 2;
    let turn =
        Progress::begin(at(0)).password(Some(person.candidate()), PASSWORD, &rules, &SeededRandom::new(8), at(1));
    assert!(turn.credentials_changed);
    assert!(person.credentials.password.as_ref().unwrap().contains("t=2"));
}

#[test]
fn every_kind_of_event_has_words_of_its_own() {
    let words: std::collections::BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.label().ja).collect();
    assert_eq!(words.len(), Kind::ALL.len());
}
