//! Every locked dependency against the RustSec advisory database.
//!
//! The database is a git repository of Markdown files, each opening with a TOML block that says which versions of a crate are safe.
//! It is fetched anew each time. Where it cannot be reached nothing has been shown, and [`Outcome::NotChecked`] says so.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use cargo_metadata::semver::{Version, VersionReq};
use cargo_metadata::{Metadata, Package};
use serde::Deserialize;

use crate::process;

/// Where the database is published.
pub const DATABASE: &str = "https://github.com/RustSec/advisory-db";

/// What came of the check.
#[derive(Debug)]
pub enum Outcome {
    /// Every advisory was held against every dependency.
    Checked {
        /// How many advisories there were.
        advisories: usize,
        /// How many dependencies they were held against.
        dependencies: usize,
        /// Those that name a dependency in the version that is locked.
        hits: Vec<Hit>,
    },
    /// The database could not be reached; the reason is git's.
    NotChecked(String),
}

/// An advisory that applies to a locked dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// `RUSTSEC-2020-0071`
    pub advisory: String,
    /// Name and version of the dependency.
    pub dependency: String,
    /// The advisory's heading.
    pub title: String,
    /// A remark (`unmaintained`, `notice`) that reports no weakness.
    pub informational: Option<String>,
}

impl Hit {
    /// Whether the advisory reports a weakness, so that the dependency may not stay.
    #[must_use]
    pub fn is_weakness(&self) -> bool {
        matches!(self.informational.as_deref(), None | Some("unsound"))
    }
}

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.informational.as_deref().unwrap_or("weakness");
        write!(f, "{}: {} ({kind}): {}", self.dependency, self.advisory, self.title)
    }
}

/// Fetches the database from `source` into `folder` and holds it against the dependencies.
///
/// # Errors
/// An advisory cannot be read: a database half understood proves nothing.
pub fn check(source: &str, folder: &Path, metadata: &Metadata) -> anyhow::Result<Outcome> {
    if let Err(error) = fetch(source, folder) {
        return Ok(Outcome::NotChecked(format!("{error:#}")));
    }
    let from_registry = |package: &&Package| {
        package
            .source
            .as_ref()
            .is_some_and(cargo_metadata::Source::is_crates_io)
    };
    let packages: Vec<&Package> = metadata.packages.iter().filter(from_registry).collect();
    let mut advisories = 0;
    let mut hits = Vec::new();
    for krate in fs::read_dir(folder.join("crates")).context("the database has no folder `crates`")? {
        let krate = krate?;
        let name = krate.file_name();
        let used: Vec<&&Package> = packages
            .iter()
            .filter(|package| name == package.name.as_str())
            .collect();
        for file in fs::read_dir(krate.path())? {
            let file = file?.path();
            advisories += 1;
            if used.is_empty() {
                continue;
            }
            let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
            let advisory = Advisory::parse(&text).with_context(|| format!("reading {}", file.display()))?;
            hits.extend(
                used.iter()
                    .filter_map(|package| advisory.hit(package.name.as_str(), &package.version)),
            );
        }
    }
    hits.sort_by(|a, b| {
        a.dependency
            .cmp(&b.dependency)
            .then_with(|| a.advisory.cmp(&b.advisory))
    });
    Ok(Outcome::Checked {
        advisories,
        dependencies: packages.len(),
        hits,
    })
}

fn fetch(source: &str, folder: &Path) -> anyhow::Result<()> {
    let path = folder.to_string_lossy();
    if !folder.join(".git").is_dir() {
        process::git(Path::new("."), &["init", "--quiet", &path])?;
    }
    process::git(folder, &["fetch", "--quiet", "--depth=1", source, "HEAD"])?;
    process::git(folder, &["reset", "--quiet", "--hard", "FETCH_HEAD"])?;
    Ok(())
}

#[derive(Debug)]
struct Advisory {
    title: String,
    front: Front,
}

#[derive(Debug, Deserialize)]
struct Front {
    advisory: Identity,
    #[serde(default)]
    versions: Versions,
}

#[derive(Debug, Deserialize)]
struct Identity {
    id: String,
    informational: Option<String>,
    withdrawn: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Versions {
    patched: Vec<VersionReq>,
    unaffected: Vec<VersionReq>,
}

impl Advisory {
    fn parse(text: &str) -> anyhow::Result<Self> {
        let body = text.strip_prefix("```toml").context("no TOML block at the top")?;
        let (front, prose) = body.split_once("\n```").context("the TOML block does not end")?;
        let front = toml::from_str(front).map_err(|error| anyhow!("{}", error.message()))?;
        let title = prose
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .unwrap_or_default();
        Ok(Self {
            title: title.trim().to_owned(),
            front,
        })
    }

    fn hit(&self, name: &str, version: &Version) -> Option<Hit> {
        let versions = &self.front.versions;
        let mut safe = versions.patched.iter().chain(&versions.unaffected);
        if self.front.advisory.withdrawn.is_some() || safe.any(|range| range.matches(version)) {
            return None;
        }
        Some(Hit {
            advisory: self.front.advisory.id.clone(),
            dependency: format!("{name} {version}"),
            title: self.title.clone(),
            informational: self.front.advisory.informational.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEAKNESS: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2000-0001\"\npackage = \"parcel\"\n\n[versions]\npatched = [\">= 0.2.3\"]\n\
                            unaffected = [\"< 0.1.0\"]\n```\n\n# A parcel opens itself\n\nText.\n";

    fn hit(text: &str, version: &str) -> Option<Hit> {
        let advisory = Advisory::parse(text).unwrap();
        advisory.hit("parcel", &Version::parse(version).unwrap())
    }

    #[test]
    fn only_versions_between_the_safe_ones_are_hit() {
        assert_eq!(hit(WEAKNESS, "0.0.9"), None);
        assert_eq!(hit(WEAKNESS, "0.2.3"), None);
        let found = hit(WEAKNESS, "0.2.2").unwrap();
        assert!(found.is_weakness());
        assert_eq!(
            found.to_string(),
            "parcel 0.2.2: RUSTSEC-2000-0001 (weakness): A parcel opens itself"
        );
    }

    #[test]
    fn an_unmaintained_crate_is_told_but_is_no_weakness() {
        let text = WEAKNESS.replace("\n\n[versions]", "\ninformational = \"unmaintained\"\n\n[versions]");
        assert!(!hit(&text, "0.2.2").unwrap().is_weakness());
    }

    #[test]
    fn a_withdrawn_advisory_hits_nothing() {
        let text = WEAKNESS.replace("\n\n[versions]", "\nwithdrawn = \"2000-01-02\"\n\n[versions]");
        assert_eq!(hit(&text, "0.2.2"), None);
    }
}
