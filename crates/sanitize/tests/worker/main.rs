//! The walls around a worker, held against one that tries to get out (`examples/escapee.rs`): whatever it does ends as a refusal,
//! and nothing happens outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod behind;
mod life;
mod pool;

use sanitize::isolation::Floor;
use sanitize::limits::Limits;
use sanitize::profile::Profile;
use sanitize::receipt::Outcome;
use sanitize::worker::{Ceiling, Done, Pool, Program};

/// The smallest file of a format that is recognised by its beginning.
const RAR: &[u8] = b"Rar!\x1A\x07";

fn escapee(mode: &str) -> Program {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.set_file_name("examples");
    path.push("escapee");
    assert!(
        path.exists(),
        "build it first: cargo build -p sanitize --features worker --examples"
    );
    Program {
        path,
        arguments: vec![mode.into()],
        ceiling: Ceiling {
            memory: 128,
            seconds: 1,
        },
    }
}

/// Small limits; kernels without Landlock show the other walls.
fn profile() -> Profile {
    Profile {
        limits: Limits {
            memory: 128,
            seconds: 1,
            waiting: 20,
            output_bytes: 1 << 20,
            ..Limits::default()
        },
        walls: Floor {
            landlock: 0,
            ..Floor::default()
        },
        ..Profile::default()
    }
}

/// What became of a job, in the word of its refusal.
fn word(done: &Done) -> &'static str {
    match (&done.receipt.outcome, &done.rebuilt) {
        (Outcome::Rebuilt { .. }, Some(_)) => "rebuilt",
        (Outcome::Refused { reason }, None) => reason.reason.code(),
        _ => "the receipt says other than the file",
    }
}

fn told(done: &Done) -> String {
    format!("{}: {}", word(done), done.diagnostics)
}

/// One job, in one worker.
fn one(mode: &str, name: &str, trace: &str, profile: &Profile) -> Done {
    Pool::new(escapee(mode), 1).treat(name, RAR, profile, &[trace.to_owned()])
}
