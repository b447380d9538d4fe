//! The program as a user runs it: what it prints and how it exits.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[expect(clippy::disallowed_methods, reason = "a test runs the program itself")]
fn sanmon(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sanmon"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap()
}

fn stdout(arguments: &[&str]) -> String {
    String::from_utf8(sanmon(arguments).stdout).unwrap()
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&stdout(arguments)).unwrap()
}

#[test]
fn the_sample_city_is_broken_and_says_so() {
    let output = sanmon(&["check", "sample"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("見本市情報セキュリティ基本方針") && text.contains("令和8年11月23日現在"));
    assert!(!text.contains('\u{1b}'), "colour without a terminal");
}

#[test]
fn one_clause_with_its_duties() {
    insta::assert_snapshot!(stdout(&["check", "sample", "--clause", "6.3.1"]));
}

#[test]
fn one_clause_in_english() {
    insta::assert_snapshot!(stdout(&["check", "sample", "--clause", "5", "--lang", "en"]));
}

#[test]
fn a_duty_explained() {
    insta::assert_snapshot!(stdout(&[
        "check",
        "sample",
        "--explain",
        "resilience.mynumber.authentication"
    ]));
}

#[test]
fn the_same_folder_and_date_give_the_same_bytes() {
    let arguments = ["check", "sample", "--at", "R8.11.23", "--format", "json"];
    assert_eq!(sanmon(&arguments).stdout, sanmon(&arguments).stdout);
}

#[test]
fn json_has_the_shape_that_programs_rely_on() {
    let report = json(&["check", "sample", "--format", "json"]);
    assert_eq!(report["city"], "見本市");
    assert_eq!(report["at"], "2026-11-23");
    let counts = ["kept", "broken", "unproven", "excepted", "not_applicable"]
        .map(|key| report["summary"][key].as_u64().unwrap());
    assert_eq!(counts[1], 18);
    let clause = &report["clauses"][5]["children"][1];
    assert_eq!((&clause["id"], &clause["standing"]), (&"6.2".into(), &"broken".into()));
    let duty = clause["duties"]
        .as_array()
        .unwrap()
        .iter()
        .find(|duty| duty["standing"] == "broken")
        .unwrap();
    let finding = &duty["findings"][0];
    for key in ["subject", "reason", "remedy"] {
        assert!(finding[key].is_string(), "{key}");
    }
    assert!(finding.get("since").is_some());
    for key in ["file", "line", "column", "register", "row", "cell"] {
        assert!(!finding["place"][key].is_null(), "{key}");
    }
}

#[test]
fn every_clause_from_three_to_ten_has_a_standing() {
    fn each(clause: &serde_json::Value, wanted: &mut usize) {
        assert!(clause["standing"].is_string(), "{}", clause["id"]);
        *wanted += 1;
        clause["children"]
            .as_array()
            .unwrap()
            .iter()
            .for_each(|child| each(child, wanted));
    }
    let report = json(&["check", "sample", "--format", "json"]);
    let mut count = 0;
    report["clauses"]
        .as_array()
        .unwrap()
        .iter()
        .skip(2)
        .for_each(|clause| each(clause, &mut count));
    assert!(count >= 25);
}

#[test]
fn sarif_places_every_result() {
    let sarif = json(&["check", "sample", "--format", "sarif"]);
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let failed: Vec<_> = results.iter().filter(|result| result["kind"] == "fail").collect();
    assert_eq!(failed.len(), 22);
    for result in failed {
        let place = &result["locations"][0]["physicalLocation"];
        let file = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(
            file.starts_with("registers/") || file.starts_with("network/configs/"),
            "{file}"
        );
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 2);
    }
}

#[test]
fn input_that_cannot_be_used_exits_with_two() {
    for arguments in [
        &["check", "crates"][..],
        &["check", "sample", "--clause", "99"],
        &["check", "sample", "--explain", "no.such.duty"],
        &["check", "sample", "--policy", "no-such-file.txt"],
        &["policy", "parse", "no-such-file.txt"],
        &["register", "template", "no-such-register"],
    ] {
        let output = sanmon(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_standard_checks_itself() {
    let output = sanmon(&["standard", "check", "--lang", "en"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.trim_end().ends_with("0 errors"), "{text}");
}

#[test]
fn the_sample_policy_parses_binds_and_equals_itself() {
    let parsed = json(&["policy", "parse", "sample/policy.txt", "--format", "json"]);
    assert_eq!(parsed["title"], "見本市情報セキュリティ基本方針");
    assert_eq!(parsed["clauses"].as_array().unwrap().len(), 10);
    assert_eq!(parsed["terms"].as_array().unwrap().len(), 14);
    let bound = stdout(&["policy", "bind", "sample/policy.txt"]);
    assert!(bound.contains("resilience.mynumber"), "{bound}");
    assert_eq!(
        stdout(&["policy", "diff", "sample/policy.txt", "sample/policy.txt"]),
        "違いはない\n"
    );
}

#[test]
fn a_template_filled_in_is_taken_in_by_code() {
    let temp = tempfile::tempdir().unwrap();
    let path = |name: &str| temp.path().join(name).display().to_string();
    let written = stdout(&["register", "template", "端末", "--output", &path("t.xlsx")]);
    assert!(written.contains("t.xlsx"));
    copy(&root().join("sample"), &temp.path().join("city"));
    write(
        &temp.path().join("zone.csv"),
        "番号,名称,層\nZ-MN,個人番号の領域,マイナンバー系\nZ-XX,新しい領域,その他\n",
    );
    let before = std::fs::read(temp.path().join("city/registers/zone.csv")).unwrap();
    let dry = stdout(&["register", "import", &path("city"), &path("zone.csv"), "--dry-run"]);
    assert!(
        dry.contains("追加1、変更1") && dry.contains("+ Z-XX") && dry.contains("何も書き込んでいない"),
        "{dry}"
    );
    assert_eq!(
        before,
        std::fs::read(temp.path().join("city/registers/zone.csv")).unwrap()
    );
    let taken = sanmon(&["register", "import", &path("city"), &path("zone.csv")]);
    assert_eq!(
        taken.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&taken.stderr)
    );
    let after = String::from_utf8(std::fs::read(temp.path().join("city/registers/zone.csv")).unwrap()).unwrap();
    assert!(
        after.contains("Z-XX") && after.contains("個人番号の領域") && after.contains("Z-LG"),
        "{after}"
    );
    let again = stdout(&["register", "import", &path("city"), &path("zone.csv"), "--dry-run"]);
    assert!(again.contains("追加0、変更0"), "{again}");
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
