//! Who is inside: sessions under the hash of their id, and the visitor that a request comes from.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use access::opaque::Opaque;
use access::rule::{Held, Requirement};
use access::session::{Scope, Session, Standing, csrf};
use access::signin::{Event, Kind, Progress};
use approval::directory::Directory as _;
use jiff::Timestamp;

use crate::hall::decided::Known;
use crate::hall::{Hall, Refusal};

pub(super) const SESSION: &str = "session";

/// Who sends a request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The person's code; that of an administrator who is not in the register is their login.
    pub person: String,
    /// What people call them.
    pub name: String,
    /// The key of their section; empty for an administrator who is not in the register.
    pub section: String,
    /// The key of their organ.
    pub organ: String,
    /// The roles that they hold today.
    pub roles: Vec<Held>,
    /// What those roles demand.
    pub requirement: Requirement,
    /// Their session.
    pub session: Session,
    /// Under which hash it is kept.
    pub session_key: String,
    id: Opaque,
    /// Who they are to the access rules, once asked.
    pub(in crate::hall) known: OnceLock<Option<Arc<Known>>>,
}

impl Visitor {
    /// Whether they hold a role, over whatever.
    #[must_use]
    pub fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held.role == role)
    }

    /// What forms send back, so that no other site sends forms in the visitor's name.
    #[must_use]
    pub fn csrf(&self) -> csrf::Token {
        csrf::Token::of(&self.id)
    }

    /// Whether they run this installation.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.has(access::rule::ADMINISTRATOR)
    }
}

/// What a session cookie amounts to.
#[derive(Debug, Clone)]
pub enum Seen {
    /// Nobody, or nobody any more.
    Nobody,
    /// Somebody who may only enrol what they lack.
    Enrolling(Box<Visitor>),
    /// Somebody whose roles now demand a stronger proof.
    TooWeak(Box<Visitor>),
    /// Somebody who works here.
    Visitor(Box<Visitor>),
}

impl Hall {
    /// Who a session cookie belongs to.
    ///
    /// # Errors
    /// What the database says.
    pub fn seen(&self, cookie: Option<&str>) -> Result<Seen, Refusal> {
        let Some(id) = cookie.and_then(Opaque::parse) else {
            return Ok(Seen::Nobody);
        };
        let now = self.now();
        let key = id.hash();
        let Some(held) = self.store.held(SESSION, &key, now)? else {
            return Ok(Seen::Nobody);
        };
        let Ok(session) = serde_json::from_slice::<Session>(&held.value) else {
            return Ok(Seen::Nobody);
        };
        let visitor = self.visitor(session, key, &id)?;
        let Some(visitor) = visitor else {
            return Ok(Seen::Nobody);
        };
        match visitor.session.standing(&visitor.requirement, now) {
            Standing::Over | Standing::Idle => Ok(Seen::Nobody),
            Standing::TooWeak => Ok(Seen::TooWeak(visitor)),
            Standing::EnrolmentOnly => Ok(Seen::Enrolling(visitor)),
            Standing::Valid => {
                if let Some(touched) = visitor.session.touched(now) {
                    self.keep(&visitor.session_key, &touched, &visitor.requirement)?;
                }
                Ok(Seen::Visitor(visitor))
            }
        }
    }

    /// Keeps a session under a new id; returns the id, for the cookie.
    pub(super) fn begin_session(&self, session: &Session) -> Result<Opaque, Refusal> {
        let id = Opaque::draw(self.random());
        self.keep(&id.hash(), session, &self.requirement_of(&session.person)?)?;
        Ok(id)
    }

    /// Keeps what became of a visitor's session under a new id, and forgets the old one.
    pub(super) fn replace_session(&self, visitor: &Visitor, session: &Session) -> Result<Opaque, Refusal> {
        let id = Opaque::draw(self.random());
        self.keep(&id.hash(), session, &visitor.requirement)?;
        self.store.release(SESSION, &visitor.session_key)?;
        Ok(id)
    }

