//! One sign-in, step by step: the logic is in [`access::signin`], here its records are loaded and stored.

use access::account::identifier;
use access::opaque::Opaque;
use access::passkey::assertion::Assertion;
use access::rule::Requirement;
use access::session::{Scope, Session};
use access::signin::{Candidate, Event, Kind, Method, Next, Progress, Refusal as Why, Turn};
use access::throttle::{Counters, Keys};
use jiff::Timestamp;
use serde_json::Value;

use super::accounts::Loaded;
use super::sessions::{Visitor, life};
use super::{Origin, event_act};
use crate::hall::{Hall, Refusal};

const PROGRESS: &str = "sign-in";
/// What comes of one step.
#[derive(Debug)]
pub enum Step {
    /// It did not help: ask again.
    Again(Why),
    /// Too many attempts: the next one is admitted at this moment.
    Wait(Timestamp),
    /// One of these more.
    Show(Vec<Method>),
    /// Inside.
    Inside {
        /// The id of the session, for the cookie.
        session: Opaque,
        /// The cookie that tells the device.
        device: String,
        /// What must be enrolled first, if anything.
        enrol: Vec<Method>,
    },
}

/// A sign-in that is under way.
#[derive(Debug)]
pub(super) struct Underway {
    pub(super) key: String,
    pub(super) progress: Progress,
}

/// A name and a password that were admitted and looked at; nothing of it is stored yet.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) underway: Underway,
    pub(super) loaded: Option<Loaded>,
    pub(super) turn: Turn,
    pub(super) keys: Keys,
    pub(super) counters: Counters,
}

impl Hall {
    /// A sign-in begins; returns its id, for the cookie. `again` where somebody who is inside proves anew who they are.
    ///
    /// # Errors
    /// What the database says.
    pub fn begin_sign_in(&self, again: Option<&Visitor>) -> Result<Opaque, Refusal> {
        let now = self.now();
        let progress = match again {
            Some(visitor) => Progress::again(&visitor.person, now),
            None => Progress::begin(now),
        };
        self.keep_sign_in(progress)
    }

    /// A sign-in begins with an id of its own in the place of the one under way; what a link opened stays open.
    ///
    /// # Errors
    /// What the database says.
    pub fn begin_sign_in_anew(&self, cookie: Option<&Opaque>, again: Option<&Visitor>) -> Result<Opaque, Refusal> {
        let underway = cookie.map(|id| self.underway(&id.text())).transpose()?.flatten();
        match underway.map(|underway| underway.progress) {
            Some(Progress {
                by_link: true,
                person: Some(person),
                began_at,
                ..
            }) if again.is_none() => self.keep_sign_in(Progress::by_link(&person, began_at)),
            _ => self.begin_sign_in(again),
        }
    }

    pub(super) fn keep_sign_in(&self, progress: Progress) -> Result<Opaque, Refusal> {
        let id = Opaque::draw(self.random());
        let key = id.hash();
        self.keep_progress(&Underway { key, progress })?;
        Ok(id)
    }

    /// Whether a sign-in is under way under this id.
    ///
    /// # Errors
    /// What the database says.
    pub fn is_under_way(&self, id: &Opaque) -> Result<bool, Refusal> {
        Ok(self.store.held(PROGRESS, &id.hash(), self.now())?.is_some())
    }

    /// What is to be shown besides what was proved so far; empty where nothing was.
    ///
    /// # Errors
    /// What the database says.
    pub fn lacking(&self, cookie: &str) -> Result<Vec<Method>, Refusal> {
        let Some(underway) = self.underway(cookie)? else {
            return Ok(Vec::new());
        };
        let Some(mut loaded) = self.known(&underway)? else {
            return Ok(Vec::new());
        };
        let requirement = self.requirement_of(&loaded.account.person)?;
        Ok(underway.progress.lacking(&candidate(&mut loaded, &requirement)))
    }

    /// Somebody typed a name and a password that is kept here.
    ///
    /// # Errors
    /// What the database says.
    pub fn sign_in_by_password(
        &self,
        cookie: &str,
        again: Option<&Visitor>,
        typed: (&str, &str),
        origin: &Origin,
    ) -> Result<Step, Refusal> {
        match self.typed(cookie, typed, origin)? {
            Ok(typed) => self.settle_typed(typed, again, origin),
            Err(step) => Ok(step),
        }
    }

