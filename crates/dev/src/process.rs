//! The one place that starts other programs.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// Runs cargo in `folder` and returns what it printed.
///
/// # Errors
/// Cargo does not start or fails; the error carries what it said.
pub fn cargo(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run(folder, &cargo, arguments)
}

/// Runs git in `folder` and returns what it printed; git never asks for a password.
///
/// # Errors
/// Git does not start or fails; the error carries what it said.
pub fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    run(folder, "git", arguments)
}

#[expect(clippy::disallowed_methods, reason = "this is the home of process spawning")]
fn run(folder: &Path, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let line = format!("{program} {}", arguments.join(" "));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("starting `{line}`"))?;
    if !output.status.success() {
        bail!(
            "`{line}` failed\n{}",
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed something other than UTF-8"))
}