    /// Ends a visitor's session.
    ///
    /// # Errors
    /// What the database says.
    pub fn sign_out(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.store.release(SESSION, &visitor.session_key)?;
        self.note(&[Event {
            kind: Kind::SignedOut,
            person: Some(visitor.person.clone()),
        }])
    }

    /// The sessions of a person, with the keys that they are kept under.
    ///
    /// # Errors
    /// What the database says.
    pub fn sessions_of(&self, person: &str) -> Result<Vec<(String, Session)>, Refusal> {
        let all = self.store.held_of_kind(SESSION, self.now())?;
        let read = all.into_iter().filter_map(|(key, held)| {
            let session = serde_json::from_slice::<Session>(&held.value).ok()?;
            (session.person == person).then_some((key, session))
        });
        Ok(read.collect())
    }

    /// Ends sessions of a person: the one under a key, or all but that of the visitor who asks.
    ///
    /// # Errors
    /// What the database says.
    pub fn end_sessions(&self, person: &str, only: Option<&str>, but: Option<&str>) -> Result<(), Refusal> {
        for (key, _) in self.sessions_of(person)? {
            if only.is_none_or(|only| only == key) && but != Some(key.as_str()) {
                self.store.release(SESSION, &key)?;
            }
        }
        self.note(&[Event {
            kind: Kind::SessionsRevoked,
            person: Some(person.to_owned()),
        }])
    }

    /// Whether a visitor proved recently enough who they are for an act that grants, approves or releases.
    ///
    /// # Errors
    /// [`Refusal::Reauthenticate`]
    pub fn fresh(&self, visitor: &Visitor) -> Result<(), Refusal> {
        if visitor.session.is_fresh(&visitor.requirement, self.now()) {
            Ok(())
        } else {
            Err(Refusal::Reauthenticate)
        }
    }

    /// Somebody for whom a program acts with a token. Their session is kept nowhere and never fresh, so that nothing is granted,
    /// approved or released with it. `None` for somebody who has left.
    pub(in crate::hall) fn visitor_by_token(&self, person: &str, token: &str) -> Result<Option<Box<Visitor>>, Refusal> {
        let now = self.now();
        let session = Session {
            reauthenticated_at: Timestamp::UNIX_EPOCH,
            ..Session::begin(&Progress::begin(now), person, Scope::Full, "", "", now)
        };
        self.visitor(session, format!("token:{token}"), &Opaque::draw(self.random()))
    }

    fn visitor(&self, session: Session, session_key: String, id: &Opaque) -> Result<Option<Box<Visitor>>, Refusal> {
        let directory = self.directory();
        let roles = self.roles_of(&session.person)?;
        let member = directory.member(&session.person, self.today());
        let administrator = roles.iter().any(|held| held.role == access::rule::ADMINISTRATOR);
        // Whoever left the city has no way in, whatever cookie they kept.
        if member.is_none() && !administrator {
            return Ok(None);
        }
        let section = member.map(|member| member.section.clone()).unwrap_or_default();
        Ok(Some(Box::new(Visitor {
            name: member.map_or_else(|| session.person.clone(), |member| member.name.clone()),
            organ: directory.organ_of(&section).unwrap_or_default().to_owned(),
            section,
            requirement: self.in_force().sign_in.requirement(&roles),
            roles,
            person: session.person.clone(),
            session,
            session_key,
            id: id.clone(),
            known: OnceLock::new(),
        })))
    }

    fn keep(&self, key: &str, session: &Session, requirement: &Requirement) -> Result<(), Refusal> {
        let now = self.now();
        let life = life(session.expires_at(requirement), now);
        let value = serde_json::to_vec(session).unwrap_or_default();
        Ok(self.store.hold(SESSION, key, &value, now, life)?)
    }
}

/// The time until a moment; nothing where it has passed.
pub(in crate::hall) fn life(until: Timestamp, now: Timestamp) -> Duration {
    until.duration_since(now).try_into().unwrap_or(Duration::ZERO)
}