    /// Looks at a name and a password; `Err` in the answer where that is not done.
    pub(super) fn typed(
        &self,
        cookie: &str,
        typed: (&str, &str),
        origin: &Origin,
    ) -> Result<Result<Typed, Step>, Refusal> {
        let Some(mut underway) = self.underway(cookie)? else {
            return Ok(Err(Step::Again(Why::TooSlow)));
        };
        let (login, password) = typed;
        let mut loaded = self.account_by_login(login)?;
        let device = loaded.as_ref().and_then(|loaded| {
            let devices = self.entrance.devices();
            devices.recognise(&loaded.account.person, &origin.device)
        });
        let keys = Keys::of(&identifier(login), origin.address, device.as_ref());
        let counters = match self.admit(&keys)? {
            Ok(counters) => counters,
            Err(until) => {
                let person = loaded.map(|loaded| loaded.account.person);
                self.note(&[Event {
                    kind: Kind::SlowedDown,
                    person,
                }])?;
                return Ok(Err(Step::Wait(until)));
            }
        };
        let requirement = self.demanded(loaded.as_ref())?;
        let candidate = loaded.as_mut().map(|loaded| candidate(loaded, &requirement));
        let (random, now) = (self.random(), self.now());
        let turn = underway
            .progress
            .password(candidate, password, &self.entrance.passwords, random, now);
        Ok(Ok(Typed {
            underway,
            loaded,
            turn,
            keys,
            counters,
        }))
    }

    /// What comes of a name and a password.
    pub(super) fn settle_typed(&self, typed: Typed, again: Option<&Visitor>, origin: &Origin) -> Result<Step, Refusal> {
        if !matches!(typed.turn.next, Next::Refused(_)) {
            self.keep_counters(&typed.keys, typed.counters.forgiven())?;
        }
        self.settle(typed.underway, typed.loaded, typed.turn, again, origin)
    }

    /// Somebody typed a code: of their app, or one of those on paper.
    ///
    /// # Errors
    /// What the database says.
    pub fn sign_in_by_code(
        &self,
        cookie: &str,
        again: Option<&Visitor>,
        method: Method,
        typed: &str,
        origin: &Origin,
    ) -> Result<Step, Refusal> {
        let Some(mut underway) = self.underway(cookie)? else {
            return Ok(Step::Again(Why::TooSlow));
        };
        let Some(mut loaded) = self.known(&underway)? else {
            return Ok(Step::Again(Why::NotRecognised));
        };
        let keys = Keys::of_codes(&loaded.account.person);
        let counters = match self.admit(&keys)? {
            Ok(counters) => counters,
            Err(until) => {
                let person = Some(loaded.account.person);
                self.note(&[Event {
                    kind: Kind::SlowedDown,
                    person,
                }])?;
                return Ok(Step::Wait(until));
            }
        };
        let requirement = self.requirement_of(&loaded.account.person)?;
        let now = self.now();
        let of = candidate(&mut loaded, &requirement);
        let turn = match method {
            Method::RecoveryCode => underway.progress.recovery_code(of, typed, now),
            _ => underway.progress.totp(of, typed, now),
        };
        if !matches!(turn.next, Next::Refused(_)) {
            self.keep_counters(&keys, counters.forgiven())?;
        }
        self.settle(underway, Some(loaded), turn, again, origin)
    }

    /// What the browser needs to ask for a passkey.
    ///
    /// # Errors
    /// What the database says; [`Refusal::Rule`] where the sign-in took too long.
    pub fn offer_passkey(&self, cookie: &str) -> Result<Value, Refusal> {
        let Some(mut underway) = self.underway(cookie)? else {
            return Err(Refusal::rule(
                "時間が過ぎた。はじめからやり直してください",
                "that took too long; begin anew",
            ));
        };
        let known = self.known(&underway)?;
        let of = known.as_ref().map(|loaded| &loaded.credentials);
        let options = underway
            .progress
            .offer_passkey(&self.entrance.site, of, self.random(), self.now());
        self.keep_progress(&underway)?;
        Ok(options)
    }

