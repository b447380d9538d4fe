//! Proofs that the grants keep the never-rules, for every person, thing and question that the schema allows.
//!
//! What is granted, shipped and the city's own together but without the never-rules, is translated into formulas and a solver
//! (cvc5) looks for a question that is granted although a never-rule forbids it. If there is none, the rule is proved: nothing hangs
//! on the order or the presence of a forbidding rule. If there is one, it is shown. A solver that is missing, gives up or answers what
//! cannot be understood proves nothing, and the answer says so.
//!
//! The caller is not asynchronous: within a runtime, call this where blocking is allowed.

mod counterexample;
mod solver;

use cedar_policy::{PolicySet, RequestEnv};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicySet};
use model::lang::Text;
use serde::Serialize;

pub use self::counterexample::Counterexample;
pub use self::solver::Solver;
use super::{Act, Authority, Origin, ResourceKind, Rule, read};

/// What came of one never-rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The rule.
    pub rule: String,
    /// What it means.
    pub title: Text,
    /// Whether the grants keep it.
    pub verdict: Verdict,
}

/// Whether a rule is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No grant breaks it, whoever asks for whatever.
    Proved,
    /// A grant breaks it. The rule still forbids it, so that nobody can do it; yet the grant is wrong.
    Refuted(Box<Counterexample>),
    /// Nobody knows: why not.
    NotProved(Text),
}

/// Tries to prove every never-rule, in the order of the files.
#[must_use]
pub fn prove(authority: &Authority, solver: &Solver) -> Vec<Proof> {
    let never = authority.rules().filter(|rule| rule.origin == Origin::Never);
    match solver.runtime() {
        Ok(runtime) => runtime.block_on(async {
            let mut proofs = Vec::new();
            for rule in never {
                proofs.push(proof(rule, verdict(authority, rule, solver).await));
            }
            proofs
        }),
        Err(why) => never.map(|rule| proof(rule, Verdict::NotProved(why.clone()))).collect(),
    }
}

fn proof(rule: &Rule, verdict: Verdict) -> Proof {
    Proof {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        verdict,
    }
}

async fn verdict(authority: &Authority, rule: &Rule, solver: &Solver) -> Verdict {
    let found = match solver.start() {
        Ok(started) => search(authority, rule, started).await,
        Err(why) => Err(why),
    };
    match found {
        Ok(None) => Verdict::Proved,
        Ok(Some(counterexample)) => Verdict::Refuted(Box::new(counterexample)),
        Err(why) => Verdict::NotProved(why),
    }
}

/// A question that is granted although the rule forbids it.
async fn search(authority: &Authority, rule: &Rule, solver: LocalSolver) -> Result<Option<Counterexample>, Text> {
    let grants = read::policies(authority.rules().filter(|rule| rule.origin != Origin::Never));
    let ceiling = ceiling(rule).ok_or(NO_CEILING)?;
    let mut compiler = CedarSymCompiler::new(solver).map_err(|error| gave_up(&error))?;
    let environments = authority.schema.request_envs();
    for environment in environments.filter(|environment| concerns(rule, environment)) {
        let compile = |policies: &PolicySet| {
            CompiledPolicySet::compile(policies, &environment, &authority.schema).map_err(|error| gave_up(&error))
        };
        let (granted, allowed) = (compile(&grants)?, compile(&ceiling)?);
        let found = compiler.check_implies_with_counterexample_opt(&granted, &allowed).await;
        if let Some(found) = found.map_err(|error| gave_up(&error))? {
            let counterexample = Counterexample::read(authority, &grants, &found.request, &found.entities);
            return counterexample.map(Some).ok_or(NO_COUNTEREXAMPLE);
        }
    }
    Ok(None)
}

/// Everything but what the rule forbids.
fn ceiling(rule: &Rule) -> Option<PolicySet> {
    let everything = cedar_policy::Policy::parse(None, "permit (principal, action, resource);").ok()?;
    PolicySet::from_policies([everything, rule.policy.clone()]).ok()
}

/// Where the rule cannot matter there is nothing to look for.
fn concerns(rule: &Rule, environment: &RequestEnv) -> bool {
    let kind = ResourceKind::ALL
        .into_iter()
        .find(|kind| kind.name() == environment.resource().basename());
    kind.is_some_and(|kind| rule.concerns(environment.action(), kind))
}

fn gave_up(error: &cedar_policy_symcc::err::Error) -> Text {
    Text::new(
        format!("ソルバーが答えを出せませんでした({error})"),
        format!("the solver gave no answer: {error}"),
    )
}

const NO_CEILING: Text = Text::fixed("決まりを式にできません", "the rule cannot be made a formula");
const NO_COUNTEREXAMPLE: Text = Text::fixed(
    "ソルバーの挙げた反例が、実際には認められません",
    "what the solver found is not granted when it is asked",
);

/// The act that an action of a question is.
fn act(name: &str) -> Option<Act> {
    Act::ALL.iter().copied().find(|act| act.name() == name)
}

#[cfg(test)]
mod tests;
