//! A page of another site must not act in somebody's name.
//!
//! Two independent answers: a browser tells where a request comes from ([`came_from_here`]), and every form carries a
//! token that only our own pages know ([`Token`]). Requests with an API token carry no cookie, so neither concerns
//! them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::random::{self, Random};
use subtle::ConstantTimeEq as _;

use crate::opaque::Opaque;
use crate::seal::hmac;

/// The headers that tell where a request comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Provenance<'h> {
    /// `Sec-Fetch-Site` (W3C Fetch Metadata).
    pub site: Option<&'h str>,
    /// `Origin` (RFC 6454).
    pub origin: Option<&'h str>,
}

/// Whether a request may change something: it reads only, or it comes from a page of `own`, the origin of this server
/// such as `https://sanmon.example.lg.jp`.
///
/// A browser that tells neither is refused: every one of this decade tells at least `Origin` with a form.
#[must_use]
pub fn came_from_here(method: &str, from: Provenance<'_>, own: &str) -> bool {
    if matches!(method, "GET" | "HEAD" | "OPTIONS") {
        return true;
    }
    match (from.site, from.origin) {
        // A page under `Referrer-Policy: no-referrer` sends `null` to its own server; no page can forge
        // `Sec-Fetch-Site`.
        (Some("same-origin"), None | Some("null")) => true,
        (Some("same-origin") | None, Some(origin)) => origin == own,
        _ => false,
    }
}

/// The token of a session's forms. It follows from the id of the session, so nothing is stored.
pub struct Token([u8; 32]);

impl Token {
    /// The token of the session with this id.
    #[must_use]
    pub fn of(session: &Opaque) -> Self {
        Self(hmac(session.bytes(), &[b"csrf"]))
    }

    /// The token as a form carries it: masked anew each time, so that compressed pages do not give it away bit by bit
    /// (BREACH).
    #[must_use]
    pub fn masked(&self, random: &dyn Random) -> String {
        let mask: [u8; 32] = random::bytes(random);
        URL_SAFE_NO_PAD.encode([mask, xor(self.0, mask)].concat())
    }

    /// Whether a form carries this token.
    #[must_use]
    pub fn matches(&self, sent: &str) -> bool {
        let bytes = URL_SAFE_NO_PAD.decode(sent).unwrap_or_default();
        let ([mask, masked], []) = bytes.as_chunks::<32>() else {
            return false;
        };
        xor(*masked, *mask).ct_eq(&self.0).into()
    }
}

fn xor(mut bytes: [u8; 32], mask: [u8; 32]) -> [u8; 32] {
    for (byte, mask) in bytes.iter_mut().zip(mask) {
        *byte ^= mask;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::random::SeededRandom;

    const OWN: &str = "https://sanmon.example.lg.jp";

    #[test]
    fn only_our_own_pages_change_anything() {
        for (method, site, origin, expected) in [
            ("GET", Some("cross-site"), Some("https://evil.example"), true),
            ("HEAD", None, None, true),
            ("POST", Some("same-origin"), Some(OWN), true),
            ("POST", Some("same-origin"), None, true),
            ("POST", Some("same-origin"), Some("null"), true),
            ("POST", None, Some(OWN), true),
            ("POST", None, None, false),
            ("POST", None, Some("null"), false),
            ("POST", None, Some("https://sanmon.example.lg.jp.evil.example"), false),
            ("POST", None, Some("http://sanmon.example.lg.jp"), false),
            ("POST", Some("same-origin"), Some("https://evil.example"), false),
            ("POST", Some("same-site"), Some(OWN), false),
            ("POST", Some("cross-site"), Some(OWN), false),
            ("POST", Some("none"), None, false),
            ("DELETE", Some("cross-site"), None, false),
            ("get", None, None, false),
        ] {
            let from = Provenance { site, origin };
            assert_eq!(came_from_here(method, from, OWN), expected, "{method} {from:?}");
        }
    }

    #[test]
    fn a_token_belongs_to_one_session_and_never_looks_the_same() {
        let random = SeededRandom::new(3);
        let (one, other) = (Opaque::draw(&random), Opaque::draw(&random));
        let token = Token::of(&one);
        let (first, second) = (token.masked(&random), token.masked(&random));
        assert_ne!(first, second);
        assert!(token.matches(&first) && token.matches(&second));
        assert!(!Token::of(&other).matches(&first));
        for wrong in ["", "AAAA", first.get(1..).unwrap(), &"A".repeat(first.len())] {
            assert!(!token.matches(wrong), "{wrong}");
        }
    }
}
