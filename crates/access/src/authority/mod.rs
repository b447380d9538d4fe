//! Authorisation: who may do what to what.
//!
//! The answer is Cedar's, and its rules are files that an auditor can read, in `crates/access/policies/`:
//!
//! * `schema.cedarschema`: the words, that is people, things, acts and what is known of each.
//! * `NN-*.cedar`: what is granted, one file for each group of people. What nothing grants is denied.
//! * `never/*.cedar`: the never-rules. They forbid, and a forbidding rule wins over every other. The grants keep them by themselves
//!   as well: module `prove` (feature `prove`) shows it for every question there can be.
//!
//! Each rule has an `@id` and says what it means in Japanese (`@ja`) and English (`@en`), so that a refusal or a page can say why.
//! A city adds files of its own ([`Authority::with`]); they are checked against the schema, and whatever they grant, the never-rules hold.
//!
//! To ask: make a [`Principal`] (once a session), name the [`Act`], describe the [`Resource`], and call [`Authority::decide`].
//! [`matrix`] asks about every role, act and thing, for the documentation and for tests.

mod act;
mod entity;
pub mod matrix;
mod principal;
#[cfg(feature = "prove")]
pub mod prove;
mod read;
mod resource;

use std::collections::HashMap;

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision as Verdict, Entities, EntityUid, PolicyId, PolicySet,
    Request as Question, ResourceConstraint, Schema,
};
use model::diagnostic::Located;
use model::lang::Text;
use serde::Serialize;

pub use self::act::Act;
pub use self::entity::Unmakeable;
pub use self::principal::{Grade, Over, Person, Post, Principal};
pub use self::resource::{Document, Entry, Request, Resource, ResourceKind};

/// The words of the rules.
pub const SCHEMA: &str = include_str!("../../policies/schema.cedarschema");

/// What is granted: file name and text.
pub const GRANTS: &[(&str, &str)] = &[
    ("10-personnel.cedar", include_str!("../../policies/10-personnel.cedar")),
    ("20-request.cedar", include_str!("../../policies/20-request.cedar")),
    ("30-section.cedar", include_str!("../../policies/30-section.cedar")),
    ("40-system.cedar", include_str!("../../policies/40-system.cedar")),
    ("50-head.cedar", include_str!("../../policies/50-head.cedar")),
    ("60-audit.cedar", include_str!("../../policies/60-audit.cedar")),
    (
        "70-administrator.cedar",
        include_str!("../../policies/70-administrator.cedar"),
    ),
    ("80-visitor.cedar", include_str!("../../policies/80-visitor.cedar")),
];

/// The never-rules: file name and text.
pub const NEVER: &[(&str, &str)] = &[
    (
        "never/own-request.cedar",
        include_str!("../../policies/never/own-request.cedar"),
    ),
    (
        "never/own-section-audit.cedar",
        include_str!("../../policies/never/own-section-audit.cedar"),
    ),
    (
        "never/procedure-grade.cedar",
        include_str!("../../policies/never/procedure-grade.cedar"),
    ),
    (
        "never/procedure-public.cedar",
        include_str!("../../policies/never/procedure-public.cedar"),
    ),
    (
        "never/standard.cedar",
        include_str!("../../policies/never/standard.cedar"),
    ),
    (
        "never/own-roles.cedar",
        include_str!("../../policies/never/own-roles.cedar"),
    ),
    (
        "never/visitor.cedar",
        include_str!("../../policies/never/visitor.cedar"),
    ),
    (
        "never/mynumber-export.cedar",
        include_str!("../../policies/never/mynumber-export.cedar"),
    ),
];

/// Who may do what: the rules, ready to be asked.
#[derive(Debug)]
pub struct Authority {
    schema: Schema,
    rules: Vec<Rule>,
    words: HashMap<PolicyId, Text>,
    /// The rules that can matter for an act on a kind of thing; what is not here is not to be done at all.
    asked: HashMap<(Act, ResourceKind), Asked>,
    authorizer: Authorizer,
}

#[derive(Debug)]
struct Asked {
    action: EntityUid,
    policies: PolicySet,
}

/// One rule.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    /// A stable word.
    pub id: String,
    /// What it means.
    pub title: Text,
    /// The file that it stands in.
    pub file: String,
    /// The rule itself.
    pub text: String,
    /// Whose it is.
    pub origin: Origin,
    #[serde(skip)]
    policy: cedar_policy::Policy,
}

