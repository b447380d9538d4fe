//! The network of a small town: one gateway between four zones, its paths in the registers.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails here")]

use std::path::{Path, PathBuf};

use policy::judge::{Finding, Standing};
use service::folder::Folder;
use service::problem::Problem;
use tempfile::TempDir;

const FORWARD: &str = "		ct state established,related accept\n";

/// A copy of the town that a test may change.
struct Town {
    temp: TempDir,
}

impl Town {
    fn new() -> Self {
        let town = Self {
            temp: TempDir::new().unwrap(),
        };
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/town"),
            town.temp.path(),
        );
        town
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn change(&self, name: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(old), "{name} has no {old}");
        self.write(name, text.replace(old, new));
    }

    /// Adds a rule to the gateway, before all others but the first.
    fn rule(&self, rule: &str) {
        self.change("network/configs/gate.nft", FORWARD, &format!("{FORWARD}\t\t{rule}\n"));
    }

    fn folder(&self) -> Result<Folder, Vec<Problem>> {
        Folder::read(self.temp.path(), None, &mut |_| {})
    }

    fn refused(&self) -> Vec<Problem> {
        match self.folder() {
            Ok(_) => panic!("the town was read"),
            Err(problems) => problems,
        }
    }

    /// How the duty of a fact stands, and its findings.
    fn standing(&self, fact: &str) -> (Standing, Vec<Finding>) {
        let folder = self.folder().unwrap_or_else(|problems| panic!("{problems:#?}"));
        let judge = folder.judge(folder.city.settings.as_of.unwrap()).unwrap();
        let duty = match fact {
            "mynumber_isolated" => "resilience.mynumber.isolated",
            "paths_listed" => "resilience.path.listed",
            "paths_used" => "resilience.path.used",
            other => panic!("{other}"),
        };
        let verdicts = judge.verdicts();
        let found = verdicts.iter().find(|verdict| verdict.duty.id == duty);
        let verdict = found.unwrap_or_else(|| panic!("no duty {duty}"));
        (verdict.standing, verdict.findings.clone())
    }

    fn isolated(&self) -> (Standing, Vec<Finding>) {
        self.standing("mynumber_isolated")
    }
}

#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn a_town_whose_gateway_lets_only_permitted_paths_pass_keeps_its_duties() {
    let town = Town::new();
    for fact in ["mynumber_isolated", "paths_listed"] {
        let (standing, findings) = town.standing(fact);
        assert_eq!(standing, Standing::Kept, "{fact}: {findings:#?}");
    }
}

#[test]
fn a_line_that_opens_a_way_breaks_the_duty_with_its_place_and_a_packet() {
    let town = Town::new();
    town.rule("iifname \"in0\" oifname \"mn0\" tcp dport 3389 accept");
    let (standing, findings) = town.isolated();
    assert_eq!(standing, Standing::Broken);
    let line = findings[0].line.as_ref().unwrap();
    assert_eq!(
        (line.file.as_str(), line.line, line.column),
        ("network/configs/gate.nft", 5, 3)
    );
    assert!(
        line.text.contains("3389") && findings[0].reason.ja.contains(":3389"),
        "{findings:#?}"
    );
    assert!(findings[0].fix.is_some());
}

#[test]
fn a_line_that_nobody_understands_leaves_the_duty_unproven() {
    let town = Town::new();
    town.rule("meta cgroup 7 iifname \"in0\" wondrous 3 accept");
    let (standing, findings) = town.isolated();
    assert_eq!(standing, Standing::Unproven, "{findings:#?}");
    assert!(
        findings
            .iter()
            .any(|finding| finding.line.as_ref().is_some_and(|line| line.line == 5))
    );
}

#[test]
fn a_path_that_the_register_closed_covers_nothing_any_more() {
    let town = Town::new();
    let row = "PP-01,申請データの連携,Z-LG,Z-MN,10.20.20.11,10.10.20.11,TCP,443,,再入力をなくす。,2027-03-31,";
    town.change(
        "registers/permitted_path.csv",
        &format!("{row}有効"),
        &format!("{row}廃止"),
    );
    let (standing, findings) = town.isolated();
    assert_eq!(standing, Standing::Broken);
    assert!(findings[0].line.as_ref().unwrap().text.contains("dport 443"));
}

#[test]
fn a_path_that_nothing_carries_is_told_with_its_row() {
    let town = Town::new();
    town.change(
        "network/configs/gate.nft",
        "tcp dport 8443 accept",
        "tcp dport 8443 drop",
    );
    let (standing, findings) = town.standing("paths_used");
    assert_eq!(standing, Standing::Broken);
    let place = findings[0].place.as_ref().unwrap();
    assert_eq!((place.key.as_deref(), place.row), (Some("PP-02"), 3));
}

#[test]
fn a_host_that_is_known_by_name_alone_is_never_kept() {
    let town = Town::new();
    town.change(
        "registers/permitted_path.csv",
        "10.10.20.11,TCP,443",
        "juki.example,TCP,443",
    );
    let (standing, findings) = town.isolated();
    assert_ne!(standing, Standing::Kept);
    let told = findings
        .iter()
        .find(|finding| finding.standing == Standing::Unproven)
        .unwrap();
    assert_eq!(told.place.as_ref().unwrap().field.as_deref(), Some("destination"));
    assert!(told.fix.as_ref().unwrap().ja.contains("PP-01"));

    let named = "\n[[permitted]]\nid = \"PP-01\"\nfrom = \"lgwan\"\nto = \"mynumber\"\nsource = [\"10.20.20.11\"]\n\
                 destination = [\"10.10.20.11\"]\nprotocol = \"tcp\"\nports = [\"443\"]\nreason = \"r\"\napprover = \"a\"\n";
    let text = std::fs::read_to_string(town.path("network/network.toml")).unwrap();
    town.write("network/network.toml", format!("{text}{named}"));
    assert_eq!(town.isolated().0, Standing::Kept);
}

