//! One file a verb. Each asks, checks, and hands an act to the sequencer.

mod absence;
mod acknowledge;
mod archive;
pub mod bulk;
mod content;
mod entry;
mod found;
pub mod import;
mod kept;
mod publish;
mod reading;
mod request;
pub mod rules;
pub mod standard;
pub mod text;
pub mod token;
pub mod transfer;

pub use absence::{Away, KeptAbsence};
pub use acknowledge::{Acknowledged, ToAcknowledge};
pub use archive::Readied;
pub use entry::Entered;
pub use found::Founding;
pub(crate) use found::plain;
pub use request::LoadedRequest;
pub(crate) use request::{loaded, word};
