//! The rules that are in force: of sign-in, of access, of requests and their routes. What is shipped, with the city's files laid over.
//!
//! The city's files are documents of the collection `hall.city` under the keys `rules/sign-in.toml`, `rules/requests/NAME.toml` and
//! `rules/access/NAME.cedar`. Every node reads them anew when they change.

use std::sync::Arc;

use access::authority::Authority;
use access::rule::Rules;
use approval::kind::Kinds;
use model::diagnostic::Located;
use model::lang::Text;
use store::Store;

use super::collection;
use super::decided::Decided;
use super::live::{Unloadable, documents};
use crate::problem::Problem;

/// The key of the city's rules of sign-in.
pub const SIGN_IN: &str = "rules/sign-in.toml";
/// What the keys of the city's kinds of requests and their routes begin with.
pub const REQUESTS: &str = "rules/requests/";
/// What the keys of the city's access rules begin with.
pub const ACCESS: &str = "rules/access/";

/// The rules that are in force.
#[derive(Debug, Clone)]
pub struct InForce {
    /// What people have to prove.
    pub sign_in: Arc<Rules>,
    /// Where the city asks for less than what is shipped.
    pub loosened: Vec<Text>,
    /// What can be requested, and who decides.
    pub kinds: Arc<Kinds>,
    /// Who may do what.
    pub authority: Arc<Authority>,
    /// What they answered.
    pub(super) decided: Decided,
}

impl InForce {
    /// What is shipped.
    #[must_use]
    pub fn shipped(sign_in: Rules, kinds: Kinds, authority: Authority) -> Self {
        Self {
            sign_in: Arc::new(sign_in),
            loosened: Vec::new(),
            kinds: Arc::new(kinds),
            authority: Arc::new(authority),
            decided: Decided::default(),
        }
    }

    /// These rules with the city's files (key and text) laid over them.
    ///
    /// # Errors
    /// Everything that is wrong in the files, with its place.
    pub fn with(&self, files: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let mut in_force = self.clone();
        let mut problems = Vec::new();
        if let Some((key, text)) = files.iter().find(|(key, _)| key == SIGN_IN) {
            match Rules::parse(text) {
                Ok(own) => {
                    let (rules, loosened) = self.sign_in.overlaid(&own);
                    in_force.sign_in = Arc::new(rules);
                    in_force.loosened = loosened;
                }
                Err(diagnostics) => problems.extend(diagnostics.into_iter().map(|diagnostic| {
                    let file = key.clone();
                    Problem::located(Located { file, diagnostic }, text.as_str())
                })),
            }
        }
        let requests = below(files, REQUESTS);
        if !requests.is_empty() {
            match self.kinds.with(&requests) {
                Ok(kinds) => in_force.kinds = Arc::new(kinds),
                Err(found) => problems.extend(found.into_iter().map(|located| sourced(files, located))),
            }
        }
        let access = below(files, ACCESS);
        if !access.is_empty() {
            match Authority::with(&access) {
                Ok(authority) => in_force.authority = Arc::new(authority),
                Err(found) => problems.extend(found.into_iter().map(|located| sourced(files, located))),
            }
        }
        if problems.is_empty() {
            Ok(in_force)
        } else {
            Err(problems)
        }
    }

    /// These rules with what the city keeps in a store.
    pub(super) fn of(&self, store: &dyn Store) -> Result<Self, Unloadable> {
        self.with(&files(store)?).map_err(Unloadable::City)
    }
}

/// The city's files of rules that are in use, by key.
pub(super) fn files(store: &dyn Store) -> Result<Vec<(String, String)>, store::Failure> {
    let own = documents(store, collection::CITY)?.into_iter();
    let files = own.filter_map(|(key, document)| {
        let text = document.get("text")?.as_str()?.to_owned();
        is_rules(&key).then_some((key, text))
    });
    Ok(files.collect())
}

/// Whether a key of `hall.city` is that of a file of rules: its name is of letters, digits, `-` and `_`.
#[must_use]
pub fn is_rules(key: &str) -> bool {
    let is_plain = |name: &str| {
        (1..=40).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let named = |beginning: &str, ending: &str| {
        let name = key.strip_prefix(beginning).and_then(|name| name.strip_suffix(ending));
        name.is_some_and(is_plain)
    };
    key == SIGN_IN || named(REQUESTS, ".toml") || named(ACCESS, ".cedar")
}

fn below<'f>(files: &'f [(String, String)], beginning: &str) -> Vec<(&'f str, &'f str)> {
    let below = files.iter().filter(|(key, _)| key.starts_with(beginning));
    below.map(|(key, text)| (key.as_str(), text.as_str())).collect()
}

fn sourced(files: &[(String, String)], located: Located) -> Problem {
    let source = files.iter().find(|(key, _)| *key == located.file);
    let source = source.map(|(_, text)| text.clone()).unwrap_or_default();
    Problem::located(located, source)
}

#[cfg(test)]
mod tests {
    use super::is_rules;

    #[test]
    fn only_plain_names_are_files_of_rules() {
        for key in [
            "rules/sign-in.toml",
            "rules/requests/exception.toml",
            "rules/access/own_1.cedar",
        ] {
            assert!(is_rules(key), "{key}");
        }
        for key in [
            "rules/requests/../x.toml",
            "rules/access/.cedar",
            "rules/access/a b.cedar",
            "rules/other.toml",
            "city.toml",
        ] {
            assert!(!is_rules(key), "{key}");
        }
    }
}
