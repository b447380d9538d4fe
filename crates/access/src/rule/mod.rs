//! The sign-in policy: what the holder of a role has to prove, and for how long a proof is good.
//!
//! It is data (`crates/access/rules/sign-in.toml`, which explains each key), and a city lays its own file over it. A
//! person with several roles owes the strictest of everything that their roles ask: [`Requirement::and`].

mod read;
mod requirement;

use std::collections::BTreeSet;

use model::diagnostic::Diagnostic;
use model::lang::Text;
use serde::{Deserialize, Serialize};

pub use self::requirement::{Assurance, Enrolment, Proof, Requirement, Strength};

/// The file that is shipped.
pub const SHIPPED: &str = include_str!("../../rules/sign-in.toml");

/// The role that every 職員等 holds.
pub const PERSONNEL: &str = "personnel";

/// The role of who runs this installation; it is no role of the policy.
pub const ADMINISTRATOR: &str = "administrator";

/// Every rule, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

/// What the holders of some roles have to prove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// A stable word.
    pub id: String,
    /// Whom it concerns, in words.
    pub title: Text,
    /// National codes of roles, `personnel`, or `administrator`.
    pub roles: BTreeSet<String>,
    /// Only where the role is held over something in this tier.
    pub tier: Option<String>,
    /// What they owe.
    pub requirement: Requirement,
}

/// A role that a person holds now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Held {
    /// The role's national code.
    pub role: String,
    /// The tier of what it is held over, where that has one.
    pub tier: Option<String>,
}

impl Held {
    /// A role that is held over nothing that has a tier.
    pub fn role(role: impl Into<String>) -> Self {
        Self {
            role: role.into(),
            tier: None,
        }
    }
}

impl Rules {
    /// The rules that come with the binary.
    ///
    /// # Errors
    /// None in a released binary: a test reads them.
    pub fn shipped() -> Result<Self, Vec<Diagnostic>> {
        Self::parse(SHIPPED)
    }

    /// Reads a file of rules.
    ///
    /// # Errors
    /// Not TOML, unknown keys, roles or tiers, a rule twice, a length out of bounds, a list of authenticators without
    /// its proof or the reverse, all with their place.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        read::read(text).map(Self)
    }

    /// These rules with a city's laid over them, and what the city loosened, in words.
    #[must_use]
    pub fn overlaid(&self, city: &Self) -> (Self, Vec<Text>) {
        let mut rules = self.0.clone();
        let mut loosened = Vec::new();
        for own in &city.0 {
            let Some(shipped) = rules.iter_mut().find(|rule| rule.id == own.id) else {
                rules.push(own.clone());
                continue;
            };
            if own.loosens(shipped) {
                loosened.push(Text::new(
                    format!("決まり「{}」を、定められたものより緩めています", own.title.ja),
                    format!("the rule `{}` is looser than the one shipped", own.id),
                ));
            }
            *shipped = own.clone();
        }
        (Self(rules), loosened)
    }

    /// Every rule.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.iter()
    }

    /// What a person with these roles owes; everybody is personnel besides.
    #[must_use]
    pub fn requirement(&self, held: &[Held]) -> Requirement {
        let everybody = Held::role(PERSONNEL);
        let held: Vec<&Held> = held.iter().chain([&everybody]).collect();
        let applying = self.0.iter().filter(|rule| held.iter().any(|held| rule.fits(held)));
        applying.fold(Requirement::LEAST, |owed, rule| owed.and(&rule.requirement))
    }
}

impl Rule {
    fn fits(&self, held: &Held) -> bool {
        self.roles.contains(&held.role) && (self.tier.is_none() || self.tier == held.tier)
    }

    /// Whether somebody owes less under this rule than under `other`.
    fn loosens(&self, other: &Self) -> bool {
        let reaches = other.roles.is_subset(&self.roles) && (self.tier.is_none() || self.tier == other.tier);
        !reaches || self.requirement.and(&other.requirement) != self.requirement
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Rules {
        Rules::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"))
    }

    #[test]
    fn who_runs_a_mynumber_system_needs_two_factors_and_an_invitation() {
        for role in ["system_manager", "system_operator"] {
            let over = |tier: &str| Held {
                role: role.into(),
                tier: Some(tier.into()),
            };
            let owed = shipped().requirement(&[over("mynumber")]);
            assert_eq!(*owed.proof(), Proof::AtLeast(Strength::TwoFactors));
            assert_eq!(owed.enrolment(), Enrolment::ByInvitation);
            assert_eq!(shipped().requirement(&[over("lgwan")]).enrolment(), Enrolment::AtSignIn);
        }
    }

    #[test]
    fn everybody_owes_what_personnel_owe() {
        let owed = shipped().requirement(&[]);
        assert_eq!(owed, shipped().requirement(&[Held::role(PERSONNEL)]));
        assert_eq!(*owed.proof(), Proof::AtLeast(Strength::OneFactor));
        assert_eq!(owed.session().as_hours(), 12);
    }

    #[test]
    fn every_role_of_the_policy_stands_in_a_rule() {
        let named: BTreeSet<&str> = shipped_roles();
        for national in model::scheme::SchemeKind::Role.nationals() {
            assert!(named.contains(national.code), "{}", national.code);
        }
        assert!(named.contains(ADMINISTRATOR) && named.contains(PERSONNEL));
    }

    fn shipped_roles() -> BTreeSet<&'static str> {
        let rules: &'static Rules = Box::leak(Box::new(shipped()));
        rules
            .iter()
            .flat_map(|rule| rule.roles.iter().map(String::as_str))
            .collect()
    }

    #[test]
    fn a_city_tightens_in_silence_and_loosens_aloud() {
        let rule = |proof: &str, idle: u32| {
            let text = format!(
                "[[rule]]\nid = \"managers\"\ntitle = {{ ja = \"管理職\", en = \"managers\" }}\nroles = [\"ciso\", \"deputy_ciso\", \
                 \"general_manager\", \"department_manager\", \"section_manager\", \"audit_manager\", \"csirt_manager\", \
                 \"cloud_manager\", \"sns_manager\"]\nproof = \"{proof}\"\nsession-minutes = 600\nidle-minutes = {idle}\nfresh-minutes = 30\n"
            );
            Rules::parse(&text).unwrap()
        };
        let (rules, loosened) = shipped().overlaid(&rule("passkey", 30));
        assert_eq!(loosened, []);
        assert_eq!(
            *rules.requirement(&[Held::role("ciso")]).proof(),
            Proof::AtLeast(Strength::Passkey)
        );
        assert_eq!(rules.iter().count(), shipped().iter().count());
        let (rules, loosened) = shipped().overlaid(&rule("one-factor", 30));
        assert_eq!(loosened[0].en, "the rule `managers` is looser than the one shipped");
        assert_eq!(
            *rules.requirement(&[Held::role("ciso")]).proof(),
            Proof::AtLeast(Strength::OneFactor)
        );
        assert_eq!(shipped().overlaid(&rule("two-factors", 90)).1.len(), 1);
    }
}
