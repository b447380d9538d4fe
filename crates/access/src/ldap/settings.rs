//! How a directory is used; secrets aside.

use std::net::IpAddr;

use model::lang::Text;
use serde::Deserialize;
use url::Url;

use crate::elsewhere::{Failure, Groups, MatchBy};

/// How a directory is used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// A short word for it, as accounts note it: `city-ad`.
    pub name: String,
    /// What the page calls it.
    pub label: Text,
    /// `ldaps://ad.example.lg.jp` or `ldap://ad.example.lg.jp`
    pub url: String,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// How the person's entry is found.
    pub find: Find,
    /// Which attributes tell what.
    pub attributes: Attributes,
    /// What `attributes.person` is.
    #[serde(default)]
    pub known_by: MatchBy,
    /// Groups that name their members, where entries do not name their groups.
    pub group_search: Option<GroupSearch>,
    /// Groups (DN) and the roles that their members are proposed for.
    #[serde(default)]
    pub groups: Groups,
    /// Whose members alone may come in this way; everybody where it names none.
    #[serde(default)]
    pub only_groups: Vec<String>,
    /// How long the directory may take for one answer.
    #[serde(default = "five_seconds")]
    pub timeout_seconds: u16,
}

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// TLS from the first byte (port 636).
    Ldaps,
    /// TLS after the StartTLS operation (RFC 4511, section 4.14).
    StartTls,
    /// None: only for a directory on this machine.
    None,
}

/// How the person's entry is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", untagged)]
pub enum Find {
    /// Its name follows from the login: `uid={login},ou=people,dc=example`. In Active Directory names do not follow
    /// from logins: search.
    Template {
        /// The name with `{login}` in it.
        dn: String,
    },
    /// It is searched for.
    Search {
        /// The name of the entry that may search; its password is a secret of the caller. Without it the search is
        /// anonymous.
        bind: Option<String>,
        /// Below what.
        base: String,
        /// By what: `(&(objectClass=person)(sAMAccountName={login}))`.
        filter: String,
    },
}

/// Which attributes tell what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Attributes {
    /// By what the person is known here, such as `employeeNumber` or `mail`.
    pub person: String,
    /// What never changes, such as `entryUUID`; without it the name of the entry is taken.
    pub subject: Option<String>,
    /// The groups of the person, such as `memberOf`.
    pub groups: Option<String>,
}

/// Groups that name their members.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct GroupSearch {
    /// Below what.
    pub base: String,
    /// By what: `(member={dn})`.
    pub filter: String,
}

const fn five_seconds() -> u16 {
    5
}

impl Settings {
    /// Whether they can be used.
    pub(super) fn check(&self, password: Option<&str>) -> Result<(), Failure> {
        let url = Url::parse(&self.url).map_err(|_| Failure::Settings)?;
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or(Failure::Settings)?;
        let protected = match self.encryption {
            Encryption::Ldaps => url.scheme() == "ldaps",
            Encryption::StartTls => url.scheme() == "ldap",
            Encryption::None => url.scheme() == "ldap" && is_here(host),
        };
        let finds = match &self.find {
            Find::Template { dn } => dn.contains("{login}"),
            // A bind without a password is anonymous, whatever name it gives.
            Find::Search { bind, filter, .. } => {
                filter.contains("{login}") && (bind.is_none() || password.is_some_and(|password| !password.is_empty()))
            }
        };
        let groups = self
            .group_search
            .as_ref()
            .is_none_or(|search| search.filter.contains("{dn}"));
        if protected && finds && groups && (1..=60).contains(&self.timeout_seconds) {
            Ok(())
        } else {
            Err(Failure::Settings)
        }
    }
}

impl Attributes {
    pub(super) fn names(&self) -> Vec<&str> {
        let optional = [self.subject.as_deref(), self.groups.as_deref()];
        [Some(self.person.as_str())]
            .into_iter()
            .chain(optional)
            .flatten()
            .collect()
    }
}

/// Whether a host is this machine. Addresses in LDAP URLs are plain text to the parser of URLs.
fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, password: Option<&str>) -> Result<(), Failure> {
        let text = r#"
            name = "city-ad"
            label = { ja = "庁内", en = "city" }
            url = "ldaps://ad.example.lg.jp"
            encryption = "ldaps"
            find = { bind = "cn=search", base = "dc=example", filter = "(uid={login})" }
            attributes = { person = "employeeNumber" }
        "#;
        assert!(text.contains(from));
        let settings: Settings = toml::from_str(&text.replace(from, to)).unwrap();
        settings.check(password)
    }

    #[test]
    fn a_directory_is_asked_over_tls_or_on_this_machine() {
        let plain = |host: &str| format!("url = \"ldap://{host}\"\nencryption = \"none\"");
        let encrypted = "url = \"ldaps://ad.example.lg.jp\"\n            encryption = \"ldaps\"";
        assert_eq!(check("", "", Some("x")), Ok(()));
        assert_eq!(check(encrypted, &plain("localhost:389"), Some("x")), Ok(()));
        assert_eq!(check(encrypted, &plain("127.0.0.1"), Some("x")), Ok(()));
        assert_eq!(
            check(encrypted, &plain("ad.example.lg.jp"), Some("x")),
            Err(Failure::Settings)
        );
        assert_eq!(check("\"ldaps\"", "\"start-tls\"", Some("x")), Err(Failure::Settings));
        assert_eq!(check("ldaps://ad", "ldapi://ad", Some("x")), Err(Failure::Settings));
    }

    #[test]
    fn settings_that_would_find_anybody_are_refused() {
        assert_eq!(check("(uid={login})", "(uid=*)", Some("x")), Err(Failure::Settings));
        assert_eq!(check("", "", None), Err(Failure::Settings));
        assert_eq!(check("", "", Some("")), Err(Failure::Settings));
        let search = "{ bind = \"cn=search\", base = \"dc=example\", filter = \"(uid={login})\" }";
        assert_eq!(check(search, "{ dn = \"uid={login},dc=example\" }", None), Ok(()));
        assert_eq!(check(search, "{ dn = \"cn=admin\" }", None), Err(Failure::Settings));
    }
}
