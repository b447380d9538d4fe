//! Any bytes as a signed note and its text as a checkpoint: a fault, or what is written again to the byte.
#![no_main]

use ledger::checkpoint::Checkpoint;
use ledger::note::Note;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(note) = Note::parse(bytes) else { return };
    assert_eq!(note.to_string().as_bytes(), bytes);
    if let Ok(checkpoint) = Checkpoint::parse(note.text()) {
        assert_eq!(checkpoint.to_string(), note.text());
    }
});
