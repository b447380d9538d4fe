//! A network that was loaded with its city is judged in the hall as in its folder, from what the database keeps of it.

use std::path::Path;

use jiff::SignedDuration;
use policy::judge::{Finding, Standing};
use separation::question::Kind;
use service::network::Known;
use tempfile::TempDir;

use super::{House, copy, put};

fn town() -> House {
    let dir = TempDir::new().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/town"), dir.path());
    let path = dir.path().join("city.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    let current: Vec<&str> = settings.lines().filter(|line| !line.starts_with("as_of")).collect();
    put(&path, current.join("\n").as_bytes());
    House::of(dir.path())
}

fn isolated(house: &House) -> (Standing, Vec<Finding>) {
    let snapshot = house.hall.snapshot().unwrap();
    let position = snapshot.position("resilience.mynumber.isolated").unwrap();
    let (_, state) = snapshot.duty(position).unwrap();
    (state.standing, state.findings.clone())
}

#[test]
fn the_separation_of_a_loaded_city_is_kept_until_an_approval_ends() {
    let house = town().restarted();
    assert_eq!(isolated(&house), (Standing::Kept, Vec::new()));
    house.clock.advance(SignedDuration::from_hours(24 * 130));
    house.hall.follow().unwrap();
    let (standing, findings) = isolated(&house);
    assert_eq!(standing, Standing::Broken);
    let line = findings[0].line.as_ref().unwrap();
    assert_eq!((line.file.as_str(), line.line), ("network/configs/gate.nft", 5));
    assert_eq!(findings[0].place.as_ref().unwrap().key.as_deref(), Some("PP-01"));
}

#[test]
fn what_changes_in_the_registers_is_asked_of_the_network_before_the_act_is_answered() {
    let house = House::sample();
    let unused = |house: &House| {
        let snapshot = house.hall.snapshot().unwrap();
        let Known::Asked(asked) = &snapshot.network else {
            panic!("{:?}", snapshot.network)
        };
        let findings = asked
            .checked
            .findings
            .iter()
            .filter(|finding| finding.kind == Kind::Unused);
        findings.filter_map(|finding| finding.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(unused(&house), ["PP-04"]);
    let manager = house.visitor("general information security manager");
    let row = house.hall.store().entry("permitted_path", "PP-04").unwrap().unwrap();
    let reason = Some("使っていない");
    house
        .hall
        .retire(&manager, "permitted_path", ("PP-04", row.version), reason)
        .unwrap();
    assert!(unused(&house).is_empty());
}

#[test]
fn the_database_never_has_the_secrets_of_a_configuration() {
    let house = town();
    let files = std::fs::read_dir(house.dir.path()).unwrap();
    for file in files {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(7).any(|window| window == b"himitsu"));
    }
}
