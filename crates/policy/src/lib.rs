//! Policy text to clauses, standard to duties, facts to standing. Pure: text and facts in, findings out.
//!
//! * [`text`]: a city's own policy text becomes a tree of clauses with byte spans.
//! * [`bind`]: which concept a clause is about, and why.
//! * [`diff`]: what changed between two versions of a policy, clause by clause.

pub mod bind;
pub mod diff;
pub mod facts;
pub mod text;
