//! What is left after a kill, after a write that failed, and after a byte has flipped.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "these tests start, kill and damage what they look at"
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use model::random::{self, SystemRandom};
use store::conformance::hammer::Acknowledged;
use store::{Signed, Store};
use store_sqlite::Sqlite;

/// `SANMON_KILLS=1000 cargo nextest run -p store-sqlite every_acknowledged_act`
fn kills() -> usize {
    std::env::var("SANMON_KILLS").map_or(100, |count| count.parse().unwrap())
}

fn hammer() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.set_file_name("examples");
    path.push("hammer-sqlite");
    assert!(path.exists(), "build it first: cargo build -p store-sqlite --examples");
    path
}

fn open(path: &Path) -> Box<dyn Store> {
    Box::new(Sqlite::open(path).unwrap())
}

fn signed(store: &dyn Store) -> Signed {
    let edge = store.head().unwrap().edge;
    Signed {
        size: edge.size(),
        root: edge.root(),
    }
}

/// Makes an empty database.
fn begun(path: &Path) -> Signed {
    let store = open(path);
    store.migrate().unwrap();
    signed(&*store)
}

#[test]
fn every_acknowledged_act_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.db");
    let mut acknowledged = Acknowledged::default();
    let mut before = begun(&path);
    for round in 0..kills() {
        let mut child = Command::new(hammer())
            .arg(&path)
            .arg(round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let [moment] = random::bytes::<1>(&SystemRandom);
        hear_and_kill(&mut child, usize::from(moment), &mut acknowledged);
        let store = open(&path);
        assert_eq!(store.start_check(Some(before)), Ok(None), "round {round}");
        before = signed(&*store);
        if round % 20 == 19 {
            acknowledged.are_all_in(&*store);
        }
    }
    acknowledged.are_all_in(&*open(&path));
    assert!(acknowledged.len() > kills(), "the writer was killed before it wrote");
}

/// Kills the writer after so many acknowledgements; what it said before it died counts too.
fn hear_and_kill(child: &mut Child, after: usize, acknowledged: &mut Acknowledged) {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.by_ref().take(after) {
        acknowledged.hear(&line.unwrap());
    }
    child.kill().unwrap();
    for line in lines {
        acknowledged.hear(&line.unwrap());
    }
    child.wait().unwrap();
}

#[test]
fn no_acknowledged_act_is_lost_when_writes_fail() {
    for fault in [
        "fsync:error=EIO:when=9",
        "fsync:error=EIO:when=20+3",
        "fsync:error=EIO:when=30+",
        "pwrite64:error=ENOSPC:when=600+",
        "pwrite64:error=EIO:when=450+170",
        "pwrite64:error=EIO:when=1000",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city.db");
        let before = begun(&path);
        let trace = folder.path().join("trace");
        let mut child = Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=fsync,pwrite64", "-o"])
            .arg(&trace)
            .args(["-e", &format!("inject={fault}")])
            .arg(hammer())
            .arg(&path)
            .arg("fault")
            .stdout(Stdio::piped())
            .spawn()
            .expect("strace is needed for this test: apt-get install strace");
        let mut acknowledged = Acknowledged::default();
        hear_and_kill_group(&mut child, 400, &mut acknowledged);
        let injected = std::fs::read_to_string(&trace).unwrap().matches("(INJECTED)").count();
        assert!(injected > 0, "{fault} never happened");
        let store = open(&path);
        assert_eq!(store.start_check(Some(before)), Ok(None), "{fault}");
        acknowledged.are_all_in(&*store);
    }
}

/// The same for a program under strace, which ends when strace is asked to.
fn hear_and_kill_group(child: &mut Child, after: usize, acknowledged: &mut Acknowledged) {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.by_ref().take(after) {
        acknowledged.hear(&line.unwrap());
    }
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    for traced in std::fs::read_to_string(children).unwrap_or_default().split_whitespace() {
        assert!(Command::new("kill").args(["-9", traced]).status().is_ok());
    }
    for line in lines {
        acknowledged.hear(&line.unwrap());
    }
    child.wait().unwrap();
}
