//! Factors come and go: what a person does on the page of their sign-in settings, and on the pages behind a link.
//!
//! Each function changes the [`Credentials`]; the caller seals and stores them in the act that carries the event.

use jiff::Timestamp;
use model::lang::Text;
use model::random::Random;

use crate::account::Credentials;
use crate::passkey::Passkey;
use crate::password::{self, Fault};
use crate::rule::{Assurance, Requirement, Strength};
use crate::signin::{Event, Kind};
use crate::totp::{Authenticator, Code, RecoveryCodes};

/// Why a factor was not enrolled or not removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// What is wrong with the password.
    Password(Vec<Fault>),
    /// The first code of a new authenticator app was wrong.
    Code,
    /// Without it the person could not sign in as their roles demand.
    Needed,
    /// There is no such factor.
    Missing,
    /// A person has at most [`MOST_PASSKEYS`].
    TooMany,
}

/// How many passkeys a person may have.
pub const MOST_PASSKEYS: usize = 10;

/// Sets a password. `own` are words that a guesser knows about the person.
///
/// # Errors
/// Everything that is wrong with it.
pub fn set_password(
    credentials: &mut Credentials,
    person: &str,
    password: &str,
    own: &[&str],
    rules: &password::Rules,
    random: &dyn Random,
) -> Result<Event, Refused> {
    let faults = rules.faults(password, own);
    if !faults.is_empty() {
        return Err(Refused::Password(faults));
    }
    let hash = rules
        .hash(password, random)
        .map_err(|_| Refused::Password(Vec::new()))?;
    credentials.password = Some(hash.into());
    Ok(Event::of(Kind::PasswordSet, Some(person)))
}

/// Enrols an authenticator app in the place of any other, once it has shown a code. `pending` was drawn for the page
/// with the QR code and sealed meanwhile.
///
/// # Errors
/// [`Refused::Code`].
pub fn enrol_authenticator(
    credentials: &mut Credentials,
    person: &str,
    mut pending: Authenticator,
    code: &str,
    now: Timestamp,
) -> Result<Event, Refused> {
    if pending.check(code, now) != Code::Right {
        return Err(Refused::Code);
    }
    credentials.authenticator = Some(pending);
    Ok(Event::of(Kind::AuthenticatorEnrolled, Some(person)))
}

/// Draws new recovery codes in the place of the old: what to show once.
pub fn draw_recovery_codes(credentials: &mut Credentials, person: &str, random: &dyn Random) -> (Vec<String>, Event) {
    let (shown, kept) = RecoveryCodes::draw(random);
    credentials.recovery_codes = kept;
    (shown, Event::of(Kind::RecoveryCodesDrawn, Some(person)))
}

/// Adds a passkey that [`registration::finish`](crate::passkey::registration::finish) gave.
///
/// # Errors
/// [`Refused::TooMany`].
pub fn add_passkey(credentials: &mut Credentials, person: &str, passkey: Passkey) -> Result<Event, Refused> {
    if credentials.passkeys.len() >= MOST_PASSKEYS {
        return Err(Refused::TooMany);
    }
    credentials.passkeys.push(passkey);
    Ok(Event::of(Kind::PasskeyEnrolled, Some(person)))
}

/// Removes a passkey.
///
/// # Errors
/// [`Refused::Missing`], and [`Refused::Needed`] where what is left does not reach what the roles demand.
pub fn remove_passkey(
    credentials: &mut Credentials,
    person: &str,
    id: &str,
    requirement: &Requirement,
) -> Result<Event, Refused> {
    let mut left = credentials.clone();
    left.passkeys.retain(|passkey| passkey.id() != id);
    if left.passkeys.len() == credentials.passkeys.len() {
        return Err(Refused::Missing);
    }
    if !can_satisfy(&left, requirement) {
        return Err(Refused::Needed);
    }
    *credentials = left;
    Ok(Event::of(Kind::PasskeyRemoved, Some(person)))
}

