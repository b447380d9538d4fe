//! When somebody was here before: what changed since is shown to them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::entrance::sessions::Visitor;
use super::{Hall, Refusal};

const VISIT: &str = "visit";

/// Two sessions within this time are one visit: somebody with two windows is not told that nothing changed.
const SAME: SignedDuration = SignedDuration::from_mins(30);
/// How exactly the end of a visit is known; not every page writes.
const EXACT: SignedDuration = SignedDuration::from_mins(5);
/// A visit is forgotten after this.
const LIFE: std::time::Duration = std::time::Duration::from_secs(400 * 24 * 60 * 60);

/// The visit of a person, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Visit {
    /// In which session; the key under which it is kept.
    session: String,
    /// When they were seen last.
    seen_at: Timestamp,
    /// When the visit before ended.
    before: Option<Timestamp>,
}

impl Hall {
    /// When a visitor's visit before this one ended; `None` for a first one. Notes that they are here.
    ///
    /// # Errors
    /// What the database says.
    pub fn last_visit(&self, visitor: &Visitor) -> Result<Option<Timestamp>, Refusal> {
        let now = self.clock.now();
        let held = self.store.held(VISIT, &visitor.person, now)?;
        let known: Option<Visit> = held.and_then(|held| serde_json::from_slice(&held.value).ok());
        let visit = match known {
            Some(known) => {
                let gap = now.duration_since(known.seen_at);
                let is_same = known.session == visitor.session_key;
                if is_same && gap < EXACT {
                    return Ok(known.before);
                }
                let before = if is_same || gap < SAME {
                    known.before
                } else {
                    Some(known.seen_at)
                };
                Visit {
                    session: visitor.session_key.clone(),
                    seen_at: now,
                    before,
                }
            }
            None => Visit {
                session: visitor.session_key.clone(),
                seen_at: now,
                before: None,
            },
        };
        let value = serde_json::to_vec(&visit).unwrap_or_default();
        self.store.hold(VISIT, &visitor.person, &value, now, LIFE)?;
        Ok(visit.before)
    }
}
