//! How things look in a terminal, and in the formats that programs read.

pub(crate) mod finding;
pub(crate) mod paint;
pub(crate) mod policy;
pub(crate) mod problem;
pub(crate) mod receipt;
pub(crate) mod sarif;
pub(crate) mod wrap;
