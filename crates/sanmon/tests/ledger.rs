//! A city is founded by the program itself; then its ledger is verified, proved, exported, backed up and restored.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails here")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test runs the program itself, and damages what it wrote"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sanmon(within: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanmon"));
    command.args(arguments).current_dir(within).output().unwrap()
}

/// Runs the program, which must do what it is asked; returns what it printed.
fn done(within: &Path, arguments: &[&str]) -> String {
    let output = sanmon(within, arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Loads the sample city into `data`, and stops the service when it listens.
fn found(within: &Path) {
    let city = root().join("sample");
    let mut service = Command::new(env!("CARGO_BIN_EXE_sanmon"))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
            "data",
            "--lang",
            "en",
            "--city",
        ])
        .arg(city)
        .current_dir(within)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(service.stderr.take().unwrap()).lines();
    let mut lines = lines.map(Result::unwrap);
    assert!(
        lines.any(|line| line.starts_with("running: ")),
        "the service did not start"
    );
    let asked = Command::new("kill").arg(service.id().to_string()).status().unwrap();
    assert!(asked.success());
    lines.for_each(drop);
    assert!(service.wait().unwrap().success());
}

/// The line of the export that holds the key of the log.
fn log_key(within: &Path) -> String {
    fs::read_to_string(within.join("ledger/keys/log.vkey"))
        .unwrap()
        .trim()
        .to_owned()
}

fn unpack(within: &Path, tar: &str) {
    let unpacked = Command::new("tar")
        .args(["-xf", tar])
        .current_dir(within)
        .status()
        .unwrap();
    assert!(unpacked.success());
    let folder = fs::read_dir(within).unwrap().map(|entry| entry.unwrap().path());
    let mut folder = folder.filter(|path| path.is_dir() && path.to_string_lossy().contains("ledger-FY"));
    fs::rename(folder.next().unwrap(), within.join("ledger")).unwrap();
}

#[test]
fn a_city_is_verified_proved_exported_and_restored_and_a_flipped_byte_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path();
    found(at);

    let verdict: serde_json::Value =
        serde_json::from_str(&done(at, &["ledger", "verify", "--data", "data", "--format", "json"])).unwrap();
    assert_eq!(verdict["verdict"], "sound");
    assert_eq!(
        verdict["entries"], verdict["signed"],
        "a service that stops signs what was done"
    );
    assert!(verdict["entries"].as_u64().unwrap() > 100);

    outsiders_check_what_they_get(at);
    let after: serde_json::Value =
        serde_json::from_str(&done(at, &["ledger", "verify", "--data", "data", "--format", "json"])).unwrap();
    assert_eq!(
        after["entries"].as_u64(),
        verdict["entries"].as_u64().map(|entries| entries + 1),
        "a disclosure is an act, a proof and an export are none"
    );
    a_backup_is_restored(at, &after);
    a_witness_cosigns_what_is_served_to_all(at);
    a_flipped_byte_is_named(at);
}

fn outsiders_check_what_they_get(at: &Path) {
    done(at, &["ledger", "export", "--data", "data", "-o", "ledger.tar"]);
    unpack(at, "ledger.tar");
    let key = log_key(at);
    done(at, &["ledger", "check", "ledger/log", "--vkey", &key]);
    done(at, &["ledger", "check", "ledger/log", "--policy", "ledger/policy.txt"]);

    done(
        at,
        &[
            "ledger",
            "prove",
            "7",
            "--data",
            "data",
            "-o",
            "7.tlog-proof",
            "--entry",
            "7.entry",
        ],
    );
    done(
        at,
        &[
            "ledger",
            "prove",
            "8",
            "--data",
            "data",
            "-o",
            "8.tlog-proof",
            "--entry",
            "8.entry",
        ],
    );
    let check = |proof: &str, entry: &str| sanmon(at, &["ledger", "check", proof, "--entry", entry, "--vkey", &key]);
    assert_eq!(check("7.tlog-proof", "7.entry").status.code(), Some(0));
    assert_eq!(check("7.tlog-proof", "8.entry").status.code(), Some(1));

    let disclose = ["ledger", "disclose", "7", "--data", "data", "--field"];
    done(at, &[&disclose[..], &["register", "-o", "7.json"]].concat());
    let shown = done(at, &["ledger", "check", "7.json", "--vkey", &key]);
    assert!(shown.contains("register") && !shown.contains("title"), "{shown}");
    let unknown = sanmon(at, &[&disclose[..], &["colour"]].concat());
    assert_eq!(unknown.status.code(), Some(2));
    let forged = fs::read_to_string(at.join("7.json"))
        .unwrap()
        .replacen("\"register\"", "\"Register\"", 1);
    fs::write(at.join("forged.json"), forged).unwrap();
    assert_eq!(
        sanmon(at, &["ledger", "check", "forged.json", "--vkey", &key])
            .status
            .code(),
        Some(1)
    );
}

