//! A node: `sanmon serve` with a folder of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::caller::Caller;
use crate::city::City;

/// How long anything may take before the test gives up: long, since it is met only where something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until `is_so`.
pub(crate) fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A running node.
pub(crate) struct Node {
    process: Child,
    port: u16,
    log: Option<JoinHandle<String>>,
}

impl Node {
    /// Starts a node that listens on a port of its own; returns once it does.
    pub(crate) fn start(city: &City, name: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sanmon"))
            .args(["serve", "--lang", "en", "--config"])
            .arg(city.configuration(name))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap());
        wait_until_it_listens(&mut lines);
        // Read on, so that the node never waits for a full pipe.
        let log = std::thread::spawn(move || {
            let mut rest = Vec::new();
            lines.read_to_end(&mut rest).unwrap();
            String::from_utf8_lossy(&rest).into_owned()
        });
        Self {
            process,
            port: city.port(name),
            log: Some(log),
        }
    }

    /// A program that writes to this node.
    pub(crate) fn caller(&self, city: &City) -> Caller {
        Caller {
            port: self.port,
            token: city.token.clone(),
        }
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to stop, which it does well.
    pub(crate) fn stop(mut self) {
        let asked = Command::new("kill")
            .arg(self.process.id().to_string())
            .status()
            .unwrap();
        assert!(asked.success());
        let ended = self.process.wait().unwrap();
        let log = self.log.take().unwrap().join().unwrap();
        assert!(ended.success(), "{log}");
        assert!(!log.contains("panicked"), "{log}");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A test that failed leaves no node behind.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn wait_until_it_listens(lines: &mut BufReader<ChildStderr>) {
    let mut said = Vec::new();
    while !said.last().is_some_and(|line: &String| line.starts_with("running: ")) {
        let mut line = String::new();
        assert!(
            lines.read_line(&mut line).unwrap() > 0,
            "the node did not start: {said:#?}"
        );
        said.push(line);
    }
}
