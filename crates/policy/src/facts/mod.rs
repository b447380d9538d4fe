//! Facts: the rows of the registers as typed values, the only thing that criteria see.
//!
//! A [`Schema`] says which registers and fields exist; [`Record`]s carry the values in schema order. References are
//! resolved once, when [`Facts`] is built, so that a criterion follows `zone.tier` without a search.

mod gather;
mod passing;
mod store;

use std::sync::Arc;

use jiff::civil::Date;
use model::lang::Text;

pub use gather::{Gathering, Growing};
pub use passing::Passing;
pub(crate) use store::Cell;
pub use store::{Dangling, Facts, Row, RowId};

/// The registers that facts may come from.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// In policy order.
    pub registers: Vec<RegisterSchema>,
}

/// One register as criteria see it.
#[derive(Debug, Clone)]
pub struct RegisterSchema {
    /// `terminal`
    pub slug: String,
    /// 端末 / terminal
    pub label: Text,
    /// The date field that dates a row as evidence, if rows age.
    pub dated_by: Option<String>,
    /// In the order of [`Record::values`].
    pub fields: Vec<FieldSchema>,
}

/// One field of a register.
#[derive(Debug, Clone)]
pub struct FieldSchema {
    /// `authentication_factors`
    pub name: String,
    /// 認証の要素数 / authentication factors
    pub label: Text,
    /// What values it holds; every field may also be missing.
    pub kind: FieldKind,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Free text.
    Text,
    /// One of these words, each with its label; a scheme field lists the national codes.
    Choice(Vec<(String, Text)>),
    /// A civil date.
    Date,
    /// The key of a row of this register.
    Reference(String),
    /// Several keys of rows of this register.
    References(String),
}

/// A value as it comes out of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The cell is empty.
    Missing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text, or the word of a choice.
    Text(Arc<str>),
    /// A civil date.
    Date(Date),
    /// The key of the row referred to.
    Key(Arc<str>),
    /// The keys of the rows referred to.
    Keys(Vec<Arc<str>>),
}

/// One row of a register.
#[derive(Debug, Clone)]
pub struct Record {
    /// The unique key in its register.
    pub key: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// In schema order, as many as the register has fields.
    pub values: Vec<Value>,
    /// Where the row stands: counted by whoever reads the file, from 1; 0 where there is none.
    pub row: u32,
}

impl Schema {
    /// The position of a register.
    #[must_use]
    pub fn position(&self, slug: &str) -> Option<usize> {
        self.registers.iter().position(|register| register.slug == slug)
    }

    /// The register with this slug.
    #[must_use]
    pub fn register(&self, slug: &str) -> Option<&RegisterSchema> {
        self.registers.iter().find(|register| register.slug == slug)
    }
}

impl RegisterSchema {
    /// The position of a field.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}
