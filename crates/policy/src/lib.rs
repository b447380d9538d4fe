//! Policy text to clauses, standard to duties, facts to standing. Pure: text and facts in, findings out.
//!
//! * [`text`]: a city's own policy text becomes a tree of clauses with byte spans.
//! * [`bind`]: which concept a clause is about, and why.
//! * [`concept`]: the list of concepts.
//! * [`diff`]: what changed between two versions of a policy, clause by clause.
//! * [`facts`]: the rows of the registers as typed values.
//! * [`criterion`]: CEL expressions over them.
//! * [`standard`]: duties as data.
//! * [`judge`]: the standing of every duty and clause.

pub mod bind;
pub mod concept;
pub mod criterion;
pub mod diff;
pub mod facts;
pub mod judge;
pub mod standard;
pub mod text;
