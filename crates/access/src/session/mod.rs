//! A session: somebody has signed in and works, until they leave, pause too long, or the day is over.
//!
//! The caller keeps a [`Session`] under the hash of its id and with the TTL of [`Session::expires_at`]. What a session
//! may last follows from the [`Requirement`] of the roles that the person holds *now*: who is given a stricter role is
//! asked for what it demands at the next request.

pub mod cookie;
pub mod csrf;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::rule::{Assurance, Requirement};
use crate::signin::{self, Method, Progress};

/// What the caller stores of one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The person's code (職員番号).
    pub person: String,
    /// How they proved who they are, in the order of the proofs.
    pub methods: Vec<Method>,
    /// What the proofs amount to together; `None` for who came by a link.
    pub assurance: Option<Assurance>,
    /// When they signed in.
    pub began_at: Timestamp,
    /// When they last did something, to [`Session::TOUCH`].
    pub seen_at: Timestamp,
    /// When they last proved who they are.
    pub reauthenticated_at: Timestamp,
    /// What the session is good for.
    pub scope: Scope,
    /// Where they signed in from, as the person is shown it in the list of their sessions.
    pub source: String,
    /// Browser and system, as the person is shown them.
    pub agent: String,
}

/// What a session is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All that the person's roles allow.
    Full,
    /// Only the pages where a missing factor is enrolled.
    Enrolment,
}

/// What a session amounts to at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Valid,
    /// It holds for enrolling a missing factor and nothing else.
    EnrolmentOnly,
    /// The roles now demand a stronger proof: sign in anew, then go on where you were.
    TooWeak,
    /// Nothing was done for too long.
    Idle,
    /// It lasted as long as one may.
    Over,
}

impl Session {
    /// How exact `seen_at` is: a session is written at most once in this time.
    pub const TOUCH: SignedDuration = SignedDuration::from_mins(1);

    /// A session of somebody who signed in. `source` and `agent` are what the person is shown of it.
    #[must_use]
    pub fn begin(progress: &Progress, person: &str, scope: Scope, source: &str, agent: &str, now: Timestamp) -> Self {
        Self {
            person: person.to_owned(),
            methods: progress.methods.clone(),
            assurance: progress.assurance(),
            began_at: now,
            seen_at: now,
            reauthenticated_at: now,
            scope,
            source: short(source),
            agent: short(agent),
        }
    }

    /// A session of somebody who came by a link: only to enrol.
    #[must_use]
    pub fn by_link(person: &str, source: &str, agent: &str, now: Timestamp) -> Self {
        let nothing = Progress::begin(now);
        Self::begin(&nothing, person, Scope::Enrolment, source, agent, now)
    }

    /// What the session amounts to for somebody who is asked this.
    #[must_use]
    pub fn standing(&self, requirement: &Requirement, now: Timestamp) -> Standing {
        if has_passed(self.began_at, requirement.session(), now) {
            Standing::Over
        } else if has_passed(self.seen_at, requirement.idle(), now) {
            Standing::Idle
        } else if self.scope == Scope::Enrolment {
            Standing::EnrolmentOnly
        } else if !self.satisfies(requirement) {
            Standing::TooWeak
        } else {
            Standing::Valid
        }
    }

    /// Whether the last proof is recent enough for an act that grants, approves or releases.
    #[must_use]
    pub fn is_fresh(&self, requirement: &Requirement, now: Timestamp) -> bool {
        !has_passed(self.reauthenticated_at, requirement.fresh(), now)
    }

    /// The session with the moment of its latest use; `None` where what is stored is exact enough.
    #[must_use]
    pub fn touched(&self, now: Timestamp) -> Option<Self> {
        let seen_at = now.max(self.seen_at);
        has_passed(self.seen_at, Self::TOUCH, now).then(|| Self {
            seen_at,
            ..self.clone()
        })
    }

    /// The session after its person proved again who they are. Its id is to be replaced by a new one.
    #[must_use]
    pub fn reauthenticated(&self, methods: &[Method], assurance: Assurance, now: Timestamp) -> Self {
        Self {
            methods: methods.to_vec(),
            assurance: Some(assurance),
            reauthenticated_at: now,
            seen_at: now,
            ..self.clone()
        }
    }

    /// The session after its person has enrolled a factor and shown it; `model` is that of a passkey
    /// ([`Passkey::model`](crate::passkey::Passkey::model)). Once the factors are what the roles demand, the session is
    /// a full one, and its id is to be replaced by a new one.
    #[must_use]
    pub fn enrolled(&self, method: Method, model: Option<&str>, requirement: &Requirement, now: Timestamp) -> Self {
        let mut session = self.clone();
        if !session.methods.contains(&method) {
            session.methods.push(method);
        }
        let known = session.assurance.as_ref().and_then(|proved| proved.model.as_deref());
        session.assurance = signin::assurance(&session.methods, model.or(known));
        if session.satisfies(requirement) {
            session.scope = Scope::Full;
            session.reauthenticated_at = now;
        }
        session
    }

