//! Who is vouched for by a directory or an identity provider: which of our people that is, and how they come in.
//!
//! To ask one of them takes its time and needs no thread that waits: whoever serves the page does it
//! ([`Elsewhere::directory`], [`Elsewhere::provider`]) and brings the answer here.
//!
//! A person of the register who comes for the first time gets an account with that. The register says who works here;
//! the other system says who somebody is, and its groups give no role.

use access::account::Account;
use access::elsewhere::{Failure, Identity, KnownBy};
use access::ldap::Directory;
use access::oidc::{Pending, Provider};
use access::opaque::Opaque;
use access::seal::Place;
use access::signin::{Event, Kind, Method, Next, Refusal as Why};
use serde::{Deserialize, Serialize};
use store::{Act, Expected, Refused};

use super::accounts::{self, Loaded};
use super::sessions::{Visitor, life};
use super::sign_in::{Step, Typed, Underway, candidate};
use super::{Origin, event_act};
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal};

/// What is kept while a person is at a provider.
const AWAY: &str = "elsewhere";

/// Who else may vouch for people.
#[derive(Debug, Default)]
pub struct Elsewhere {
    /// Identity providers, in the order of their buttons; no two have the same name.
    pub providers: Vec<Provider>,
    /// The directory that is asked about names and passwords which do not fit here.
    pub directory: Option<Directory>,
}

/// A person is at a provider and is to come back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    /// What we asked.
    pub pending: Pending,
    /// The provider, by its name.
    pub provider: String,
    /// Where the person wanted to go.
    pub next: String,
}

/// What came of a name and a password.
#[derive(Debug)]
pub enum Tried {
    /// This.
    Settled(Step),
    /// They do not fit here, and the directory is to be asked: [`Hall::sign_in_by_directory`] takes its answer.
    AskDirectory(Box<Attempt>),
}

/// A name and a password that were counted and do not fit here.
#[derive(Debug)]
pub struct Attempt(Typed);

/// An account that was found, and what becomes of it.
struct Found {
    loaded: Loaded,
    expected: Expected,
    is_changed: bool,
}

impl Elsewhere {
    /// The provider of that name.
    #[must_use]
    pub fn provider(&self, name: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.settings().name == name)
    }
}

impl Hall {
    /// Somebody typed a name and a password. Where they do not fit here and there is a directory, it is asked whoever it
    /// is: that it was asked tells nothing about which accounts there are.
    ///
    /// # Errors
    /// What the database says.
    pub fn try_password(
        &self,
        cookie: &str,
        again: Option<&Visitor>,
        typed: (&str, &str),
        origin: &Origin,
    ) -> Result<Tried, Refusal> {
        let typed = match self.typed(cookie, typed, origin)? {
            Ok(typed) => typed,
            Err(step) => return Ok(Tried::Settled(step)),
        };
        let fits = typed.turn.next != Next::Refused(Why::NotRecognised);
        if fits || self.entrance.elsewhere.directory.is_none() {
            return self.settle_typed(typed, again, origin).map(Tried::Settled);
        }
        Ok(Tried::AskDirectory(Box::new(Attempt(typed))))
    }

    /// The directory answered about an attempt.
    ///
    /// # Errors
    /// What the database says.
    pub fn sign_in_by_directory(
        &self,
        attempt: Attempt,
        again: Option<&Visitor>,
        answer: Result<Identity, Failure>,
        origin: &Origin,
    ) -> Result<Step, Refusal> {
        let Attempt(typed) = attempt;
        if answer == Err(Failure::NotRecognised) {
            return self.settle_typed(typed, again, origin);
        }
        // A directory that fails forgives nothing: the guess was a wrong one for what is kept here.
        let right = matches!(answer, Ok(_) | Err(Failure::Unknown | Failure::Outside));
        if right {
            self.keep_counters(&typed.keys, typed.counters.forgiven())?;
        }
        self.vouched(typed.underway, again, answer, Method::Directory, origin)
    }

