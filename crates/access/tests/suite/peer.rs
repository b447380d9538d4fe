//! Programs of others that a test starts and ends.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A program that runs until it is dropped.
pub(super) struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Peer {
    /// Waits until the program answers at a port of this machine; fails where it ends before.
    #[expect(clippy::disallowed_methods, reason = "a test waits for a foreign peer")]
    pub(super) fn listening(mut self, port: u16) -> Self {
        while std::net::TcpStream::connect(("localhost", port)).is_err() {
            assert!(
                matches!(self.0.try_wait(), Ok(None)),
                "the peer ended before it listened at {port}"
            );
            std::thread::yield_now();
        }
        self
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

/// A port that nobody uses: below those that the system gives to outgoing connections, and another one for each process
/// and call.
#[expect(clippy::disallowed_methods, reason = "a test looks for a free port")]
pub(super) fn free_port() -> u16 {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let mut ports = std::iter::repeat_with(|| {
        let call = CALLS.fetch_add(1, Ordering::Relaxed);
        u16::try_from(10_000 + (std::process::id() * 8 + call) % 20_000).unwrap()
    });
    let is_free = |port: &u16| std::net::TcpListener::bind(("localhost", *port)).is_ok();
    ports.find(is_free).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
pub(super) fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}
