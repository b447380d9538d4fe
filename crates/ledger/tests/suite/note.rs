//! Notes, keys and checkpoints: the examples of the specifications, what is written, and what is refused.

use std::sync::LazyLock;

use ledger::Hash;
use ledger::checkpoint::{Checkpoint, NotACheckpoint};
use ledger::key::{Algorithm, KeyFault, SigningKey, VerifierKey};
use ledger::note::{self, Note, NoteFault};
use proptest::prelude::*;

use crate::log::{ORIGIN, at, key, witness};

// The examples of signed-note.
const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const CHECKPOINT: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

static KEYS: LazyLock<[SigningKey; 3]> = LazyLock::new(|| {
    let cosigner = witness("prefecture.example/w", Algorithm::Cosignature);
    [key(Algorithm::Ed25519), key(Algorithm::MlDsa44), cosigner]
});

static SIGNED: LazyLock<Note> =
    LazyLock::new(|| Checkpoint::new(ORIGIN, 7, Hash::leaf(b"")).unwrap().sign(&*KEYS, at()));

fn note() -> Note {
    SIGNED.clone()
}

fn verifiers() -> Vec<VerifierKey> {
    KEYS.iter().map(|key| key.verifier().clone()).collect()
}

#[test]
fn the_published_note_is_signed_by_the_published_key() {
    let key: VerifierKey = VKEY.parse().unwrap();
    assert_eq!(key.to_string(), VKEY);
    let note = Note::parse(NOTE.as_bytes()).unwrap();
    assert_eq!(note.to_string(), NOTE);
    assert_eq!(note.seals([&key]).unwrap()[0].key, &key);
    let other = Note::parse(NOTE.replace("example message", "example massage").as_bytes()).unwrap();
    assert_eq!(other.seals([&key]), Err(NoteFault::Wrong("example.com/foo".to_owned())));
}

#[test]
fn the_published_checkpoint_is_read_and_written() {
    let checkpoint = Checkpoint::parse(CHECKPOINT).unwrap();
    assert_eq!(
        (checkpoint.origin(), checkpoint.size()),
        ("example.com/behind-the-sofa", 20_852_163)
    );
    assert_eq!(checkpoint.to_string(), CHECKPOINT);
    let extended = format!("{CHECKPOINT}more\n");
    assert_eq!(Checkpoint::parse(&extended).unwrap().extensions(), ["more"]);
    assert_eq!(Checkpoint::parse(&extended).unwrap().to_string(), extended);
}

#[test]
fn another_spelling_of_a_checkpoint_is_refused() {
    for (from, to) in [
        ("20852163", "020852163"),
        ("20852163", "+20852163"),
        ("20852163", ""),
        ("20852163", "99999999999999999999"),
        ("example.com/behind-the-sofa", ""),
        ("2I=\n", "2I=\n\n"),
        ("2I=\n", "2I="),
        ("2I=\n", "2J=\n"),
        ("2I=\n", "2I=\na\tb\n"),
    ] {
        assert_eq!(
            Checkpoint::parse(&CHECKPOINT.replace(from, to)),
            Err(NotACheckpoint),
            "{from} as {to}"
        );
    }
    assert!(Checkpoint::new(&"x".repeat(256), 0, Hash::EMPTY).is_err());
}

#[test]
fn every_kind_of_key_signs_a_checkpoint_and_states_its_time() {
    let (note, verifiers) = (note(), verifiers());
    let read = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(read, note);
    let times: Vec<Option<u64>> = read.seals(&verifiers).unwrap().iter().map(|seal| seal.time).collect();
    let now = Some(at().as_second() as u64);
    assert_eq!(times, [None, now, now]);
}

#[test]
fn a_signature_says_nothing_of_another_checkpoint() {
    let (note, verifiers) = (note(), verifiers());
    let text = note.to_string();
    for (from, to) in [
        ("\n7\n", "\n8\n"),
        (ORIGIN, "ledger.mihon.exemple"),
        ("\n\n", "\nmore\n\n"),
    ] {
        let other = Note::parse(text.replacen(from, to, 1).as_bytes()).unwrap();
        for key in &verifiers {
            let covers_extensions = key.algorithm() != Algorithm::MlDsa44;
            assert_eq!(
                other.seals([key]).is_err(),
                to != "\nmore\n\n" || covers_extensions,
                "{key:?} {to}"
            );
        }
    }
}

#[test]
fn the_time_of_a_cosignature_is_signed_too() {
    for algorithm in [Algorithm::Cosignature, Algorithm::MlDsa44] {
        let key = key(algorithm);
        let mut note = Checkpoint::new(ORIGIN, 7, Hash::EMPTY).unwrap().sign([], at());
        let mut signature = key.sign(&Checkpoint::parse(note.text()).unwrap(), 5);
        signature.bytes[7] ^= 1;
        note.add([signature]);
        assert_eq!(note.seals([key.verifier()]), Err(NoteFault::Wrong(ORIGIN.to_owned())));
    }
}

