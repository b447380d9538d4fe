//! The ledger (証跡): a Merkle log that outsiders verify.
//!
//! Everything here is pure: bytes in, bytes and findings out. It depends on nothing of ours, opens no file, knows no time
//! and draws no random bytes. The formats are those of the C2SP family (tlog-tiles, tlog-checkpoint, signed-note,
//! tlog-cosignature, tlog-witness, tlog-proof, tlog-policy) over the hashes of RFC 6962, so that whoever doubts us can use
//! a verifier that we did not write.
//!
//! # The life of a leaf
//!
//! 1. Somebody acts. What was done becomes a [`body::Body`]: an ordered list of named values, each salted and hashed by
//!    itself, so that one can be shown without the others.
//! 2. The root over these hashes goes into an [`entry::Entry`]: who (a pseudonym), what kind of act, when, about what, under
//!    which clauses. An entry holds no personal data and no sentence; it stays for ever.
//! 3. The bytes of the entry are hashed to a leaf, [`Hash::leaf`], and [`tree::Edge::push`] adds it to the tree in constant
//!    memory.

pub mod body;
pub mod checkpoint;
mod cosignature;
pub mod disclosure;
pub mod entry;
pub mod export;
mod hash;
mod json;
pub mod key;
pub mod note;
pub mod policy;
pub mod proof_file;
pub mod retention;
pub mod tile;
pub mod tree;
pub mod verify;
pub mod witness;

pub use hash::{Hash, NotAHash};
