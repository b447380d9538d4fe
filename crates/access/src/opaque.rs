//! A value that is handed out once and recognised by its hash: session ids, one-time links, tokens.
//!
//! 256 random bits cannot be guessed, so a plain SHA-256 is enough to keep: whoever reads the database learns nothing
//! that they could present.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::random::{self, Random};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// 32 random bytes, written as 43 characters of base64url.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Opaque([u8; 32]);

impl Opaque {
    /// How many characters [`Opaque::text`] has.
    pub const LENGTH: usize = 43;

    /// A new one.
    #[must_use]
    pub fn draw(random: &dyn Random) -> Self {
        Self(random::bytes(random))
    }

    /// Reads what [`Opaque::text`] wrote; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != Self::LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// What the holder is given. Never to be stored.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored: the SHA-256 as 64 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0))
    }

    /// The bytes, for what is derived from them.
    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opaque(…)")
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    #[test]
    fn what_was_handed_out_is_recognised_by_its_hash_only() {
        let random = SeededRandom::new(1);
        let (one, other) = (Opaque::draw(&random), Opaque::draw(&random));
        let again = Opaque::parse(&one.text()).unwrap();
        assert_eq!(again.hash(), one.hash());
        assert_ne!(other.hash(), one.hash());
        assert!(!one.hash().contains(&one.text()));
        assert_eq!(format!("{one:?}"), "Opaque(…)");
    }

    #[test]
    fn anything_else_is_not_read() {
        let text = Opaque::draw(&SeededRandom::new(1)).text();
        let shorter = text.get(1..).unwrap();
        let padded = format!("{shorter}=");
        let wide = "あ".repeat(15);
        for wrong in [
            "",
            shorter,
            &padded,
            &wide,
            &format!("{text}A"),
            &text.replacen(|_| true, "+", 1),
        ] {
            assert!(Opaque::parse(wrong).is_none(), "{wrong}");
        }
    }
}