    fn satisfies(&self, requirement: &Requirement) -> bool {
        self.assurance
            .as_ref()
            .is_some_and(|proved| requirement.proof().accepts(proved))
    }

    /// When the stored session may be forgotten, unless it is touched.
    #[must_use]
    pub fn expires_at(&self, requirement: &Requirement) -> Timestamp {
        let over = after(self.began_at, requirement.session());
        // What is stored of the latest use may be older than the use by `TOUCH`.
        let idle = after(after(self.seen_at, requirement.idle()), Self::TOUCH);
        over.min(idle)
    }
}

/// What others sent, cut to what fits on a line.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn after(moment: Timestamp, time: SignedDuration) -> Timestamp {
    moment.saturating_add(time).unwrap_or(Timestamp::MAX)
}

fn has_passed(since: Timestamp, time: SignedDuration, now: Timestamp) -> bool {
    now >= after(since, time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Held, Rules, Strength};

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + minutes * 60).unwrap()
    }

    fn proved(strength: Strength) -> Assurance {
        Assurance { strength, model: None }
    }

    fn session() -> Session {
        Session {
            person: "P0104".into(),
            methods: vec![Method::Password],
            assurance: Some(proved(Strength::OneFactor)),
            began_at: at(0),
            seen_at: at(0),
            reauthenticated_at: at(0),
            scope: Scope::Full,
            source: "192.0.2.1".into(),
            agent: "Chromium".into(),
        }
    }

    fn requirement(roles: &[&str]) -> Requirement {
        let held: Vec<Held> = roles.iter().map(|role| Held::role(*role)).collect();
        Rules::shipped().unwrap().requirement(&held)
    }

    #[test]
    fn a_session_ends_by_pause_and_by_its_length() {
        let asked = requirement(&["personnel"]);
        let (idle, length) = (asked.idle().as_mins(), asked.session().as_mins());
        let standing = |session: &Session, minutes| session.standing(&asked, at(minutes));
        let mut session = session();
        assert_eq!(standing(&session, idle - 1), Standing::Valid);
        assert_eq!(standing(&session, idle), Standing::Idle);
        session.seen_at = at(length - 1);
        assert_eq!(standing(&session, length - 1), Standing::Valid);
        assert_eq!(standing(&session, length), Standing::Over);
        assert_eq!(session.expires_at(&asked), at(length));
    }

    #[test]
    fn a_stricter_role_makes_a_session_too_weak_at_once() {
        let session = session();
        assert_eq!(session.standing(&requirement(&["ciso"]), at(1)), Standing::TooWeak);
        let stronger = session.reauthenticated(&[Method::Passkey], proved(Strength::Passkey), at(1));
        assert_eq!(stronger.standing(&requirement(&["ciso"]), at(2)), Standing::Valid);
    }

    #[test]
    fn an_act_that_grants_needs_a_recent_proof() {
        let asked = requirement(&["ciso"]);
        let window = asked.fresh().as_mins();
        let mut session = session();
        assert!(session.is_fresh(&asked, at(window - 1)));
        assert!(!session.is_fresh(&asked, at(window)));
        session = session.reauthenticated(&[Method::Password], proved(Strength::OneFactor), at(window));
        assert!(session.is_fresh(&asked, at(window + 1)));
    }

    #[test]
    fn a_session_is_written_once_a_minute_at_most() {
        let session = session();
        assert_eq!(session.touched(at(0)), None);
        assert_eq!(session.touched(at(1)).map(|touched| touched.seen_at), Some(at(1)));
    }

    #[test]
    fn a_session_by_link_becomes_full_with_what_the_roles_demand() {
        let asked = requirement(&["ciso"]);
        let session = Session::by_link("P0104", "192.0.2.1\r\n", "Chromium", at(0));
        assert_eq!(
            (session.assurance.clone(), session.source.as_str()),
            (None, "192.0.2.1")
        );
        let standing = |methods: &[Method]| {
            let enrol = |session: Session, method: &Method| session.enrolled(*method, None, &asked, at(1));
            methods.iter().fold(session.clone(), enrol).standing(&asked, at(2))
        };
        assert_eq!(standing(&[Method::Totp]), Standing::EnrolmentOnly);
        assert_eq!(standing(&[Method::Password]), Standing::EnrolmentOnly);
        assert_eq!(standing(&[Method::Totp, Method::Password]), Standing::Valid);
        assert_eq!(standing(&[Method::Passkey]), Standing::Valid);
    }

    #[test]
    fn an_enrolment_session_opens_nothing_else() {
        let session = Session {
            scope: Scope::Enrolment,
            ..session()
        };
        assert_eq!(
            session.standing(&requirement(&["personnel"]), at(1)),
            Standing::EnrolmentOnly
        );
    }
}
