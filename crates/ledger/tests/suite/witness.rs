//! A witness and the log that asks it, without HTTP: every status of tlog-witness, and that nothing is forgotten.

use std::collections::BTreeMap;

use ledger::Hash;
use ledger::checkpoint::Checkpoint;
use ledger::key::{Algorithm, VerifierKey};
use ledger::note::{Note, NoteFault};
use ledger::witness::submit::{self, Outcome};
use ledger::witness::{Answer, Memory, Request, SIZE_TYPE, Seen, Witness, origin_hash};
use proptest::prelude::*;

use crate::log::{Log, ORIGIN, at, key, witness};

/// A memory that can fail, and that somebody else can write to between reading and writing.
#[derive(Default)]
struct Kept {
    seen: BTreeMap<String, Seen>,
    full: bool,
    meanwhile: Option<Seen>,
}

impl Memory for Kept {
    type Error = &'static str;

    fn latest(&mut self, origin: &str) -> Result<Option<Seen>, Self::Error> {
        Ok(self.seen.get(origin).cloned())
    }

    fn replace(&mut self, origin: &str, old: Option<&Seen>, new: &Seen) -> Result<bool, Self::Error> {
        if self.full {
            return Err("the disk is full");
        }
        if let Some(faster) = self.meanwhile.take() {
            self.seen.insert(origin.to_owned(), faster);
        }
        let same = self.seen.get(origin) == old;
        if same {
            self.seen.insert(origin.to_owned(), new.clone());
        }
        Ok(same)
    }
}

fn keys() -> [ledger::key::SigningKey; 2] {
    [Algorithm::Cosignature, Algorithm::MlDsa44].map(|algorithm| witness("prefecture.example/w", algorithm))
}

fn verifiers() -> Vec<VerifierKey> {
    keys().iter().map(|key| key.verifier().clone()).collect()
}

fn new_witness() -> Witness {
    let mut witness = Witness::new(keys());
    witness.watch(key(Algorithm::Ed25519).verifier().clone());
    witness
}

fn ask(memory: &mut Kept, body: &str) -> Answer {
    new_witness().add_checkpoint(body.as_bytes(), memory, at()).unwrap()
}

fn offer(log: &Log, old: u64, size: u64) -> String {
    submit::request(log.tree.clone(), old, &log.checkpoint(size), &log.signed(size))
        .unwrap()
        .to_string()
}

#[test]
fn a_growing_log_is_cosigned_and_remembered() {
    let (log, mut memory) = (Log::of(600), Kept::default());
    for (old, size) in [(0, 0), (0, 5), (5, 5), (5, 256), (256, 600)] {
        let answer = ask(&mut memory, &offer(&log, old, size));
        let note = log.signed(size);
        match submit::outcome(answer.status, answer.body.as_bytes(), size, &note, &verifiers()) {
            Outcome::Cosigned(signatures) => assert_eq!(signatures.len(), 2),
            other => panic!("{other:?} at {size}"),
        }
        assert_eq!(memory.seen[ORIGIN].size, size);
    }
}

#[test]
fn every_fault_has_its_status_and_changes_nothing() {
    let (log, other) = (Log::of(20), Log::of(21));
    let mut memory = Kept::default();
    assert_eq!(ask(&mut memory, &offer(&log, 0, 10)).status, 200);
    let before = memory.seen.clone();
    let forged = |size, root| {
        Checkpoint::new(ORIGIN, size, root)
            .unwrap()
            .sign([&key(Algorithm::Ed25519)], at())
    };
    let request = |old, proof: Vec<Hash>, note: &Note| {
        Request {
            old,
            proof,
            checkpoint: note.to_string(),
        }
        .to_string()
    };
    let stranger = Checkpoint::new("other.example", 12, Hash::EMPTY)
        .unwrap()
        .sign([&key(Algorithm::Ed25519)], at());
    let unsigned = log
        .checkpoint(12)
        .sign([&witness(ORIGIN, Algorithm::Cosignature)], at());
    let wrong = log.signed(12).to_string().replace("\n12\n", "\n13\n");
    for (body, status) in [
        ("old 10".to_owned(), 400),
        ("old 10\n\nnot a note\n".to_owned(), 400),
        (request(10, vec![Hash::EMPTY; 64], &log.signed(12)), 400),
        (offer(&log, 10, 12).replace("old 10", "old 010"), 400),
        (request(13, Vec::new(), &log.signed(12)), 400),
        (request(10, Vec::new(), &stranger), 404),
        (request(10, Vec::new(), &unsigned), 403),
        (format!("old 10\n\n{wrong}"), 403),
        (offer(&log, 9, 12), 409),
        (offer(&log, 0, 12), 409),
        (request(10, Vec::new(), &log.signed(12)), 422),
        (request(10, vec![Hash::EMPTY], &log.signed(10)), 422),
        (request(10, Vec::new(), &forged(10, Hash::leaf(b"forged"))), 422),
        (request(10, vec![Hash::EMPTY; 3], &other.signed(21)), 422),
    ] {
        let answer = ask(&mut memory, &body);
        assert_eq!(answer.status, status, "{}: {body}", answer.body);
        assert_eq!(memory.seen, before);
    }
    assert_eq!(
        ask(&mut memory, &offer(&log, 0, 12)),
        Answer {
            status: 409,
            content_type: SIZE_TYPE,
            body: "10\n".to_owned()
        }
    );
}

