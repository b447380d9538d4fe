//! Passwords: what is accepted, how they are kept, how one is checked.
//!
//! * Kept as a PHC string of argon2id (RFC 9106), its parameters as data ([`Rules`]). Checking costs the same whether
//!   or not there is such an account: [`Rules::verify_nobody`].
//! * A password is compared after NFKC, so that one typed with full-width letters is the same password.
//! * Refused are short ones, those that are mostly the person's own name or number, and what guessers try first
//!   ([`Fault`]). There is no expiry and no rule of "one digit, one sign": both make passwords worse (NIST SP
//!   800-63B-4, section 3.1.1.2).

mod fault;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use model::diagnostic::Diagnostic;
use model::lang::Text;
use model::random::{self, Random};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::reading;

pub use self::fault::Fault;

const SHIPPED: &str = include_str!("../../rules/password.toml");

/// The most characters that a password may have.
pub const LONGEST: usize = 256;

/// How passwords are chosen and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rules {
    /// The fewest characters.
    pub shortest: usize,
    /// What one check costs.
    pub argon2: Cost,
}

/// What it costs to check one password (RFC 9106, section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Another password.
    Wrong,
    /// The password.
    Right,
    /// The password; this hash is to be kept in the place of the old one, whose parameters are outgrown.
    RightAndOutgrown(String),
}

/// No hash could be made: the parameters are impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the parameters of argon2 are impossible")]
pub struct Unhashable;

impl Cost {
    /// No hash that asks for more memory is checked: 1 GiB in KiB.
    const MOST_MEMORY: u32 = 1 << 20;
    const MOST_PASSES: u32 = 64;
    const MOST_LANES: u32 = 64;

    fn engine(self) -> Result<Argon2<'static>, Unhashable> {
        let bounded =
            self.memory_kib <= Self::MOST_MEMORY && self.passes <= Self::MOST_PASSES && self.lanes <= Self::MOST_LANES;
        let params = bounded.then(|| Params::new(self.memory_kib, self.passes, self.lanes, Some(32)));
        let params = params.and_then(Result::ok).ok_or(Unhashable)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    fn of(hash: &PasswordHash) -> Option<Self> {
        let params = Params::try_from(hash).ok()?;
        Some(Self {
            memory_kib: params.m_cost(),
            passes: params.t_cost(),
            lanes: params.p_cost(),
        })
    }

    const fn outgrows(self, old: Self) -> bool {
        self.memory_kib > old.memory_kib || self.passes > old.passes
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
    /// Not TOML, unknown keys, parameters that argon2 cannot take, passwords shorter than 8 characters.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let rules: Self = reading::toml(text)?;
        let problem = |code, ja, en| Err(vec![Diagnostic::error(code, Text::fixed(ja, en))]);
        if !(8..=64).contains(&rules.shortest) {
            return problem(
                "password-length",
                "パスワードの長さの下限は8文字から64文字までで定めます",
                "the shortest password must be between 8 and 64 characters",
            );
        }
        if rules.argon2.engine().is_err() {
            return problem(
                "argon2-parameters",
                "argon2のパラメーターとして使えない値です",
                "argon2 cannot take these parameters",
            );
        }
        Ok(rules)
    }

    /// Everything that is wrong with a new password. `own` are words that a guesser knows about the person: their name,
    /// its reading, their number, their mail address, the city.
    #[must_use]
    pub fn faults(&self, password: &str, own: &[&str]) -> Vec<Fault> {
        fault::faults(&folded(password), own, self.shortest)
    }

    /// The PHC string to keep.
    ///
    /// # Errors
    /// [`Unhashable`]; not for rules that were parsed.
    pub fn hash(&self, password: &str, random: &dyn Random) -> Result<String, Unhashable> {
        let salt: [u8; 16] = random::bytes(random);
        let hash = self
            .argon2
            .engine()?
            .hash_password_with_salt(folded(password).as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|_| Unhashable)
    }

