//! The checkout that this crate was built from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use cargo_metadata::{Metadata, MetadataCommand};

use crate::process;

/// The folder that holds the workspace's `Cargo.toml`.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// What cargo knows of the workspace and of everything it depends on, on every platform, tests included.
///
/// # Errors
/// Cargo does not start, or refuses (for one, because `Cargo.lock` is out of date).
pub fn metadata() -> anyhow::Result<Metadata> {
    let json = process::cargo(&root(), &["metadata", "--format-version", "1", "--locked"])?;
    MetadataCommand::parse(json).context("reading what `cargo metadata` printed")
}

/// Folders that git, cargo, the fuzzer and npm keep for themselves.
const FOREIGN: &[&str] = &[".git", "target", "corpus", "artifacts", "node_modules"];

/// Every file of the project below `folder`, in order of path.
///
/// # Errors
/// A folder cannot be read.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_file() {
                files.push(entry.path());
            } else if kind.is_dir() && FOREIGN.iter().all(|foreign| entry.file_name() != *foreign) {
                folders.push(entry.path());
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}