fn a_backup_is_restored(at: &Path, verdict: &serde_json::Value) {
    done(at, &["backup", "--data", "data", "-o", "bare.backup"]);
    done(at, &["backup", "--data", "data", "-o", "whole.backup", "--with-keys"]);
    let into_a_city = sanmon(at, &["restore", "whole.backup", "--data", "data"]);
    assert_eq!(into_a_city.status.code(), Some(2), "a city is never overwritten");

    done(at, &["restore", "whole.backup", "--data", "second"]);
    let restored = done(at, &["ledger", "verify", "--data", "second", "--format", "json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&restored).unwrap(), *verdict);

    let bare = sanmon(at, &["restore", "bare.backup", "--data", "third", "--lang", "en"]);
    assert!(bare.status.success() && String::from_utf8_lossy(&bare.stderr).contains("a key is missing"));
    assert!(!at.join("third/keys/ledger").exists());

    let mut cut = fs::read(at.join("whole.backup")).unwrap();
    cut.truncate(cut.len() / 2);
    fs::write(at.join("cut.backup"), cut).unwrap();
    assert_eq!(
        sanmon(at, &["restore", "cut.backup", "--data", "fourth"]).status.code(),
        Some(2)
    );
}

fn a_witness_cosigns_what_is_served_to_all(at: &Path) {
    let (port, witness_port) = (free_port(), free_port());
    let listen = format!("127.0.0.1:{witness_port}");
    let mut witness = Command::new(env!("CARGO_BIN_EXE_sanmon"))
        .args([
            "witness",
            "serve",
            "--listen",
            &listen,
            "--data",
            "witness",
            "--name",
            "mihon.example/witness",
        ])
        .args(["--log", &log_key(at)])
        .current_dir(at)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keys = BufReader::new(witness.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let key = keys.nth(1).unwrap();
    let configuration = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\n[store]\nfolder = \"data\"\n[ledger]\npublic = true\n\
         [[ledger.witnesses]]\nurl = \"http://{listen}\"\nvkey = \"{key}\"\n"
    );
    fs::write(at.join("sanmon.toml"), configuration).unwrap();
    let mut service = Command::new(env!("CARGO_BIN_EXE_sanmon"))
        .args(["serve", "--config", "sanmon.toml"])
        .current_dir(at)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(service.stderr.take().unwrap()).lines();
    let mut lines = lines.map(Result::unwrap);
    assert!(
        lines.any(|line| line.contains("cosigned")),
        "the witness did not cosign"
    );
    // The checkpoint of the last act is signed a moment after the service listens, and cosigned a moment later.
    let verdict = done(at, &["ledger", "verify", "--data", "data", "--format", "json"]);
    let verdict: serde_json::Value = serde_json::from_str(&verdict).unwrap();
    let size = format!("\n{}\n", verdict["entries"]);
    let began = std::time::Instant::now();
    loop {
        let checkpoint = fetch(port, "/log/checkpoint");
        if checkpoint.contains("mihon.example/witness") && checkpoint.contains(&size) {
            break;
        }
        assert!(began.elapsed().as_secs() < 120, "{checkpoint}");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert!(fetch(port, "/log/tile/entries/000").starts_with("HTTP/1.0 200"));
    assert!(fetch(port, "/log/tile/0/999").starts_with("HTTP/1.0 404"));
    for process in [&mut service, &mut witness] {
        let asked = Command::new("kill").arg(process.id().to_string()).status().unwrap();
        assert!(asked.success());
    }
    lines.for_each(drop);
    assert!(service.wait().unwrap().success() && witness.wait().unwrap().success());

    done(
        at,
        &[
            "ledger",
            "prove",
            "9",
            "--config",
            "sanmon.toml",
            "-o",
            "9.tlog-proof",
            "--entry",
            "9.entry",
        ],
    );
    let policy = format!("log {}\nwitness w {key}\nquorum w\n", log_key(at));
    fs::write(at.join("strict.policy"), policy).unwrap();
    let strict = ["--policy", "strict.policy"];
    done(
        at,
        &[&["ledger", "check", "9.tlog-proof", "--entry", "9.entry"][..], &strict].concat(),
    );
    let alone = sanmon(
        at,
        &[&["ledger", "check", "7.tlog-proof", "--entry", "7.entry"][..], &strict].concat(),
    );
    assert_eq!(alone.status.code(), Some(1), "nobody cosigned that one");
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn fetch(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn a_flipped_byte_is_named(at: &Path) {
    let path = at.join("data/sanmon.db");
    let sound = fs::read(&path).unwrap();
    let needle = b"\"seq\":42,";
    let place = sound.windows(needle.len()).position(|window| window == needle).unwrap();
    let mut flipped = sound.clone();
    flipped[place + 6] ^= 1;
    fs::write(&path, &flipped).unwrap();
    let verdict = sanmon(at, &["ledger", "verify", "--data", "data", "--format", "json"]);
    assert_eq!(verdict.status.code(), Some(1));
    let verdict: serde_json::Value = serde_json::from_slice(&verdict.stdout).unwrap();
    assert_eq!(
        (&verdict["verdict"], &verdict["entry"]),
        (&"differs".into(), &42.into())
    );
    fs::write(&path, &sound).unwrap();

    let path = at.join("data/checkpoint");
    let note = fs::read_to_string(&path).unwrap();
    let size = note.lines().nth(1).unwrap();
    fs::write(&path, note.replacen(&format!("\n{size}\n"), &format!("\n1{size}\n"), 1)).unwrap();
    let tampered = sanmon(at, &["ledger", "verify", "--data", "data"]);
    assert_eq!(tampered.status.code(), Some(1), "{tampered:?}");
}

/// The backups of a folder, by name.
fn backups(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_made_every_day_and_restored_before_an_old_one_goes() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path();
    found(at);
    let folder = at.join("backups");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("sanmon-2020-01-01.backup"), "old").unwrap();
    fs::write(folder.join("notes.txt"), "not ours").unwrap();
    let configuration = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[store]\nfolder = \"data\"\n[backup]\nfolder = {folder:?}\nhour = 0\nkeep = 1\n"
    );
    fs::write(at.join("sanmon.toml"), configuration).unwrap();
    let mut service = Command::new(env!("CARGO_BIN_EXE_sanmon"))
        .args(["serve", "--config", "sanmon.toml"])
        .current_dir(at)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = std::time::Instant::now();
    while backups(&folder).iter().any(|name| name.contains("2020")) || backups(&folder).len() != 2 {
        assert!(began.elapsed().as_secs() < 120, "{:?}", backups(&folder));
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let asked = Command::new("kill").arg(service.id().to_string()).status().unwrap();
    assert!(asked.success() && service.wait().unwrap().success());
    let made = backups(&folder)
        .into_iter()
        .find(|name| name.starts_with("sanmon-"))
        .unwrap();
    let made = folder.join(made);
    done(at, &["restore", &made.display().to_string(), "--data", "again"]);
    let verdict = done(at, &["ledger", "verify", "--data", "data", "--format", "json"]);
    let verdict: serde_json::Value = serde_json::from_str(&verdict).unwrap();
    assert_eq!(verdict["verdict"], "sound");
}
