//! `sanmon sanitize …` as somebody runs it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A picture of a telephone: recognised, and not rebuilt.
const HEIC: &[u8] = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";

#[expect(clippy::disallowed_methods, reason = "a test runs the program itself")]
fn sanitize(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sanmon"))
        .arg("sanitize")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A call that is unusable does not read it.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stdout.clone()).unwrap())
}

#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let temp = TempDir::new().unwrap();
    for (name, bytes) in files {
        let path = temp.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    temp
}

#[test]
fn what_is_refused_leaves_nothing_and_says_what_to_ask_for() {
    let temp = folder(&[("in/b/写真.heic", HEIC), ("in/a.heic", b"none of that")]);
    let output = sanitize(temp.path(), &["in", "--out", "out", "--report", "json"], b"");
    let (code, text) = told(&output);
    assert_eq!(code, Some(1), "{output:?}");
    let receipts: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen = |at: usize| {
        (
            receipts[at]["input"]["name"].clone(),
            receipts[at]["reason"]["code"].clone(),
        )
    };
    assert_eq!(receipts.len(), 2);
    assert_eq!(seen(1), ("b/写真.heic".into(), "unsupported".into()));
    assert_eq!(seen(0).0, "a.heic");
    let photo = &receipts[1];
    assert_eq!((&photo["outcome"], &photo["output"]), (&"refused".into(), &Value::Null));
    assert!(photo["reason"]["ja"].as_str().unwrap().contains("JPEG"));
    assert_eq!(photo["input"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(photo["isolation"]["seccomp"], true);
    assert_eq!(photo["isolation"]["confirmed"], true);
    assert_eq!(temp.path().join("out").read_dir().unwrap().count(), 0);
}

#[test]
fn a_call_that_cannot_be_meant_is_told_so() {
    let temp = folder(&[("a.heic", HEIC)]);
    for arguments in [
        &["a.heic"][..],
        &["none.heic", "--out", "out"],
        &["-", "--out", "out"],
        &["a.heic", "--out", "out", "--profile", "none.toml"],
        &["--out", "out"],
    ] {
        let output = sanitize(temp.path(), arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_comes_in_by_a_pipe_and_is_refused_gives_no_byte() {
    let temp = folder(&[]);
    let output = sanitize(temp.path(), &["-", "--name", "a.heic"], HEIC);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("JPEGで送り直す"));
}

#[test]
fn an_explanation_tells_what_would_happen_and_writes_nothing() {
    let temp = folder(&[("a.heic", HEIC)]);
    let (code, text) = told(&sanitize(temp.path(), &["explain", "a.heic", "--format", "json"], b""));
    let receipt: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &receipt["input"]["type"]), (Some(1), &"heic".into()));
    assert_eq!(temp.path().read_dir().unwrap().count(), 1);
}
