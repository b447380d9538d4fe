//! Which files are meant, and their bytes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use model::lang::Text;

use crate::commands::place::unreadable;

/// A file to treat.
#[derive(Debug)]
pub(super) struct Input {
    /// Where it is; none for standard input.
    pub(super) path: Option<PathBuf>,
    /// Its folder below the one that was named; where its output goes below the folder of outputs.
    pub(super) folder: PathBuf,
    /// What it is called, with that folder before it.
    pub(super) name: String,
}

/// The files of a call, in order. What lies in `out` is left out: a folder may hold the one that outputs go to.
///
/// # Errors
/// One that was named is not there, or standard input has no name.
pub(super) fn inputs(
    files: &[PathBuf],
    name: Option<&str>,
    out: Option<&Path>,
) -> Result<(Vec<Input>, Vec<Text>), Text> {
    let out = out.and_then(|out| out.canonicalize().ok());
    let mut walk = Walk {
        out,
        inputs: Vec::new(),
        skipped: Vec::new(),
    };
    for path in files {
        if path.as_os_str() == "-" {
            let name = name.ok_or_else(|| {
                Text::fixed(
                    "標準入力のファイルの名を --name で言う(例 --name 見積.docx)",
                    "say what standard input is called with --name (such as --name estimate.docx)",
                )
            })?;
            walk.inputs.push(Input {
                path: None,
                folder: PathBuf::new(),
                name: name.to_owned(),
            });
            continue;
        }
        let kind = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if kind.is_dir() {
            walk.folder(path, Path::new(""));
        } else if kind.is_file() {
            walk.file(path.clone(), Path::new(""));
        } else {
            return Err(no_file(path));
        }
    }
    Ok((walk.inputs, walk.skipped))
}

struct Walk {
    out: Option<PathBuf>,
    inputs: Vec<Input>,
    /// What could not be looked at.
    skipped: Vec<Text>,
}

impl Walk {
    fn file(&mut self, path: PathBuf, below: &Path) {
        let name = path.file_name().unwrap_or_default();
        self.inputs.push(Input {
            folder: below.to_owned(),
            name: below.join(name).to_string_lossy().into_owned(),
            path: Some(path),
        });
    }

    /// Everything below a folder, by name. Links are not followed: they lead elsewhere.
    fn folder(&mut self, path: &Path, below: &Path) {
        if self.out.is_some() && path.canonicalize().ok() == self.out {
            return;
        }
        let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return self.skipped.push(unreadable(path, &error)),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.folder(&path, &below.join(entry.file_name())),
                Ok(kind) if kind.is_file() => self.file(path, below),
                Ok(_) => self.skipped.push(no_file(&path)),
                Err(error) => self.skipped.push(unreadable(&path, &error)),
            }
        }
    }
}

impl Input {
    /// Its bytes, at most one more than `longest`, which is enough to refuse it; and how many there are as far as that is known.
    pub(super) fn read(&self, longest: u64) -> io::Result<(Vec<u8>, u64)> {
        let mut bytes = Vec::new();
        let most = longest.saturating_add(1);
        let length = match &self.path {
            Some(path) => {
                let file = File::open(path)?;
                let length = file.metadata()?.len();
                file.take(most).read_to_end(&mut bytes)?;
                length
            }
            None => io::stdin().lock().take(most).read_to_end(&mut bytes)? as u64,
        };
        // A file may grow while it is read.
        let length = length.max(bytes.len() as u64);
        Ok((bytes, length))
    }
}

fn no_file(path: &Path) -> Text {
    let shown = path.display();
    Text::new(
        format!("{shown} はファイルでもフォルダでもない(リンクはたどらない)"),
        format!("{shown} is neither a file nor a folder (links are not followed)"),
    )
}
