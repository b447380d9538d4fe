//! One-time codes of an authenticator app (RFC 6238), and the recovery codes that stand in for it.
//!
//! Codes have six digits, a step of 30 seconds and HMAC-SHA-1: what every authenticator app reads. One step before and
//! after now is accepted, and each step once: a code that was seen over a shoulder is worthless.

mod enrolment;
mod recovery_codes;

use std::fmt;

use jiff::Timestamp;
use model::random::{self, Random};
use serde::{Deserialize, Serialize};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use self::enrolment::{qr_svg, uri};
pub use self::recovery_codes::RecoveryCodes;

const DIGITS: u8 = 6;
const STEP: u64 = 30;
const SKEW: u16 = 1;

/// The secret that a person's app shares with us, and the last step that was used.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Authenticator {
    /// 160 bits (RFC 4226, section 4, R6).
    secret: [u8; 20],
    /// The number of the last accepted step; no code of it or of one before is accepted again.
    last_step: u64,
}

/// What a code amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Right; the authenticator has changed and is to be stored.
    Right,
    /// Right once, and already used.
    Used,
    /// Wrong.
    Wrong,
}

impl Authenticator {
    /// A new one. It counts only after its person has shown a code of it: [`Authenticator::check`].
    #[must_use]
    pub fn draw(random: &dyn Random) -> Self {
        Self {
            secret: random::bytes(random),
            last_step: 0,
        }
    }

    /// The secret as people type it: 32 letters and digits of base 32, in groups of four.
    #[must_use]
    pub fn written(&self) -> String {
        let text = self.base32();
        let groups = text.as_bytes().chunks(4).map(String::from_utf8_lossy);
        groups.collect::<Vec<_>>().join(" ")
    }

    /// Checks a code. Spaces and full-width digits are read as people type them.
    pub fn check(&mut self, code: &str, now: Timestamp) -> Code {
        let (Some(totp), Some(code)) = (self.engine(), typed(code)) else {
            return Code::Wrong;
        };
        let now = u64::try_from(now.as_second()).unwrap_or_default();
        match totp.check(&code, now) {
            None => Code::Wrong,
            Some(step) if step <= self.last_step => Code::Used,
            Some(step) => {
                self.last_step = step;
                Code::Right
            }
        }
    }

    fn base32(&self) -> String {
        totp_rs::Secret::from(self.secret.to_vec()).to_base32()
    }

    fn engine(&self) -> Option<Totp> {
        let builder = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(STEP)
            .with_skew(SKEW)
            .with_secret(self.secret.to_vec());
        builder.build().ok()
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticator(…)")
    }
}

/// The digits of a code as it was typed; `None` where it is too long to be one.
fn typed(code: &str) -> Option<String> {
    if code.len() > 64 {
        return None;
    }
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => Some(c),
    };
    code.chars().filter(|c| !c.is_whitespace()).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn of_the_rfc() -> Authenticator {
        Authenticator {
            secret: *b"12345678901234567890",
            last_step: 0,
        }
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(of_the_rfc().check(code, at(second)), Code::Right, "{second}");
        }
    }

    #[test]
    fn a_code_is_good_for_one_step_before_and_after() {
        for (late, expected) in [
            (-60, Code::Wrong),
            (-30, Code::Right),
            (0, Code::Right),
            (30, Code::Right),
            (60, Code::Wrong),
        ] {
            assert_eq!(
                of_the_rfc().check("081804", at(1_111_111_109 + late)),
                expected,
                "{late}"
            );
        }
    }

    #[test]
    fn a_code_is_good_once() {
        let mut authenticator = of_the_rfc();
        assert_eq!(authenticator.check("081804", at(1_111_111_109)), Code::Right);
        assert_eq!(authenticator.check("081804", at(1_111_111_110)), Code::Used);
        let kept = serde_json::to_vec(&authenticator).unwrap();
        let mut authenticator: Authenticator = serde_json::from_slice(&kept).unwrap();
        assert_eq!(authenticator.check("081804", at(1_111_111_111)), Code::Used);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(of_the_rfc().check(" ０８１ 804", at(1_111_111_109)), Code::Right);
        for wrong in [
            "",
            "81804",
            "0818040",
            "08180a",
            "+81804",
            "０８１８０",
            &"0".repeat(100),
        ] {
            assert_eq!(of_the_rfc().check(wrong, at(1_111_111_109)), Code::Wrong, "{wrong}");
        }
    }

    #[test]
    fn the_secret_is_written_in_groups_and_never_printed() {
        assert_eq!(of_the_rfc().written(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            format!("{:?}", Authenticator::draw(&SeededRandom::new(1))),
            "Authenticator(…)"
        );
    }

    proptest! {
        #[test]
        fn no_step_is_accepted_twice(seconds in prop::collection::vec(0..600_i64, 1..40)) {
            let mut authenticator = of_the_rfc();
            let mut used = Vec::new();
            for second in seconds {
                let now = at(1_000_000_000 + second);
                let code = of_the_rfc().engine().unwrap().generate(u64::try_from(now.as_second()).unwrap()).to_string();
                if authenticator.check(&code, now) == Code::Right {
                    prop_assert!(!used.contains(&code) , "{}", code);
                    used.push(code);
                }
            }
        }
    }
}
