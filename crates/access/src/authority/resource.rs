//! What is acted upon.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Entity, RestrictedExpression as Value};
use model::lang::Text;
use serde::Serialize;

use super::entity::{self, Unmakeable, text};
use super::principal::{self, Grade};

/// What is acted upon. Keys are those of the registers; an empty one stands for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'r> {
    /// An entry of a register; with an empty section, the register as a whole.
    Entry(Entry<'r>),
    /// A request.
    Request(Request<'r>),
    /// The text of a document.
    Document(Document<'r>),
    /// The city: settings, policy, standard, standing.
    City {
        /// Whether a city was loaded.
        founded: bool,
    },
    /// The ledger.
    Ledger,
    /// What is audited.
    Audit {
        /// The audited section.
        section: &'r str,
        /// Its organ.
        organ: &'r str,
    },
    /// Somebody who can sign in.
    User {
        /// Their key.
        person: &'r str,
        /// Their section.
        section: &'r str,
        /// Its organ.
        organ: &'r str,
    },
    /// A duty that somebody attests to.
    Duty {
        /// The national code of the role that owes it, or `personnel`.
        owes: &'r str,
    },
}

/// An entry of a register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Entry<'r> {
    /// Which register.
    pub register: &'r str,
    /// The section that answers for it; of an audit, the section that is audited.
    pub section: &'r str,
    /// That section's organ.
    pub organ: &'r str,
    /// The information system that it is or belongs to.
    pub system: &'r str,
    /// The tier (national code) that it lies in.
    pub zone: &'r str,
    /// Keys of those whom it is about.
    pub concerns: &'r [String],
}

/// A request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Request<'r> {
    /// Its kind.
    pub kind: &'r str,
    /// Who asks.
    pub applicant: &'r str,
    /// The applicant's section.
    pub section: &'r str,
    /// That section's organ.
    pub organ: &'r str,
    /// Keys of those whom it is about.
    pub concerns: &'r [String],
    /// Keys of those who may decide the step that waits, by the request's route.
    pub deciders: &'r [String],
    /// Keys of those who decided or commented.
    pub participants: &'r [String],
    /// Whether it is still a draft.
    pub draft: bool,
}

/// The text of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document<'r> {
    /// Its kind, as in the register of documents: `procedure`.
    pub kind: &'r str,
    /// `public`, `internal` or `restricted`.
    pub publicity: &'r str,
    /// How confidential it is.
    pub grade: Grade,
    /// The section that answers for it.
    pub section: &'r str,
    /// That section's organ.
    pub organ: &'r str,
}

/// The kinds of what is acted upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum ResourceKind {
    /// An entry of a register.
    Entry,
    /// A request.
    Request,
    /// The text of a document.
    Document,
    /// The city.
    City,
    /// The ledger.
    Ledger,
    /// What is audited.
    Audit,
    /// Somebody who can sign in.
    User,
    /// A duty.
    Duty,
}

impl ResourceKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Entry,
        Self::Request,
        Self::Document,
        Self::City,
        Self::Ledger,
        Self::Audit,
        Self::User,
        Self::Duty,
    ];

    /// Its word in policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entry => "Entry",
            Self::Request => "Request",
            Self::Document => "Document",
            Self::City => "City",
            Self::Ledger => "Ledger",
            Self::Audit => "Audit",
            Self::User => "User",
            Self::Duty => "Duty",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> Text {
        match self {
            Self::Entry => Text::fixed("台帳の行", "entry of a register"),
            Self::Request => Text::fixed("申請", "request"),
            Self::Document => Text::fixed("文書", "document"),
            Self::City => Text::fixed("団体", "city"),
            Self::Ledger => Text::fixed("証跡", "ledger"),
            Self::Audit => Text::fixed("監査の対象", "audited section"),
            Self::User => Text::fixed("利用者", "user"),
            Self::Duty => Text::fixed("遵守事項", "duty"),
        }
    }
}

impl Resource<'_> {
    /// What kind of thing it is.
    #[must_use]
    pub const fn kind(&self) -> ResourceKind {
        match self {
            Self::Entry(_) => ResourceKind::Entry,
            Self::Request(_) => ResourceKind::Request,
            Self::Document(_) => ResourceKind::Document,
            Self::City { .. } => ResourceKind::City,
            Self::Ledger => ResourceKind::Ledger,
            Self::Audit { .. } => ResourceKind::Audit,
            Self::User { .. } => ResourceKind::User,
            Self::Duty { .. } => ResourceKind::Duty,
        }
    }

    /// Its entity. Which one of its kind it is makes no difference to a policy, so that they all have one name.
    pub(super) fn entity(&self) -> Result<Entity, Unmakeable> {
        let uid = entity::uid(self.kind().name(), "it")?;
        Ok(Entity::new(uid, self.attributes()?, HashSet::new())?)
    }

    fn attributes(&self) -> Result<HashMap<String, Value>, Unmakeable> {
        let named = match self {
            Self::Entry(entry) => entry.attributes()?,
            Self::Request(request) => request.attributes()?,
            Self::Document(document) => document.attributes(),
            Self::City { founded } => vec![("founded", Value::new_bool(*founded))],
            Self::Ledger => Vec::new(),
            Self::Audit { section, organ } => vec![("section", text(section)), ("organ", text(organ))],
            Self::User { person, section, organ } => {
                vec![
                    ("person", one(person)?),
                    ("section", text(section)),
                    ("organ", text(organ)),
                ]
            }
            Self::Duty { owes } => vec![("owes", text(owes))],
        };
        Ok(named
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect())
    }
}

impl Entry<'_> {
    fn attributes(&self) -> Result<Vec<(&'static str, Value)>, Unmakeable> {
        Ok(vec![
            ("register", text(self.register)),
            ("section", text(self.section)),
            ("organ", text(self.organ)),
            ("system", text(self.system)),
            ("zone", text(self.zone)),
            ("concerns", people(self.concerns)?),
        ])
    }
}

impl Request<'_> {
    fn attributes(&self) -> Result<Vec<(&'static str, Value)>, Unmakeable> {
        Ok(vec![
            ("kind", text(self.kind)),
            ("applicant", one(self.applicant)?),
            ("section", text(self.section)),
            ("organ", text(self.organ)),
            ("concerns", people(self.concerns)?),
            ("deciders", people(self.deciders)?),
            ("participants", people(self.participants)?),
            ("draft", Value::new_bool(self.draft)),
        ])
    }
}

impl Document<'_> {
    fn attributes(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("kind", text(self.kind)),
            ("publicity", text(self.publicity)),
            ("grade", Value::new_long(self.grade.number())),
            ("section", text(self.section)),
            ("organ", text(self.organ)),
        ]
    }
}

fn one(person: &str) -> Result<Value, Unmakeable> {
    principal::uid(person).map(Value::new_entity_uid)
}

fn people(keys: &[String]) -> Result<Value, Unmakeable> {
    let people = keys.iter().map(|key| one(key));
    Ok(Value::new_set(people.collect::<Result<Vec<_>, _>>()?))
}
