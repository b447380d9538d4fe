//! Programs that are measured from outside.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::city::City;
use super::client::Client;
use crate::clock::{Stopwatch, memory_of, processor_of, rest};
use crate::stop::{Left, OrStop as _, give_up};

/// A service that takes longer to answer for the first time does not start.
const TO_START: Duration = Duration::from_secs(300);
/// A program that takes longer to stop is killed.
const TO_STOP: f64 = 20.0;

/// A server that was started. Ends with this value.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) address: SocketAddr,
    child: Child,
    started: Stopwatch,
}

/// `sanmon` where Cargo puts it beside this program.
pub(crate) fn beside() -> PathBuf {
    let own = std::env::current_exe().or_stop("the path of this program");
    let binary = own.with_file_name("sanmon");
    if !binary.is_file() {
        give_up("there is no `sanmon` beside this program: `cargo build --release -p sanmon` makes it");
    }
    binary
}

impl Process {
    /// The service on a city's data; `load` where the database is still empty.
    pub(crate) fn serve(binary: &Path, city: &City, load: bool) -> Self {
        let address = free();
        let mut command = program(binary);
        command
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(&city.data);
        if load {
            command.arg("--city").arg(&city.folder);
        }
        Self::start(command, address)
    }

    /// The [baseline](super::baseline).
    pub(crate) fn answer() -> Self {
        let address = free();
        let mut command = program(&std::env::current_exe().or_stop("the path of this program"));
        command.arg("answer").env(super::baseline::ADDRESS, address.to_string());
        let mut process = Self::start(command, address);
        process.first_answer("/1", None);
        process
    }

    fn start(mut command: Command, address: SocketAddr) -> Self {
        let started = Stopwatch::start();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.or_stop("start the program to measure");
        Left::Program(child.id()).remember();
        Self {
            address,
            child,
            started,
        }
    }

    /// Seconds from its start to the last byte of the first whole answer.
    pub(crate) fn first_answer(&mut self, path: &str, cookie: Option<&str>) -> f64 {
        let client = Client::to(self.address, cookie);
        while !client.answers(path) {
            if let Ok(Some(status)) = self.child.try_wait() {
                give_up(&format!("the program ended before it answered {path}: {status}"));
            }
            if self.started.seconds() > TO_START.as_secs_f64() {
                give_up(&format!("no answer from {path} within {} s", TO_START.as_secs()));
            }
            rest(Duration::from_millis(2));
        }
        self.started.seconds()
    }

    /// Megabytes of its resident set.
    pub(crate) fn memory(&self) -> f64 {
        memory_of(self.child.id())
    }

    /// Seconds of processor time so far.
    pub(crate) fn processor(&self) -> f64 {
        processor_of(self.child.id())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, as an operator does, and waits until it has.
    pub(crate) fn stop(mut self) {
        let asked = program(Path::new("kill")).arg(self.child.id().to_string()).status();
        asked.or_stop("ask the program to stop");
        let waited = Stopwatch::start();
        while self.is_running() {
            if waited.seconds() > TO_STOP {
                eprintln!("bench: the program did not stop within {TO_STOP} s, and is killed");
                return;
            }
            rest(Duration::from_millis(5));
        }
    }

    fn is_running(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(Some(_)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.is_running() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        Left::Program(self.child.id()).forget();
    }
}

#[expect(clippy::disallowed_methods, reason = "the binary is measured as it is run")]
fn program(path: &Path) -> Command {
    Command::new(path)
}

/// An address that nobody listens on.
#[expect(clippy::disallowed_methods, reason = "the measured programs listen on this machine")]
fn free() -> SocketAddr {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).or_stop("find a free port");
    listener.local_addr().or_stop("find a free port")
}
