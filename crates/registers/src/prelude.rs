//! What every register's file imports.

pub(crate) use garde::Validate;
pub(crate) use jiff::civil::Date;
pub(crate) use model::lang::Text;
pub(crate) use register::Register;
pub(crate) use schemars::JsonSchema;
pub(crate) use serde::{Deserialize, Serialize};

pub(crate) use crate::order::not_before;
pub(crate) use crate::reference::Ref;
