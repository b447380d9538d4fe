//! What can happen to a request, and what came of it.

use serde::Serialize;

use super::Content;

/// What somebody does with a request. Comments are plain text.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The applicant changes a draft or a returned request.
    Edit(Box<Content>),
    /// The applicant submits it, for the first time or again.
    Submit {
        /// To those who decide.
        comment: Option<String>,
    },
    /// Somebody who may approves the step that waits.
    Approve {
        /// To whoever reads it.
        comment: Option<String>,
    },
    /// 差戻し: somebody who may decide sends it back to be changed.
    Return {
        /// What is to be changed.
        comment: String,
    },
    /// 却下: somebody who may decide refuses it for good.
    Reject {
        /// Why.
        comment: String,
    },
    /// 取下げ: the applicant takes it back.
    Withdraw {
        /// Why.
        comment: Option<String>,
    },
    /// The applicant, whoever may decide now or has decided says something.
    Comment {
        /// What.
        comment: String,
    },
}

/// What an event brought about, for those who send notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The content changed.
    Edited,
    /// The first step waits.
    Submitted,
    /// The approval counts; others have to approve this step too.
    Counted,
    /// The next step waits.
    Advanced {
        /// Which, from zero.
        to: usize,
    },
    /// All steps are done: its effects are due.
    Approved,
    /// The applicant is to change it.
    Returned,
    /// It is refused.
    Rejected,
    /// It was taken back.
    Withdrawn,
    /// Its time ran out.
    Expired,
    /// Something was said.
    Commented,
}
