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
//! 3. The bytes of the entry are hashed to a leaf, [`Hash::leaf`], and [`tree::Edge::push`] adds it to the tree. Whoever
//!    writes needs the edge only, a few hashes: nothing is read.
//! 4. Leaf hashes, and those of every 8th height, are kept where a [`tree::HashSource`] finds them. From it come the
//!    tiles of a [`tile::Resource`], and proofs: [`tree::prove`] makes them, [`tree::check`] checks them.
//! 5. Now and then the log says how large it is and what its root is: a [`checkpoint::Checkpoint`], signed as a
//!    [`note::Note`] with its [`key::SigningKey`]s, Ed25519 and ML-DSA-44.
//! 6. Others sign it too: a [`witness::Witness`] remembers the last checkpoint and cosigns only what extends it. From then
//!    on not even the holder of the log's key can go back unseen.
//! 7. Somebody asks for evidence. A [`proof_file::ProofFile`] shows that the entry is in the log; a
//!    [`disclosure::Disclosure`] shows chosen fields of the body with it. Its reader needs a [`policy::Policy`], which says
//!    whose signatures count, and nothing else.
//! 8. Every start, and anybody at any time, hashes all leaves again and compares: [`verify`].
//! 9. At the end of the fiscal year the log goes to the archive as one file, [`export`], that is verified without us.
//! 10. When a person's data must go, the body and its secret are deleted. The entry, its leaf and all proofs stay. When the
//!     term of a whole prefix is over, [`retention`] says from which index on the log still has to be served.
//!
//! # Errors
//!
//! Whatever reads bytes refuses what is not written exactly as it must be, and says so in English (`Display`) and, where a
//! person may meet it, in Japanese (`ja`).

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
