//! The city's settings that criteria read.

use std::collections::BTreeMap;

/// What an expression reads as `city.model` and `city.NAME`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct City {
    /// `alpha`, `alpha_prime`, `beta`, `beta_prime`.
    pub model: String,
    /// The parameters that the city has set, or that have a default.
    pub parameters: BTreeMap<String, i64>,
}

impl City {
    /// The models of the three tiers that a city may choose: α, α', β, β'.
    pub const MODELS: [&'static str; 4] = ["alpha", "alpha_prime", "beta", "beta_prime"];
}