    /// Compares a password with the PHC string that is kept. What is no such string fits no password.
    #[must_use]
    pub fn verify(&self, password: &str, kept: &str, random: &dyn Random) -> Verified {
        if password.chars().count() > LONGEST {
            return Verified::Wrong;
        }
        let Some((hash, cost)) = PasswordHash::new(kept)
            .ok()
            .and_then(|hash| Some((hash.clone(), Cost::of(&hash)?)))
        else {
            return self.verify_nobody(password);
        };
        let fits = cost
            .engine()
            .is_ok_and(|engine| engine.verify_password(folded(password).as_bytes(), &hash).is_ok());
        if !fits {
            return Verified::Wrong;
        }
        if !self.argon2.outgrows(cost) {
            return Verified::Right;
        }
        self.hash(password, random)
            .map_or(Verified::Right, Verified::RightAndOutgrown)
    }

    /// Takes as long as a check and finds nothing: for an account that does not exist or has no password.
    #[must_use]
    pub fn verify_nobody(&self, password: &str) -> Verified {
        if let Ok(engine) = self.argon2.engine() {
            let mut out = [0; 32];
            let password: String = password.chars().take(LONGEST).collect();
            let _ = std::hint::black_box(engine.hash_password_into(folded(&password).as_bytes(), &[0; 16], &mut out));
        }
        Verified::Wrong
    }
}

/// The password as it is hashed.
fn folded(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    fn rules(memory_kib: u32) -> Rules {
        Rules {
            shortest: 12,
            argon2: Cost {
                memory_kib,
                passes: 1,
                lanes: 1,
            },
        }
    }

    #[test]
    fn the_shipped_rules_are_those_that_owasp_recommends() {
        let rules = Rules::shipped().unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert_eq!(
            Params::new(19 * 1024, 2, 1, Some(32)).ok(),
            rules.argon2.engine().ok().map(|e| e.params().clone())
        );
    }

    #[test]
    fn impossible_rules_are_refused() {
        for (text, code) in [
            (
                "shortest = 7\n[argon2]\nmemory-kib = 64\npasses = 1\nlanes = 1",
                "password-length",
            ),
            (
                "shortest = 12\n[argon2]\nmemory-kib = 1\npasses = 1\nlanes = 1",
                "argon2-parameters",
            ),
            (
                "shortest = 12\n[argon2]\nmemory-kib = 4000000000\npasses = 1\nlanes = 1",
                "argon2-parameters",
            ),
            ("shortest = 12", "unreadable-rules"),
        ] {
            assert_eq!(Rules::parse(text).unwrap_err()[0].code, code, "{text}");
        }
    }

    #[test]
    fn only_the_password_fits() {
        let (rules, random) = (rules(64), SeededRandom::new(5));
        let kept = rules.hash("山の上の古い門 3つ", &random).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert_eq!(rules.verify("山の上の古い門　３つ", &kept, &random), Verified::Right);
        for wrong in ["", "山の上の古い門 4つ", &"長".repeat(LONGEST + 1)] {
            assert_eq!(rules.verify(wrong, &kept, &random), Verified::Wrong);
        }
        assert_ne!(rules.hash("山の上の古い門 3つ", &random).unwrap(), kept);
    }

    #[test]
    fn a_hash_that_cannot_be_read_fits_nothing() {
        let (rules, random) = (rules(64), SeededRandom::new(5));
        for kept in [
            "",
            "secret",
            "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$2b$12$abc",
        ] {
            assert_eq!(rules.verify("secret", kept, &random), Verified::Wrong, "{kept}");
        }
    }

    #[test]
    fn a_password_is_hashed_anew_when_the_parameters_grew() {
        let (old, new, random) = (rules(64), rules(128), SeededRandom::new(5));
        let kept = old.hash("a long enough phrase", &random).unwrap();
        let Verified::RightAndOutgrown(anew) = new.verify("a long enough phrase", &kept, &random) else {
            panic!("not hashed anew");
        };
        assert_eq!(new.verify("a long enough phrase", &anew, &random), Verified::Right);
        assert_eq!(old.verify("a long enough phrase", &anew, &random), Verified::Right);
        assert_eq!(new.verify("another phrase", &kept, &random), Verified::Wrong);
    }
}
