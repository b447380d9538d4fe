//! One sign-in, from the first thing that somebody shows to a session.
//!
//! The caller keeps a [`Progress`] between the pages (under the hash of the sign-in cookie, for [`Progress::LASTS`])
//! and hands in what the person showed; each function here answers with a [`Turn`]: what comes next and what the audit
//! notes.
//!
//! Somebody who tries names learns nothing from it: a name that does not exist, an account that is suspended or has no
//! password, and a wrong password take the same time and give the same words. Only after a right first factor do the
//! pages differ.
//!
//! Every factor that a person has is asked before a new one may be enrolled, and where their roles say so, a new
//! second factor comes by invitation only, so that a stolen password does not bring its own.

mod event;
mod refusal;

use jiff::{SignedDuration, Timestamp};
use model::random::Random;
use serde::{Deserialize, Serialize};

use crate::account::{Account, Credentials, State};
use crate::passkey::assertion::Assertion;
use crate::passkey::{self, Ceremony, Site};
use crate::password::{self, Verified};
use crate::rule::{Assurance, Enrolment, Proof, Requirement, Strength};
use crate::totp::Code;

pub use self::event::{Event, Kind};
pub use self::refusal::Refusal;

/// How somebody proves who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password kept here.
    Password,
    /// A password that a directory (LDAP) verified.
    Directory,
    /// An identity provider (OpenID Connect).
    Provider,
    /// An identity provider that vouches for two factors.
    ProviderTwoFactors,
    /// A code of an authenticator app.
    Totp,
    /// A code from paper.
    RecoveryCode,
    /// A passkey.
    Passkey,
}

/// What the caller keeps between two pages of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// When it began.
    pub began_at: Timestamp,
    /// Who they are, once something proved it; from the start where somebody signed in proves it again.
    pub person: Option<String>,
    /// What was proved so far.
    pub methods: Vec<Method>,
    /// The model of the passkey among them, where its maker vouched for it.
    pub model: Option<String>,
    /// The passkey ceremony that was offered, if any.
    pub ceremony: Option<Ceremony>,
    /// Wrong codes after a right first factor.
    pub wrong_codes: u32,
    /// A link lets its person enrol one more factor after those that they have.
    #[serde(default)]
    pub by_link: bool,
}

/// The account that somebody claims, loaded by the caller.
#[derive(Debug)]
pub struct Candidate<'c> {
    /// Its document.
    pub account: &'c Account,
    /// Its secrets; changed where the turn says so.
    pub credentials: &'c mut Credentials,
    /// What the roles that the person holds now demand.
    pub requirement: &'c Requirement,
}

/// What comes of one thing that somebody showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// What comes next.
    pub next: Next,
    /// What the audit notes, in order.
    pub events: Vec<Event>,
    /// The credentials changed and are to be sealed and stored in the same act.
    pub credentials_changed: bool,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It did not help; the page says this and asks again.
    Refused(Refusal),
    /// One of these more.
    Show(Vec<Method>),
    /// Nothing that the person has is enough: a session of [`Scope::Enrolment`](crate::session::Scope::Enrolment), to
    /// enrol one of these.
    Enrol(Assurance, Vec<Method>),
    /// Done: a full session.
    Done(Assurance),
}

impl Progress {
    /// How long a sign-in may take.
    pub const LASTS: SignedDuration = SignedDuration::from_mins(10);

    /// How many wrong codes end a sign-in: the first factor is to be shown again, and that is throttled.
    pub const WRONG_CODES: u32 = 5;

    /// A sign-in begins.
    #[must_use]
    pub const fn begin(now: Timestamp) -> Self {
        Self {
            began_at: now,
            person: None,
            methods: Vec::new(),
            model: None,
            ceremony: None,
            wrong_codes: 0,
            by_link: false,
        }
    }

    /// Somebody who is signed in proves again who they are, for an act that grants, approves or releases.
    #[must_use]
    pub fn again(person: &str, now: Timestamp) -> Self {
        Self {
            person: Some(person.to_owned()),
            ..Self::begin(now)
        }
    }

