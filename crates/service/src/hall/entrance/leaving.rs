//! The accounts of those who join and leave: made before somebody is invited, shut once they are gone.

use access::account::{Account, State};
use store::{Change, Expected, Mark, Put, Query};

use super::accounts;
use crate::hall::{Hall, Refusal, collection};

impl Hall {
    /// The account of somebody who is to be invited; `None` where they have one.
    pub(in crate::hall) fn new_account(&self, person: &str) -> Result<Option<Put>, Refusal> {
        if self.store.entry(collection::USER, person)?.is_some() {
            return Ok(None);
        }
        let account = Account::invited(person, person, self.random());
        accounts::document(&account, Expected::New).map(Some)
    }

    /// What takes the way in from somebody who leaves: their account is suspended, their tokens are taken back, and they administer
    /// nothing any more.
    ///
    /// # Errors
    /// [`Refusal::Rules`] for the last administrator: nobody could invite another one.
    pub(in crate::hall) fn way_out(&self, person: &str) -> Result<Vec<Change>, Refusal> {
        let mut changes = self.revocations(person)?;
        if let Some(loaded) = self.account(person)?
            && loaded.account.state != State::Suspended
        {
            let suspended = Account {
                state: State::Suspended,
                ..loaded.account
            };
            changes.push(accounts::document(&suspended, Expected::Version(loaded.version))?.into());
        }
        if let Some(entry) = self.store.entry(collection::ADMINISTRATOR, person)?
            && entry.retired_at.is_none()
        {
            if self.is_last_administrator(person)? {
                return Err(last_administrator());
            }
            changes.push(Change::Retire(Mark {
                register: collection::ADMINISTRATOR.to_owned(),
                key: person.to_owned(),
                expected: Expected::Version(entry.version),
            }));
        }
        Ok(changes)
    }

    /// Whether a person is the only one who runs this installation.
    pub(in crate::hall) fn is_last_administrator(&self, person: &str) -> Result<bool, Refusal> {
        let administrators = Query {
            limit: 2,
            ..Query::of(collection::ADMINISTRATOR)
        };
        let rows = self.store.list(&administrators)?.rows;
        Ok(rows.len() == 1 && rows.iter().all(|entry| entry.key == person))
    }
}

/// Why the last administrator does not leave.
pub(in crate::hall) fn last_administrator() -> Refusal {
    Refusal::rule(
        "この職員は、ただ一人の管理者です。先に別の職員を管理者にしてください",
        "the person is the only administrator; make somebody else one first",
    )
}
