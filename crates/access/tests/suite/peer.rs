//! Programs of others that a test starts and ends.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A program that runs until it is dropped.
pub(super) struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program and waits until it says `ready`; fails loudly where it is missing or ends.
#[expect(clippy::disallowed_methods, reason = "a test runs a foreign peer")]
pub(super) fn start(program: &str, arguments: &[&str], ready: &str) -> Peer {
    let spawned = Command::new(program)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child =
        spawned.unwrap_or_else(|error| panic!("{program} is missing ({error}): run crates/access/tests/peers/install"));
    let (sender, lines) = std::sync::mpsc::channel();
    for stream in [
        Box::new(child.stdout.take().unwrap()) as Box<dyn Read + Send>,
        Box::new(child.stderr.take().unwrap()),
    ] {
        let sender = sender.clone();
        // Reads to the end, so that the peer never waits for a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
    }
    drop(sender);
    let peer = Peer(child);
    let mut said = String::new();
    for line in lines {
        if line.contains(ready) {
            return peer;
        }
        said += &line;
        said.push('\n');
    }
    panic!("{program} ended; run crates/access/tests/peers/install. It said:\n{said}");
}

/// Runs a program to its end.
#[expect(clippy::disallowed_methods, reason = "a test runs a foreign peer")]
pub(super) fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output();
    let output =
        output.unwrap_or_else(|error| panic!("{program} is missing ({error}): run crates/access/tests/peers/install"));
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A port that nobody uses at the moment.
#[expect(clippy::disallowed_methods, reason = "a test looks for a free port")]
pub(super) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
pub(super) fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