    /// The browser answered with a passkey.
    ///
    /// # Errors
    /// What the database says.
    pub fn sign_in_by_passkey(
        &self,
        cookie: &str,
        again: Option<&Visitor>,
        answer: &str,
        origin: &Origin,
    ) -> Result<Step, Refusal> {
        let Some(mut underway) = self.underway(cookie)? else {
            return Ok(Step::Again(Why::TooSlow));
        };
        let Ok(assertion) = Assertion::read(answer) else {
            return Ok(Step::Again(Why::PasskeyNotRecognised));
        };
        let mut loaded = match assertion.handle() {
            Some(handle) => self.account_by_handle(handle)?,
            None => self.known(&underway)?,
        };
        let requirement = self.demanded(loaded.as_ref())?;
        let of = loaded.as_mut().map(|loaded| candidate(loaded, &requirement));
        let now = self.now();
        let turn = underway.progress.passkey(of, &self.entrance.site, &assertion, now);
        self.settle(underway, loaded, turn, again, origin)
    }

    /// Stores what a turn changed, notes what happened, and opens the door where it is earned.
    pub(super) fn settle(
        &self,
        underway: Underway,
        loaded: Option<Loaded>,
        turn: Turn,
        again: Option<&Visitor>,
        origin: &Origin,
    ) -> Result<Step, Refusal> {
        let mut events = turn.events.as_slice();
        if turn.credentials_changed
            && let (Some(loaded), Some((first, rest))) = (&loaded, events.split_first())
        {
            self.commit(self.with_secrets(event_act(first), loaded)?)?;
            events = rest;
        }
        self.note(events)?;
        let (assurance, enrol) = match turn.next {
            Next::Refused(why) => {
                self.keep_progress(&underway)?;
                return Ok(Step::Again(why));
            }
            Next::Show(methods) => {
                self.keep_progress(&underway)?;
                return Ok(Step::Show(methods));
            }
            Next::Enrol(assurance, methods) => (assurance, methods),
            Next::Done(assurance) => (assurance, Vec::new()),
        };
        self.store.release(PROGRESS, &underway.key)?;
        let person = loaded.map(|loaded| loaded.account.person).unwrap_or_default();
        let session = match again {
            Some(visitor) if visitor.person == person => {
                let session = visitor
                    .session
                    .reauthenticated(&underway.progress.methods, assurance, self.now());
                self.replace_session(visitor, &session)?
            }
            _ => {
                let scope = if enrol.is_empty() {
                    Scope::Full
                } else {
                    Scope::Enrolment
                };
                let source = origin.address.to_string();
                let now = self.now();
                let session = Session::begin(&underway.progress, &person, scope, &source, &origin.agent, now);
                self.begin_session(&session)?
            }
        };
        let devices = self.entrance.devices();
        Ok(Step::Inside {
            session,
            device: devices.remember(&person, &origin.device, self.random()),
            enrol,
        })
    }

    pub(super) fn underway(&self, cookie: &str) -> Result<Option<Underway>, Refusal> {
        let Some(key) = Opaque::parse(cookie).map(|id| id.hash()) else {
            return Ok(None);
        };
        let held = self.store.held(PROGRESS, &key, self.now())?;
        let progress = held.and_then(|held| serde_json::from_slice(&held.value).ok());
        Ok(progress.map(|progress| Underway { key, progress }))
    }

    fn keep_progress(&self, underway: &Underway) -> Result<(), Refusal> {
        let until = underway.progress.began_at.saturating_add(Progress::LASTS);
        let now = self.now();
        let value = serde_json::to_vec(&underway.progress).unwrap_or_default();
        let life = life(until.unwrap_or(now), now);
        Ok(self.store.hold(PROGRESS, &underway.key, &value, now, life)?)
    }

    /// The account of who is known by now.
    fn known(&self, underway: &Underway) -> Result<Option<Loaded>, Refusal> {
        let person = underway.progress.person.as_deref();
        Ok(person.map(|person| self.account(person)).transpose()?.flatten())
    }

    pub(super) fn demanded(&self, loaded: Option<&Loaded>) -> Result<Requirement, Refusal> {
        match loaded {
            Some(loaded) => self.requirement_of(&loaded.account.person),
            None => Ok(self.in_force().sign_in.requirement(&[])),
        }
    }
}

pub(super) fn candidate<'c>(loaded: &'c mut Loaded, requirement: &'c Requirement) -> Candidate<'c> {
    Candidate {
        account: &loaded.account,
        credentials: &mut loaded.credentials,
        requirement,
    }
}
