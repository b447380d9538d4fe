//! The tree of RFC 6962: leaves are only ever added at its right edge.
//!
//! * [`Edge`] adds leaves and knows the root.
//! * [`HashSource`] is where hashes of a tree are read from: a database, a folder of tiles, or [`Memory`].
//! * [`prove`] makes proofs from a source, [`check`] checks them with nothing but the proof.

pub mod check;
mod edge;
mod memory;
pub mod prove;
mod source;

pub use edge::{Edge, NotAnEdge};
pub use memory::Memory;
pub use source::{HashSource, LEVEL_HEIGHT, TILE_WIDTH};