#[test]
fn the_first_checkpoint_needs_no_proof_and_an_empty_tree_its_own_root() {
    let log = Log::of(3);
    let body = Request {
        old: 0,
        proof: vec![Hash::EMPTY],
        checkpoint: log.signed(3).to_string(),
    }
    .to_string();
    assert_eq!(ask(&mut Kept::default(), &body).status, 422);
    let empty = Checkpoint::new(ORIGIN, 0, Hash::leaf(b""))
        .unwrap()
        .sign([&key(Algorithm::Ed25519)], at());
    let body = Request {
        old: 0,
        proof: Vec::new(),
        checkpoint: empty.to_string(),
    }
    .to_string();
    assert_eq!(ask(&mut Kept::default(), &body).status, 422);
}

#[test]
fn of_two_requests_that_race_the_slower_rolls_nothing_back() {
    let log = Log::of(20);
    let mut faster = Kept::default();
    ask(&mut faster, &offer(&log, 0, 20));
    let mut memory = Kept {
        meanwhile: faster.seen.remove(ORIGIN),
        ..Kept::default()
    };
    let answer = ask(&mut memory, &offer(&log, 0, 10));
    assert_eq!((answer.status, answer.body.as_str()), (409, "20\n"));
    assert_eq!(memory.seen[ORIGIN].size, 20);
}

#[test]
fn a_memory_that_fails_cosigns_nothing() {
    let log = Log::of(3);
    let mut memory = Kept {
        full: true,
        ..Kept::default()
    };
    assert!(
        new_witness()
            .add_checkpoint(offer(&log, 0, 3).as_bytes(), &mut memory, at())
            .is_err()
    );
    assert!(memory.seen.is_empty());
}

#[test]
fn monitors_see_the_latest_checkpoint_with_the_signatures_that_were_checked() {
    let (log, mut memory) = (Log::of(3), Kept::default());
    let witness = new_witness();
    assert_eq!(witness.latest(&origin_hash(ORIGIN), &mut memory).unwrap().status, 404);
    let mut note = log.signed(3);
    note.add([crate::log::witness("stranger.example", Algorithm::Cosignature).sign(&log.checkpoint(3), 1)]);
    let body = Request {
        old: 0,
        proof: Vec::new(),
        checkpoint: note.to_string(),
    }
    .to_string();
    assert_eq!(ask(&mut memory, &body).status, 200);
    let answer = witness.latest(&origin_hash(ORIGIN), &mut memory).unwrap();
    let served = Note::parse(answer.body.as_bytes()).unwrap();
    let names: Vec<&str> = served
        .signatures()
        .iter()
        .map(|signature| signature.name.as_str())
        .collect();
    assert_eq!(names, [ORIGIN, "prefecture.example/w", "prefecture.example/w"]);
    assert_eq!(
        witness
            .latest(&origin_hash("other.example"), &mut memory)
            .unwrap()
            .status,
        404
    );
}

#[test]
fn the_log_reads_every_answer_with_suspicion() {
    let log = Log::of(20);
    let note = log.signed(20);
    let outcome = |status, body: &str| submit::outcome(status, body.as_bytes(), 20, &note, &verifiers());
    assert_eq!(outcome(409, "10\n"), Outcome::Remembers(10));
    assert_eq!(outcome(409, "21\n"), Outcome::Ahead(21));
    assert_eq!(outcome(409, "010\n"), Outcome::Refused(409));
    assert_eq!(outcome(404, "unknown log\n"), Outcome::Refused(404));
    assert_eq!(outcome(200, ""), Outcome::Worthless(NoteFault::Signatures));
    let stranger = witness("stranger.example", Algorithm::Cosignature).sign(&log.checkpoint(20), 1);
    assert_eq!(
        outcome(200, &format!("{stranger}\n")),
        Outcome::Worthless(NoteFault::Unsigned)
    );
    let of_another = keys()[0].sign(&log.checkpoint(19), 1);
    assert_eq!(
        outcome(200, &format!("{of_another}\n")),
        Outcome::Worthless(NoteFault::Wrong("prefecture.example/w".to_owned()))
    );
    let own = keys()[0].sign(&log.checkpoint(20), 1);
    assert_eq!(
        outcome(200, &format!("{own}\n{stranger}\n")),
        Outcome::Cosigned(vec![own])
    );
}

proptest! {
    #[test]
    fn no_request_makes_the_witness_fall(bytes in any::<Vec<u8>>(), old in "(old )?[0-9]{0,3}(\n[A-Z=]{0,44}){0,3}", rest in "[a-z\n]{0,9}") {
        let mut memory = Kept::default();
        let witness = Witness::new([]);
        for body in [bytes, format!("{old}\n\n{rest}").into_bytes()] {
            prop_assert!(witness.add_checkpoint(&body, &mut memory, at()).unwrap().status >= 400);
        }
        prop_assert!(memory.seen.is_empty());
    }
}
