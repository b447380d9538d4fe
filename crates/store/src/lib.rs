//! The store: documents, versions, references, search and the sequencer that writes them with the ledger.
//!
//! Everything that lasts is a document in a register or collection, and whatever changes one is an [`Act`]. A database is
//! reached through [`Store`]; its drivers (`store-sqlite`, `store-postgres`) know connections and nothing else.
//!
//! # The life of an act
//! 1. A caller builds an [`Act`]: what kind it is, who acts, under which clauses, and its changes: [`Put`] with the version
//!    that the caller has seen, [`Change::Retire`], [`Change::SetSecret`], …
//! 2. [`Sequencer::submit`] hands it to the one thread that writes, and waits. What waits there together is written together.
//! 3. The batch locks the ledger's head, reads everything that its acts can touch, and decides them one after another in
//!    memory. A lost race, a value that must be unique and is not: [`Refused`], and nothing of that act happens.
//! 4. Each version that an act makes gets a ledger entry of its own, which commits to a body: register, key, title and every
//!    property of the document, each salted by itself. An act that changes no record gets one entry, for its notes.
//! 5. Versions, records, what they are found by, ledger entries and the head go into the database in one transaction. Only
//!    then do the callers hear of it.
//!
//! There is no other way to change anything: writing takes a [`Pen`], and only this crate makes one.
//!
//! # What may be lost
//! Sessions, counters, one-time links and leases are no acts. [`hold`](dyn Store::hold), [`take`](dyn Store::take),
//! [`count`](dyn Store::count) and [`lease`](dyn Store::lease) write them outside the ledger, and each has an end.
//!
//! # Adding a statement
//! All SQL stands in this crate and runs on both databases: parameters are numbered in the order in which they first appear
//! (a debug build stops where they are not), text is bytes, flags are 0 and 1, moments are RFC 3339 in UTC. Where the
//! databases differ a [`Dialect`] decides, beside the other one. A question about new behaviour goes to `conformance`,
//! which asks it of every driver.

pub mod act;
pub mod backup;
pub mod blob;
#[cfg(feature = "conformance")]
pub mod conformance;
mod digest;
pub mod document;
pub mod driver;
mod ephemeral;
pub mod failure;
mod fold;
mod insert;
pub mod list;
pub mod log;
mod migration;
mod pack;
pub mod read;
mod refused;
mod sequence;
mod sequencer;
pub mod session;
pub mod start;
mod terms;
pub mod verify;

pub use act::{Act, Change, Expected, Mark, Put, Receipt, Reference};
pub use blob::Blobs;
pub use document::Properties;
pub use driver::{Dialect, Pen, Purpose, Store};
pub use ephemeral::Held;
pub use failure::Failure;
pub use fold::{fold, is_indexed};
pub use list::{Cursor, Filter, Kept, NoCursor, Page, Query, Sort, State, Test, Total};
pub use log::{Changed, Hashes, Head, Leaf, Tree};
pub use migration::Layout;
pub use read::{Entry, Line, Referrer, Version};
pub use refused::Refused;
pub use sequencer::{Pending, Sequencer};
pub use start::Signed;
pub use verify::{Difference, Verified};
