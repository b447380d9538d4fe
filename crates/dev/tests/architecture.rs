//! Rules of the house that a reader relies on and a compiler does not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cargo_metadata::{DependencyKind, Metadata, Package};
use dev::workspace;

/// One crate of the workspace: its name, the crates of the workspace that it uses, those that only its tests use.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

/// THE table of allowed edges, in the layers of `ARCHITECTURE.md`: a crate uses only crates of the layers above its own.
///
/// The table is exact: an edge that it does not name fails the test, and so does a name that is no edge.
const LAYERS: &[&[Row]] = &[
    // Definitions
    &[("model", &[], &[]), ("ledger", &[], &[])],
    // Engines
    &[
        ("policy", &["model"], &[]),
        ("approval", &["model"], &[]),
        ("access", &["model"], &[]),
        ("separation", &["model"], &["separation"]),
        ("sanitize", &["model"], &[]),
        ("store", &["ledger", "model"], &[]),
    ],
    &[("register", &["model", "policy"], &[])],
    // What the engines are fed with
    &[
        ("registers", &["model", "register"], &["policy"]),
        ("store-sqlite", &["store"], &["model", "store"]),
        (
            "store-postgres",
            &["store"],
            &["store", "store-postgres", "store-sqlite"],
        ),
    ],
    // Composition
    &[(
        "service",
        &[
            "access",
            "approval",
            "ledger",
            "model",
            "policy",
            "register",
            "registers",
            "separation",
            "store",
        ],
        &["store-sqlite"],
    )],
    &[(
        "web",
        &[
            "access",
            "approval",
            "model",
            "policy",
            "register",
            "separation",
            "service",
            "store",
        ],
        &["store-sqlite"],
    )],
    // Programs
    &[(
        "sanmon",
        &[
            "access",
            "approval",
            "ledger",
            "model",
            "policy",
            "register",
            "registers",
            "sanitize",
            "separation",
            "service",
            "store",
            "store-postgres",
            "store-sqlite",
            "web",
        ],
        &["store-postgres"],
    )],
    &[
        (
            "dev",
            &["model", "policy", "register", "registers", "sanmon", "service", "web"],
            &["separation"],
        ),
        (
            "bench",
            &[
                "access",
                "approval",
                "ledger",
                "model",
                "policy",
                "register",
                "separation",
                "service",
                "store",
                "store-sqlite",
            ],
            &[],
        ),
    ],
];

/// The only crates that speak to a person at a terminal, and the dependencies that serve for it.
const PROGRAMS: &[&str] = &["sanmon", "dev", "bench"];
const FOR_PROGRAMS: &[&str] = &["anyhow", "clap", "miette"];

/// A source file longer than this holds two things.
const LONGEST: usize = 500;

#[test]
fn every_edge_between_crates_is_in_the_table() {
    let metadata = workspace::metadata().unwrap();
    let table = edges_of_table();
    let actual = edges_of_workspace(&metadata);
    let unknown: Vec<_> = actual.difference(&table).collect();
    let unused: Vec<_> = table.difference(&actual).collect();
    assert!(unknown.is_empty(), "edges that the table does not allow: {unknown:?}");
    assert!(unused.is_empty(), "rows of the table that are no edge: {unused:?}");
}

#[test]
fn the_table_names_every_crate_and_no_other() {
    let metadata = workspace::metadata().unwrap();
    let members: BTreeSet<&str> = metadata
        .workspace_packages()
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let named: BTreeSet<&str> = LAYERS.iter().copied().flatten().map(|(name, ..)| *name).collect();
    assert_eq!(named, members);
}

#[test]
fn the_table_only_points_to_layers_above() {
    let mut above = BTreeSet::new();
    for layer in LAYERS {
        for (name, uses, _) in *layer {
            let below: Vec<_> = uses.iter().filter(|used| !above.contains(*used)).collect();
            assert!(below.is_empty(), "{name} uses {below:?}");
        }
        above.extend(layer.iter().map(|(name, ..)| *name));
    }
}

