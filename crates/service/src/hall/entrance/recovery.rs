//! A person lost every factor: one administrator asks for a recovery, another one agrees, and a link lets the person enrol anew.
//!
//! Each step is an act of its own. The rules of who decides are [`access::recovery`]'s; access rules are asked besides, so that nobody
//! takes part in the recovery of their own account. Until the link is used the person signs in as before, so that a recovery that was
//! asked for under a false name takes nothing from anybody.

use access::account::Credentials;
use access::link::Purpose;
use access::opaque::Opaque;
use access::recovery::{Recovery, Refused, State};
use model::lang::Text;
use store::{Act, Expected, Put};

use super::sessions::Visitor;
use crate::hall::acts::plain;
use crate::hall::rights::Verb;
use crate::hall::{Hall, Refusal, collection};

/// A recovery as it was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedRecovery {
    /// The recovery.
    pub recovery: Recovery,
    /// Its version: what a change expects to find.
    pub version: u64,
}

impl Hall {
    /// The latest recovery of a person, however it stands.
    ///
    /// # Errors
    /// The database fails, or holds one that cannot be read.
    pub fn recovery_of(&self, person: &str) -> Result<Option<LoadedRecovery>, Refusal> {
        let entry = self.store.entry(collection::RECOVERY, person)?;
        entry.map(loaded).transpose()
    }

    /// The recoveries that wait for one more administrator, and that this one may decide; the oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn recoveries_awaiting(&self, visitor: &Visitor) -> Result<Vec<LoadedRecovery>, Refusal> {
        if !visitor.is_administrator() {
            return Ok(Vec::new());
        }
        let mut waiting = Vec::new();
        let mut entries = Vec::new();
        self.store.scan(collection::RECOVERY, &mut |entry| {
            entries.push(entry);
            Ok(())
        })?;
        for entry in entries {
            let one = loaded(entry)?;
            let open = matches!(one.recovery.state(self.now()), State::Waiting(_));
            if open && one.recovery.person != visitor.person && !one.recovery.has_agreed(&visitor.person) {
                waiting.push(one);
            }
        }
        waiting.sort_by_key(|loaded| loaded.recovery.asked_at);
        Ok(waiting)
    }

    /// An administrator asks for the recovery of somebody, and agrees to it by that. `reason` says how they know that it is the person.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Reauthenticate`]; [`Refusal::NotFound`] where they have no account; [`Refusal::Rules`] where
    /// one waits already, or no reason is given; [`Refusal::Store`] where somebody else was first.
    pub fn ask_recovery(&self, visitor: &Visitor, person: &str, reason: &str) -> Result<(), Refusal> {
        self.may_recover(visitor, person)?;
        if self.account(person)?.is_none() {
            return Err(Refusal::NotFound);
        }
        if reason.trim().is_empty() {
            return Err(Refusal::rule(
                "本人であることをどう確かめたかを入力してください",
                "say how you know that it is the person",
            ));
        }
        let now = self.now();
        let known = self.recovery_of(person)?;
        let open = known.as_ref().map(|known| known.recovery.state(now));
        if matches!(open, Some(State::Waiting(_) | State::Agreed)) {
            return Err(Refusal::rule(
                "この職員の回復は、すでに始まっています",
                "a recovery of the person is under way",
            ));
        }
        let mut recovery = Recovery::ask(person, &visitor.person, now);
        recovery
            .approve(&visitor.person, visitor.is_administrator(), now)
            .map_err(refused)?;
        let expected = known.map_or(Expected::New, |known| Expected::Version(known.version));
        let act = Act::new("recovery.ask")
            .by(&visitor.person)
            .note("reason", reason.trim());
        self.commit(act.with(document(&recovery, expected)?))?;
        Ok(())
    }

    /// Another administrator agrees. Once enough did: the link, to be handed over, once.
    ///
    /// # Errors
    /// [`Refusal::Denied`]; [`Refusal::Reauthenticate`]; [`Refusal::NotFound`]; [`Refusal::Rules`] where it does not count;
    /// [`Refusal::Store`] where somebody else was first.
    pub fn approve_recovery(&self, visitor: &Visitor, person: &str, seen: u64) -> Result<Option<Opaque>, Refusal> {
        self.may_recover(visitor, person)?;
        let mut loaded = self.recovery_of(person)?.ok_or(Refusal::NotFound)?;
        let state = loaded
            .recovery
            .approve(&visitor.person, visitor.is_administrator(), self.now())
            .map_err(refused)?;
        let act = Act::new("recovery.approve").by(&visitor.person);
        self.commit(act.with(document(&loaded.recovery, Expected::Version(seen))?))?;
        if state == State::Agreed {
            return self
                .draw_link(Purpose::Recovery, Some(person), Some(&visitor.person))
                .map(Some);
        }
        Ok(None)
    }

    /// An administrator says no: the recovery is over.
    ///
    /// # Errors
    /// As of [`Hall::approve_recovery`].
    pub fn decline_recovery(&self, visitor: &Visitor, person: &str, seen: u64) -> Result<(), Refusal> {
        self.may_recover(visitor, person)?;
        let mut loaded = self.recovery_of(person)?.ok_or(Refusal::NotFound)?;
        let declined = loaded
            .recovery
            .decline(&visitor.person, visitor.is_administrator(), self.now());
        declined.map_err(refused)?;
        let act = Act::new("recovery.decline").by(&visitor.person);
        self.commit(act.with(document(&loaded.recovery, Expected::Version(seen))?))?;
        Ok(())
    }

    /// The link of a recovery is used: what the person had enrolled is forgotten and their sessions end.
    pub(super) fn use_recovery(&self, person: &str, link_made_at: jiff::Timestamp) -> Result<(), Refusal> {
        let over = || Refusal::Rules(vec![access::link::Gone.message()]);
        let mut loaded = self.recovery_of(person)?.ok_or_else(over)?;
        loaded.recovery.take(link_made_at, self.now()).map_err(|_| over())?;
        let mut account = self.account(person)?.ok_or_else(over)?;
        account.credentials = Credentials::default();
        let act = Act::new("recovery.use").by(person);
        let act = act.with(document(&loaded.recovery, Expected::Version(loaded.version))?);
        let expected = Expected::Version(account.version);
        self.commit(self.with_account(act, &account, expected)?)?;
        self.end_sessions(person, None, None)
    }

    fn may_recover(&self, visitor: &Visitor, person: &str) -> Result<(), Refusal> {
        self.permit_on_user(visitor, Verb::AdministerUsers, person)?;
        self.fresh(visitor)
    }
}

fn loaded(entry: store::Entry) -> Result<LoadedRecovery, Refusal> {
    Ok(LoadedRecovery {
        recovery: serde_json::from_value(entry.document).map_err(|_| damaged())?,
        version: entry.version,
    })
}

fn document(recovery: &Recovery, expected: Expected) -> Result<Put, Refusal> {
    let document = serde_json::to_value(recovery).map_err(|_| damaged())?;
    let put = plain(collection::RECOVERY, &recovery.person, document);
    Ok(Put { expected, ..put })
}

fn refused(why: Refused) -> Refusal {
    let words: Text = why.message();
    match why {
        Refused::Oneself | Refused::NotAnAdministrator => Refusal::Denied(words),
        Refused::Twice | Refused::Over => Refusal::Rules(vec![words]),
    }
}

fn damaged() -> Refusal {
    store::Failure::Damaged("a recovery cannot be read".to_owned()).into()
}
