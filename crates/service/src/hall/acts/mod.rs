//! One file a verb. Each asks, checks, and hands an act to the sequencer.

mod found;

pub use found::Founding;
pub(crate) use found::plain;
