//! What a form sent whose sender had to prove again who they are: kept, sealed, until they come back, so that nothing is typed twice.

use std::time::Duration;

use access::opaque::Opaque;
use access::seal::Place;
use serde::{Deserialize, Serialize};

use super::sessions::Visitor;
use crate::hall::{Hall, Refusal};

const SCOPE: &str = "form";
/// How long a form waits.
const WAITS: Duration = Duration::from_secs(30 * 60);

/// A form as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldForm {
    /// Where it was sent: a path of ours.
    pub path: String,
    /// Its pairs, in the order sent, as the browser encoded them.
    pub body: String,
}

impl Hall {
    /// Keeps a form for its sender; returns what it is found by.
    ///
    /// # Errors
    /// What the database says.
    pub fn hold_form(&self, visitor: &Visitor, form: &HeldForm) -> Result<String, Refusal> {
        let id = Opaque::draw(self.random()).text();
        let key = key(visitor, &id);
        let bytes = serde_json::to_vec(form).map_err(|_| unreadable())?;
        let sealed = self.entrance.ring.seal(place(&key), &bytes, self.random());
        let sealed = sealed.map_err(|_| unreadable())?;
        self.store.hold(SCOPE, &key, &sealed, self.now(), WAITS)?;
        Ok(id)
    }

    /// The form that its sender comes back for; `None` once it waited too long, or for anybody else.
    ///
    /// # Errors
    /// What the database says.
    pub fn held_form(&self, visitor: &Visitor, id: &str) -> Result<Option<HeldForm>, Refusal> {
        let Some(id) = Opaque::parse(id) else { return Ok(None) };
        let key = key(visitor, &id.text());
        let Some(held) = self.store.held(SCOPE, &key, self.now())? else {
            return Ok(None);
        };
        let opened = self.entrance.ring.open(place(&key), &held.value);
        let opened = opened.map_err(|_| unreadable())?;
        serde_json::from_slice(&opened)
            .map(Some)
            .map_err(|_| unreadable().into())
    }
}

/// Bound to the person, not to the session: a new proof brings a new session.
fn key(visitor: &Visitor, id: &str) -> String {
    format!("{}:{id}", visitor.person)
}

fn place(key: &str) -> Place<'_> {
    Place { scope: SCOPE, key }
}

fn unreadable() -> store::Failure {
    store::Failure::Damaged("a form that waits cannot be read".to_owned())
}