    /// A person follows a link for one more factor ([`Purpose::Enrolment`](crate::link::Purpose::Enrolment)): nobody else signs in
    /// here, and they prove all that they can before they enrol it.
    #[must_use]
    pub fn by_link(person: &str, now: Timestamp) -> Self {
        Self {
            person: Some(person.to_owned()),
            by_link: true,
            ..Self::begin(now)
        }
    }

    /// What was proved so far; `None` where nothing was.
    #[must_use]
    pub fn assurance(&self) -> Option<Assurance> {
        assurance(&self.methods, self.model.as_deref())
    }

    /// What is to be shown besides what was proved so far; empty where nothing more would help.
    #[must_use]
    pub fn lacking(&self, candidate: &Candidate<'_>) -> Vec<Method> {
        match next(self, candidate) {
            Next::Show(methods) if self.person.as_ref() == Some(&candidate.account.person) => methods,
            _ => Vec::new(),
        }
    }

    /// A password. `candidate` is `None` where no account has the identifier that was typed.
    pub fn password(
        &mut self,
        candidate: Option<Candidate<'_>>,
        typed: &str,
        rules: &password::Rules,
        random: &dyn Random,
        now: Timestamp,
    ) -> Turn {
        if self.is_over(now) {
            return refused(Refusal::TooSlow, None, Kind::TooSlow);
        }
        let Some(candidate) = candidate else {
            let _ = rules.verify_nobody(typed);
            return refused(Refusal::NotRecognised, None, Kind::UnknownAccount);
        };
        let person = candidate.account.person.as_str();
        let kept = candidate.credentials.password.clone();
        let verified = match kept.filter(|_| self.admits(candidate.account)) {
            Some(kept) => rules.verify(typed, &kept, random),
            None => rules.verify_nobody(typed),
        };
        let outgrown = match verified {
            Verified::Wrong => {
                let kind = self.why_not(candidate.account, Kind::PasswordWrong);
                return refused(Refusal::NotRecognised, Some(person), kind);
            }
            Verified::Right => None,
            Verified::RightAndOutgrown(anew) => Some(anew),
        };
        let changed = outgrown.is_some();
        if let Some(anew) = outgrown {
            candidate.credentials.password = Some(anew.into());
        }
        self.proved(Method::Password, None, Kind::PasswordRight, &candidate, changed)
    }

    /// The word of a directory or an identity provider, which the caller has verified. `method` is one of
    /// [`Method::Directory`], [`Method::Provider`], [`Method::ProviderTwoFactors`].
    pub fn elsewhere(&mut self, candidate: Option<Candidate<'_>>, method: Method, now: Timestamp) -> Turn {
        if self.is_over(now) {
            return refused(Refusal::TooSlow, None, Kind::TooSlow);
        }
        let Some(candidate) = candidate else {
            return refused(Refusal::NotRecognised, None, Kind::UnknownAccount);
        };
        if !self.admits(candidate.account) {
            let kind = self.why_not(candidate.account, Kind::OtherPerson);
            return refused(Refusal::NotRecognised, Some(&candidate.account.person), kind);
        }
        self.proved(method, None, Kind::ProvedElsewhere, &candidate, false)
    }

    /// A code of the authenticator app, after a first factor.
    pub fn totp(&mut self, candidate: Candidate<'_>, typed: &str, now: Timestamp) -> Turn {
        if let Some(turn) = self.not_second(&candidate, now) {
            return turn;
        }
        let checked = match candidate.credentials.authenticator.as_mut() {
            Some(authenticator) => authenticator.check(typed, now),
            None => Code::Wrong,
        };
        match checked {
            Code::Right => self.proved(Method::Totp, None, Kind::CodeRight, &candidate, true),
            Code::Used => self.wrong_code(&candidate, Kind::CodeUsedAgain),
            Code::Wrong => self.wrong_code(&candidate, Kind::CodeWrong),
        }
    }

