//! The licence of every dependency, held against the allow-list in `licences.toml`.
//!
//! A dependency is fit when its SPDX expression can be satisfied by allowed licences alone: one side of an `OR`, both sides of an
//! `AND`, and a `WITH` only where the list names that very exception. No expression, or one that SPDX does not know, is refused.

use std::fmt;

use anyhow::{Context as _, anyhow};
use cargo_metadata::{Metadata, Package};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

/// The allow-list as shipped.
const SHIPPED: &str = include_str!("../licences.toml");

/// Licences that a dependency may have.
#[derive(Debug)]
pub struct AllowList(Vec<Licensee>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    allowed: Vec<String>,
}

/// A dependency that may not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Name and version.
    pub dependency: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.dependency, self.reason)
    }
}

impl AllowList {
    /// The list that the project ships.
    ///
    /// # Errors
    /// The list does not parse, or names a licence that SPDX does not know.
    pub fn shipped() -> anyhow::Result<Self> {
        Self::parse(SHIPPED).context("reading crates/dev/licences.toml")
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let file: File = toml::from_str(text)?;
        let licensee = |word: &String| Licensee::parse(word).map_err(|error| anyhow!("`{word}`: {}", error.reason));
        Ok(Self(file.allowed.iter().map(licensee).collect::<anyhow::Result<_>>()?))
    }

    /// Why an expression is not allowed; `Ok` when it is.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn judge(&self, expression: Option<&str>) -> Result<(), String> {
        let Some(written) = expression else {
            return Err("states no licence expression".to_owned());
        };
        // Older crates write `MIT/Apache-2.0`.
        let mode = ParseMode {
            allow_slash_as_or_operator: true,
            ..ParseMode::STRICT
        };
        let expression = Expression::parse_mode(written, mode)
            .map_err(|error| format!("`{written}` is no SPDX expression: {}", error.reason))?;
        let allowed = |wanted: &spdx::LicenseReq| self.0.iter().any(|licensee| licensee.satisfies(wanted));
        expression.evaluate_with_failures(allowed).map_err(|missing| {
            let missing: Vec<String> = missing.iter().map(|failed| format!("`{}`", failed.req)).collect();
            format!("`{written}` needs {}, which the list does not name", missing.join(", "))
        })
    }

    /// The dependencies that may not be used, and how many were looked at.
    #[must_use]
    pub fn review(&self, metadata: &Metadata) -> (usize, Vec<Refused>) {
        let foreign = |package: &&Package| package.source.is_some();
        let judge = |package: &Package| {
            self.judge(package.license.as_deref()).err().map(|reason| Refused {
                dependency: format!("{} {}", package.name, package.version),
                reason,
            })
        };
        let dependencies: Vec<&Package> = metadata.packages.iter().filter(foreign).collect();
        let refused = dependencies.iter().filter_map(|package| judge(package)).collect();
        (dependencies.len(), refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(allowed: &str) -> AllowList {
        AllowList::parse(&format!("allowed = [{allowed}]")).unwrap()
    }

    #[test]
    fn one_allowed_side_of_an_or_is_enough() {
        let list = list(r#""MIT""#);
        assert_eq!(list.judge(Some("GPL-3.0-only OR MIT")), Ok(()));
        assert_eq!(list.judge(Some("MIT/Apache-2.0")), Ok(()));
    }

    #[test]
    fn both_sides_of_an_and_are_needed() {
        let list = list(r#""MIT", "BSD-3-Clause""#);
        assert_eq!(list.judge(Some("(MIT OR Apache-2.0) AND BSD-3-Clause")), Ok(()));
        let refusal = list.judge(Some("MIT AND OpenSSL")).unwrap_err();
        assert!(refusal.contains("needs `OpenSSL`"), "{refusal}");
    }

    #[test]
    fn an_exception_is_allowed_only_by_name() {
        let apache = "Apache-2.0 WITH LLVM-exception";
        assert!(list(r#""Apache-2.0""#).judge(Some(apache)).is_err());
        assert_eq!(list(r#""Apache-2.0 WITH LLVM-exception""#).judge(Some(apache)), Ok(()));
    }

    #[test]
    fn what_is_unknown_or_unstated_is_refused() {
        let list = list(r#""MIT""#);
        assert!(list.judge(None).is_err());
        assert!(list.judge(Some("LicenseRef-our-own")).is_err());
        assert!(list.judge(Some("Do what you like")).is_err());
    }

    #[test]
    fn the_shipped_list_is_readable_and_has_no_copyleft() {
        let list = AllowList::shipped().unwrap();
        for copyleft in ["GPL-2.0-only", "LGPL-2.1-or-later", "AGPL-3.0-only", "MPL-2.0"] {
            assert!(list.judge(Some(copyleft)).is_err(), "{copyleft}");
        }
    }
}
