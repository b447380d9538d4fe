//! Passwords, authenticator apps, passkeys and codes on paper: what a person enrols for themselves. The rules are in
//! [`access::enrolment`].

use access::enrolment;
use access::opaque::Opaque;
use access::passkey::Ceremony;
use access::passkey::registration::{self, Owner};
use access::seal::Place;
use access::session::Scope;
use access::signin::{Event, Method};
use access::totp::{self, Authenticator};
use model::lang::Text;
use serde_json::Value;
use store::Expected;

use super::accounts::Loaded;
use super::event_act;
use super::sessions::Visitor;
use crate::hall::{Hall, Refusal};

/// What is offered and not confirmed yet, a session.
const OFFER: &str = "enrolment";

/// How long an offer stands.
const LASTS: std::time::Duration = std::time::Duration::from_secs(15 * 60);

/// An authenticator app to be scanned.
#[derive(Debug)]
pub struct OfferedAuthenticator {
    /// An image of the code to scan, as SVG.
    pub image: String,
    /// The secret as people type it.
    pub written: String,
}

impl Hall {
    /// Sets a visitor's password.
    ///
    /// # Errors
    /// [`Refusal::Rules`] with everything that is wrong with it.
    pub fn set_password(&self, visitor: &Visitor, password: &str) -> Result<(), Refusal> {
        let own = [visitor.person.as_str(), visitor.name.as_str()];
        let (rules, random) = (&self.entrance.passwords, self.random());
        self.change_account(visitor, |loaded| {
            enrolment::set_password(&mut loaded.credentials, &visitor.person, password, &own, rules, random)
        })
    }

    /// Offers a visitor an authenticator app; it counts once they have shown a code of it.
    ///
    /// # Errors
    /// What the database says.
    pub fn offer_authenticator(&self, visitor: &Visitor, issuer: &str) -> Result<OfferedAuthenticator, Refusal> {
        // Whoever reloads the page gets the code that their app may have read already.
        let authenticator = match self.offer::<Authenticator>(visitor, "authenticator")? {
            Some(offered) => offered,
            None => Authenticator::draw(self.random()),
        };
        self.keep_offer(visitor, "authenticator", &authenticator)?;
        let uri = totp::uri(&authenticator, issuer, &visitor.person);
        Ok(OfferedAuthenticator {
            image: totp::qr_svg(&uri).unwrap_or_default(),
            written: authenticator.written(),
        })
    }

    /// Enrols the authenticator app that was offered, where the code is one of it. Whoever was let in only to enrol may be inside
    /// afterwards, under a new session.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where the code does not fit, or the offer is too old.
    pub fn confirm_authenticator(&self, visitor: &Visitor, typed: &str) -> Result<Option<Opaque>, Refusal> {
        let pending: Authenticator = self.offer(visitor, "authenticator")?.ok_or_else(too_old)?;
        let now = self.now();
        self.change_account(visitor, |loaded| {
            enrolment::enrol_authenticator(&mut loaded.credentials, &visitor.person, pending, typed, now)
        })?;
        self.drop_offer(visitor, "authenticator")?;
        self.admit_after(visitor, Method::Totp, None)
    }

    /// What the browser needs to make a passkey.
    ///
    /// # Errors
    /// What the database says.
    pub fn offer_new_passkey(&self, visitor: &Visitor) -> Result<Value, Refusal> {
        let loaded = self.account(&visitor.person)?.ok_or(Refusal::NotFound)?;
        let owner = Owner {
            handle: &loaded.account.handle,
            login: &loaded.account.login,
            name: &visitor.name,
        };
        let existing = &loaded.credentials.passkeys;
        let (ceremony, options) = registration::begin(&self.entrance.site, owner, existing, self.random(), self.now());
        self.keep_offer(visitor, "passkey", &ceremony)?;
        Ok(options)
    }

