//! What somebody owes, and how several debts make one: of everything the strictest.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How strong a proof of identity is, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Something known, or the word of a directory.
    OneFactor,
    /// Two of knowledge, possession and biometrics.
    TwoFactors,
    /// A passkey that verified its user: two factors that no other site can ask for.
    Passkey,
}

/// What somebody has proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assurance {
    /// How strong the proofs are together.
    pub strength: Strength,
    /// The AAGUID of the passkey's model (WebAuthn, section 6.5.2), in lower case with hyphens, where its maker vouched
    /// for it.
    pub model: Option<String>,
}

/// The proof that is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// One at least as strong as this.
    AtLeast(Strength),
    /// A passkey of one of these models, by AAGUID.
    ListedPasskey(BTreeSet<String>),
}

/// Where somebody who lacks a factor gets it, laxest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enrolment {
    /// After the factor that they have.
    AtSignIn,
    /// Through a link that an administrator asked for.
    ByInvitation,
}

/// What somebody owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    pub(super) proof: Proof,
    pub(super) session_minutes: u32,
    pub(super) idle_minutes: u32,
    pub(super) fresh_minutes: u32,
    pub(super) enrolment: Enrolment,
}

impl Requirement {
    /// The longest that a sign-in may last, in minutes: a day.
    pub const LONGEST_SESSION: u32 = 24 * 60;
    /// The longest window for acts that grant, approve or release, in minutes.
    pub const LONGEST_FRESH: u32 = 60;

    /// What nobody owes less than.
    pub const LEAST: Self = Self {
        proof: Proof::AtLeast(Strength::OneFactor),
        session_minutes: Self::LONGEST_SESSION,
        idle_minutes: Self::LONGEST_SESSION,
        fresh_minutes: Self::LONGEST_FRESH,
        enrolment: Enrolment::AtSignIn,
    };

    /// What somebody owes who owes both: whatever satisfies it satisfies either.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            proof: self.proof.and(&other.proof),
            session_minutes: self.session_minutes.min(other.session_minutes),
            idle_minutes: self.idle_minutes.min(other.idle_minutes),
            fresh_minutes: self.fresh_minutes.min(other.fresh_minutes),
            enrolment: self.enrolment.max(other.enrolment),
        }
    }

    /// The proof that is owed.
    #[must_use]
    pub const fn proof(&self) -> &Proof {
        &self.proof
    }

    /// How long a sign-in lasts at most.
    #[must_use]
    pub fn session(&self) -> SignedDuration {
        SignedDuration::from_mins(self.session_minutes.into())
    }

    /// How long one may pause.
    #[must_use]
    pub fn idle(&self) -> SignedDuration {
        SignedDuration::from_mins(self.idle_minutes.into())
    }

    /// How recent a proof has to be for an act that grants, approves or releases.
    #[must_use]
    pub fn fresh(&self) -> SignedDuration {
        SignedDuration::from_mins(self.fresh_minutes.into())
    }

    /// Where a missing factor is enrolled.
    #[must_use]
    pub const fn enrolment(&self) -> Enrolment {
        self.enrolment
    }
}

impl Proof {
    /// Whether what was proved is enough.
    #[must_use]
    pub fn accepts(&self, proved: &Assurance) -> bool {
        match self {
            Self::AtLeast(strength) => proved.strength >= *strength,
            Self::ListedPasskey(models) => {
                proved.strength >= Strength::Passkey
                    && proved.model.as_ref().is_some_and(|model| models.contains(model))
            }
        }
    }

    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::AtLeast(one), Self::AtLeast(two)) => Self::AtLeast(*one.max(two)),
            (Self::ListedPasskey(one), Self::ListedPasskey(two)) => Self::ListedPasskey(one & two),
            (Self::ListedPasskey(models), Self::AtLeast(_)) | (Self::AtLeast(_), Self::ListedPasskey(models)) => {
                Self::ListedPasskey(models.clone())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn strength() -> impl Strategy<Value = Strength> {
        prop::sample::select(vec![Strength::OneFactor, Strength::TwoFactors, Strength::Passkey])
    }

    fn requirement() -> impl Strategy<Value = Requirement> {
        let proof = prop_oneof![
            strength().prop_map(Proof::AtLeast),
            prop::collection::btree_set("[a-d]", 0..4).prop_map(Proof::ListedPasskey),
        ];
        let enrolment = prop::sample::select(vec![Enrolment::AtSignIn, Enrolment::ByInvitation]);
        let minutes = (1..=1440_u32, 1..=1440_u32, 1..=60_u32);
        (proof, minutes, enrolment).prop_map(|(proof, minutes, enrolment)| Requirement {
            proof,
            session_minutes: minutes.0,
            idle_minutes: minutes.1,
            fresh_minutes: minutes.2,
            enrolment,
        })
    }

    /// Whether a sign-in of this age with this proof is enough for everything.
    fn accepts(owed: &Requirement, proved: &Assurance, minutes: i64) -> bool {
        let lengths = [owed.session(), owed.idle(), owed.fresh()];
        owed.proof.accepts(proved) && lengths.iter().all(|length| minutes <= length.as_mins())
    }

    proptest! {
        #[test]
        fn the_order_of_roles_does_not_matter(a in requirement(), b in requirement(), c in requirement()) {
            prop_assert_eq!(a.and(&b), b.and(&a));
            prop_assert_eq!(a.and(&b).and(&c), a.and(&b.and(&c)));
            prop_assert_eq!(a.and(&a), a.clone());
            prop_assert_eq!(a.and(&Requirement::LEAST), a);
        }

        #[test]
        fn a_sign_in_satisfies_both_roles_exactly_when_it_satisfies_each(
            a in requirement(),
            b in requirement(),
            strength in strength(),
            model in prop::option::of("[a-d]"),
            minutes in 0..100_i64,
        ) {
            let proved = Assurance { strength, model };
            let each = accepts(&a, &proved, minutes) && accepts(&b, &proved, minutes);
            prop_assert_eq!(accepts(&a.and(&b), &proved, minutes), each);
            prop_assert_eq!(a.and(&b).enrolment, a.enrolment.max(b.enrolment));
        }
    }
}
