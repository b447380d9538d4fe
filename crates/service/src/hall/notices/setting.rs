//! Whether a person wants their notices by mail.

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Expected};

use crate::hall::acts::plain;
use crate::hall::entrance::sessions::Visitor;
use crate::hall::{Hall, Refusal, collection};

/// When a person gets mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Never.
    None,
    /// A letter for each notice.
    AtOnce,
    /// One letter a day with what was not read.
    Daily,
}

impl Wish {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Daily, Self::None];

    /// `at_once`
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::AtOnce => "at_once",
            Self::Daily => "daily",
        }
    }
}

impl Hall {
    /// When a person gets mail: as they chose, or as the installation does for those who chose nothing.
    ///
    /// # Errors
    /// What the database says.
    pub fn mail_wish(&self, person: &str) -> Result<Wish, Refusal> {
        let entry = self.store.entry(collection::NOTICE_SETTING, person)?;
        let chosen = entry.and_then(|entry| serde_json::from_value(entry.document.get("mail")?.clone()).ok());
        Ok(chosen.unwrap_or_else(|| self.outbox().map_or(Wish::None, |outbox| outbox.unless_chosen)))
    }

    /// A visitor chooses when they get mail.
    ///
    /// # Errors
    /// What the store says.
    pub fn choose_mail(&self, visitor: &Visitor, wish: Wish) -> Result<(), Refusal> {
        let mut put = plain(
            collection::NOTICE_SETTING,
            &visitor.person,
            json!({ "person": visitor.person, "mail": wish }),
        );
        put.expected = Expected::Any;
        self.commit(Act::new("notices.choose").by(&visitor.person).with(put))?;
        Ok(())
    }
}
