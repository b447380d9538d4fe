//! A worker that tries to get out: for `tests/worker`. What it does is said by its first argument, before the walls, and by the name
//! of its job, behind them. Whatever it manages to do it tells, or it leaves a trace where the test looks for it.
#![expect(clippy::unwrap_used, reason = "what goes wrong here is what the test is about")]
#![expect(clippy::disallowed_methods, reason = "it does what no other program here may")]

use std::io::{Write, stdout};
use std::net::TcpStream;
use std::process::{Command, ExitCode};
use std::{fs, thread};

use sanitize::worker::{Behind, Job, serve_with};
use sanitize::{Rebuilt, Treated};

/// What a file of a format that needs nothing but its beginning looks like.
const RAR: &[u8] = b"Rar!\x1A\x07";

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mode = arguments.remove(0);
    match mode.as_str() {
        "ends" => return ExitCode::SUCCESS,
        "hangs" => park(),
        "babbles" => stdout().write_all(&[0xFF; 9_000]).unwrap(),
        // It claims walls that do not stand.
        "lies" => {
            let walls = r#""landlock":9,"seccomp":true,"namespaces":[],"empty_root":true,"limits":true,"no_new_privileges":true,
                "no_capabilities":true,"no_descriptors":true,"confirmed":true"#;
            say(&format!(r#"{{"engine":"{}","walls":{{{walls}}}}}"#, sanitize::ENGINE));
            stdout().flush().unwrap();
            park();
        }
        "unlisted" => return serve_with(&arguments, Behind::AllButSystemCalls, |job, _| attempts(job)),
        _ => return serve_with(&arguments, Behind::AllWalls, act),
    }
    ExitCode::SUCCESS
}

fn act(job: &Job, bytes: &[u8]) -> Treated {
    let stem = job.name.split('.').next().unwrap_or_default();
    let trace = job.passwords.first().map(String::as_str).unwrap_or_default();
    match stem {
        "opens" => drop(fs::read("/proc/self/status").unwrap()),
        "writes" => fs::write(trace, "out").unwrap(),
        "connects" => drop(TcpStream::connect(trace).unwrap()),
        "starts" => drop(Command::new("/bin/sh").args(["-c", &format!("touch {trace}")]).status()),
        "multiplies" => drop(thread::spawn(park)),
        "allocates" => drop(vec![1_u8; 10 << 30]),
        "fills" => {
            let mut held = Vec::new();
            loop {
                held.push(vec![1_u8; 1 << 20]);
            }
        }
        "spins" => while bytes.len() < 1 << 40 {},
        "sleeps" => park(),
        "panics" => assert!(trace.is_empty(), "{trace}"),
        "recurses" => drop(deeper(bytes, 0)),
        "babbles" => stdout().write_all(&[b'!'; 100_000]).unwrap(),
        "shouts" => (0..2_000).for_each(|_| eprintln!("{}", "\u{1b}[31m!".repeat(100))),
        "answers-twice" => answer(job, RAR, RAR.len()),
        "ends-in-its-head" => {
            stdout().write_all(&[200, 0, 0, 0, b'{']).unwrap();
            die();
        }
        "ends-in-its-file" => {
            answer(job, RAR, RAR.len() + 1);
            die();
        }
        "ends-after-its-file" => {
            answer(job, RAR, RAR.len());
            die();
        }
        "promises-too-much" => answer(job, RAR, usize::MAX),
        "never-stops" => {
            answer(job, RAR, RAR.len());
            loop {
                stdout().write_all(&[0; 1 << 16]).unwrap();
            }
        }
        "wrong-format" => return rebuilt(&job.name, b"no such thing"),
        "echoes" => return rebuilt(&job.name, bytes),
        "wrong-name" => return rebuilt("../../escaped.rar", RAR),
        _ => {}
    }
    rebuilt(&job.name, RAR)
}

/// With every system call left, what do the other walls let through?
fn attempts(job: &Job) -> Treated {
    let trace = job.passwords.first().map(String::as_str).unwrap_or_default();
    let done = [
        (
            "opens",
            fs::read("/proc/self/status").is_ok() || fs::read_dir("/").is_ok_and(|root| root.count() > 0),
        ),
        (
            "writes",
            fs::write("/escaped", "out").is_ok() || fs::write("escaped", "out").is_ok(),
        ),
        ("connects", TcpStream::connect(trace).is_ok()),
        ("starts", Command::new("/bin/sh").args(["-c", "true"]).status().is_ok()),
        ("allocates", Vec::<u8>::new().try_reserve_exact(10 << 30).is_ok()),
        ("changes its root", rustix::process::chroot("/").is_ok()),
        ("raises its limits", raises_limits()),
    ];
    let done: Vec<&str> = done.iter().filter(|(_, done)| *done).map(|(what, _)| *what).collect();
    rebuilt(&job.name, &[RAR, done.join(", ").as_bytes()].concat())
}

fn raises_limits() -> bool {
    let resource = rustix::process::Resource::Nofile;
    let more = rustix::process::Rlimit {
        current: Some(64),
        maximum: Some(64),
    };
    rustix::process::setrlimit(resource, more).is_ok()
}

fn rebuilt(name: &str, bytes: &[u8]) -> Treated {
    Treated {
        format: Some("rar"),
        outcome: Ok(Rebuilt {
            name: name.to_owned(),
            format: "rar",
            bytes: bytes.to_vec(),
        }),
        items: Vec::new(),
    }
}

/// An answer by hand, with a length that need not be true.
fn answer(job: &Job, bytes: &[u8], length: usize) {
    let outcome = format!(r#"{{"Ok":{{"name":"{}","format":"rar"}}}}"#, job.name);
    say(&format!(r#"{{"format":"rar","outcome":{outcome},"items":[]}}"#));
    stdout().write_all(&(length as u64).to_le_bytes()).unwrap();
    stdout().write_all(bytes).unwrap();
    stdout().flush().unwrap();
}

fn say(head: &str) {
    let length = u32::try_from(head.len()).unwrap();
    stdout().write_all(&length.to_le_bytes()).unwrap();
    stdout().write_all(head.as_bytes()).unwrap();
}

/// Ends at this very place: behind the walls this call is the last.
fn die() {
    let _ = fs::read("/");
}

fn park() {
    loop {
        thread::park();
    }
}

fn deeper(bytes: &[u8], depth: u64) -> u64 {
    let here = [depth; 512];
    let below = if bytes.is_empty() { 0 } else { deeper(bytes, depth + 1) };
    here.iter().sum::<u64>() + below
}
