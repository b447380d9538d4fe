//! The way of one packet through the network, hop by hop, with the line that decides at each.
//!
//! This is the plain reading of [`crate::device`]: a packet, a rule after the other. The engine answers for sets of packets and must
//! never differ from it; it answers people who ask why one packet passes.
//!
//! Where the answer is not one (two readings of a manual, routes of equal worth, a condition that no packet shows), the way branches:
//! a packet *may* arrive if it does so on one branch, and *must* if it does on all.

mod filter;
mod hop;
mod route;
#[cfg(test)]
mod tests;
mod walk;

use model::lang::Text;

pub use self::walk::{Choice, through_device, walk};
use crate::device::{Action, ChainId, InterfaceId, Line, Reading};
use crate::fabric::NodeId;
use crate::network::ZoneId;
use crate::packet::Packet;

/// Every way that a packet may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// One for each combination of what is open.
    pub branches: Vec<Branch>,
    /// Whether these are all; false where there were too many to follow.
    pub complete: bool,
}

impl Walk {
    /// Whether the packet arrives in `zone` on some branch.
    #[must_use]
    pub fn may_arrive(&self, zone: ZoneId) -> bool {
        !self.complete || self.branches.iter().any(|branch| branch.end == End::Arrives(zone))
    }

    /// Whether it arrives in `zone` on every branch.
    #[must_use]
    pub fn must_arrive(&self, zone: ZoneId) -> bool {
        self.complete
            && !self.branches.is_empty()
            && self.branches.iter().all(|branch| branch.end == End::Arrives(zone))
    }
}

/// One way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The devices on the way, in order.
    pub hops: Vec<Hop>,
    /// How it ends.
    pub end: End,
    /// What was supposed where the answer is not one.
    pub supposes: Vec<Text>,
}

/// A device on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The device.
    pub node: NodeId,
    /// Where the packet came in.
    pub ingress: InterfaceId,
    /// Where it goes out, once that is known.
    pub egress: Option<InterfaceId>,
    /// The reading of the vendor's manual that is followed.
    pub reading: Option<Reading>,
    /// The packet as it came.
    pub came: Packet,
    /// The packet as it leaves, or as it was when it was kept out.
    pub left: Packet,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// Whether the device will know the answer of the flow.
    pub tracked: bool,
}

/// Something that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A rule of a chain; `None` for what holds when no rule matches.
    Rule {
        /// The chain.
        chain: ChainId,
        /// Index of the rule.
        rule: Option<u32>,
        /// What it does: [`Action::Permit`] or [`Action::Deny`].
        action: Action,
        /// Where it is written.
        line: Line,
    },
    /// A translation, with the packet after it.
    Translated {
        /// Where it is written.
        line: Line,
        /// The packet after it.
        packet: Packet,
    },
    /// A route; no line for a network that the device itself is on.
    Routed {
        /// Where it is written.
        line: Option<Line>,
    },
}

/// How a way ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// In a zone: a host may take it.
    Arrives(ZoneId),
    /// A filter keeps it out; the last step of the last hop says which.
    Denied,
    /// No route leads on, or one says to drop it.
    NoRoute,
    /// It is for the device itself.
    ForDevice,
    /// By an interface of which the city does not say where it leads.
    Unknown,
    /// Back to where it was, the same as it was.
    Loop,
}
