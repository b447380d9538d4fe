//! What a cosigner signs (C2SP tlog-cosignature).

use crate::checkpoint::Checkpoint;

/// The latest time that a cosignature can state.
pub(crate) const LATEST: u64 = (1 << 63) - 1;

/// The time and the signature proper of a `timestamped_signature`.
pub(crate) fn timed(signature: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = signature.split_first_chunk()?;
    let time = u64::from_be_bytes(*time);
    (time <= LATEST).then_some((time, signature))
}

/// The message of an Ed25519 cosignature: time and text. It does not name the cosigner, whose key therefore serves no other.
pub(crate) fn note_message(time: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

/// The message of an ML-DSA-44 cosignature: cosigner, time, origin, size and root. Extension lines are not in it.
pub(crate) fn tree_message(cosigner: &str, time: u64, checkpoint: &Checkpoint) -> Vec<u8> {
    let mut message = b"subtree/v1\n\0".to_vec();
    opaque(&mut message, cosigner);
    message.extend(time.to_be_bytes());
    opaque(&mut message, checkpoint.origin());
    message.extend(0u64.to_be_bytes());
    message.extend(checkpoint.size().to_be_bytes());
    message.extend(checkpoint.root().0);
    message
}

/// A text behind its length in one byte.
// INVARIANT: names and origins have at most 255 bytes: `note::is_name`, `Checkpoint::new`.
fn opaque(message: &mut Vec<u8>, text: &str) {
    message.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
    message.extend(text.as_bytes());
}
