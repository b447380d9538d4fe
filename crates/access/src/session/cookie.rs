//! The cookie that carries the id of a session, and the one that tells a known device.
//!
//! `__Host-` (RFC 6265bis, section 4.1.3.2) makes a browser refuse the cookie unless it came over TLS, for this very
//! host and for the whole of it: no neighbouring host can plant one. On `http://localhost`, where there is no TLS, the
//! plain name is used.

/// How cookies are named and marked where this server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookies {
    /// Over TLS.
    Secure,
    /// On `http://localhost`.
    Plain,
}

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// The id of a session.
    Session,
    /// The progress of a sign-in that is under way.
    SignIn,
    /// A device that somebody has signed in with before.
    Device,
}

/// How much of a `Cookie` header is read.
const LONGEST: usize = 16 * 1024;

impl Cookies {
    /// How cookies are marked for a server at this origin.
    #[must_use]
    pub fn at(origin: &str) -> Self {
        if origin.starts_with("https://") {
            Self::Secure
        } else {
            Self::Plain
        }
    }

    /// The cookie's name.
    #[must_use]
    pub const fn name(self, name: Name) -> &'static str {
        match (self, name) {
            (Self::Secure, Name::Session) => "__Host-sanmon",
            (Self::Secure, Name::SignIn) => "__Host-sanmon-sign-in",
            (Self::Secure, Name::Device) => "__Host-sanmon-device",
            (Self::Plain, Name::Session) => "sanmon",
            (Self::Plain, Name::SignIn) => "sanmon-sign-in",
            (Self::Plain, Name::Device) => "sanmon-device",
        }
    }

    /// The value of a `Set-Cookie` header.
    ///
    /// `value` consists of characters of base64url and dots. The cookie of a session ends with the browser; that of a
    /// device stays for `Name::Device`'s year.
    #[must_use]
    pub fn set(self, name: Name, value: &str) -> String {
        let lasting = match name {
            Name::Device => "; Max-Age=31536000",
            Name::Session | Name::SignIn => "",
        };
        format!("{}={value}{}{lasting}", self.name(name), self.attributes())
    }

    /// The value of a `Set-Cookie` header that takes the cookie back.
    #[must_use]
    pub fn clear(self, name: Name) -> String {
        format!("{}={}; Max-Age=0", self.name(name), self.attributes())
    }

    /// The value of the cookie in a `Cookie` header (RFC 6265, section 4.2.1).
    ///
    /// `None` where it is missing, or there twice with different values: one of them was planted.
    #[must_use]
    pub fn read(self, name: Name, header: &str) -> Option<&str> {
        let header = (header.len() <= LONGEST).then_some(header)?;
        let mut values = header.split(';').filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key.trim_matches([' ', '\t']) == self.name(name)).then(|| value.trim_matches([' ', '\t']))
        });
        let value = values.next()?;
        let honest = values.all(|other| other == value) && !value.is_empty() && value.bytes().all(is_plain);
        honest.then_some(value)
    }

    const fn attributes(self) -> &'static str {
        match self {
            Self::Secure => "; Path=/; Secure; HttpOnly; SameSite=Lax",
            Self::Plain => "; Path=/; HttpOnly; SameSite=Lax",
        }
    }
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_read_back() {
        for (cookies, expected) in [
            (
                Cookies::at("https://sanmon.example.lg.jp"),
                "__Host-sanmon=abc; Path=/; Secure; HttpOnly; SameSite=Lax",
            ),
            (
                Cookies::at("http://localhost:8080"),
                "sanmon=abc; Path=/; HttpOnly; SameSite=Lax",
            ),
        ] {
            let set = cookies.set(Name::Session, "abc");
            assert_eq!(set, expected);
            assert_eq!(cookies.read(Name::Session, set.split(';').next().unwrap()), Some("abc"));
        }
        assert!(Cookies::Secure.set(Name::Device, "x").ends_with("Max-Age=31536000"));
        assert!(Cookies::Secure.clear(Name::Session).ends_with("Max-Age=0"));
    }

    #[test]
    fn a_header_is_read_with_care() {
        for (header, expected) in [
            ("a=1; __Host-sanmon=abc; b=2", Some("abc")),
            ("__Host-sanmon=abc;__Host-sanmon=abc", Some("abc")),
            ("__Host-sanmon=abc; __Host-sanmon=evil", None),
            ("sanmon=abc", None),
            ("X__Host-sanmon=abc", None),
            ("__host-sanmon=abc", None),
            ("__Host-sanmon=", None),
            ("__Host-sanmon", None),
            ("__Host-sanmon=\"abc\"", None),
            ("__Host-sanmon=あ", None),
            ("", None),
        ] {
            assert_eq!(Cookies::Secure.read(Name::Session, header), expected, "{header}");
        }
        let long = format!("__Host-sanmon=abc; {}", "x".repeat(LONGEST));
        assert_eq!(Cookies::Secure.read(Name::Session, &long), None);
    }
}
