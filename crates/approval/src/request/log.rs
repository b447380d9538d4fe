//! What happened to a request.

use jiff::Timestamp;
use model::lang::Text;
use serde::{Deserialize, Serialize};

use super::State;
use crate::panel::Capacity;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logged {
    /// When.
    pub at: Timestamp,
    /// Who; `None` where it was time itself.
    pub by: Option<String>,
    /// What.
    pub did: Action,
    /// In which round of submission; zero before the first.
    pub round: u32,
    /// At which step, from zero.
    pub step: Option<usize>,
    /// As the holder of which role (national code), for a decision.
    pub role: Option<String>,
    /// In which capacity, for a decision.
    pub capacity: Option<Capacity>,
    /// What was said.
    pub comment: Option<String>,
    /// Where the request stood afterwards.
    pub then: State,
    /// At which step it waited afterwards.
    pub then_step: Option<usize>,
}

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It was begun.
    Drafted,
    /// It was changed.
    Edited,
    /// It was submitted.
    Submitted,
    /// A step was approved by one of those who decide it.
    Approved,
    /// It went on without a decision, since those who had not decided no longer hold the role.
    Advanced,
    /// It was sent back.
    Returned,
    /// It was refused.
    Rejected,
    /// It was taken back.
    Withdrawn,
    /// Its time ran out.
    Expired,
    /// Something was said.
    Commented,
}

impl Logged {
    /// The holder of the role in whose name this was decided.
    #[must_use]
    pub fn holder(&self) -> Option<&str> {
        let capacity = self.capacity.as_ref()?;
        capacity.of().or(self.by.as_deref())
    }
}

impl Action {
    /// The word for it.
    #[must_use]
    pub const fn title(self) -> Text {
        match self {
            Self::Drafted => Text::fixed("起案", "drafted"),
            Self::Edited => Text::fixed("修正", "changed"),
            Self::Submitted => Text::fixed("申請", "submitted"),
            Self::Approved => Text::fixed("承認", "approved"),
            Self::Advanced => Text::fixed("次の段階へ", "went on"),
            Self::Returned => Text::fixed("差戻し", "returned"),
            Self::Rejected => Text::fixed("却下", "rejected"),
            Self::Withdrawn => Text::fixed("取下げ", "withdrawn"),
            Self::Expired => Text::fixed("期限切れ", "expired"),
            Self::Commented => Text::fixed("意見", "comment"),
        }
    }
}