    /// Keeps what is needed when a person comes back from a provider, for the sign-in with this id.
    ///
    /// # Errors
    /// What the database says.
    pub fn send_away(&self, sign_in: &Opaque, away: &Away) -> Result<(), Refusal> {
        let key = sign_in.hash();
        let bytes = serde_json::to_vec(away).map_err(|_| unreadable())?;
        let sealed = self.entrance.ring.seal(place(&key), &bytes, self.random());
        let now = self.now();
        let life = life(away.pending.expires_at, now);
        Ok(self
            .store
            .hold(AWAY, &key, &sealed.map_err(|_| unreadable())?, now, life)?)
    }

    /// What was kept for the sign-in with this id, once: whoever comes back a second time comes back to nothing.
    ///
    /// # Errors
    /// What the database says.
    pub fn take_away(&self, cookie: &str) -> Result<Option<Away>, Refusal> {
        let Some(key) = Opaque::parse(cookie).map(|id| id.hash()) else {
            return Ok(None);
        };
        let Some(held) = self.store.take(AWAY, &key, self.now())? else {
            return Ok(None);
        };
        let opened = self.entrance.ring.open(place(&key), &held.value);
        let opened = opened.map_err(|_| unreadable())?;
        serde_json::from_slice(&opened).map(Some).map_err(|_| unreadable())
    }

    /// A provider answered about who came back.
    ///
    /// # Errors
    /// What the database says.
    pub fn sign_in_by_provider(
        &self,
        cookie: &str,
        again: Option<&Visitor>,
        answer: Result<Identity, Failure>,
        origin: &Origin,
    ) -> Result<Step, Refusal> {
        let Some(underway) = self.underway(cookie)? else {
            return Ok(Step::Again(Why::TooSlow));
        };
        let method = match &answer {
            Ok(identity) if identity.two_factors => Method::ProviderTwoFactors,
            _ => Method::Provider,
        };
        self.vouched(underway, again, answer, method, origin)
    }

    /// Forgets the word under which another system knows a person, after it gave them a new one: the next time they are
    /// found by what they are known by, as the first time.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where there is no such account or word; [`Refusal::Denied`]; [`Refusal::Reauthenticate`].
    pub fn forget_elsewhere(&self, visitor: &Visitor, person: &str, provider: &str) -> Result<(), Refusal> {
        self.permit_on_user(visitor, Verb::AdministerUsers, person)?;
        self.fresh(visitor)?;
        let mut account = self.account(person)?.ok_or(Refusal::NotFound)?;
        let before = account.account.elsewhere.len();
        account.account.elsewhere.retain(|known| known.provider != provider);
        if account.account.elsewhere.len() == before {
            return Err(Refusal::NotFound);
        }
        let act = Act::new("account.unlink").by(&visitor.person);
        let expected = Expected::Version(account.version);
        self.commit(act.with(accounts::document(&account.account, expected)?))?;
        Ok(())
    }

    /// Somebody is vouched for, or is not.
    fn vouched(
        &self,
        mut underway: Underway,
        again: Option<&Visitor>,
        answer: Result<Identity, Failure>,
        method: Method,
        origin: &Origin,
    ) -> Result<Step, Refusal> {
        let identity = match answer {
            Ok(identity) => identity,
            Err(failure) => return self.not_vouched(failure),
        };
        let Some(mut found) = self.find(&identity)? else {
            return self.not_vouched(Failure::Unknown);
        };
        let requirement = self.demanded(Some(&found.loaded))?;
        let of = candidate(&mut found.loaded, &requirement);
        let turn = underway.progress.elsewhere(Some(of), method, self.now());
        let is_theirs = turn.events.iter().any(|event| event.kind == Kind::ProvedElsewhere);
        if is_theirs && found.is_changed && !self.note_subject(&found)? {
            return self.not_vouched(Failure::Unknown);
        }
        self.settle(underway, Some(found.loaded), turn, again, origin)
    }

