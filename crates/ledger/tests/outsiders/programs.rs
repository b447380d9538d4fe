//! The outsiders' programs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where `install` puts them.
pub(crate) fn installed(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let path = target.join("outsiders").join(name);
    assert!(
        path.exists(),
        "{} is missing: run crates/ledger/tests/outsiders/install",
        path.display()
    );
    path
}

/// A script beside this file.
pub(crate) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outsiders").join(name)
}

/// A program to be started.
#[expect(clippy::disallowed_methods, reason = "a test starts the outsiders' programs")]
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// Runs a program to its end: what it printed, or what it said against it.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

/// Go's `sumdb`, through `verify.go`.
pub(crate) fn go() -> Command {
    command(installed("verify"))
}

/// A script that uses the packages from PyPI.
pub(crate) fn python(name: &str) -> Command {
    let mut python = command(installed("python/bin/python"));
    python.arg("-B").arg(script(name));
    python
}
