//! One file a verb. Each asks, checks, and hands an act to the sequencer.

mod entry;
mod found;
mod publish;
mod request;

pub use entry::Entered;
pub use found::Founding;
pub(crate) use found::plain;
pub use request::LoadedRequest;
