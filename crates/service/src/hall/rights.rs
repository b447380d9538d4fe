//! What a visitor may do.

use model::lang::Text;
use register::Kind;
use serde_json::Value;

use super::entrance::sessions::Visitor;
use super::{Hall, Refusal};

/// What somebody does to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Look at it.
    Read,
    /// Add it.
    Create,
    /// Change it.
    Update,
    /// Take it out of use.
    Retire,
    /// Bring it in with a file.
    Import,
    /// Take it out with a file.
    Export,
}

/// An entry, as far as rights depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryResource {
    /// The slug of the register.
    pub register: String,
    /// Who answers for it.
    pub section: String,
}

impl Hall {
    /// Whether a visitor may do this.
    ///
    /// # Errors
    /// [`Refusal::Denied`]
    pub fn allow(&self, visitor: &Visitor, _verb: Verb, _resource: &EntryResource) -> Result<(), Refusal> {
        if visitor.is_administrator() || visitor.has("general_manager") {
            Ok(())
        } else {
            Err(Refusal::Denied(Text::fixed(
                "この操作をする権限がない",
                "you may not do this",
            )))
        }
    }

    /// What rights on an entry depend on.
    #[must_use]
    pub fn entry_resource(&self, kind: &Kind, document: &Value) -> EntryResource {
        let section = document.get("section").and_then(Value::as_str).unwrap_or_default();
        EntryResource {
            register: kind.slug.clone(),
            section: section.to_owned(),
        }
    }
}
