//! A person has lost every factor: two administrators agree, and a link lets the person enrol anew.
//!
//! Nobody decides alone, and nobody decides for themself. Nothing changes until the link is used: then the old factors
//! are forgotten ([`Credentials::default`](crate::account::Credentials)), every session of the person ends, and both
//! acts stand in the ledger.

use jiff::{SignedDuration, Timestamp};
use model::lang::Text;
use serde::{Deserialize, Serialize};

use crate::link::Purpose;

/// What is kept of a recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Whose factors are lost.
    pub person: String,
    /// Who asked for it: somebody whom the person called.
    pub asked_by: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Who agreed, in order.
    approvals: Vec<Approval>,
    /// When it was declined.
    declined_at: Option<Timestamp>,
    /// When its link was used.
    #[serde(default)]
    used_at: Option<Timestamp>,
}

/// One administrator agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How a recovery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// So many more administrators have to agree.
    Waiting(usize),
    /// Enough agreed: the link that was made then opens, once.
    Agreed,
    /// The link was used: the person has enrolled anew, or is about to.
    Used,
    /// One said no.
    Declined,
    /// It took too long.
    Expired,
}

/// Why an approval does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Nobody recovers their own account.
    Oneself,
    /// The same administrator a second time.
    Twice,
    /// Not an administrator.
    NotAnAdministrator,
    /// No longer waiting.
    Over,
}

impl Recovery {
    /// How many administrators have to agree.
    pub const NEEDED: usize = 2;

    /// How long they may take. Once enough agreed, it is the link that ends
    /// ([`Purpose::lasts`](crate::link::Purpose::lasts)).
    pub const LASTS: SignedDuration = SignedDuration::from_hours(72);

    /// Somebody asks for it; asking is not agreeing.
    #[must_use]
    pub fn ask(person: &str, asked_by: &str, now: Timestamp) -> Self {
        Self {
            person: person.to_owned(),
            asked_by: asked_by.to_owned(),
            asked_at: now,
            approvals: Vec::new(),
            declined_at: None,
            used_at: None,
        }
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        let missing = Self::NEEDED.saturating_sub(self.approvals.len());
        let (since, lasts) = match self.agreed_at() {
            Some(agreed_at) => (agreed_at, Purpose::Recovery.lasts()),
            None => (self.asked_at, Self::LASTS),
        };
        if self.declined_at.is_some() {
            State::Declined
        } else if self.used_at.is_some() {
            State::Used
        } else if now.duration_since(since) >= lasts {
            State::Expired
        } else if missing == 0 {
            State::Agreed
        } else {
            State::Waiting(missing)
        }
    }

    /// When the last of those who had to agree did.
    #[must_use]
    pub fn agreed_at(&self) -> Option<Timestamp> {
        let last = Self::NEEDED.checked_sub(1)?;
        self.approvals.get(last).map(|approval| approval.at)
    }

    /// Whether somebody agreed already.
    #[must_use]
    pub fn has_agreed(&self, person: &str) -> bool {
        self.approvals.iter().any(|approval| approval.by == person)
    }

    /// The link that was made at `made_at` is used. A link of an earlier recovery opens nothing.
    ///
    /// # Errors
    /// [`Refused::Over`] where nothing was agreed, it was used already, or it is too old; nothing changes then.
    pub fn take(&mut self, made_at: Timestamp, now: Timestamp) -> Result<(), Refused> {
        let of_this = self.agreed_at().is_some_and(|agreed_at| made_at >= agreed_at);
        if !of_this || self.state(now) != State::Agreed {
            return Err(Refused::Over);
        }
        self.used_at = Some(now);
        Ok(())
    }

    /// Who agreed, in order.
    #[must_use]
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }

    /// One administrator agrees.
    ///
    /// # Errors
    /// Where it does not count; nothing changes then.
    pub fn approve(&mut self, by: &str, is_administrator: bool, now: Timestamp) -> Result<State, Refused> {
        self.may_decide(by, is_administrator, now)?;
        self.approvals.push(Approval {
            by: by.to_owned(),
            at: now,
        });
        Ok(self.state(now))
    }

    /// One administrator says no, which ends it.
    ///
    /// # Errors
    /// Where it does not count; nothing changes then.
    pub fn decline(&mut self, by: &str, is_administrator: bool, now: Timestamp) -> Result<State, Refused> {
        self.may_decide(by, is_administrator, now)?;
        self.declined_at = Some(now);
        Ok(self.state(now))
    }

    fn may_decide(&self, by: &str, is_administrator: bool, now: Timestamp) -> Result<(), Refused> {
        if by == self.person {
            Err(Refused::Oneself)
        } else if !is_administrator {
            Err(Refused::NotAnAdministrator)
        } else if !matches!(self.state(now), State::Waiting(_)) {
            Err(Refused::Over)
        } else if self.has_agreed(by) {
            Err(Refused::Twice)
        } else {
            Ok(())
        }
    }
}

