//! What the municipality's model (α, α', β, β') demands between two zones. The data is `models.toml` beside the sources.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Network, Tier, ZoneId};

/// What is demanded of the packets from one zone to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// Where flows begin.
    pub from: ZoneId,
    /// Where they go.
    pub to: ZoneId,
    /// What may pass.
    pub crossing: Crossing,
    /// The fact that the judge asks for and this decides: `mynumber_isolated`; every demand decides `paths_listed` too.
    pub fact: &'static str,
}

/// What may pass between two zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crossing {
    /// Permitted paths.
    Permitted,
    /// Permitted paths of which one end is a gateway.
    Sanitised,
    /// Permitted paths to services outside that are named one by one.
    Breakout,
    /// Nothing.
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Models {
    demand: Vec<Row>,
    free: Vec<Free>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    fact: String,
    models: Vec<String>,
    one: Vec<Tier>,
    other: Vec<Tier>,
    crossing: Crossing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Free {
    models: Vec<String>,
    one: Vec<Tier>,
    other: Vec<Tier>,
}

static MODELS: LazyLock<Result<Models, toml::de::Error>> =
    LazyLock::new(|| toml::from_str(include_str!("../../models.toml")));

/// What `model` (`alpha`, `alpha_prime`, `beta`, `beta_prime`) demands of every ordered pair of zones; pairs of which it demands nothing
/// are left out. Zones of the same tier are kept apart like others: they were made two for a reason.
#[must_use]
pub fn demands(network: &Network, model: &str) -> Vec<Demand> {
    let mut demands = Vec::new();
    for (from, one) in network.zones() {
        for (to, other) in network.zones() {
            if from != to
                && let Some((crossing, fact)) = demanded(model, one.tier, other.tier)
            {
                demands.push(Demand {
                    from,
                    to,
                    crossing,
                    fact,
                });
            }
        }
    }
    demands
}

fn demanded(model: &str, from: Tier, to: Tier) -> Option<(Crossing, &'static str)> {
    // A model file that cannot be read (a test keeps it from being so) demands that nothing passes.
    let Ok(models) = &*MODELS else {
        return Some((Crossing::None, "paths_listed"));
    };
    let both = |one: &[Tier], other: &[Tier]| {
        (one.contains(&from) && other.contains(&to)) || (one.contains(&to) && other.contains(&from))
    };
    let holds = |names: &[String]| names.iter().any(|name| name == model);
    if let Some(row) = models
        .demand
        .iter()
        .find(|row| holds(&row.models) && both(&row.one, &row.other))
    {
        return Some((row.crossing, &row.fact));
    }
    let free = |row: &Free| holds(&row.models) && row.one.contains(&from) && row.other.contains(&to);
    let free = models.free.iter().any(free);
    (!free).then_some((Crossing::Permitted, "paths_listed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_can_be_read_and_isolates_the_mynumber_tier() {
        assert!(MODELS.is_ok());
        for model in ["alpha", "alpha_prime", "beta", "beta_prime"] {
            for other in [Tier::Lgwan, Tier::Internet, Tier::Outside, Tier::Other] {
                let demand = Some((Crossing::Permitted, "mynumber_isolated"));
                assert_eq!(demanded(model, Tier::MyNumber, other), demand);
                assert_eq!(demanded(model, other, Tier::MyNumber), demand);
            }
            assert_eq!(demanded(model, Tier::Internet, Tier::SecurityCloud), None);
            let inwards = Some((Crossing::Permitted, "paths_listed"));
            assert_eq!(demanded(model, Tier::SecurityCloud, Tier::Internet), inwards);
        }
    }

    #[test]
    fn only_alpha_prime_breaks_out_to_named_services() {
        let crossing = |model| demanded(model, Tier::Lgwan, Tier::Outside).unwrap().0;
        assert_eq!(crossing("alpha_prime"), Crossing::Breakout);
        assert_eq!(crossing("alpha"), Crossing::None);
        assert_eq!(crossing("beta"), Crossing::None);
    }

    #[test]
    fn an_unknown_model_demands_permitted_paths_everywhere() {
        assert_eq!(
            demanded("gamma", Tier::Internet, Tier::Outside),
            Some((Crossing::Permitted, "paths_listed"))
        );
    }
}
