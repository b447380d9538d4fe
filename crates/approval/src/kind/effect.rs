//! What follows an approval, as data: this crate says what has to happen, its caller does it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Kind;
use crate::request::Request;

/// What follows an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// A new entry of a register.
    Create {
        /// Which register.
        register: String,
        /// The entry's fields and where each comes from.
        fields: Vec<(String, Source)>,
    },
    /// Some fields of an entry get new values.
    Update {
        /// Which register.
        register: String,
        /// The field of the request that names the entry.
        of: String,
        /// The fields that change.
        fields: Vec<(String, Source)>,
    },
    /// An entry goes out of use (廃止).
    Retire {
        /// Which register.
        register: String,
        /// The field of the request that names the entry.
        of: String,
    },
    /// The text of a document becomes readable for everybody.
    Publish {
        /// The field of the request that names the document.
        of: String,
    },
    /// A text becomes the policy in force.
    Adopt {
        /// The field of the request that names the text.
        of: String,
    },
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A field of the request; nothing where the applicant left it empty.
    Field(String),
    /// Always this.
    Value(Value),
    /// The request itself.
    Request(Of),
}

/// What a request knows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Its number.
    Number,
    /// Who asked.
    Applicant,
    /// Who decided last.
    Approver,
    /// The day of that decision.
    ApprovedOn,
}

/// An effect of one request, with its values.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "does", rename_all = "lowercase")]
pub enum Change {
    /// A new entry.
    Create {
        /// Which register.
        register: String,
        /// Its fields.
        fields: Map<String, Value>,
    },
    /// Fields of an entry.
    Update {
        /// Which register.
        register: String,
        /// Which entry.
        key: String,
        /// The fields that change; `null` empties one.
        fields: Map<String, Value>,
    },
    /// An entry goes out of use.
    Retire {
        /// Which register.
        register: String,
        /// Which entry.
        key: String,
    },
    /// A document is published.
    Publish {
        /// The document's key.
        document: String,
    },
    /// A text becomes the policy in force.
    Adopt {
        /// The text's key.
        text: String,
    },
}

impl Kind {
    /// What has to be done, in order; nothing unless the request is approved.
    #[must_use]
    pub fn changes(&self, request: &Request) -> Vec<Change> {
        if request.kind() != self.id || !request.is_approved() {
            return Vec::new();
        }
        self.effects
            .iter()
            .filter_map(|effect| effect.change(request))
            .collect()
    }
}

impl Effect {
    /// The register that it changes.
    #[must_use]
    pub fn register(&self) -> Option<&str> {
        match self {
            Self::Create { register, .. } | Self::Update { register, .. } | Self::Retire { register, .. } => {
                Some(register)
            }
            Self::Publish { .. } | Self::Adopt { .. } => None,
        }
    }

    /// The field that names what it changes: it is required, so that an approved request always has it.
    #[must_use]
    pub fn of(&self) -> Option<&str> {
        match self {
            Self::Create { .. } => None,
            Self::Update { of, .. } | Self::Retire { of, .. } | Self::Publish { of } | Self::Adopt { of } => Some(of),
        }
    }

    fn change(&self, request: &Request) -> Option<Change> {
        let key = |of: &str| request.content().payload.get(of)?.as_str().map(str::to_owned);
        Some(match self {
            Self::Create { register, fields } => Change::Create {
                register: register.clone(),
                fields: values(fields, request).filter(|(_, value)| !value.is_null()).collect(),
            },
            Self::Update { register, of, fields } => Change::Update {
                register: register.clone(),
                key: key(of)?,
                fields: values(fields, request).collect(),
            },
            Self::Retire { register, of } => Change::Retire {
                register: register.clone(),
                key: key(of)?,
            },
            Self::Publish { of } => Change::Publish { document: key(of)? },
            Self::Adopt { of } => Change::Adopt { text: key(of)? },
        })
    }
}

fn values<'f>(fields: &'f [(String, Source)], request: &'f Request) -> impl Iterator<Item = (String, Value)> + 'f {
    fields
        .iter()
        .map(|(name, source)| (name.clone(), source.value(request).unwrap_or_default()))
}

impl Source {
    fn value(&self, request: &Request) -> Option<Value> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Field(name) => request.content().payload.get(name).cloned(),
            Self::Request(Of::Number) => Some(request.number().into()),
            Self::Request(Of::Applicant) => Some(request.applicant().into()),
            Self::Request(Of::Approver) => request.approver().map(Value::from),
            Self::Request(Of::ApprovedOn) => request.ended_on().map(|date| date.to_string().into()),
        }
    }
}
