//! Trust policies and proof files.

use ledger::Hash;
use ledger::key::Algorithm;
use ledger::policy::{Policy, Reason, Refusal};
use ledger::proof_file::{ProofFile, ProofFileFault};
use ledger::tree::check::ProofFault;
use proptest::prelude::*;

use crate::log::{Log, ORIGIN, at, key, witness};

fn log_line() -> String {
    format!("log {}\n", key(Algorithm::Ed25519).verifier())
}

/// Witnesses X1 X2 X3 Y1 Y2, two of X and one of Y needed, as in the example of tlog-policy.
fn two_levels() -> Policy {
    let mut text = log_line();
    for name in ["X1", "X2", "X3", "Y1", "Y2"] {
        text += &format!(
            "\twitness {name}  {} https://{name}.example/\n",
            witness(name, Algorithm::Cosignature).verifier()
        );
    }
    text += "group X-witnesses 2 X1 X2 X3\n \n# 県と近隣の市\ngroup Y-witnesses any Y1 Y2\n";
    text += "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";
    text.parse().unwrap()
}

#[test]
fn a_quorum_of_two_levels_counts_as_it_says() {
    let (policy, log) = (two_levels(), Log::of(3));
    for (present, enough) in [
        (&["X1", "X3", "Y2"][..], true),
        (&["X1", "X2", "X3", "Y1", "Y2"], true),
        (&["X1", "Y1", "Y2"], false),
        (&["X1", "X2", "X3"], false),
        (&[], false),
    ] {
        let mut note = log.signed(3);
        note.add(
            present
                .iter()
                .map(|name| witness(name, Algorithm::Cosignature).sign(&log.checkpoint(3), 77)),
        );
        match policy.open(note.to_string().as_bytes()) {
            Ok(accepted) => {
                assert!(enough, "{present:?}");
                let names: Vec<(&str, u64)> = accepted
                    .cosigned
                    .iter()
                    .map(|(name, time)| (name.as_str(), *time))
                    .collect();
                assert_eq!(names, present.iter().map(|name| (*name, 77)).collect::<Vec<_>>());
            }
            Err(refusal) => assert_eq!((refusal, enough), (Refusal::Quorum, false), "{present:?}"),
        }
    }
}

#[test]
fn a_checkpoint_of_another_log_or_without_its_signature_is_refused() {
    let policy = Policy::of_log(key(Algorithm::Ed25519).verifier().clone());
    let log = Log::of(3);
    assert!(policy.open(log.signed(3).to_string().as_bytes()).is_ok());
    let unsigned = log.checkpoint(3).sign([&witness(ORIGIN, Algorithm::Cosignature)], at());
    assert!(matches!(
        policy.open(unsigned.to_string().as_bytes()),
        Err(Refusal::Note(_))
    ));
    let other = Policy::of_log(witness("other.example", Algorithm::Ed25519).verifier().clone());
    assert_eq!(
        other.open(log.signed(3).to_string().as_bytes()),
        Err(Refusal::Origin(ORIGIN.to_owned()))
    );
}

#[test]
fn what_is_wrong_with_a_policy_is_told_with_its_line() {
    let witness_line = |name: &str| format!("witness {name} {}\n", witness("w", Algorithm::Cosignature).verifier());
    let (log, w) = (log_line(), witness_line("w"));
    for (text, line, reason) in [
        (String::new(), 1, Reason::Characters),
        (log.clone(), 1, Reason::Quorum),
        (format!("{log}quorum none"), 2, Reason::Characters),
        (format!("{log}quorum\r none\n"), 2, Reason::Characters),
        (format!("{log}quorum none\nquorum none\n"), 3, Reason::Quorum),
        (format!("{log}{log}quorum none\n"), 2, Reason::Twice(ORIGIN.to_owned())),
        (
            format!("{w}{}quorum none\n", witness_line("v")),
            2,
            Reason::Twice("w".to_owned()),
        ),
        (
            format!("{w}group w any w\nquorum w\n"),
            2,
            Reason::Twice("w".to_owned()),
        ),
        (
            format!("{w}group g any w\nquorum w\n"),
            3,
            Reason::Twice("w".to_owned()),
        ),
        (format!("{w}group g 2 w\nquorum g\n"), 2, Reason::Threshold),
        (format!("{w}group g 0 w\nquorum g\n"), 2, Reason::Threshold),
        (format!("{w}group g -1 w\nquorum g\n"), 2, Reason::Form),
        (format!("{w}group g any\nquorum g\n"), 2, Reason::Form),
        ("quorum w\n".to_owned(), 1, Reason::Unknown("w".to_owned())),
        ("group g any none\n".to_owned(), 1, Reason::Unknown("none".to_owned())),
        (witness_line("none"), 1, Reason::Twice("none".to_owned())),
        (
            format!("witness w {}\n", key(Algorithm::Ed25519).verifier()),
            1,
            Reason::Use,
        ),
        ("trust everybody\n".to_owned(), 1, Reason::Form),
    ] {
        let fault = text.parse::<Policy>().unwrap_err();
        assert_eq!((fault.line, &fault.reason), (line, &reason), "{text}");
    }
}

#[test]
fn a_proof_file_reads_back_and_holds_for_its_entry_alone() {
    let policy = Policy::of_log(key(Algorithm::Ed25519).verifier().clone());
    let log = Log::of(300);
    let note = log.signed(300);
    for index in [0, 1, 255, 256, 299] {
        let mut proof = log.proof(index, &note);
        for extra in [None, Some(b"beside".to_vec())] {
            proof.extra = extra;
            assert_eq!(ProofFile::parse(proof.to_string().as_bytes()), Ok(proof.clone()));
        }
        let leaf = Hash::leaf(&log.entries[index as usize]);
        assert_eq!(proof.verify(leaf, &policy).unwrap().checkpoint.size(), 300);
        assert_eq!(
            proof.verify(Hash::EMPTY, &policy),
            Err(ProofFileFault::Proof(ProofFault::Root))
        );
        proof.index += 1;
        assert!(matches!(proof.verify(leaf, &policy), Err(ProofFileFault::Proof(_))));
    }
}

#[test]
fn bytes_that_are_no_proof_file_are_refused() {
    let log = Log::of(5);
    let text = log.proof(2, &log.signed(5)).to_string();
    for (from, to) in [
        ("@v1", "@v2"),
        ("index 2", "index 02"),
        ("index 2", "Index 2"),
        ("index 2", "extra !\nindex 2"),
        ("index 2", "index 2\n!"),
        ("\n\n", "\n"),
    ] {
        assert_eq!(
            ProofFile::parse(text.replacen(from, to, 1).as_bytes()),
            Err(ProofFileFault::Form),
            "{to}"
        );
    }
    let long = text.replacen("\n\n", &format!("{}\n\n", format!("\n{}", Hash::EMPTY).repeat(64)), 1);
    assert_eq!(ProofFile::parse(long.as_bytes()), Err(ProofFileFault::Form));
}

proptest! {
    #[test]
    fn no_bytes_make_the_readers_fall(bytes in any::<Vec<u8>>(), text in "(log|witness|group|quorum|#|\n| |[a-z+=]){0,40}") {
        let _ = Policy::parse(&bytes);
        let _ = Policy::parse(text.as_bytes());
        let _ = ProofFile::parse(&bytes);
    }
}
