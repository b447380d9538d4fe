//! The store: documents, versions, references, search and the sequencer that writes them with the ledger.

pub mod act;
pub mod backup;
pub mod blob;
#[cfg(feature = "conformance")]
pub mod conformance;
mod digest;
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
pub use driver::{Dialect, Pen, Purpose, Store};
pub use ephemeral::Held;
pub use failure::Failure;
pub use fold::fold;
pub use list::{Cursor, Filter, Page, Query, Sort, State, Test, Total};
pub use log::{Changed, Hashes, Head, Leaf, Tree};
pub use migration::Layout;
pub use read::{Entry, Referrer, Version};
pub use refused::Refused;
pub use sequencer::{Pending, Sequencer};
pub use start::Signed;
pub use verify::{Difference, Verified};
