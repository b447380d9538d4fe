//! PyPI's `aics-witness` cosigns our checkpoints, and its client asks our witness for cosignatures.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use ledger::key::{Algorithm, SigningKey, VerifierKey};
use ledger::policy::Policy;
use ledger::witness::submit::{self, Outcome};
use ledger::witness::{Memory, Seen, Witness};
use tempfile::TempDir;

use crate::http::{Server, post};
use crate::log::{Log, ORIGIN, at, keys};
use crate::programs::{command, installed, python, run};

/// A running `aics-witness`; it ends with the test.
struct Foreign {
    child: Child,
    address: String,
    key: VerifierKey,
    _folder: TempDir,
}

impl Foreign {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = || {
            let mut program = command(installed("python/bin/aics-witness"));
            program.current_dir(folder.path());
            program
        };
        let vkey =
            run(program().args(["init", "--name", "prefecture.example/w", "--listen", "127.0.0.1:7380"])).unwrap();
        let log = keys()[0].verifier().to_string();
        run(program().args(["add-log", "--origin", ORIGIN, "--vkey", &log])).unwrap();
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = said.find_map(|line| {
            let line = line.unwrap();
            let address = line.split_once("listening on http://")?.1.split(' ').next()?;
            Some(address.to_owned())
        });
        // What it says later is read too, so that it never waits for a reader.
        std::thread::spawn(move || said.for_each(drop));
        Self {
            child,
            address: address.unwrap(),
            key: vkey.trim().parse().unwrap(),
            _folder: folder,
        }
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn a_foreign_witness_cosigns_our_growing_log_and_refuses_a_rewritten_one() {
    let (log, witness) = (Log::exported(1_000), Foreign::start());
    let ask = |log: &Log, old, size| {
        let note = log.signed(size);
        let checkpoint = ledger::checkpoint::Checkpoint::parse(note.text()).unwrap();
        let request = submit::request(log.tree.clone(), old, &checkpoint, &note).unwrap();
        let (status, body) = post(&witness.address, "/add-checkpoint", &request.to_string());
        submit::outcome(status, &body, size, &note, std::slice::from_ref(&witness.key))
    };
    let policy = format!(
        "log {}\nwitness prefecture {}\nquorum prefecture\n",
        keys()[0].verifier(),
        witness.key
    );
    let policy: Policy = policy.parse().unwrap();
    for (old, size) in [(0, 300), (300, 512), (512, 512), (512, 1_000)] {
        let Outcome::Cosigned(signatures) = ask(&log, old, size) else {
            panic!("not cosigned at {size}")
        };
        let mut note = log.signed(size);
        note.add(signatures);
        assert_eq!(
            policy.open(note.to_string().as_bytes()).unwrap().cosigned[0].0,
            "prefecture"
        );
    }
    assert_eq!(ask(&log, 300, 1_000), Outcome::Remembers(1_000));
    assert_eq!(ask(&log, 300, 512), Outcome::Ahead(1_000));
    let mut rewritten = Log::exported(10);
    rewritten
        .tree
        .extend((0..2_000u32).map(|number| ledger::Hash::leaf(&number.to_be_bytes())));
    assert_eq!(ask(&rewritten, 1_000, 2_000), Outcome::Refused(422));
}

/// A memory in memory.
#[derive(Default)]
struct Kept(BTreeMap<String, Seen>);

impl Memory for Kept {
    type Error = Infallible;

    fn latest(&mut self, origin: &str) -> Result<Option<Seen>, Infallible> {
        Ok(self.0.get(origin).cloned())
    }

    fn replace(&mut self, origin: &str, old: Option<&Seen>, new: &Seen) -> Result<bool, Infallible> {
        let same = self.0.get(origin) == old;
        if same {
            self.0.insert(origin.to_owned(), new.clone());
        }
        Ok(same)
    }
}

#[test]
fn a_foreign_client_gets_cosignatures_of_our_witness_and_none_for_a_rewritten_log() {
    let log = Log::exported(1_000);
    let own = [Algorithm::Cosignature, Algorithm::MlDsa44]
        .map(|algorithm| SigningKey::from_seed("neighbour.example/w", algorithm, &[7; 32]).unwrap());
    let vkey = own[0].verifier().to_string();
    let mut witness = Witness::new(own);
    witness.watch(keys()[0].verifier().clone());
    let mut memory = Kept::default();
    let server = Server::start(move |path, body| {
        assert_eq!(path, "/add-checkpoint");
        let answer = witness.add_checkpoint(body, &mut memory, at()).unwrap();
        (answer.status, answer.content_type.to_owned(), answer.body)
    });
    let submit = |log: &Log, notes: &[std::path::PathBuf]| {
        let url = format!("http://{}", server.address);
        let own = keys()[0].verifier().to_string();
        run(python("submit.py")
            .args([&url, &vkey, &own])
            .arg(log.file("log"))
            .args(notes))
    };
    let notes = [300, 512, 1_000].map(|size| log.write(&format!("at-{size}"), log.signed(size).to_string().as_bytes()));
    assert_eq!(submit(&log, &notes).unwrap(), "cosigned: 3 checkpoints\n");
    assert!(submit(&log, &notes[1..2]).unwrap_err().contains("WitnessAhead"));
    let mut rewritten = Log::exported(10);
    rewritten
        .tree
        .extend((0..1_990u32).map(|number| ledger::Hash::leaf(&number.to_be_bytes())));
    let note = log.write("rewritten", rewritten.signed(1_000).to_string().as_bytes());
    assert!(submit(&log, &[note]).unwrap_err().contains("WitnessRejected"));
}