    /// A code from paper, after a first factor.
    pub fn recovery_code(&mut self, candidate: Candidate<'_>, typed: &str, now: Timestamp) -> Turn {
        if let Some(turn) = self.not_second(&candidate, now) {
            return turn;
        }
        if candidate.credentials.recovery_codes.take(typed) {
            self.proved(Method::RecoveryCode, None, Kind::RecoveryCodeUsed, &candidate, true)
        } else {
            self.wrong_code(&candidate, Kind::CodeWrong)
        }
    }

    /// Offers a passkey: what the browser is given. `candidate` where it is known who they are.
    pub fn offer_passkey(
        &mut self,
        site: &Site,
        candidate: Option<&Credentials>,
        random: &dyn Random,
        now: Timestamp,
    ) -> serde_json::Value {
        let of = candidate.map_or(&[][..], |credentials| &credentials.passkeys);
        let (ceremony, options) = passkey::assertion::begin(site, of, random, now);
        self.ceremony = Some(ceremony);
        options
    }

    /// A passkey, alone or after another factor. `candidate` is the account of [`Assertion::handle`], or the person who
    /// is known by now.
    pub fn passkey(
        &mut self,
        candidate: Option<Candidate<'_>>,
        site: &Site,
        assertion: &Assertion,
        now: Timestamp,
    ) -> Turn {
        if self.is_over(now) {
            return refused(Refusal::TooSlow, None, Kind::TooSlow);
        }
        // A challenge is answered once, rightly or wrongly.
        let (Some(ceremony), Some(candidate)) = (self.ceremony.take(), candidate) else {
            return refused(Refusal::PasskeyNotRecognised, None, Kind::PasskeyRefused);
        };
        let person = candidate.account.person.as_str();
        let own = assertion
            .handle()
            .is_none_or(|handle| handle == candidate.account.handle);
        if !own || !self.admits(candidate.account) {
            let kind = self.why_not(candidate.account, Kind::PasskeyRefused);
            return refused(Refusal::PasskeyNotRecognised, Some(person), kind);
        }
        let Some(passkey) = candidate.credentials.passkey(assertion.passkey()) else {
            return refused(Refusal::PasskeyNotRecognised, Some(person), Kind::PasskeyRefused);
        };
        let model = passkey.model().to_owned();
        match assertion.verify(site, &ceremony, passkey, now) {
            Ok(()) => self.proved(Method::Passkey, Some(model), Kind::PasskeyRight, &candidate, true),
            Err(passkey::Refused::Counter) => refused(
                Refusal::PasskeyNotRecognised,
                Some(person),
                Kind::PasskeyCounterWentBack,
            ),
            Err(_) => refused(Refusal::PasskeyNotRecognised, Some(person), Kind::PasskeyRefused),
        }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.began_at) >= Self::LASTS
    }

    /// Whether this account may be the one that signs in here.
    fn admits(&self, account: &Account) -> bool {
        account.state != State::Suspended && self.person.as_ref().is_none_or(|person| *person == account.person)
    }

    fn why_not(&self, account: &Account, otherwise: Kind) -> Kind {
        match account.state {
            State::Suspended => Kind::AccountSuspended,
            State::Invited | State::Active => otherwise,
        }
    }

    /// The refusal of a second factor that cannot count.
    fn not_second(&self, candidate: &Candidate<'_>, now: Timestamp) -> Option<Turn> {
        let person = candidate.account.person.as_str();
        let known = self.person.as_deref() == Some(person) && !self.methods.is_empty();
        if self.is_over(now) || self.wrong_codes >= Self::WRONG_CODES {
            Some(refused(Refusal::TooSlow, Some(person), Kind::TooSlow))
        } else if !known || !self.admits(candidate.account) {
            let kind = self.why_not(candidate.account, Kind::OtherPerson);
            Some(refused(Refusal::NotRecognised, Some(person), kind))
        } else {
            None
        }
    }

    fn wrong_code(&mut self, candidate: &Candidate<'_>, kind: Kind) -> Turn {
        self.wrong_codes += 1;
        let refusal = if self.wrong_codes >= Self::WRONG_CODES {
            Refusal::TooSlow
        } else {
            Refusal::CodeWrong
        };
        refused(refusal, Some(&candidate.account.person), kind)
    }

    fn proved(&mut self, method: Method, model: Option<String>, kind: Kind, by: &Candidate<'_>, changed: bool) -> Turn {
        let person = by.account.person.as_str();
        self.person = Some(person.to_owned());
        if !self.methods.contains(&method) {
            self.methods.push(method);
        }
        self.model = model.or_else(|| self.model.take());
        let next = next(self, by);
        let after = match next {
            Next::Done(_) => Some(Kind::SignedIn),
            Next::Enrol(..) => Some(Kind::EnrolmentDemanded),
            Next::Refused(_) => Some(Kind::InvitationNeeded),
            Next::Show(_) => None,
        };
        Turn {
            next,
            events: [Some(kind), after]
                .into_iter()
                .flatten()
                .map(|kind| Event::of(kind, Some(person)))
                .collect(),
            credentials_changed: changed,
        }
    }
}

