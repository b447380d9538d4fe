//! An account: what is known of how a person signs in.
//!
//! Two records, kept apart. The [`Account`] is a document of the collection `user`, with versions and history like any
//! other; it holds no secret. The [`Credentials`] are secret: the caller seals their bytes ([`crate::seal`]) as one row
//! a person and changes them only inside an act.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use model::random::{self, Random};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::opaque::hex;
use crate::passkey::Passkey;
use crate::totp::{Authenticator, RecoveryCodes};

/// How a person signs in, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The version of this document's form: [`Account::VERSION`].
    pub version: u32,
    /// The person's code (職員番号), the key of the document.
    pub person: String,
    /// What the person types, folded by [`identifier`]; unique.
    pub login: String,
    /// 32 random bytes in base64url: the WebAuthn user handle, unique, telling nothing about the person.
    pub handle: String,
    /// Whether the account may sign in.
    pub state: State,
    /// What is enrolled.
    pub enrolled: Enrolled,
    /// The same person at a directory or identity provider.
    #[serde(default)]
    pub elsewhere: Vec<Elsewhere>,
}

/// Whether an account may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Invited; nothing is enrolled yet.
    Invited,
    /// May sign in.
    Active,
    /// Left, on leave, or stopped.
    Suspended,
}

/// What is enrolled, as the person and administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    /// A password is set.
    pub password: bool,
    /// An authenticator app is enrolled.
    pub authenticator: bool,
    /// The passkeys.
    pub passkeys: Vec<PasskeyLabel>,
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyLabel {
    /// The id of the credential, base64url.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// The AAGUID of its model.
    pub model: String,
    /// When it was enrolled.
    pub added_at: Timestamp,
}

/// The same person at a directory or identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// The name of the provider in the configuration.
    pub provider: String,
    /// The provider's word for the person: `sub` of OpenID Connect, the DN of LDAP.
    pub subject: String,
    /// The roles (national codes) that the groups there speak for, when the person last came in that way. They give no
    /// right: roles come from the register.
    #[serde(default)]
    pub roles: Vec<String>,
}

impl Elsewhere {
    /// One word for provider and subject, of a fixed length, by which an account is found.
    #[must_use]
    pub fn word(provider: &str, subject: &str) -> String {
        let digest = Sha256::new()
            .chain_update((provider.len() as u64).to_be_bytes())
            .chain_update(provider)
            .chain_update(subject)
            .finalize();
        hex(&digest)
    }
}

/// The secrets of one person.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The PHC string of the password.
    pub password: Option<Zeroizing<String>>,
    /// The authenticator app.
    pub authenticator: Option<Authenticator>,
    /// The codes on paper.
    pub recovery_codes: RecoveryCodes,
    /// The passkeys.
    pub passkeys: Vec<Passkey>,
}

impl Account {
    /// The version of this form.
    pub const VERSION: u32 = 1;

    /// A new account, invited.
    #[must_use]
    pub fn invited(person: &str, login: &str, random: &dyn Random) -> Self {
        Self {
            version: Self::VERSION,
            person: person.to_owned(),
            login: identifier(login),
            handle: URL_SAFE_NO_PAD.encode(random::bytes::<32>(random)),
            state: State::Invited,
            enrolled: Enrolled::default(),
            elsewhere: Vec::new(),
        }
    }

    /// The account with what its credentials now hold; who has enrolled something is no longer only invited.
    #[must_use]
    pub fn with(&self, credentials: &Credentials) -> Self {
        let enrolled = credentials.enrolled();
        let state = match self.state {
            State::Invited if enrolled != Enrolled::default() => State::Active,
            state => state,
        };
        Self {
            enrolled,
            state,
            ..self.clone()
        }
    }
}

impl Credentials {
    /// What to seal.
    ///
    /// # Errors
    /// None: every part can be written.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        serde_json::to_vec(self).map(Zeroizing::new)
    }

    /// Reads what was unsealed.
    ///
    /// # Errors
    /// Not the form of this type.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// What the account says of them.
    #[must_use]
    pub fn enrolled(&self) -> Enrolled {
        Enrolled {
            password: self.password.is_some(),
            authenticator: self.authenticator.is_some(),
            passkeys: self.passkeys.iter().map(Passkey::label).collect(),
        }
    }

    /// The passkey with this id, base64url.
    pub fn passkey(&mut self, id: &str) -> Option<&mut Passkey> {
        self.passkeys.iter_mut().find(|passkey| passkey.id() == id)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// What a person typed to say who they are, as it is compared: NFKC, lower case, no spaces around, at most 200
/// characters.
#[must_use]
pub fn identifier(typed: &str) -> String {
    let folded: String = typed.chars().take(200).nfkc().collect();
    folded.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    #[test]
    fn an_identifier_is_compared_as_people_type_it() {
        assert_eq!(identifier("　Ｐ０１０４ "), "p0104");
        assert_eq!(identifier(&"x".repeat(10_000)).len(), 200);
    }

    #[test]
    fn an_invited_account_becomes_active_with_its_first_factor() {
        let account = Account::invited("P0104", "P0104", &SeededRandom::new(1));
        assert_eq!(account.with(&Credentials::default()).state, State::Invited);
        let credentials = Credentials {
            password: Some(String::from("$argon2id$…").into()),
            ..Credentials::default()
        };
        let active = account.with(&credentials);
        assert_eq!((active.state, active.enrolled.password), (State::Active, true));
        let suspended = Account {
            state: State::Suspended,
            ..active
        };
        assert_eq!(suspended.with(&credentials).state, State::Suspended);
    }

    #[test]
    fn the_account_holds_no_secret() {
        let random = SeededRandom::new(1);
        let (shown, recovery_codes) = RecoveryCodes::draw(&random);
        let credentials = Credentials {
            password: Some(String::from("$argon2id$secret").into()),
            authenticator: Some(Authenticator::draw(&random)),
            recovery_codes,
            passkeys: Vec::new(),
        };
        let account = serde_json::to_string(&Account::invited("P0104", "p", &random).with(&credentials)).unwrap();
        assert!(!account.contains("argon2id") && !account.contains(&shown[0]));
        assert_eq!(format!("{credentials:?}"), "Credentials(…)");
        let again = Credentials::from_bytes(&credentials.to_bytes().unwrap()).unwrap();
        assert!(again == credentials);
    }
}
