//! The addresses of pages: every link is made here, so that the scheme of addresses stands in one place.

use std::fmt::{self, Write as _};

use policy::judge::Place;
use service::hall::notices::Link;

/// The policy.
pub const HOME: &str = "/";
/// Where people sign in.
pub const SIGN_IN: &str = "/sign-in";
/// The visitor's own sign-in settings.
pub const ACCOUNT: &str = "/account";
/// What the visitor was told.
pub const NOTICES: &str = "/notices";
/// Tokens of the API.
pub const TOKENS: &str = "/account/tokens";
/// Where somebody signed in proves again who they are.
pub const AGAIN: &str = "/sign-in/again";
/// Where somebody who was vouched for elsewhere shows one factor more.
pub const SECOND_FACTOR: &str = "/sign-in/second-factor";
/// The policy as citizens see it.
pub const PUBLIC: &str = "/public";
/// `/public/D-120`: a text that everybody may read.
#[must_use]
pub fn publication(document: &str) -> String {
    format!("{PUBLIC}/{}", segment(document))
}

/// What the devices of the network let through.
pub const NETWORK: &str = "/network";
/// The way of one packet.
pub const EXPLAIN: &str = "/network/explain";

/// The way of a packet, asked for by what distinguishes it.
#[must_use]
pub fn explain(asked: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = asked
        .iter()
        .map(|(name, value)| format!("{name}={}", segment(value)))
        .collect();
    format!("{EXPLAIN}?{}", pairs.join("&"))
}

/// Where the first administrator begins.
pub const START: &str = "/start";
/// The contents of the help.
pub const HELP: &str = "/help";

/// Requests and their approval.
pub const REQUESTS: &str = "/requests";

/// `/sign-in/provider/prefecture?next=…`: where a sign-in with an identity provider begins.
#[must_use]
pub fn provider(name: &str, next: &str) -> String {
    format!("{SIGN_IN}/provider/{}?next={}", segment(name), segment(next))
}

/// `/sign-in/provider/prefecture/callback`: where people come back from it.
#[must_use]
pub fn callback(name: &str) -> String {
    format!("{SIGN_IN}/provider/{}/callback", segment(name))
}

/// `/requests/2026-00042`
#[must_use]
pub fn request(number: &str) -> String {
    format!("{REQUESTS}/{}", segment(number))
}

/// `/people/P0120`
#[must_use]
pub fn person(key: &str) -> String {
    format!("/people/{}", segment(key))
}

/// `/documents/D-001`
#[must_use]
pub fn document(key: &str) -> String {
    format!("/documents/{}", segment(key))
}

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
    format!("{REGISTERS}/{}", Segment(slug))
}

/// All registers.
pub const REGISTERS: &str = "/registers";

/// What stands below a register where otherwise the key of a row does.
const BESIDE_KEYS: &[&str] = &["new", "import", "export", "bulk", "template", "kept"];

/// `/registers/terminal/T-0001`
#[must_use]
pub fn entry(slug: &str, key: &str) -> String {
    if BESIDE_KEYS.contains(&key) {
        // A row may be called so; its first letter is written in a way that only the router takes for the same.
        let escaped = key
            .bytes()
            .next()
            .map_or_else(String::new, |first| format!("%{first:02X}"));
        let rest = key.get(1..).unwrap_or_default();
        return format!("{}/{escaped}{rest}", register(slug));
    }
    format!("{REGISTERS}/{}/{}", Segment(slug), Segment(key))
}

/// `/registers/terminal/new`: something that is done with a register.
#[must_use]
pub fn of_register(slug: &str, what: &str) -> String {
    format!("{}/{what}", register(slug))
}

/// `/registers/terminal/T-0001/history`: something that is done with a row.
#[must_use]
pub fn of_entry(slug: &str, key: &str, what: &str) -> String {
    format!("{}/{what}", entry(slug, key))
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

/// What a notice leads to.
#[must_use]
pub fn link(link: &Link) -> String {
    match link {
        Link::Request(number) => request(number),
        Link::Row(slug, key) => entry(slug, key),
        Link::Register(slug) => register(slug),
        Link::Duty(id) => duty(id),
        Link::Person(key) => person(key),
        Link::Account => ACCOUNT.to_owned(),
        Link::Ledger => "/ledger".to_owned(),
        Link::Administration => "/admin".to_owned(),
    }
}

/// `/ledger/48213`: an entry of the ledger with its proof.
#[must_use]
pub fn leaf(index: u64) -> String {
    format!("/ledger/{index}")
}

/// Percent-encodes whatever is not unreserved (RFC 3986, section 2.3), so that a name never ends the segment it stands in.
#[must_use]
pub fn segment(name: &str) -> String {
    Segment(name).to_string()
}

/// A name as a [`segment`], written where it is to stand: a list has some hundred addresses.
struct Segment<'n>(&'n str);

impl fmt::Display for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_reserved = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~'));
        for part in self.0.split_inclusive(is_reserved) {
            let plain = part.trim_end_matches(is_reserved);
            f.write_str(plain)?;
            let encoded = part.strip_prefix(plain).unwrap_or_default();
            encoded.bytes().try_for_each(|byte| write!(f, "%{byte:02X}"))?;
        }
        Ok(())
    }
}

/// Whether an address that a visitor brought stays on this server: a path, and no other host. Browsers leave out tabs and
/// line breaks before they read an address, so none is allowed.
#[must_use]
pub fn is_local(address: &str) -> bool {
    let begins = address.starts_with('/') && !address.starts_with("//");
    begins && !address.contains(|c: char| c == '\\' || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_leaves_its_segment() {
        assert_eq!(entry("terminal", "a/b?c#d"), "/registers/terminal/a%2Fb%3Fc%23d");
        assert_eq!(entry("sns_account", "@市"), "/registers/sns_account/%40%E5%B8%82");
        assert_eq!(entry("terminal", "new"), "/registers/terminal/%6Eew");
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
            "/\t/evil.example",
        ] {
            assert!(!is_local(address), "{address}");
        }
    }
}
