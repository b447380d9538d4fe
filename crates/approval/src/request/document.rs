//! A request from and to the document that is stored.

use serde_json::Value;

use super::{Request, VERSION};

/// Why a stored document is no request.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It lacks something, or has something that a request does not have.
    #[error("not a request: {0}")]
    Shape(#[from] serde_json::Error),
    /// A newer program wrote it.
    #[error("the request has version {0}, which this program does not know")]
    Newer(u32),
    /// What it says of itself does not follow from its log.
    #[error("the request does not stand where its log says")]
    Inconsistent,
}

impl Request {
    /// The document to store: the same request gives the same document.
    ///
    /// # Errors
    /// None: every request can be written.
    pub fn document(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self)
    }

    /// Reads a stored document.
    ///
    /// # Errors
    /// It is no request, was written by a newer program, or its state is not the one that its log tells.
    pub fn read(document: Value) -> Result<Self, Unreadable> {
        let version = document.get("v").and_then(Value::as_u64).unwrap_or_default();
        let version = u32::try_from(version).unwrap_or(u32::MAX);
        if version > VERSION {
            return Err(Unreadable::Newer(version));
        }
        let request: Self = serde_json::from_value(document)?;
        if request.is_consistent() {
            Ok(request)
        } else {
            Err(Unreadable::Inconsistent)
        }
    }

    fn is_consistent(&self) -> bool {
        let Some(last) = self.log.last() else { return false };
        let steps = self.route.as_ref().map_or(0, |route| route.steps.len());
        let waits = self.step.is_some_and(|step| step < steps);
        (last.then, last.then_step, last.round) == (self.state, self.step, self.round)
            && waits == (self.state == super::State::Waiting)
            && self.step.is_some() == waits
            && (self.round == 0 || self.barred.contains(&self.applicant))
    }
}
