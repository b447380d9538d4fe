//! A chain at a place of the pipeline.

use super::{ChainId, Interfaces, Line, Match};

/// A chain that packets of some interfaces pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Which packets are asked at all; others pass by.
    pub scope: Scope,
    /// The rules.
    pub chain: ChainId,
    /// Whose flows it remembers.
    pub tracking: Tracking,
    /// Where it is bound.
    pub line: Line,
}

/// Packets by where they came in and go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Where they came in.
    pub ingress: Interfaces,
    /// Where they go out; [`Interfaces::Any`] in a filter before the way out is chosen.
    pub egress: Interfaces,
}

/// Whether a device knows the answer of a flow that it let through.
///
/// It only says for which flows later packets are [`crate::packet::State::Established`]; that those pass is a rule like others, which a
/// dialect whose devices do so by nature puts first in its chains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tracking {
    /// No flow is remembered: an answer passes only if a rule lets it.
    Nothing,
    /// Every flow whose first packet this filter let through.
    Everything,
    /// Only flows whose first packet matches one of these.
    Only(Vec<Match>),
}
