//! The one place that writes files.
//!
//! A task returns its [`Files`] as bytes; [`write`] puts them into a folder and [`stale`] proves that the folder already holds them.
//! Nothing is ever deleted: a file that is no longer generated is reported, and a person removes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context as _;
use similar::TextDiff;

/// Contents by path, relative to the folder they belong in, with `/` between parts.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A file that is not as it would be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stale {
    /// It does not exist.
    Missing(String),
    /// It holds something else.
    Differs {
        /// Its path.
        path: String,
        /// The first differing lines, or the two sizes where it is no text.
        diff: String,
    },
    /// It lies in a generated folder, and nothing generates it.
    LeftOver(String),
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "{path}: missing"),
            Self::Differs { path, diff } => write!(f, "{path}: out of date\n{diff}"),
            Self::LeftOver(path) => write!(f, "{path}: nothing generates it any more, remove it with `git rm`"),
        }
    }
}

/// Writes every file whose contents changed and returns their paths.
///
/// # Errors
/// A file or folder cannot be read or written.
pub fn write(folder: &Path, files: &Files) -> anyhow::Result<Vec<String>> {
    let mut written = Vec::new();
    for (path, bytes) in files {
        let target = folder.join(path);
        if existing(&target)?.as_ref() == Some(bytes) {
            continue;
        }
        replace(&target, bytes).with_context(|| format!("writing {}", target.display()))?;
        written.push(path.clone());
    }
    Ok(written)
}

/// The files of `folder` that differ from `files`, in order of path.
///
/// The top of `folder` may hold files written by hand; each folder below it that receives a generated file belongs to the generator,
/// and whatever else lies there is left over.
///
/// # Errors
/// A file or folder cannot be read.
pub fn stale(folder: &Path, files: &Files) -> anyhow::Result<Vec<Stale>> {
    let mut stale = Vec::new();
    for (path, bytes) in files {
        match existing(&folder.join(path))? {
            None => stale.push(Stale::Missing(path.clone())),
            Some(found) if found != *bytes => stale.push(Stale::Differs {
                path: path.clone(),
                diff: difference(&found, bytes),
            }),
            Some(_) => {}
        }
    }
    stale.extend(left_over(folder, files)?);
    Ok(stale)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the home of file writes for developers' tasks"
)]
fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(target, bytes)
}

fn existing(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

fn left_over(folder: &Path, files: &Files) -> anyhow::Result<Vec<Stale>> {
    let owned: BTreeSet<&str> = files.keys().filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
    let mut left_over = Vec::new();
    for inner in owned {
        let path = folder.join(inner);
        if !path.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&path).with_context(|| format!("reading {}", path.display()))? {
            let entry = entry?;
            let name = format!("{inner}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_file() && !files.contains_key(&name) {
                left_over.push(name);
            }
        }
    }
    left_over.sort_unstable();
    Ok(left_over.into_iter().map(Stale::LeftOver).collect())
}

/// How many lines of a difference are shown.
const SHOWN: usize = 12;

fn difference(found: &[u8], wanted: &[u8]) -> String {
    let (Ok(found), Ok(wanted)) = (std::str::from_utf8(found), std::str::from_utf8(wanted)) else {
        return format!("  {} bytes on disk, {} bytes generated", found.len(), wanted.len());
    };
    let diff = TextDiff::from_lines(found, wanted);
    let mut hunks = diff.unified_diff();
    let text = hunks.context_radius(0).to_string();
    let mut lines: Vec<String> = text.lines().take(SHOWN).map(|line| format!("  {line}")).collect();
    let more = text.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("  … {more} more lines"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> Files {
        entries
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn what_was_written_is_current() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(&[("a.md", "あ\n"), ("b/c.json", "{}\n")]);
        assert_eq!(write(folder.path(), &files).unwrap(), ["a.md", "b/c.json"]);
        assert_eq!(stale(folder.path(), &files).unwrap(), []);
        assert_eq!(write(folder.path(), &files).unwrap(), [""; 0]);
    }

    #[test]
    fn every_kind_of_stale_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let old = files(&[
            ("a.md", "one\ntwo\n"),
            ("b/gone.json", "{}\n"),
            ("by-hand.md", "kept\n"),
        ]);
        write(folder.path(), &old).unwrap();
        let new = files(&[("a.md", "one\nthree\n"), ("b/c.json", "{}\n")]);
        let report: Vec<String> = stale(folder.path(), &new)
            .unwrap()
            .iter()
            .map(Stale::to_string)
            .collect();
        insta::assert_snapshot!(report.join("\n"), @r"
        a.md: out of date
          @@ -2 +2 @@
          -two
          +three
        b/c.json: missing
        b/gone.json: nothing generates it any more, remove it with `git rm`
        ");
    }
}