impl Refused {
    /// For who tried to decide.
    #[must_use]
    pub const fn message(self) -> Text {
        let (ja, en) = match self {
            Self::Oneself => (
                "自分の認証要素の回復を自分で認めることはできません",
                "nobody approves the recovery of their own account",
            ),
            Self::Twice => (
                "すでに認めています。もう一人の管理者の承認が要ります",
                "you approved already; another administrator has to",
            ),
            Self::NotAnAdministrator => (
                "認証要素の回復を認めるのは管理者です",
                "only an administrator approves a recovery",
            ),
            Self::Over => ("この回復の申出はすでに終わっています", "this recovery is over"),
        };
        Text::fixed(ja, en)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + hours * 3600).unwrap()
    }

    #[test]
    fn two_administrators_agree_on_a_recovery() {
        let mut recovery = Recovery::ask("P0104", "P0001", at(0));
        assert_eq!(recovery.state(at(0)), State::Waiting(2));
        assert_eq!(recovery.approve("P0001", true, at(1)), Ok(State::Waiting(1)));
        assert_eq!(recovery.approve("P0001", true, at(2)), Err(Refused::Twice));
        assert_eq!(recovery.approve("P0104", true, at(2)), Err(Refused::Oneself));
        assert_eq!(
            recovery.approve("P0003", false, at(2)),
            Err(Refused::NotAnAdministrator)
        );
        assert_eq!(recovery.approve("P0002", true, at(3)), Ok(State::Agreed));
        assert_eq!(recovery.approve("P0003", true, at(4)), Err(Refused::Over));
        assert_eq!(recovery.state(at(26)), State::Agreed);
        assert_eq!(recovery.state(at(27)), State::Expired);
        let waiting = Recovery::ask("P0104", "P0001", at(0));
        assert_eq!(waiting.state(at(72)), State::Expired);
    }

    #[test]
    fn a_link_of_an_earlier_recovery_opens_nothing() {
        let mut recovery = Recovery::ask("P0104", "P0001", at(10));
        assert_eq!(recovery.take(at(9), at(11)), Err(Refused::Over));
        recovery.approve("P0001", true, at(10)).unwrap();
        recovery.approve("P0002", true, at(12)).unwrap();
        assert_eq!(recovery.take(at(11), at(13)), Err(Refused::Over));
        assert_eq!(recovery.take(at(12), at(36)), Err(Refused::Over));
        assert_eq!(recovery.take(at(12), at(13)), Ok(()));
        assert_eq!(
            (recovery.state(at(13)), recovery.take(at(12), at(13))),
            (State::Used, Err(Refused::Over))
        );
    }

    #[test]
    fn one_no_ends_it() {
        let mut recovery = Recovery::ask("P0104", "P0001", at(0));
        assert_eq!(recovery.decline("P0002", true, at(1)), Ok(State::Declined));
        assert_eq!(recovery.approve("P0001", true, at(2)), Err(Refused::Over));
    }

    proptest! {
        #[test]
        fn nobody_recovers_alone_or_for_themself(
            acts in prop::collection::vec((0..5_u8, any::<bool>(), any::<bool>(), 0..30_i64), 0..30),
        ) {
            let mut recovery = Recovery::ask("P0", "P1", at(0));
            let mut now = 0;
            for (who, administrator, yes, hours) in acts {
                now += hours / 10;
                let who = format!("P{who}");
                let _ = if yes {
                    recovery.approve(&who, administrator, at(now))
                } else {
                    recovery.decline(&who, administrator && who == "P4", at(now))
                };
                let different: BTreeSet<&str> = recovery.approvals().iter().map(|approval| approval.by.as_str()).collect();
                prop_assert!(!different.contains("P0"));
                if recovery.state(at(now)) == State::Agreed {
                    prop_assert_eq!(different.len(), 2);
                    prop_assert!(now < 72 + 24);
                }
            }
        }
    }
}
