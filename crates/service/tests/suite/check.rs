//! The sample city: its planted breaches and nothing else; one thing broken in a copy is named at its cell.

use crate::city::{self, City, Found};
use policy::judge::Standing;

#[test]
fn exactly_the_planted_breaches_are_found() {
    let readme = std::fs::read_to_string(city::sample().join("README.md")).unwrap();
    let (of_engines, broken): (Vec<Found>, Vec<Found>) =
        City::sample().broken().into_iter().partition(|found| found.is_engines);
    assert!(
        broken.len() >= 12 && of_engines.len() >= 5,
        "{broken:#?} {of_engines:#?}"
    );
    for found in &of_engines {
        let row = format!("| `{}` | {} |", found.file, found.row);
        assert!(readme.contains(&row), "{row} is not in sample/README.md: {found:#?}");
    }
    for found in &broken {
        let row = format!(
            "| `{}` | {} | {} | `{}` |",
            found.file, found.row, found.key, found.duty
        );
        assert!(readme.contains(&row), "{row} is not in sample/README.md");
    }
    let planted = readme.lines().filter(|line| line.starts_with("| B")).count();
    // The list stands there in two languages.
    assert!(
        planted == broken.len() || planted == broken.len() * 2,
        "{planted} planted, {} found",
        broken.len()
    );
}

#[test]
fn nothing_is_unproven_but_what_engines_will_prove() {
    let city = City::sample();
    let judge = city.judge();
    for verdict in judge
        .verdicts()
        .iter()
        .filter(|verdict| verdict.standing == Standing::Unproven)
    {
        assert_eq!(
            verdict.duty.criterion.word(),
            "engine",
            "{}: {:?}",
            verdict.duty.id,
            verdict.findings
        );
    }
}

/// What is broken in the copy and was not before.
fn newly(city: &City) -> Vec<Found> {
    let before = City::sample().broken();
    city.broken()
        .into_iter()
        .filter(|found| !before.contains(found))
        .collect()
}

#[test]
fn without_a_ciso_the_register_of_roles_is_named() {
    let city = City::copy();
    city.remove_row("role_assignment", "役割", "最高情報セキュリティ責任者");
    let found = newly(&city);
    let duties: Vec<&str> = found.iter().map(|found| found.duty.as_str()).collect();
    assert_eq!(duties, ["organisation.ciso"], "{found:#?}");
    assert_eq!(found[0].file, "registers/role_assignment.csv");
}

#[test]
fn an_expired_exception_uncovers_its_breach_and_is_named_itself() {
    let city = City::copy();
    city.set("exception", "EX-02", "期限", "2026-11-22");
    let found = newly(&city);
    let cells: Vec<String> = found
        .iter()
        .map(|found| format!("{} {} {}", found.duty, found.file, found.cell))
        .collect();
    let exception = cells.iter().find(|cell| cell.contains("registers/exception.csv"));
    let breach = found.iter().find(|found| found.duty == "physical.area.fire");
    assert!(exception.is_some(), "{found:#?}");
    assert_eq!(
        exception.unwrap().split(' ').next_back(),
        Some(city.cell("exception", "EX-02", "期限").as_str())
    );
    assert_eq!(breach.unwrap().cell, city.cell("area", "A-09", "消火設備"));
    assert_eq!(found.len(), 2, "{found:#?}");
}

#[test]
fn a_mynumber_terminal_with_one_factor_is_named_at_its_cell() {
    let city = City::copy();
    let code = city.first("terminal", |row| {
        row["領域"] == "Z-MN" && row["状態"] == "使用中" && row["認証の要素数"] == "2"
    });
    city.set("terminal", &code, "認証の要素数", "1");
    let found = newly(&city);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].duty, "resilience.mynumber.authentication");
    assert_eq!(
        (found[0].key.as_str(), &found[0].cell),
        (code.as_str(), &city.cell("terminal", &code, "認証の要素数"))
    );
}

#[test]
fn an_asset_without_owner_is_named_at_its_cell() {
    let city = City::copy();
    let code = city.first("asset", |row| !row["管理責任者"].is_empty() && row["廃棄日"].is_empty());
    city.set("asset", &code, "管理責任者", "");
    let found = newly(&city);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].duty, "classification.owner");
    assert_eq!(found[0].cell, city.cell("asset", &code, "管理責任者"));
}

#[test]
fn a_training_record_that_aged_is_named_at_its_cell() {
    let city = City::copy();
    let code = city.first("attendance", |row| row["修了日"].starts_with("2026-0"));
    city.set("attendance", &code, "修了日", "2024-03-01");
    let found = newly(&city);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].duty, "human.training.record_date");
    assert_eq!(found[0].cell, city.cell("attendance", &code, "修了日"));
}

#[test]
fn a_city_overrides_adds_and_switches_off_duties() {
    let city = City::copy();
    city.write(
        "standard/own.toml",
        r#"
[[duty]]
id = "classification.owner"
disabled = { ja = "試行中", en = "on trial" }

[[duty]]
id = "human.training.all_staff"
severity = "low"

[[duty]]
id = "physical.terminal.asset_tag"
concept = "physical.terminal"
title = { ja = "端末の番号はPCで始める", en = "terminal codes begin with PC" }
owes = "section_manager"
severity = "low"
evidence_days = 0
each = { register = "terminal", holds = "code.startsWith('PC-')" }
remedy = { ja = "番号を直す", en = "correct the code" }
"#,
    );
    let judge = city.judge();
    let standing = |id: &str| {
        judge
            .verdicts()
            .into_iter()
            .find(|v| v.duty.id == id)
            .map(|v| v.standing)
    };
    assert_eq!(standing("classification.owner"), Some(Standing::NotApplicable));
    assert_eq!(standing("human.training.all_staff"), Some(Standing::Broken));
    assert_eq!(standing("physical.terminal.asset_tag"), Some(Standing::Kept));
}

#[test]
fn a_field_and_a_register_of_the_citys_own_can_be_judged() {
    let city = City::copy();
    city.write(
        "schemas/drone.json",
        r#"{ "x-register": "drone", "title": "ドローン", "x-en": "drones", "type": "object",
             "properties": { "code": { "type": "string", "title": "番号", "minLength": 1 },
               "locked": { "type": ["boolean", "null"], "title": "施錠" } },
             "required": ["code"], "examples": [{ "code": "D-1", "locked": true }] }"#,
    );
    city.write("registers/drone.csv", "番号,施錠\nD-1,○\nD-2,×\n");
    city.write(
        "standard/own.toml",
        r#"
[[duty]]
id = "physical.drone"
concept = "physical"
title = { ja = "ドローンは施錠する", en = "drones are locked away" }
owes = "section_manager"
severity = "low"
evidence_days = 0
each = { register = "drone", holds = "locked == true" }
remedy = { ja = "施錠する", en = "lock it" }
"#,
    );
    let found = newly(&city);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        (found[0].duty.as_str(), found[0].cell.as_str()),
        ("physical.drone", "B3")
    );
}