#[test]
fn a_path_that_differs_between_network_and_register_proves_nothing() {
    let town = Town::new();
    let own = "\n[[permitted]]\nid = \"PP-01\"\nfrom = \"lgwan\"\nto = \"mynumber\"\nsource = [\"10.20.20.11\"]\n\
               destination = [\"10.10.20.11\"]\nprotocol = \"tcp\"\nports = [\"8443\"]\nreason = \"r\"\napprover = \"a\"\n";
    let text = std::fs::read_to_string(town.path("network/network.toml")).unwrap();
    town.write("network/network.toml", format!("{text}{own}"));
    let (standing, findings) = town.isolated();
    assert_eq!(standing, Standing::Unproven);
    assert!(findings[0].reason.ja.contains("プロトコルとポート"), "{findings:#?}");
}

#[test]
fn zones_and_segments_that_the_network_does_not_have_prove_nothing() {
    for (file, old, new, told) in [
        (
            "registers/zone.csv",
            "Z-EX,庁外,その他\n",
            "Z-EX,庁外,その他\nZ-OT,施設系,その他\n",
            "Z-OT",
        ),
        (
            "registers/zone.csv",
            "マイナンバー利用事務系\nZ-LG",
            "その他\nZ-LG",
            "mynumber",
        ),
        ("registers/segment.csv", "10.20.60.0/24", "10.99.0.0/24", "N-03"),
        (
            "network/network.toml",
            "register = \"Z-IN\"",
            "register = \"Z-XX\"",
            "Z-XX",
        ),
    ] {
        let town = Town::new();
        town.change(file, old, new);
        let (standing, findings) = town.isolated();
        assert_eq!(standing, Standing::Unproven, "{new}");
        assert!(
            findings.iter().any(|finding| finding.reason.ja.contains(told)),
            "{findings:#?}"
        );
    }
}

#[test]
fn a_city_without_a_network_has_shown_nothing_and_learns_what_to_do() {
    let temp = TempDir::new().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/town");
    let town = Town { temp };
    for name in ["city.toml", "policy.txt"] {
        town.write(name, std::fs::read(source.join(name)).unwrap());
    }
    let (standing, findings) = town.isolated();
    assert_eq!(standing, Standing::Unproven);
    assert!(findings[0].fix.as_ref().unwrap().ja.contains("network/network.toml"));
}

#[test]
fn secrets_of_a_configuration_are_nowhere_after_it_was_read() {
    let folder = Town::new().folder().unwrap_or_else(|problems| panic!("{problems:#?}"));
    let network = folder.network.as_ref().unwrap();
    assert!(!format!("{network:?}").contains("himitsu"));
    let inputs = network.sources.inputs();
    assert_eq!(inputs.len(), 4);
    assert!(inputs.iter().all(|input| input.sha256.len() == 64));
}

#[test]
fn what_is_wrong_with_the_files_is_told_at_its_place() {
    let spoilt = |spoil: &dyn Fn(&Town)| {
        let town = Town::new();
        spoil(&town);
        let problems = town.refused();
        let problem = problems.first().unwrap();
        let at = problem.diagnostic.span.zip(problem.source.clone());
        let shown = at.and_then(|(span, source)| Some(span.of(&source)?.to_owned()));
        (
            problem.file.clone(),
            shown.unwrap_or_default(),
            problem.diagnostic.message.ja.to_string(),
        )
    };
    let network = "network/network.toml";
    let (file, at, _) = spoilt(&|town| town.change(network, "configs/gate.nft", "configs/none.nft"));
    assert_eq!((file.as_str(), at.as_str()), (network, "\"configs/none.nft\""));
    let (_, at, _) = spoilt(&|town| town.change(network, "configs/gate.nft", "../city.toml"));
    assert_eq!(at, "\"../city.toml\"");
    let (_, at, _) = spoilt(&|town| town.change(network, "configs/gate.nft", "network.toml"));
    assert_eq!(at, "\"network.toml\"");
    let (_, at, _) = spoilt(&|town| town.change(network, "mn0 = ", "mn9 = "));
    assert_eq!(at, "mn9");
    let (_, at, _) = spoilt(&|town| town.change(network, "10.20.0.0/16", "10.10.4.0/24"));
    assert_eq!(at, "\"10.10.4.0/24\"");
    let (_, _, message) = spoilt(&|town| town.write("network/configs/gate.nft", vec![b' '; (16 << 20) + 1]));
    assert!(message.contains("16MB"), "{message}");
    let (_, at, _) = spoilt(&|town| town.write("network/configs/gate.nft", "何でもない文章\n"));
    assert_eq!(at, "\"gate\"");
    let (file, ..) = spoilt(&|town| town.write(network, [0xff, 0xfe, 0x00]));
    assert_eq!(file, network);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_out_of_the_folder_is_refused() {
    let town = Town::new();
    std::os::unix::fs::symlink(town.path("city.toml"), town.path("network/out.nft")).unwrap();
    town.change("network/network.toml", "configs/gate.nft", "out.nft");
    let problems = town.refused();
    assert!(problems[0].diagnostic.message.ja.contains("シンボリックリンク"));
}
