//! May these zones talk? Exact answers from the configurations of routers and firewalls.
//!
//! ```text
//! configuration ──► dialect ──► device ─┐
//! network.toml ───► network ────────────┴──► engine ──► findings, each with its packet and its line
//! ```
//!
//! * [`source`]: text of a configuration, its lines and words, and how secrets are taken out of it.
//! * [`dialect`]: languages of vendors; each turns text into a [`device`].
//! * [`device`]: what a device does with packets, whatever it is made by.
//! * [`network`]: zones, where the devices stand, what may pass between zones.
//! * [`fabric`]: the network and its devices put together.
//! * [`trace`]: the way of one packet, with the line that decides at each device.
//! * [`packet`], [`ranges`]: what packets and sets of them are made of.
//! * [`diagram`]: sets of packets as decision diagrams, and which rule decided each.
//! * [`engine`]: where the packets of a zone arrive, and which rules let them.
//! * [`question`]: is every separation kept; what does a change open; which rules decide nothing.
//! * [`picture`]: the zones, the devices and what passes, as a picture and a table.
//! * [`render`]: configurations made from what the city says.
//!
//! Everything here is pure, text in and findings out, but `prove` (a feature): it sends real packets through network namespaces.

pub mod device;
pub mod diagram;
pub mod dialect;
pub mod engine;
pub mod fabric;
pub mod network;
pub mod packet;
pub mod picture;
#[cfg(feature = "prove")]
pub mod prove;
pub mod question;
pub mod ranges;
pub mod render;
pub mod source;
pub mod trace;
