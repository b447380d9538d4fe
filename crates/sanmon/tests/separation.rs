//! `sanmon separation …` as a network engineer runs it, on the network of a small town.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const FORWARD: &str = "		ct state established,related accept\n";
const OPEN: &str = "\t\tiifname \"in0\" oifname \"mn0\" tcp dport 3389 accept\n";

fn town() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../service/tests/town")
}

/// A copy of the town with a line more in its gateway.
fn opened(rule: &str) -> TempDir {
    let temp = TempDir::new().unwrap();
    copy(&town(), temp.path());
    let gate = temp.path().join("network/configs/gate.nft");
    let text = std::fs::read_to_string(&gate).unwrap();
    assert!(text.contains(FORWARD));
    write(&gate, &text.replace(FORWARD, &format!("{FORWARD}{rule}")));
    temp
}

fn path(of: &Path) -> &str {
    of.to_str().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test runs the program itself")]
fn separation(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sanmon"))
        .arg("separation")
        .args(arguments)
        .output()
        .unwrap()
}

fn told(arguments: &[&str]) -> (Option<i32>, String) {
    let output = separation(arguments);
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn json(arguments: &[&str]) -> (Option<i32>, Value) {
    let (code, text) = told(&[arguments, &["--format", "json"]].concat());
    (code, serde_json::from_str(&text).unwrap())
}

#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
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
fn a_separated_town_is_proved_and_a_line_that_opens_it_is_shown() {
    let (code, kept) = json(&["check", path(&town())]);
    assert_eq!(
        (code, &kept["findings"], &kept["unproven"]),
        (Some(0), &Value::Array(vec![]), &Value::Array(vec![]))
    );
    assert!(kept["proved"].as_array().unwrap().len() >= 9, "{kept}");
    assert_eq!(kept["evidence"]["inputs"].as_array().unwrap().len(), 4);

    let temp = opened(OPEN);
    let (code, broken) = json(&["check", path(temp.path())]);
    assert_eq!(code, Some(1));
    let finding = &broken["findings"][0];
    assert_eq!(
        (&finding["kind"], &finding["from"], &finding["to"]),
        (&"crossing".into(), &"internet".into(), &"mynumber".into())
    );
    assert_eq!(
        (&finding["rule"]["device"], &finding["rule"]["line"]),
        (&"gate".into(), &5.into())
    );
    assert_eq!(finding["rule"]["file"], "network/configs/gate.nft");
    assert_eq!(
        (&finding["witness"]["protocol"], &finding["witness"]["destination_port"]),
        (&"tcp".into(), &3389.into())
    );
    for key in ["service", "count", "fix"] {
        assert!(finding[key].is_string(), "{key}");
    }
    let (_, text) = told(&["check", path(temp.path())]);
    assert!(text.contains("gate.nft:5") && text.contains("tcp dport 3389"), "{text}");
    assert!(!text.contains("himitsu"));
    let (_, english) = told(&["check", path(temp.path()), "--lang", "en"]);
    assert!(
        english.contains("flows pass that no permitted path covers"),
        "{english}"
    );
    let (_, sarif) = told(&["check", path(temp.path()), "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 5);
}

#[test]
fn a_line_that_nobody_understands_is_unproven_with_its_place() {
    let temp = opened("\t\twondrous 3 accept\n");
    let (code, answer) = json(&["check", path(temp.path())]);
    assert_eq!(code, Some(1));
    let open = &answer["unproven"][0];
    assert_eq!(
        (&open["file"], &open["line"]),
        (&"network/configs/gate.nft".into(), &5.into())
    );
    assert!(answer["proved"].as_array().unwrap().is_empty());
}

#[test]
fn one_packet_is_explained_hop_by_hop() {
    let town = town();
    let ask = |port: &str| {
        json(&[
            "explain",
            path(&town),
            "--source",
            "10.20.20.11",
            "--destination",
            "10.10.20.11",
            "--port",
            port,
        ])
    };
    let (code, passes) = ask("443");
    assert_eq!((code, &passes["branches"][0]["end"]), (Some(1), &"arrives".into()));
    let steps = passes["branches"][0]["hops"][0]["steps"].as_array().unwrap();
    let permit = steps.iter().find(|step| step["step"] == "permit").unwrap();
    assert_eq!(permit["rule"]["line"], 5);
    let (code, stopped) = ask("22");
    assert_eq!((code, &stopped["branches"][0]["end"]), (Some(0), &"denied".into()));
    for wrong in [
        &["--source", "10.20.20.11", "--destination", "fd00::1", "--port", "1"][..],
        &["--source", "10.20.20.11", "--destination", "10.10.0.1"],
        &[
            "--source",
            "10.20.20.11",
            "--destination",
            "10.10.0.1",
            "--protocol",
            "ftp",
        ],
        &[
            "--source",
            "10.20.20.11",
            "--destination",
            "10.10.0.1",
            "--port",
            "1",
            "--from",
            "moon",
        ],
    ] {
        let (code, _) = told(&[&["explain", path(&town)], wrong].concat());
        assert_eq!(code, Some(2), "{wrong:?}");
    }
}

#[test]
fn a_change_is_told_by_what_it_lets_pass() {
    let (town, temp) = (town(), opened(OPEN));
    let (code, changes) = json(&["diff", path(&town), path(temp.path())]);
    assert_eq!(code, Some(1));
    let change = &changes["appears"][0];
    assert_eq!(
        (&change["to"], &change["service"], &change["rule"]["line"]),
        (&"mynumber".into(), &"tcp/3389".into(), &5.into())
    );
    assert_eq!(changes["stops"], Value::Array(vec![]));
    let with = format!("{}:gate", path(&temp.path().join("network/configs/gate.nft")));
    assert_eq!(
        json(&["diff", path(&town), "--with", &with]).1["appears"],
        changes["appears"]
    );
    assert_eq!(told(&["diff", path(&town), path(&town)]).0, Some(0));
    assert_eq!(told(&["diff", path(&town), "--with", "nothing:moon"]).0, Some(2));
}

#[test]
fn what_passes_and_what_never_decides_is_listed() {
    let (code, matrix) = told(&["matrix", path(&town())]);
    assert_eq!(code, Some(0));
    let pair = "LGWAN接続系 → マイナンバー利用事務系";
    assert!(
        matrix
            .lines()
            .any(|line| line.starts_with(pair) && line.contains("tcp/443")),
        "{matrix}"
    );
    assert_eq!(told(&["unreachable", path(&town())]).0, Some(0));
    let shadowed = "\t\tiifname \"lg0\" oifname \"mn0\" drop\n";
    let temp = opened(shadowed);
    let (code, found) = json(&["unreachable", path(temp.path())]);
    assert_eq!(code, Some(1));
    let one = &found["unreachable"][0];
    assert_eq!((&one["rule"]["line"], &one["differs"]), (&6.into(), &true.into()));
    let by = one["blocked_by"].as_array().unwrap();
    assert!(by.iter().any(|by| by["line"] == 5), "{by:?}");
}

#[test]
fn a_citys_own_assertions_hold_or_show_a_packet() {
    let temp = TempDir::new().unwrap();
    let file = temp.path().join("tests.toml");
    write(
        &file,
        "[[assert]]\nname = \"a\"\nfrom = \"lgwan\"\nto = \"mynumber\"\nsource = [\"10.20.20.11\"]\n\
         destination = [\"10.10.20.11\"]\nprotocol = \"tcp\"\nports = [\"443\"]\nexpect = \"pass\"\n\
         [[assert]]\nname = \"b\"\nfrom = \"lgwan\"\nto = \"mynumber\"\nexpect = \"blocked\"\n",
    );
    let (code, came) = json(&["policy-test", path(&town()), "--file", path(&file)]);
    assert_eq!(code, Some(1));
    assert_eq!(
        (&came[0]["outcome"], &came[1]["outcome"]),
        (&"holds".into(), &"fails".into())
    );
    assert_eq!(came[1]["witness"]["destination_port"], 443);
    write(
        &file,
        "[[assert]]\nname = \"a\"\nfrom = \"moon\"\nto = \"mynumber\"\nexpect = \"pass\"\n",
    );
    assert_eq!(told(&["policy-test", path(&town()), "--file", path(&file)]).0, Some(2));
}

#[test]
fn what_is_rendered_holds_what_is_permitted_and_keeps_the_town_separated() {
    let output = separation(&["render", path(&town()), "--device", "gate"]);
    let ruleset = String::from_utf8(output.stdout).unwrap();
    assert!(
        ruleset.contains("10.20.20.11") && ruleset.contains("policy drop"),
        "{ruleset}"
    );
    let temp = TempDir::new().unwrap();
    copy(&town(), temp.path());
    write(&temp.path().join("network/configs/gate.nft"), &ruleset);
    let (code, answer) = json(&["check", path(temp.path())]);
    assert_eq!(code, Some(0), "{answer}");
    assert_eq!(told(&["render", path(&town()), "--device", "moon"]).0, Some(2));
}

#[test]
fn a_configuration_is_shown_without_its_secrets_or_not_at_all() {
    let gate = town().join("network/configs/gate.nft");
    let (code, text) = told(&["redact", path(&gate)]);
    assert_eq!(code, Some(0));
    assert!(text.contains("tcp dport 8443") && !text.contains("himitsu"), "{text}");
    let output = separation(&["redact", path(&town().join("policy.txt"))]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
}

#[test]
fn a_network_without_a_city_needs_its_model() {
    let temp = TempDir::new().unwrap();
    copy(&town().join("network"), &temp.path().join("network"));
    assert_eq!(told(&["check", path(temp.path())]).0, Some(2));
    assert_eq!(told(&["check", path(temp.path()), "--model", "gamma"]).0, Some(2));
    let (code, answer) = json(&["check", path(temp.path()), "--model", "alpha"]);
    // No register permits anything.
    assert_eq!(code, Some(1));
    assert_eq!(answer["findings"][0]["kind"], "crossing");
    assert_eq!(told(&["check", path(&temp.path().join("network"))]).0, Some(2));
}

#[test]
fn the_check_of_the_whole_city_shows_the_line_too() {
    let temp = opened(OPEN);
    #[expect(clippy::disallowed_methods, reason = "a test runs the program itself")]
    let check = |format: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_sanmon"))
            .args(["check", path(temp.path()), "--format", format])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let text = check("text");
    assert!(
        text.contains("network/configs/gate.nft:5:3") && text.contains("tcp dport 3389"),
        "{text}"
    );
    let report: Value = serde_json::from_str(&check("json")).unwrap();
    let unattached = report["unattached"].as_array().unwrap();
    let clauses = serde_json::to_string(&report).unwrap();
    assert!(clauses.contains("\"text\":\"iifname"), "{unattached:?}");
    assert!(clauses.contains("sha256"));
}
