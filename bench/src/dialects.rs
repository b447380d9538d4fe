//! `bench dialects [NAME=]DIR…`: how many configurations of a folder are read whole, partly, not at all, and why not.
//!
//! For public configurations that test other tools (Batfish's test configurations, Aerleon's regression outputs): fetch them, point at
//! the folders. A file that is read partly gives no wrong answer: what depends on the lines that were not understood is unproven.
//!
//! A file is read *whole* if no line of it is left unread, *not at all* if it looks like no language or every line of it is left unread,
//! else *partly*. Which files are about filtering is decided by [`FILTERING`] alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use separation::dialect::{Dialect, detect, named};
use separation::source::{Source, decode};

use crate::stop::OrStop;

/// What to read.
#[derive(Debug, clap::Args)]
pub(crate) struct Asked {
    /// The folders; every file in them and below is taken for a configuration of one device. `NAME=DIR` says the language of all
    /// files of a folder, which else is found by their looks.
    #[arg(required = true, value_name = "[NAME=]DIR")]
    folders: Vec<String>,
    /// Names every file that is not read whole, with its lines (no secret is shown).
    #[arg(long)]
    files: bool,
}

/// How a configuration is known to be about filtering: that it holds rules, or binds them.
struct Filtering {
    dialect: &'static str,
    /// What a line of such a file begins with, blanks before it left out.
    begins: &'static [&'static str],
    /// Or holds.
    holds: &'static [&'static str],
}

/// A language that is not named here has nothing but rules.
const FILTERING: &[Filtering] = &[
    Filtering {
        dialect: "ios",
        begins: &[
            "access-list ",
            "ip access-list ",
            "ipv6 access-list ",
            "ip access-group ",
            "ipv6 traffic-filter ",
            "ip inspect ",
            "class-map type inspect ",
            "policy-map type inspect ",
            "zone-pair security ",
            "zone-member security ",
            "object-group ",
        ],
        holds: &[],
    },
    Filtering {
        dialect: "asa",
        begins: &[
            "access-list ",
            "access-group ",
            "security-level ",
            "same-security-traffic ",
            "object-group ",
        ],
        holds: &[],
    },
    Filtering {
        dialect: "fortios",
        begins: &["config firewall "],
        holds: &[],
    },
    Filtering {
        dialect: "junos",
        begins: &["policies {", "firewall {", "set firewall "],
        holds: &[" security policies ", " firewall family ", " firewall filter "],
    },
    Filtering {
        dialect: "panos",
        begins: &["<security>", "rulebase {"],
        holds: &["rulebase security "],
    },
    Filtering {
        dialect: "yamaha",
        begins: &["ip filter ", "ipv6 filter "],
        holds: &[" secure filter "],
    },
    Filtering {
        dialect: "ix",
        begins: &["ip access-list ", "ipv6 access-list ", "ip filter ", "ipv6 filter "],
        holds: &[],
    },
];

/// Files in such folders that are no configurations.
const BESIDE: [&str; 4] = ["BUILD.bazel", "BUILD", "README.md", "__init__.py"];

#[derive(Default)]
struct Count {
    files: usize,
    whole: usize,
    partly: usize,
    /// Why lines were not understood, and how many files have such a line.
    reasons: BTreeMap<String, usize>,
}

impl Count {
    fn told(&self) -> String {
        let Self {
            files, whole, partly, ..
        } = self;
        let per_cent = whole * 100 / (*files).max(1);
        let not = files - whole - partly;
        format!("{files} files: {whole} whole ({per_cent} %), {partly} partly, {not} not at all")
    }
}

/// What a file is to the one who counts.
struct Read {
    whole: bool,
    nothing: bool,
    reasons: BTreeSet<String>,
    lines: Vec<String>,
}

/// Reads all files and prints the counts.
pub(crate) fn run(asked: &Asked) {
    let mut counts: BTreeMap<&str, [Count; 2]> = BTreeMap::new();
    let mut unknown = Vec::new();
    for folder in &asked.folders {
        let (forced, folder) = match folder.split_once('=') {
            Some((name, folder)) => (Some(named(name).or_stop("a dialect of this name")), folder),
            None => (None, &**folder),
        };
        visit(Path::new(folder), &mut |path, bytes| {
            let text = decode(bytes);
            let Some(dialect) = forced.or_else(|| detect(&text)) else {
                return unknown.push(path.display().to_string());
            };
            let read = read(dialect, &text);
            let [all, filtering] = counts.entry(dialect.name()).or_default();
            all.add(&read);
            if is_about_filtering(dialect.name(), &text) {
                filtering.add(&read);
            }
            if asked.files && !read.whole {
                println!("{}", path.display());
                read.lines.iter().for_each(|line| println!("    {line}"));
            }
        });
    }
    for (name, [all, filtering]) in &counts {
        println!("{name}: {}", all.told());
        println!("    about filtering: {}", filtering.told());
        let mut reasons: Vec<_> = all.reasons.iter().collect();
        reasons.sort_by_key(|(_, files)| std::cmp::Reverse(**files));
        for (reason, files) in reasons {
            let filtering = filtering.reasons.get(reason).unwrap_or(&0);
            println!("    {files:5} ({filtering})  {reason}");
        }
    }
    println!("of no known language: {}", unknown.len());
    unknown.iter().for_each(|path| println!("    {path}"));
}

impl Count {
    fn add(&mut self, read: &Read) {
        self.files += 1;
        self.whole += usize::from(read.whole);
        self.partly += usize::from(!read.whole && !read.nothing);
        for reason in &read.reasons {
            *self.reasons.entry(reason.clone()).or_default() += 1;
        }
    }
}

fn read(dialect: &dyn Dialect, text: &str) -> Read {
    let unread = dialect.read(&[Source::new(text)]).unread;
    let says_something = |line: &&str| !line.trim_start().is_empty() && !line.trim_start().starts_with(['!', '#', ':']);
    let lines: BTreeSet<u32> = unread.iter().map(|unread| unread.line.number).collect();
    let reason = |unread: &separation::device::Unread| {
        let words: Vec<&str> = unread.text.split_whitespace().take(2).collect();
        format!("{} (`{}`)", unread.why.en, words.join(" "))
    };
    Read {
        whole: unread.is_empty(),
        nothing: !unread.is_empty() && lines.len() >= text.lines().filter(says_something).count(),
        reasons: unread.iter().map(reason).collect(),
        lines: unread
            .iter()
            .map(|unread| format!("{}: {} — {}", unread.line.number, unread.text, unread.why.en))
            .collect(),
    }
}

fn is_about_filtering(dialect: &str, text: &str) -> bool {
    let known = FILTERING.iter().find(|filtering| filtering.dialect == dialect);
    known.is_none_or(|filtering| {
        text.lines().map(str::trim_start).any(|line| {
            filtering.begins.iter().any(|begin| line.starts_with(begin))
                || filtering.holds.iter().any(|part| line.contains(part))
        })
    })
}

fn visit(folder: &Path, each: &mut dyn FnMut(&Path, &[u8])) {
    let entries = fs::read_dir(folder).or_stop("reading the folder");
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let is_beside = name.is_none_or(|name| BESIDE.contains(&&*name) || name.ends_with(".py"));
        if path.is_dir() {
            visit(&path, each);
        } else if !is_beside && let Ok(bytes) = fs::read(&path) {
            // Nothing is in some outputs of generators, since nothing was asked of them.
            if !bytes.trim_ascii().is_empty() {
                each(&path, &bytes);
            }
        }
    }
}
