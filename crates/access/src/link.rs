//! Links that open once: for the first administrator, an invitation, one more factor, a recovery.
//!
//! A link leads to a session that can do nothing but enrol ([`Session::by_link`](crate::session::Session::by_link)).
//! The caller keeps the [`Link`] under its hash and takes it away in the act that uses it.

use jiff::{SignedDuration, Timestamp};
use model::lang::Text;
use model::random::Random;
use serde::{Deserialize, Serialize};

use crate::opaque::Opaque;

/// What is kept of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose account it opens; `None` where the account is made when the link is used.
    pub person: Option<String>,
    /// Who asked for it; `None` for the first administrator's.
    pub made_by: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Timestamp,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The first administrator of a new installation; printed in the terminal.
    FirstAdministrator,
    /// A person's first factors.
    Invitation,
    /// One more factor, for a role that takes it by invitation only.
    Enrolment,
    /// New factors in the place of lost ones, after two administrators agreed.
    Recovery,
}

/// The link is too old; or it was used, or never made, and the caller found none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

impl Purpose {
    /// How long a link is good for.
    #[must_use]
    pub const fn lasts(self) -> SignedDuration {
        match self {
            Self::FirstAdministrator | Self::Recovery => SignedDuration::from_hours(24),
            Self::Enrolment => SignedDuration::from_hours(72),
            Self::Invitation => SignedDuration::from_hours(7 * 24),
        }
    }

    /// Whether the factors that the person has are forgotten when the link is used.
    #[must_use]
    pub const fn forgets(self) -> bool {
        matches!(self, Self::Recovery)
    }
}

impl Link {
    /// A new link: what goes into its address, once, and what to keep under [`Opaque::hash`].
    #[must_use]
    pub fn draw(
        purpose: Purpose,
        person: Option<&str>,
        made_by: Option<&str>,
        random: &dyn Random,
        now: Timestamp,
    ) -> (Opaque, Self) {
        let link = Self {
            purpose,
            person: person.map(str::to_owned),
            made_by: made_by.map(str::to_owned),
            made_at: now,
            expires_at: now.saturating_add(purpose.lasts()).unwrap_or(Timestamp::MAX),
        };
        (Opaque::draw(random), link)
    }

    /// Whether the link still opens.
    ///
    /// # Errors
    /// [`Gone`] where it is too old.
    pub fn open(&self, now: Timestamp) -> Result<(), Gone> {
        if now < self.expires_at { Ok(()) } else { Err(Gone) }
    }
}

impl Gone {
    /// For the person who followed the link.
    #[must_use]
    pub const fn message(self) -> Text {
        Text::fixed(
            "このリンクは期限が切れたか、すでに使われています。管理者に新しいリンクを頼んでください",
            "this link has expired or was used; ask an administrator for a new one",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    #[test]
    fn a_link_opens_until_its_time_is_over() {
        let now = Timestamp::from_second(1_780_000_000).unwrap();
        for purpose in [
            Purpose::FirstAdministrator,
            Purpose::Invitation,
            Purpose::Enrolment,
            Purpose::Recovery,
        ] {
            let (opaque, link) = Link::draw(purpose, Some("P0104"), Some("P0001"), &SeededRandom::new(1), now);
            assert_eq!(link.open(now + purpose.lasts() - SignedDuration::from_secs(1)), Ok(()));
            assert_eq!(link.open(now + purpose.lasts()), Err(Gone));
            assert!(!serde_json::to_string(&link).unwrap().contains(&opaque.text()));
        }
    }
}