#[test]
fn only_programs_speak_to_a_terminal() {
    let metadata = workspace::metadata().unwrap();
    let mut found = Vec::new();
    for package in metadata.workspace_packages() {
        if PROGRAMS.contains(&package.name.as_str()) {
            continue;
        }
        let names = package.dependencies.iter().map(|dependency| dependency.name.as_str());
        found.extend(
            names
                .filter(|name| FOR_PROGRAMS.contains(name))
                .map(|name| format!("{} uses {name}", package.name)),
        );
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_member_takes_the_lints_of_the_workspace() {
    let metadata = workspace::metadata().unwrap();
    for package in metadata.workspace_packages() {
        let manifest: toml::Table = toml::from_str(&fs::read_to_string(&package.manifest_path).unwrap()).unwrap();
        let inherits = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"))
            .and_then(toml::Value::as_bool);
        assert_eq!(
            inherits,
            Some(true),
            "{}: write `[lints]`, `workspace = true`",
            package.manifest_path
        );
    }
}

#[test]
fn no_source_file_outgrows_its_name() {
    let long: Vec<String> = workspace::files(&workspace::root().join("crates"))
        .unwrap()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| {
            let lines = fs::read_to_string(&path).ok()?.lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "give each half its own name: {long:#?}");
}

#[test]
fn no_file_names_a_place_outside_the_project() {
    let mut found = Vec::new();
    for path in workspace::files(&workspace::root()).unwrap() {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        found.extend(text.lines().enumerate().filter_map(|(line, text)| {
            let place = outside(text)?;
            Some(format!("{}:{}: {place}", path.display(), line + 1))
        }));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_place_outside_the_project_is_recognised() {
    for place in OUTSIDE {
        assert_eq!(outside(&format!("see {place}x for more")), Some(*place));
    }
    for place in OUTSIDE {
        assert_eq!(outside(&format!("crates{place}x")), None);
    }
    assert_eq!(outside("crates/model/src/x"), None);
    assert_eq!(outside("https://example.jp/x"), None);
}

/// Beginnings of paths that mean something on one machine only, each written so that this file does not hold it.
const OUTSIDE: &[&str] = &[
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "work/"),
    concat!("/", "Users/"),
    concat!("C:", "\\Users\\"),
    concat!("/", "tmp/"),
];

/// The place outside the project that a line names, if any.
fn outside(line: &str) -> Option<&'static str> {
    let begins = |at: usize| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric() && !['/', '.', '-', '_', '}', '>'].contains(&c))
    };
    let mut places = OUTSIDE.iter();
    places
        .find(|place| line.match_indices(**place).any(|(at, _)| begins(at)))
        .copied()
}

fn edges_of_table() -> BTreeSet<String> {
    let rows = LAYERS.iter().copied().flatten();
    rows.flat_map(|(name, uses, tests_use)| {
        let uses = uses.iter().map(|used| edge(name, used, false));
        uses.chain(tests_use.iter().map(|used| edge(name, used, true)))
    })
    .collect()
}

fn edges_of_workspace(metadata: &Metadata) -> BTreeSet<String> {
    let packages = metadata.workspace_packages();
    let members: BTreeMap<&str, &Package> = packages
        .iter()
        .map(|package| (package.name.as_str(), *package))
        .collect();
    let edges = packages.iter().flat_map(|package| {
        let inner = package
            .dependencies
            .iter()
            .filter(|dependency| members.contains_key(dependency.name.as_str()));
        inner.map(|dependency| {
            let in_tests = dependency.kind == DependencyKind::Development;
            edge(&package.name, &dependency.name, in_tests)
        })
    });
    edges.collect()
}

fn edge(from: &str, to: &str, in_tests: bool) -> String {
    let tests = if in_tests { " (tests)" } else { "" };
    format!("{from}{tests} → {to}")
}
