//! A provider that is asked again and again: what it publishes is read when it is needed, and kept for a while.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::http::Http;
use super::{Callback, Client, Pending, Settings};
use crate::elsewhere::{Failure, Identity};

/// How long what a provider publishes is good for.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// How long a provider that failed is left alone.
const REST: SignedDuration = SignedDuration::from_secs(5);

/// A provider with what is known of it.
pub struct Provider {
    settings: Settings,
    secret: Option<Zeroizing<String>>,
    redirect: String,
    authorities: Option<Vec<u8>>,
    known: Mutex<Option<(Timestamp, Known)>>,
}

/// What came of the last time that the provider was asked.
#[derive(Clone)]
enum Known {
    Found(Arc<Client>),
    Failed(Failure),
}

impl Provider {
    /// A provider that nobody has asked yet; the arguments are those of [`Client::discover`].
    ///
    /// # Errors
    /// [`Failure::Settings`]: the authorities are no certificates.
    pub fn new(
        settings: Settings,
        secret: Option<Zeroizing<String>>,
        redirect: String,
        authorities: Option<Vec<u8>>,
    ) -> Result<Self, Failure> {
        Http::new(authorities.as_deref())?;
        Ok(Self {
            settings,
            secret,
            redirect,
            authorities,
            known: Mutex::new(None),
        })
    }

    /// How it is used.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The client, of now or of an earlier time. Nobody waits for somebody else who asks: two may ask at once.
    ///
    /// # Errors
    /// As [`Client::discover`]; of a provider that failed some seconds ago, the same without asking.
    pub async fn client(&self, now: Timestamp) -> Result<Arc<Client>, Failure> {
        match self.known(now) {
            Some(Known::Found(client)) => return Ok(client),
            Some(Known::Failed(failure)) => return Err(failure),
            None => {}
        }
        let (settings, secret) = (self.settings.clone(), self.secret.clone());
        let found = Client::discover(settings, secret, &self.redirect, self.authorities.as_deref()).await;
        let found = found.map(Arc::new);
        let known = match &found {
            Ok(client) => Known::Found(Arc::clone(client)),
            Err(failure) => Known::Failed(*failure),
        };
        self.keep(Some((now, known)));
        found
    }

    /// As [`Client::finish`].
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn finish(&self, pending: &Pending, callback: &Callback, now: Timestamp) -> Result<Identity, Failure> {
        let client = self.client(now).await?;
        let finished = client.finish(pending, callback, now).await;
        // An answer to our own question that is not right may be signed with a key of today.
        if finished == Err(Failure::Foreign) && pending.is_answered_by(callback) {
            self.keep(None);
        }
        finished
    }

    fn known(&self, now: Timestamp) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, known) = known.clone()?;
        let lasts = match known {
            Known::Found(_) => FRESH,
            Known::Failed(_) => REST,
        };
        (now.duration_since(at) < lasts).then_some(known)
    }

    fn keep(&self, known: Option<(Timestamp, Known)>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.settings.name)
    }
}
