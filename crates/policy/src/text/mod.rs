//! A city's own policy text becomes a tree of clauses.

pub mod clause;

pub use clause::{Clause, ContentsRow, Document, Paragraph, Revised, Term};