    /// Enrols the passkey that the browser made. Whoever was let in only to enrol may be inside afterwards, under a new session.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where the answer is not right, or the offer is too old.
    pub fn enrol_passkey(&self, visitor: &Visitor, answer: &str, label: &str) -> Result<Option<Opaque>, Refusal> {
        let ceremony: Ceremony = self.offer(visitor, "passkey")?.ok_or_else(too_old)?;
        // A challenge is answered once, rightly or wrongly.
        self.drop_offer(visitor, "passkey")?;
        let loaded = self.account(&visitor.person)?.ok_or(Refusal::NotFound)?;
        let existing = &loaded.credentials.passkeys;
        let made = registration::finish(&self.entrance.site, &ceremony, answer, existing, label, self.now());
        let made = made.map_err(|refused| {
            tracing::info!(%refused, "a passkey was not enrolled");
            Refusal::Rules(vec![Text::fixed(
                "パスキーを登録できなかった。もう一度行ってください",
                "the passkey could not be enrolled; try again",
            )])
        })?;
        let model = made.model().to_owned();
        self.change_account(visitor, |loaded| {
            enrolment::add_passkey(&mut loaded.credentials, &visitor.person, made)
        })?;
        self.admit_after(visitor, Method::Passkey, Some(&model))
    }

    /// Takes a passkey away.
    ///
    /// # Errors
    /// [`Refusal::Rules`] where there is none, or too little would be left to sign in with.
    pub fn remove_passkey(&self, visitor: &Visitor, id: &str) -> Result<(), Refusal> {
        self.change_account(visitor, |loaded| {
            enrolment::remove_passkey(&mut loaded.credentials, &visitor.person, id, &visitor.requirement)
        })
    }

    /// Draws new codes on paper, shown once; those from before no longer count.
    ///
    /// # Errors
    /// What the database says.
    pub fn draw_recovery_codes(&self, visitor: &Visitor) -> Result<Vec<String>, Refusal> {
        let mut shown = Vec::new();
        self.change_account(visitor, |loaded| {
            let drawn = enrolment::draw_recovery_codes(&mut loaded.credentials, &visitor.person, self.random());
            shown = drawn.0;
            Ok(drawn.1)
        })?;
        Ok(shown)
    }

    /// Changes an account and writes it with the event, in one act.
    fn change_account(
        &self,
        visitor: &Visitor,
        change: impl FnOnce(&mut Loaded) -> Result<Event, enrolment::Refused>,
    ) -> Result<(), Refusal> {
        let mut loaded = self.account(&visitor.person)?.ok_or(Refusal::NotFound)?;
        let event = change(&mut loaded).map_err(|refused| Refusal::Rules(refused.messages()))?;
        let expected = Expected::Version(loaded.version);
        self.commit(self.with_account(event_act(&event), &loaded, expected)?)?;
        Ok(())
    }

    /// A new session for whoever was let in only to enrol; a full one once what they have proved is enough.
    fn admit_after(&self, visitor: &Visitor, method: Method, model: Option<&str>) -> Result<Option<Opaque>, Refusal> {
        if visitor.session.scope != Scope::Enrolment {
            return Ok(None);
        }
        let session = visitor
            .session
            .enrolled(method, model, &visitor.requirement, self.now());
        self.replace_session(visitor, &session).map(Some)
    }

    fn keep_offer(&self, visitor: &Visitor, what: &str, offer: &impl serde::Serialize) -> Result<(), Refusal> {
        let key = offer_key(visitor, what);
        let place = Place {
            scope: OFFER,
            key: &key,
        };
        let bytes = serde_json::to_vec(offer).map_err(|_| unreadable())?;
        let sealed = self
            .entrance
            .ring
            .seal(place, &bytes, self.random())
            .map_err(|_| unreadable())?;
        Ok(self.store.hold(OFFER, &key, &sealed, self.now(), LASTS)?)
    }

    fn offer<T: serde::de::DeserializeOwned>(&self, visitor: &Visitor, what: &str) -> Result<Option<T>, Refusal> {
        let key = offer_key(visitor, what);
        let Some(held) = self.store.held(OFFER, &key, self.now())? else {
            return Ok(None);
        };
        let place = Place {
            scope: OFFER,
            key: &key,
        };
        let opened = self.entrance.ring.open(place, &held.value).map_err(|_| unreadable())?;
        serde_json::from_slice(&opened).map(Some).map_err(|_| unreadable())
    }

    fn drop_offer(&self, visitor: &Visitor, what: &str) -> Result<(), Refusal> {
        Ok(self.store.release(OFFER, &offer_key(visitor, what))?)
    }
}

fn offer_key(visitor: &Visitor, what: &str) -> String {
    format!("{what}:{}", visitor.session_key)
}

fn too_old() -> Refusal {
    Refusal::Rules(vec![Text::fixed(
        "時間が過ぎた。はじめからやり直してください",
        "that took too long; begin anew",
    )])
}

fn unreadable() -> Refusal {
    store::Failure::Damaged("an enrolment cannot be read".to_owned()).into()
}
