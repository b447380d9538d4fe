//! A sign-in with a passkey (WebAuthn, section 7.2).

use jiff::Timestamp;
use model::random::Random;
use serde::Deserialize;
use serde_json::{Value, json};

use super::authenticator_data::AuthenticatorData;
use super::{Ceremony, Kind, LASTS, Passkey, Refused, Site, client_data, decoded, parsed};

/// What a browser answered, not verified yet: it tells whose account to load.
#[derive(Debug)]
pub struct Assertion {
    id: String,
    handle: Option<String>,
    client_data: String,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
}

/// `AuthenticationResponseJSON` (WebAuthn, section 5.1); members that we do not need are left aside.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'j> {
    id: &'j str,
    raw_id: &'j str,
    #[serde(rename = "type")]
    kind: &'j str,
    response: Response<'j>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response<'j> {
    #[serde(rename = "clientDataJSON")]
    client_data: &'j str,
    authenticator_data: &'j str,
    signature: &'j str,
    #[serde(default)]
    user_handle: Option<&'j str>,
}

/// Begins: what to keep, and `PublicKeyCredentialRequestOptionsJSON` for the browser. `of` are the passkeys of the
/// person where it is known who they are; where it is not, the browser offers what it has for this site.
#[must_use]
pub fn begin(site: &Site, of: &[Passkey], random: &dyn Random, now: Timestamp) -> (Ceremony, Value) {
    let ceremony = Ceremony::begin(Kind::Assertion, random, now);
    let allowed: Vec<Value> = of.iter().map(Passkey::descriptor).collect();
    let mut options = json!({
        "challenge": ceremony.challenge,
        "rpId": site.id,
        "timeout": LASTS.as_millis(),
        "userVerification": "required",
    });
    // An empty list and none mean the same to the standard; not to every authenticator.
    if let (false, Some(members)) = (allowed.is_empty(), options.as_object_mut()) {
        members.insert("allowCredentials".to_owned(), Value::Array(allowed));
    }
    (ceremony, options)
}

impl Assertion {
    /// Reads what the browser sent.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn read(json: &str) -> Result<Self, Refused> {
        let answer: Answer<'_> = parsed(json)?;
        if answer.kind != "public-key" || answer.id != answer.raw_id || answer.id.is_empty() {
            return Err(Refused::Malformed);
        }
        Ok(Self {
            id: answer.id.to_owned(),
            handle: answer
                .response
                .user_handle
                .filter(|handle| !handle.is_empty())
                .map(str::to_owned),
            client_data: answer.response.client_data.to_owned(),
            authenticator_data: decoded(answer.response.authenticator_data)?,
            signature: decoded(answer.response.signature)?,
        })
    }

    /// The [`Account::handle`](crate::account::Account::handle) that the authenticator keeps; the account to load.
    #[must_use]
    pub fn handle(&self) -> Option<&str> {
        self.handle.as_deref()
    }

    /// The id of the passkey, base64url.
    #[must_use]
    pub fn passkey(&self) -> &str {
        &self.id
    }

    /// Verifies the answer. `passkey` is the one with this id *of the account with this handle*; it notes its use and
    /// is to be stored.
    ///
    /// # Errors
    /// Everything in [`Refused`] but a duplicate.
    pub fn verify(
        &self,
        site: &Site,
        ceremony: &Ceremony,
        passkey: &mut Passkey,
        now: Timestamp,
    ) -> Result<(), Refused> {
        ceremony.check(Kind::Assertion, now)?;
        if passkey.id != self.id {
            return Err(Refused::Foreign);
        }
        let client_data = client_data::verify(&self.client_data, site, ceremony)?;
        let said = AuthenticatorData::read(&self.authenticator_data)?;
        said.verify(site)?;
        let message = [self.authenticator_data.as_slice(), &client_data].concat();
        if !passkey.key.verifies(&message, &self.signature) {
            return Err(Refused::Signature);
        }
        // An authenticator without a counter always says 0.
        let counts = said.sign_count != 0 || passkey.sign_count != 0;
        if counts && said.sign_count <= passkey.sign_count {
            return Err(Refused::Counter);
        }
        passkey.sign_count = said.sign_count;
        passkey.synced = said.is_synced();
        passkey.used_at = Some(now);
        Ok(())
    }
}
