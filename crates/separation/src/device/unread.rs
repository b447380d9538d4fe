//! What a configuration says that was not understood, and what is wrong with it in itself.

use model::lang::Text;

use super::{ChainId, InterfaceId, Line};

/// A line that was not understood, in a place where it may matter. No answer that depends on what it affects is *kept*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Where.
    pub line: Line,
    /// The line as it may be shown.
    pub text: String,
    /// Why it was not understood.
    pub why: Text,
    /// What it may change.
    pub affects: Affects,
}

/// What an unread line may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Affects {
    /// Whatever passes the device.
    Everything,
    /// What a chain decides.
    Chain(ChainId),
    /// What passes an interface in either direction.
    Interface(InterfaceId),
    /// How addresses are translated.
    Translations,
    /// Where packets go.
    Routes,
}

/// Something wrong or risky that the configuration itself shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What kind.
    pub kind: RemarkKind,
    /// Where.
    pub line: Line,
    /// What was found.
    pub message: Text,
    /// What to do about it.
    pub fix: Text,
}

/// Kinds of remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemarkKind {
    /// A name that is defined nowhere, which leaves a door open.
    UndefinedFailsOpen,
    /// A name that is defined nowhere, which keeps a door shut.
    UndefinedFailsClosed,
    /// Every packet that nobody asked for is handed to one host.
    ForwardsEverything,
    /// What passes is decided by someone else (a RADIUS server, a central manager).
    DecidedElsewhere,
    /// The sender may choose the way (source routing), or reach a whole network at once (directed broadcast).
    SenderChoosesWay,
    /// It looks as if it did something and does nothing.
    DoesNothing,
    /// A secret stands in the file as it is.
    SecretInClear,
}
