//! Some fields are shown, the others stay closed; what is erased can no longer be shown.

use ledger::Hash;
use ledger::body::Body;
use ledger::disclosure::{Disclosure, DisclosureFault};
use ledger::entry::Entry;
use ledger::key::Algorithm;
use ledger::policy::Policy;
use proptest::prelude::*;
use serde_json::json;

use crate::log::{Log, body, key};

fn policy() -> Policy {
    Policy::of_log(key(Algorithm::Ed25519).verifier().clone())
}

/// The disclosure of some fields of entry 100 of a log of 150.
fn disclosure(places: &[usize]) -> Disclosure {
    let log = Log::of(150);
    let proof = log.proof(100, &log.signed(150));
    Disclosure::new(&log.entries[100], body(100).open(places).unwrap(), &proof).unwrap()
}

#[test]
fn what_is_shown_is_proved_and_what_is_closed_does_not_appear() {
    let file = disclosure(&[1, 4]).to_json();
    assert!(!file.contains("asset") && !file.contains("年度更新"), "{file}");
    let shown = Disclosure::parse(file.as_bytes()).unwrap().verify(&policy()).unwrap();
    assert_eq!(shown.entry.seq, 100);
    assert_eq!(shown.accepted.checkpoint.size(), 150);
    let expected = [("key", json!("A-100")), ("document.count", json!(100))];
    assert_eq!(shown.fields, expected.map(|(name, value)| (name.to_owned(), value)));
}

#[test]
fn a_disclosure_with_anything_changed_proves_nothing() {
    let fault = |change: &dyn Fn(&mut Disclosure)| {
        let mut disclosure = disclosure(&[1, 4]);
        change(&mut disclosure);
        disclosure.verify(&policy()).unwrap_err()
    };
    use DisclosureFault::{Commitment, Entry, Other, Proof, Shape};
    assert_eq!(fault(&|it| it.opening.fields[0].value = json!("A-101")), Commitment);
    assert_eq!(fault(&|it| it.opening.fields[0].name = "reason".to_owned()), Commitment);
    assert_eq!(fault(&|it| it.opening.fields[0].salt[0] ^= 1), Commitment);
    assert_eq!(fault(&|it| it.opening.fields[0].index = 0), Commitment);
    assert_eq!(fault(&|it| it.opening.fields.swap(0, 1)), Shape);
    assert_eq!(fault(&|it| it.opening.fields[1].index = 1), Shape);
    assert_eq!(fault(&|it| it.opening.fields[1].index = 5), Shape);
    assert_eq!(fault(&|it| it.opening.count = usize::MAX), Shape);
    assert_eq!(fault(&|it| it.opening.siblings.push(Hash::EMPTY)), Shape);
    assert_eq!(fault(&|it| it.opening.siblings.truncate(1)), Shape);
    assert_eq!(fault(&|it| it.opening.siblings.reverse()), Commitment);
    assert!(matches!(fault(&|it| it.entry.push(' ')), Entry(_)));
    assert!(matches!(
        fault(&|it| it.proof = it.proof.replace("150", "151")),
        Proof(_)
    ));
    assert_eq!(
        fault(&|it| it.proof = it.proof.replace("index 100", "index 101")),
        Other
    );
    assert_eq!(Disclosure::parse(b"{}"), Err(DisclosureFault::Form));
}

#[test]
fn a_field_that_does_not_exist_cannot_be_opened() {
    assert_eq!(body(0).open(&[5]), Err(DisclosureFault::Shape));
}

#[test]
fn erasing_the_body_leaves_the_entry_its_place_and_every_proof() {
    let log = Log::of(150);
    let proof = log.proof(100, &log.signed(150));
    let commit = Entry::parse(&log.entries[100]).unwrap().commit;
    // What is left once fields and secret are gone: the bytes of the entry.
    assert!(proof.verify(Hash::leaf(&log.entries[100]), &policy()).is_ok());
    // Whoever remembers what was said cannot show it: without the secret the same fields lead elsewhere.
    let remembered = Body {
        secret: [0; 32],
        ..body(100)
    };
    assert_eq!(body(100).root().unwrap(), commit);
    assert_ne!(remembered.root().unwrap(), commit);
    let opening = remembered.open(&[0]).unwrap();
    let forged = Disclosure::new(&log.entries[100], opening, &proof).unwrap();
    assert_eq!(forged.verify(&policy()), Err(DisclosureFault::Commitment));
}

proptest! {
    #[test]
    fn every_choice_of_fields_leads_to_the_commitment(count in 0usize..40, chosen in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let fields = (0..count).map(|number| (format!("field{number}"), json!(number))).collect();
        let body = Body { secret: [3; 32], fields };
        let places: Vec<usize> = chosen.iter().filter(|_| count > 0).map(|place| place.index(count.max(1))).collect();
        let opening = body.open(&places).unwrap();
        prop_assert_eq!(opening.root(), Ok(body.root().unwrap()));
    }
}