    fn not_vouched(&self, failure: Failure) -> Result<Step, Refusal> {
        let kind = match failure {
            Failure::Unavailable | Failure::Settings => Kind::ElsewhereUnavailable,
            Failure::Unknown | Failure::Outside => Kind::NotLinked,
            Failure::NotRecognised | Failure::Foreign | Failure::Late => Kind::RefusedElsewhere,
        };
        self.note(&[Event { kind, person: None }])?;
        Ok(Step::Again(Why::Elsewhere(failure)))
    }

    /// Which of our people it is: by the other system's word for them, or the first time by what they are known by.
    fn find(&self, identity: &Identity) -> Result<Option<Found>, Refusal> {
        let known = self.account_by_subject(&identity.provider, &identity.subject)?;
        let (loaded, expected) = match known {
            Some(loaded) => {
                let expected = Expected::Version(loaded.version);
                (loaded, expected)
            }
            None => match self.find_first(&identity.known_by)? {
                Some(found) => found,
                None => return Ok(None),
            },
        };
        // Whoever left the city has no way in.
        let person = loaded.account.person.as_str();
        if self.directory().member(person, self.today()).is_none() && !self.is_administrator(person)? {
            return Ok(None);
        }
        let Some(account) = identity.noted(&loaded.account) else {
            return Ok(None);
        };
        Ok(Some(Found {
            is_changed: account != loaded.account || expected == Expected::New,
            loaded: Loaded { account, ..loaded },
            expected,
        }))
    }

    /// The account of somebody who comes for the first time; a new one for a person of the register who has none.
    fn find_first(&self, known_by: &KnownBy) -> Result<Option<(Loaded, Expected)>, Refusal> {
        let person = match known_by {
            KnownBy::Login(login) => {
                let loaded = self.account_by_login(login)?;
                return Ok(loaded.map(|loaded| {
                    let expected = Expected::Version(loaded.version);
                    (loaded, expected)
                }));
            }
            KnownBy::Number(number) => number.clone(),
            KnownBy::Mail(mail) => match self.person_with_mail(mail) {
                Some(person) => person,
                None => return Ok(None),
            },
        };
        if self.directory().member(&person, self.today()).is_none() {
            return Ok(None);
        }
        let account = self.account(&person)?;
        Ok(Some(match account {
            Some(loaded) => {
                let expected = Expected::Version(loaded.version);
                (loaded, expected)
            }
            None => {
                let account = Account::invited(&person, &person, self.random());
                (Loaded::new(account), Expected::New)
            }
        }))
    }

    /// The one person who works here with this address; two with one address are nobody.
    fn person_with_mail(&self, mail: &str) -> Option<String> {
        let (directory, today) = (self.directory(), self.today());
        let mut having = directory.people.iter().filter(|(key, member)| {
            let own = member.email.as_deref().is_some_and(|own| own.to_lowercase() == mail);
            own && directory.member(key, today).is_some()
        });
        let (person, _) = having.next()?;
        having.next().is_none().then(|| person.clone())
    }

    /// Writes what is known now of a person elsewhere into their account; `false` where somebody else was linked first.
    fn note_subject(&self, found: &Found) -> Result<bool, Refusal> {
        let act = event_act(&Event {
            kind: Kind::Linked,
            person: Some(found.loaded.account.person.clone()),
        });
        let account = accounts::document(&found.loaded.account, found.expected)?;
        match self.commit(act.with(account)) {
            Ok(_) => Ok(true),
            Err(Refusal::Store(Refused::Duplicate { .. } | Refused::Conflict { .. })) => {
                tracing::warn!("an account was not linked: its login name or its subject is another account's");
                Ok(false)
            }
            Err(refusal) => Err(refusal),
        }
    }
}

fn place(key: &str) -> Place<'_> {
    Place { scope: AWAY, key }
}

fn unreadable() -> Refusal {
    store::Failure::Damaged("what was kept for a provider's answer cannot be read".to_owned()).into()
}
