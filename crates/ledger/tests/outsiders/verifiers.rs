//! Go's `sumdb` and PyPI's `aics-tlog` verify an export, and find one flipped bit in every kind of file.

use std::path::Path;

use ledger::proof_file::ProofFile;
use ledger::tree::prove;

use crate::log::{Log, ORIGIN};
use crate::programs::{command, go, python, run};

/// Both verifiers' answers about a log.
fn verdicts(log: &Log, older: Option<&Path>) -> [Result<String, String>; 2] {
    [go(), python("verify.py")].map(|mut verifier| {
        verifier.arg(log.file("keys/log.vkey")).arg(log.file("log"));
        run(verifier.args(older))
    })
}

fn found_by_both(log: &Log, file: &str, place: usize) {
    for verdict in log.flipped(file, place, || verdicts(log, None)) {
        let against = verdict.expect_err(file);
        assert!(against.contains("REFUSED"), "{file}: {against}");
    }
}

#[test]
fn go_and_python_verify_a_log_of_70000_entries_and_find_one_flipped_bit_in_every_kind_of_file() {
    let log = Log::exported(70_000);
    let older = log.write("older", log.signed(50_123).to_string().as_bytes());
    let [by_go, by_python] = verdicts(&log, Some(&older));
    assert!(by_go.unwrap().starts_with("verified: 70000 entries"));
    assert_eq!(
        by_python.unwrap(),
        "verified: 70000 entries in 277 tiles and 274 bundles\n"
    );
    for (file, place) in [
        ("log/tile/0/000", 8_000),
        ("log/tile/0/273.p/112", 0),
        ("log/tile/1/000", 33),
        ("log/tile/1/001.p/17", 33),
        ("log/tile/2/000.p/1", 31),
        ("log/tile/entries/000", 50),
        ("log/tile/entries/000", 1),
        ("log/tile/entries/273.p/112", 50),
        ("keys/log.vkey", 60),
    ] {
        found_by_both(&log, file, place);
    }
}

#[test]
fn go_and_python_verify_a_small_log_and_find_a_flipped_bit_in_every_line_of_its_checkpoint() {
    let log = Log::exported(300);
    let older = log.write("older", log.signed(256).to_string().as_bytes());
    for verdict in verdicts(&log, Some(&older)) {
        assert!(verdict.unwrap().starts_with("verified: 300 entries"));
    }
    // Origin, size, root, and the signature of the Ed25519 key.
    let line = ORIGIN.len() + 1;
    for place in [3, line, line + 10, line + 60 + ORIGIN.len() + 20] {
        found_by_both(&log, "log/checkpoint", place);
    }
}

#[test]
fn a_log_that_was_rewritten_does_not_extend_the_checkpoint_that_somebody_kept() {
    let log = Log::exported(300);
    let mut other = Log::exported(10);
    other
        .tree
        .extend((0..290u32).map(|number| ledger::Hash::leaf(&number.to_be_bytes())));
    let kept = log.write("kept", other.signed(256).to_string().as_bytes());
    for verdict in verdicts(&log, Some(&kept)) {
        assert!(verdict.unwrap_err().contains("REFUSED"));
    }
}

#[test]
fn go_verifies_a_proof_file_and_refuses_a_changed_one() {
    let log = Log::exported(300);
    let path = prove::inclusion(log.tree.clone(), 299, 300).unwrap();
    let proof = ProofFile {
        extra: None,
        index: 299,
        path,
        checkpoint: log.signed(300).to_string(),
    }
    .to_string();
    let entry = log.write("entry", &log.entries[299]);
    let verdict = |proof: &str, entry: &Path| {
        run(go()
            .arg(log.file("keys/log.vkey"))
            .arg(log.write("one.tlog-proof", proof.as_bytes()))
            .arg(entry))
    };
    assert_eq!(verdict(&proof, &entry).unwrap(), "verified: entry 299 of 300\n");
    let first_hash = proof.lines().nth(2).unwrap();
    let changed_hash = first_hash.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
    for changed in [
        proof.replace("index 299", "index 298"),
        proof.replace(first_hash, &changed_hash),
        proof.replace("\n300\n", "\n301\n"),
        proof.replace("@v1", "@v2"),
    ] {
        assert!(verdict(&changed, &entry).unwrap_err().contains("REFUSED"));
    }
    let other = log.write("other", &log.entries[298]);
    assert!(verdict(&proof, &other).unwrap_err().contains("REFUSED"));
}

#[test]
fn openssl_reads_the_key_and_another_implementation_verifies_the_post_quantum_signature() {
    let log = Log::exported(3);
    let pem = log.file("keys/log.pem");
    let shown = run(command("openssl")
        .args(["pkey", "-pubin", "-noout", "-text", "-in"])
        .arg(pem))
    .unwrap();
    assert!(shown.contains("ED25519"), "{shown}");
    let verdict = |pem: &str| {
        run(python("mldsa.py")
            .arg(log.file(pem))
            .arg(ORIGIN)
            .arg(log.file("log/checkpoint")))
    };
    assert_eq!(
        verdict("keys/log-2.pem").unwrap(),
        "verified: ledger.mihon.example at 1795590000\n"
    );
    assert!(verdict("keys/log.pem").unwrap_err().contains("REFUSED"));
    // The size, and a byte of the signature, which is on the last line.
    let last = log.signed(3).to_string().len() - 1_000;
    for place in [ORIGIN.len() + 1, last] {
        let against = log
            .flipped("log/checkpoint", place, || verdict("keys/log-2.pem"))
            .unwrap_err();
        assert!(against.contains("REFUSED"), "{against}");
    }
}
