//! `bench dialects DIR`: how many configurations of a folder are read whole, partly, not at all, and why not.
//!
//! For public configurations that test other tools (Batfish's test configurations, Aerleon's regression outputs): fetch them, point at
//! the folder. A file that is read partly gives no wrong answer: what depends on the lines that were not understood is unproven.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use separation::dialect::{Dialect, detect, named};
use separation::source::{Source, decode};

use crate::stop::OrStop;

/// What to read.
#[derive(Debug, clap::Args)]
pub(crate) struct Asked {
    /// The folder; every file in it and below is taken for a configuration of one device.
    folder: std::path::PathBuf,
    /// The language of all of them; by their looks where it is not given.
    #[arg(long, value_name = "NAME")]
    dialect: Option<String>,
}

#[derive(Default)]
struct Count {
    whole: usize,
    partly: usize,
    /// Why lines were not understood, and how many files have such a line.
    reasons: BTreeMap<String, usize>,
}

/// Reads all files and prints the counts.
pub(crate) fn run(asked: &Asked) {
    let forced = asked
        .dialect
        .as_deref()
        .map(|name| named(name).or_stop("a dialect of this name"));
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut unknown = Vec::new();
    visit(&asked.folder, &mut |path, bytes| {
        let text = decode(bytes);
        match forced.or_else(|| detect(&text)) {
            Some(dialect) => count(dialect, &text, counts.entry(dialect.name()).or_default()),
            None => unknown.push(path.display().to_string()),
        }
    });
    for (name, count) in &counts {
        let files = count.whole + count.partly;
        println!("{name}: {files} files, {} whole, {} partly", count.whole, count.partly);
        for (reason, files) in &count.reasons {
            println!("    {files:5}  {reason}");
        }
    }
    println!("of no known language: {}", unknown.len());
    unknown.iter().for_each(|path| println!("    {path}"));
}

fn count(dialect: &dyn Dialect, text: &str, count: &mut Count) {
    let unread = dialect.read(&[Source::new(text)]).unread;
    if unread.is_empty() {
        count.whole += 1;
        return;
    }
    count.partly += 1;
    let mut reasons: Vec<String> = unread.into_iter().map(|unread| unread.why.en.into_owned()).collect();
    reasons.sort();
    reasons.dedup();
    for reason in reasons {
        *count.reasons.entry(reason).or_default() += 1;
    }
}

fn visit(folder: &Path, each: &mut dyn FnMut(&Path, &[u8])) {
    let entries = fs::read_dir(folder).or_stop("reading the folder");
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            visit(&path, each);
        } else if let Ok(bytes) = fs::read(&path) {
            each(&path, &bytes);
        }
    }
}