#[test]
fn strangers_may_sign_and_change_nothing() {
    let mut note = note();
    note.add([witness("stranger.example", Algorithm::Cosignature).sign(&Checkpoint::parse(note.text()).unwrap(), 1)]);
    assert_eq!(note.seals(&verifiers()).unwrap().len(), 3);
    assert_eq!(note.seals([]), Err(NoteFault::Unsigned));
}

#[test]
fn keys_read_back_and_never_show_their_secret() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm);
        let read: SigningKey = key.to_secret_text().parse().unwrap();
        assert_eq!(read.verifier(), key.verifier());
        assert_eq!(key.verifier().to_string().parse(), Ok(key.verifier().clone()));
        assert!(!format!("{key:?}").contains("AQEBAQ"), "{key:?}");
    }
}

#[test]
fn a_key_that_is_not_what_it_says_is_refused() {
    let zeros = format!("name+00000000+AQ{}=", "A".repeat(41));
    for (vkey, fault) in [
        ("", KeyFault::Form),
        ("name+530d903a", KeyFault::Form),
        (&VKEY.replace("530d903a", "530d903b"), KeyFault::Id),
        (&VKEY.replace("530d903a", "530D903A"), KeyFault::Id),
        (&VKEY.replace("example.com", "example.org"), KeyFault::Id),
        (&VKEY.replace("+Ae", "+Be"), KeyFault::Algorithm),
        (&VKEY.replace("example.com/foo", "two words"), KeyFault::Name),
        (&VKEY.replace("3U2k", "3U2"), KeyFault::Form),
        (&VKEY.replace("cr", ""), KeyFault::Form),
        (&zeros, KeyFault::Weak),
    ] {
        assert_eq!(vkey.parse::<VerifierKey>(), Err(fault), "{vkey}");
    }
}

#[test]
fn bytes_that_are_no_note_are_refused() {
    let line = "\u{2014} example.com/foo Uw2QOkn8srU=\n";
    for (bytes, fault) in [
        (b"\xff\n\nx\n".to_vec(), NoteFault::Text),
        (format!("a\tb\n\n{line}").into_bytes(), NoteFault::Text),
        (format!("text\n{line}").into_bytes(), NoteFault::Signatures),
        (b"text\n\n".to_vec(), NoteFault::Signatures),
        (
            format!("text\n\n{}", line.trim_end()).into_bytes(),
            NoteFault::Signatures,
        ),
        (format!("text\n\n{line}more\n").into_bytes(), NoteFault::Signatures),
        (
            format!("text\n\n{}", line.replace('\u{2014}', "-")).into_bytes(),
            NoteFault::Signatures,
        ),
        (
            format!("text\n\n{}", line.replace("/foo", "+foo")).into_bytes(),
            NoteFault::Signatures,
        ),
        (
            format!("text\n\n{}", line.replace("Uw2QOkn8srU=", "Uw2QOg==")).into_bytes(),
            NoteFault::Signatures,
        ),
        (format!("text\n\n{}", line.repeat(101)).into_bytes(), NoteFault::TooLong),
        (vec![b'\n'; note::LONGEST + 1], NoteFault::TooLong),
    ] {
        assert_eq!(Note::parse(&bytes), Err(fault), "{:?}", String::from_utf8_lossy(&bytes));
    }
    assert_eq!(
        Note::parse(format!("\n\n{}", line.repeat(100)).as_bytes())
            .unwrap()
            .signatures()
            .len(),
        100
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_note_that_is_read_is_written_to_the_byte(text in "[a\n\u{2014} ]{0,20}", name in "[a+ ]{1,3}", base64 in "[A-Z=]{0,12}") {
        let bytes = format!("{text}\n\n\u{2014} {name} {base64}\n");
        if let Ok(note) = Note::parse(bytes.as_bytes()) {
            prop_assert_eq!(note.to_string(), bytes);
        }
    }

    #[test]
    fn one_flipped_bit_anywhere_in_a_signed_checkpoint_is_found(at in any::<prop::sample::Index>(), bit in 0u32..8) {
        let mut bytes = note().to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let verifiers = verifiers();
        let intact = Note::parse(&bytes).and_then(|note| Ok(note.seals(&verifiers)?.len()));
        // Where the name or id of a signature changes, it has become a stranger's: one fewer.
        prop_assert!(intact != Ok(3), "{}", String::from_utf8_lossy(&bytes));
    }
}
