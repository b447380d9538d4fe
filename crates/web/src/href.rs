//! The addresses of pages: every link is made here, so that the scheme of addresses stands in one place.

use std::fmt::Write as _;

use policy::judge::Place;

/// The policy.
pub const HOME: &str = "/";
/// Where people sign in.
pub const SIGN_IN: &str = "/sign-in";
/// The visitor's own sign-in settings.
pub const ACCOUNT: &str = "/account";
/// Where somebody signed in proves again who they are.
pub const AGAIN: &str = "/sign-in/again";
/// The policy as citizens see it.
pub const PUBLIC: &str = "/public";
/// Where the first administrator begins.
pub const START: &str = "/start";
/// The contents of the help.
pub const HELP: &str = "/help";

/// `/clauses/6.3.1`
#[must_use]
pub fn clause(id: &str) -> String {
    format!("/clauses/{}", segment(id))
}

/// The place of a clause on the page of the policy: `c-6.3.1`.
#[must_use]
pub fn anchor(id: &str) -> String {
    format!("c-{id}")
}

/// `/duties/physical.terminal.encryption`
#[must_use]
pub fn duty(id: &str) -> String {
    format!("/duties/{}", segment(id))
}

/// `/registers/terminal`
#[must_use]
pub fn register(slug: &str) -> String {
    format!("/registers/{}", segment(slug))
}

/// `/registers/terminal/T-0001`
#[must_use]
pub fn entry(slug: &str, key: &str) -> String {
    format!("{}/{}", register(slug), segment(key))
}

/// The form of a row, at a field.
#[must_use]
pub fn edit(slug: &str, key: &str, field: Option<&str>) -> String {
    let field = field.map_or_else(String::new, |field| format!("#{}", segment(field)));
    format!("{}/edit{field}", entry(slug, key))
}

/// Where the place of a finding is put right: the form of its row, or the register where a row is missing.
#[must_use]
pub fn place(place: &Place) -> String {
    match &place.key {
        Some(key) => edit(&place.register, key, place.field.as_deref()),
        None => register(&place.register),
    }
}

/// The form that asks for an exception from a duty, for one row or for the whole city.
#[must_use]
pub fn exception(duty: &str, place: Option<&Place>) -> String {
    let mut href = format!("/requests/new?kind=exception&duty={}", segment(duty));
    if let Some(place) = place
        && let Some(key) = &place.key
    {
        let _ = write!(href, "&register={}&key={}", segment(&place.register), segment(key));
    }
    href
}

/// `/ledger/48213`: an entry of the ledger with its proof.
#[must_use]
pub fn leaf(index: u64) -> String {
    format!("/ledger/{index}")
}

/// Percent-encodes whatever is not unreserved (RFC 3986, section 2.3), so that a name never ends the segment it stands in.
#[must_use]
pub fn segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Whether an address that a visitor brought stays on this server: a path, and no other host.
#[must_use]
pub fn is_local(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.contains(['\\', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_leaves_its_segment() {
        assert_eq!(entry("terminal", "a/b?c#d"), "/registers/terminal/a%2Fb%3Fc%23d");
        assert_eq!(entry("sns_account", "@市"), "/registers/sns_account/%40%E5%B8%82");
    }

    #[test]
    fn an_address_of_another_host_is_not_local() {
        assert!(is_local("/registers?q=1"));
        for address in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "",
            "/\r\nx",
        ] {
            assert!(!is_local(address), "{address}");
        }
    }
}
