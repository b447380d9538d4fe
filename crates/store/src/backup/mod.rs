//! A whole city in one file: records, ledger, secrets as they are sealed, files.
//!
//! The same file comes from every database and goes into every one, so that a backup also moves a city from SQLite to
//! PostgreSQL. It is one snapshot, made while the city works. What follows from other rows (the indexes of lists and
//! searches) is made anew; what may be lost (sessions) is left out, so that nobody is signed in after a restore.
//!
//! # The format
//! The line `sanmon backup 1`, then frames: one letter, the length of what follows as 4 bytes big-endian, and so many bytes.
//!
//! | frame | holds |
//! |---|---|
//! | `H` | JSON: the number of the schema, the size and the root of the ledger |
//! | `F` | the name of a file; the `C` frames behind it are its bytes |
//! | `T` | the name of a table; the `R` frames behind it are its rows |
//! | `Z` | SHA-256 of everything before this frame; the last one |
//!
//! A row is its values in the order of the columns: a letter (`n`ull, `i`nteger in 8 bytes big-endian, `t`ext, `b`ytes), and for
//! the last two the length in 4 bytes big-endian before the bytes.

mod frame;
mod read;
mod tables;
mod write;

pub use read::{NotRestored, Restored};
pub use write::Contents;

use ledger::Hash;
use serde::{Deserialize, Serialize};

const MAGIC: &[u8] = b"sanmon backup 1\n";

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The number of the newest migration of the database.
    pub schema: i64,
    /// How many ledger entries there are.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}