/// Whether somebody with these credentials can sign in as their roles demand.
#[must_use]
pub fn can_satisfy(credentials: &Credentials, requirement: &Requirement) -> bool {
    let passkeys = credentials.passkeys.iter().map(|passkey| Assurance {
        strength: Strength::Passkey,
        model: Some(passkey.model().to_owned()),
    });
    let typed = credentials.password.as_ref().map(|_| Assurance {
        strength: match credentials.authenticator {
            Some(_) => Strength::TwoFactors,
            None => Strength::OneFactor,
        },
        model: None,
    });
    passkeys.chain(typed).any(|proved| requirement.proof().accepts(&proved))
}

impl Refused {
    /// For the person who tried; one line for each thing that is wrong.
    #[must_use]
    pub fn messages(&self) -> Vec<Text> {
        let one = |ja, en| vec![Text::fixed(ja, en)];
        match self {
            Self::Password(faults) => faults.iter().map(|fault| fault.message()).collect(),
            Self::Code => one(
                "確認コードが違います。アプリに表示された新しいコードを入れてください",
                "the code is not right; enter a new one from the app",
            ),
            Self::Needed => one(
                "これを除くと、担当する役割に必要な方法でサインインできなくなります。先に別の認証要素を登録してください",
                "without it you could not sign in as your roles demand; enrol another factor first",
            ),
            Self::Missing => one("この認証要素は登録されていません", "there is no such factor"),
            Self::TooMany => one(
                "パスキーは10個まで登録できます。使わないものを除いてください",
                "there are ten passkeys; remove one first",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::{Cost, Rules as PasswordRules};
    use crate::rule::{Held, Rules};
    use model::random::SeededRandom;

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

    #[test]
    fn a_weak_password_is_refused_with_every_reason() {
        let (mut credentials, random) = (Credentials::default(), SeededRandom::new(1));
        let refused = set_password(&mut credentials, "P0104", "p0104", &["P0104"], &passwords(), &random).unwrap_err();
        assert_eq!(refused.messages().len(), 3, "{refused:?}");
        assert!(credentials.password.is_none());
        let event = set_password(
            &mut credentials,
            "P0104",
            "朝の市場で買う青い梨と傘",
            &["P0104"],
            &passwords(),
            &random,
        );
        assert_eq!(event.unwrap().kind, Kind::PasswordSet);
    }

    #[test]
    fn an_authenticator_app_counts_once_it_has_shown_a_code() {
        let random = SeededRandom::new(1);
        let now = Timestamp::from_second(1_780_000_000).unwrap();
        let pending = Authenticator::draw(&random);
        let secret = totp_rs::Secret::try_from_base32(pending.written().replace(' ', "")).unwrap();
        let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let code = app.generate(1_780_000_000).to_string();
        let mut credentials = Credentials::default();
        let wrong = enrol_authenticator(&mut credentials, "P0104", pending.clone(), "000000", now);
        assert_eq!((wrong, credentials.authenticator.is_none()), (Err(Refused::Code), true));
        assert!(enrol_authenticator(&mut credentials, "P0104", pending, &code, now).is_ok());
        let kept = credentials
            .authenticator
            .as_mut()
            .map(|authenticator| authenticator.check(&code, now));
        assert_eq!(kept, Some(Code::Used));
    }

    #[test]
    fn what_somebody_has_is_measured_by_their_roles() {
        let random = SeededRandom::new(1);
        let rules = Rules::shipped().unwrap();
        let (personnel, ciso) = (rules.requirement(&[]), rules.requirement(&[Held::role("ciso")]));
        let mut credentials = Credentials::default();
        assert!(!can_satisfy(&credentials, &personnel));
        set_password(
            &mut credentials,
            "P1",
            "朝の市場で買う青い梨と傘",
            &[],
            &passwords(),
            &random,
        )
        .unwrap();
        assert!(can_satisfy(&credentials, &personnel) && !can_satisfy(&credentials, &ciso));
        credentials.authenticator = Some(Authenticator::draw(&random));
        assert!(can_satisfy(&credentials, &ciso));
        assert_eq!(
            remove_passkey(&mut credentials, "P1", "x", &ciso),
            Err(Refused::Missing)
        );
    }
}