/// What proofs amount to together; `None` for none.
#[must_use]
pub fn assurance(methods: &[Method], model: Option<&str>) -> Option<Assurance> {
    let has = |method| methods.contains(&method);
    let first = [Method::Password, Method::Directory, Method::Provider]
        .into_iter()
        .any(has);
    let second = [Method::Totp, Method::RecoveryCode].into_iter().any(has);
    let strength = if has(Method::Passkey) {
        Strength::Passkey
    } else if has(Method::ProviderTwoFactors) || (first && second) {
        Strength::TwoFactors
    } else if first {
        Strength::OneFactor
    } else {
        return None;
    };
    Some(Assurance {
        strength,
        model: model.map(str::to_owned),
    })
}

/// What comes after what was proved so far.
fn next(progress: &Progress, by: &Candidate<'_>) -> Next {
    let Some(proved) = progress.assurance() else {
        return Next::Refused(Refusal::NotRecognised);
    };
    let proof = by.requirement.proof();
    let more: Vec<Method> = held(by.credentials)
        .into_iter()
        .filter(|method| helps(*method, &proved, proof, by.credentials))
        .collect();
    if proof.accepts(&proved) && (proved.strength > Strength::OneFactor || more.is_empty()) {
        Next::Done(proved)
    } else if !more.is_empty() {
        Next::Show(more)
    } else if proved.strength == Strength::OneFactor
        && by.requirement.enrolment() == Enrolment::ByInvitation
        && !progress.by_link
    {
        Next::Refused(Refusal::InvitationNeeded)
    } else {
        Next::Enrol(proved, enrolable(proof))
    }
}

/// The second factors that somebody has.
fn held(credentials: &Credentials) -> Vec<Method> {
    let all = [
        (Method::Passkey, !credentials.passkeys.is_empty()),
        (Method::Totp, credentials.authenticator.is_some()),
        (Method::RecoveryCode, credentials.recovery_codes.left() > 0),
    ];
    all.into_iter()
        .filter_map(|(method, has)| has.then_some(method))
        .collect()
}

/// Whether a factor that somebody has adds to what they proved: it makes it stronger, or it satisfies what they owe.
fn helps(method: Method, proved: &Assurance, proof: &Proof, credentials: &Credentials) -> bool {
    match method {
        Method::Passkey => {
            proved.strength < Strength::Passkey
                || credentials.passkeys.iter().any(|passkey| {
                    proof.accepts(&Assurance {
                        strength: Strength::Passkey,
                        model: Some(passkey.model().to_owned()),
                    })
                })
        }
        _ => proved.strength < Strength::TwoFactors,
    }
}

/// What may be enrolled to satisfy a proof.
fn enrolable(proof: &Proof) -> Vec<Method> {
    match proof {
        Proof::AtLeast(Strength::OneFactor | Strength::TwoFactors) => vec![Method::Passkey, Method::Totp],
        Proof::AtLeast(Strength::Passkey) | Proof::ListedPasskey(_) => vec![Method::Passkey],
    }
}

fn refused(refusal: Refusal, person: Option<&str>, kind: Kind) -> Turn {
    Turn {
        next: Next::Refused(refusal),
        events: vec![Event::of(kind, person)],
        credentials_changed: false,
    }
}

#[cfg(test)]
mod tests;
