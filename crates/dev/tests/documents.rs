//! What the documents promise a reader: that commands run, files exist and examples work.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use dev::workspace;
use model::scheme::SchemeKind;
use policy::criterion::City;
use policy::facts::Schema;
use policy::judge::Standing;
use policy::standard::{Pair, SourceFile, Standard};
use register::Kind;

#[test]
fn every_link_to_a_file_leads_somewhere() {
    let root = workspace::root();
    let mut broken = Vec::new();
    let files = workspace::files(&root).unwrap();
    for page in files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
    {
        let text = fs::read_to_string(page).unwrap();
        let folder = page.parent().unwrap();
        let missing = links(&text).filter(|link| !folder.join(link).exists());
        broken.extend(missing.map(|link| format!("{}: {link}", page.display())));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_path_that_a_page_names_exists() {
    let root = workspace::root();
    let mut broken = Vec::new();
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(page)).unwrap();
        let paths = text.split('`').skip(1).step_by(2).filter(|code| is_path(code));
        broken.extend(
            paths
                .filter(|path| !root.join(path).exists())
                .map(|path| format!("{page}: {path}")),
        );
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_command_that_a_page_names_is_one() {
    let root = workspace::root();
    for page in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"] {
        let text = fs::read_to_string(root.join(page)).unwrap();
        let commands = text.split('`').filter_map(|code| code.strip_prefix("sanmon "));
        for command in commands {
            let words = std::iter::once("sanmon").chain(command.split_whitespace());
            let refusal = sanmon::command().try_get_matches_from(words).err();
            let refusal = refusal.filter(clap::Error::use_stderr);
            assert!(refusal.is_none(), "{page}: sanmon {command}: {refusal:?}");
        }
    }
}

#[test]
fn the_commands_of_the_readme_run_what_is_there() {
    let root = workspace::root();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let commands: Vec<&str> = blocks(&readme, "sh").flat_map(str::lines).collect();
    assert_eq!(
        commands,
        [
            "cargo run --release -- serve --sample",
            "cargo run --release -- check sample",
            "./test"
        ]
    );
    let arguments = commands
        .iter()
        .filter_map(|command| command.strip_prefix("cargo run --release --"));
    for arguments in arguments {
        sanmon::command()
            .try_get_matches_from(format!("sanmon {arguments}").split_whitespace())
            .unwrap();
    }
    assert!(root.join("sample/city.toml").is_file());
    assert!(is_executable(&root.join("test")) && is_executable(&root.join(".ci/run")));
}

#[test]
fn the_glossary_knows_every_national_code_and_every_standing() {
    let glossary = fs::read_to_string(workspace::root().join("GLOSSARY.md")).unwrap();
    let rows: Vec<&str> = glossary.lines().filter(|line| line.starts_with('|')).collect();
    let known = |ja: &str, word: &str| {
        rows.iter()
            .any(|row| row.contains(ja) && row.contains(&format!("`{word}`")))
    };
    let standings = Standing::ALL.into_iter().map(|standing| {
        let word = serde_json::to_value(standing).unwrap();
        (standing.label().ja.into_owned(), word.as_str().unwrap().to_owned())
    });
    let roles = SchemeKind::Role.nationals().iter().chain(SchemeKind::Tier.nationals());
    let codes = roles.map(|national| (national.ja.to_owned(), national.code.to_owned()));
    let missing: Vec<_> = standings.chain(codes).filter(|(ja, word)| !known(ja, word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_duty_that_contributing_shows_has_a_pair_that_works() {
    let page = fs::read_to_string(workspace::root().join("CONTRIBUTING.md")).unwrap();
    let [duty, pair] = blocks(&page, "toml")
        .map(source)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let registers = registers::all().iter().map(Kind::fact_schema).collect();
    let schema = Arc::new(Schema { registers });
    let standard = Standard::read(vec![duty], Vec::new(), Vec::new()).unwrap();
    let standard = Arc::new(standard.compile(&schema).unwrap());
    let pairs = Pair::read(&pair, &City::default()).unwrap();
    let [keep, broken] = pairs.first().unwrap().judge(&standard).unwrap();
    assert_eq!((keep.standing, broken.standing), (Standing::Kept, Standing::Broken));
}

/// Targets of Markdown links that are files of the project, without their anchors.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link.split('#').next().unwrap_or(link))
        .filter(|link| !link.is_empty() && !link.contains("://") && !link.contains(char::is_whitespace))
}

/// Code that is a path from the root of the project: it has a folder, and no placeholder.
fn is_path(code: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let from_root = ["crates/", "docs/", "standard/", "sample/", "bench/", ".ci/"];
    code.chars().all(plain) && from_root.iter().any(|folder| code.starts_with(folder)) && !code.contains("NN")
}

fn source(block: &str) -> SourceFile {
    SourceFile {
        name: "CONTRIBUTING.md".to_owned(),
        text: block.to_owned(),
    }
}

/// The contents of the fenced blocks in `language`.
fn blocks<'t>(text: &'t str, language: &str) -> impl Iterator<Item = &'t str> {
    let opening = format!("```{language}\n");
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(opening.as_str())?;
        let (block, after) = after.split_once("```")?;
        rest = after;
        Some(block)
    })
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
