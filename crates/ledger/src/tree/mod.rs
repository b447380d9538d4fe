//! The tree of RFC 6962: leaves are only ever added at its right edge.

mod edge;

pub use edge::{Edge, NotAnEdge};