/// Whose a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It comes with the binary.
    Shipped,
    /// It is one of the never-rules.
    Never,
    /// The city added it.
    City,
}

/// The answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// The rules that decided: those that grant it, or those that forbid it. None where nothing grants it.
    pub because: Vec<Reason>,
}

/// A rule that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Its word.
    pub rule: String,
    /// What it means.
    pub text: Text,
}

impl Authority {
    /// The rules that come with the binary.
    ///
    /// # Errors
    /// None in a released binary: a test reads them.
    pub fn shipped() -> Result<Self, Vec<Located>> {
        Self::with(&[])
    }

    /// The rules that come with the binary, with a city's files (name and text) beside them.
    ///
    /// # Errors
    /// Everything that is wrong in the files, with its place: not Cedar, a rule that does not fit the schema, one without `@id`,
    /// `@ja` or `@en`, one whose `@id` is taken.
    pub fn with(city: &[(&str, &str)]) -> Result<Self, Vec<Located>> {
        Self::of(GRANTS, city)
    }

    fn of(grants: &[(&str, &str)], city: &[(&str, &str)]) -> Result<Self, Vec<Located>> {
        let (schema, rules) = read::read(grants, NEVER, city)?;
        let words = rules
            .iter()
            .map(|rule| (PolicyId::new(&rule.id), rule.title.clone()))
            .collect();
        Ok(Self {
            asked: read::asked(&schema, &rules),
            schema,
            rules,
            words,
            authorizer: Authorizer::new(),
        })
    }

    /// Every rule, in the order of the files: grants, the city's, never-rules.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter()
    }

    /// The words of the rules.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Whether an act can be done to a kind of thing at all, by whomever.
    #[must_use]
    pub fn applies(&self, act: Act, to: ResourceKind) -> bool {
        self.asked.contains_key(&(act, to))
    }

    /// Whether `who` may do `act` to `what`.
    ///
    /// INVARIANT: whatever goes wrong denies.
    #[must_use]
    pub fn decide(&self, who: &Principal, act: Act, what: &Resource<'_>) -> Decision {
        self.asked
            .get(&(act, what.kind()))
            .and_then(|asked| self.ask(who, asked, what))
            .unwrap_or_default()
    }

    fn ask(&self, who: &Principal, asked: &Asked, what: &Resource<'_>) -> Option<Decision> {
        let resource = what.entity().ok()?;
        let question = Question::new(who.uid(), asked.action.clone(), resource.uid(), Context::empty(), None).ok()?;
        let entities = Entities::from_entities([who.entity.clone(), resource], None).ok()?;
        let answer = self.authorizer.is_authorized(&question, &asked.policies, &entities);
        // A rule that cannot be evaluated is left out by Cedar: if it forbids, that would grant.
        let sound = answer.diagnostics().errors().next().is_none();
        let reasons = answer.diagnostics().reason().filter_map(|id| {
            let text = self.words.get(id)?.clone();
            let rule: &str = id.as_ref();
            Some(Reason {
                rule: rule.to_owned(),
                text,
            })
        });
        let mut because: Vec<Reason> = reasons.collect();
        because.sort_by(|one, two| one.rule.cmp(&two.rule));
        Some(Decision {
            allowed: sound && answer.decision() == Verdict::Allow,
            because,
        })
    }
}

impl Decision {
    /// Why, in words; the first rule where several decided.
    #[must_use]
    pub fn text(&self) -> Text {
        match self.because.first() {
            Some(reason) => reason.text.clone(),
            None => Text::fixed("この操作を認める決まりがありません", "no rule grants this"),
        }
    }
}

impl Rule {
    /// Whether it can matter for an act (by its entity) on a kind of thing.
    fn concerns(&self, action: &EntityUid, kind: ResourceKind) -> bool {
        let acts = match self.policy.action_constraint() {
            ActionConstraint::Any => true,
            ActionConstraint::In(actions) => actions.contains(action),
            ActionConstraint::Eq(only) => only == *action,
        };
        let things = match self.policy.resource_constraint() {
            ResourceConstraint::Is(name) | ResourceConstraint::IsIn(name, _) => name.basename() == kind.name(),
            ResourceConstraint::Any | ResourceConstraint::In(_) | ResourceConstraint::Eq(_) => true,
        };
        acts && things
    }
}

#[cfg(test)]
mod tests;
