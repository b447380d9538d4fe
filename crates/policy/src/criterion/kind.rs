//! The kinds of values in an expression.

use std::fmt;
use std::rc::Rc;

use crate::facts::{FieldKind, Schema};

/// What an expression yields; each may be missing.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Null,
    Bool,
    Int,
    /// Text; a choice also knows its words, so that a misspelt one is an error.
    Text(Option<Rc<[String]>>),
    Date,
    Days,
    /// A row of the register at this position.
    Row(usize),
    List(Rc<Kind>),
}

impl Kind {
    pub(crate) fn of_field(field: &FieldKind, schema: &Schema) -> Option<Self> {
        Some(match field {
            FieldKind::Bool => Self::Bool,
            FieldKind::Int => Self::Int,
            FieldKind::Text => Self::Text(None),
            FieldKind::Choice(words) => Self::Text(Some(words.iter().map(|(word, _)| word.clone()).collect())),
            FieldKind::Date => Self::Date,
            FieldKind::Reference(slug) => Self::Row(schema.position(slug)?),
            FieldKind::References(slug) => Self::List(Rc::new(Self::Row(schema.position(slug)?))),
        })
    }

    /// Whether values of the two kinds can be compared for equality.
    pub(crate) fn comparable(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, _)
            | (_, Self::Null)
            | (Self::Bool, Self::Bool)
            | (Self::Int, Self::Int)
            | (Self::Text(_), Self::Text(_))
            | (Self::Date, Self::Date)
            | (Self::Days, Self::Days) => true,
            (Self::Row(a), Self::Row(b)) => a == b,
            (Self::List(a), Self::List(b)) => a.comparable(b),
            _ => false,
        }
    }

    /// Whether values of the kind have an order.
    pub(crate) const fn ordered(&self) -> bool {
        matches!(self, Self::Int | Self::Date | Self::Days)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Text(_) => f.write_str("text"),
            Self::Date => f.write_str("date"),
            Self::Days => f.write_str("days"),
            Self::Row(_) => f.write_str("row"),
            Self::List(element) => write!(f, "list of {element}"),
        }
    }
}
