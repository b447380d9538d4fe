//! Where a packet goes next.

use std::net::IpAddr;

use model::lang::Text;

use super::{Addresses, InterfaceId, Line, Match, Unknown};

/// A route by destination. The longest matching prefix decides, then the smallest preference; equal ones are all followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The table that it is in (VRF, virtual router, VDOM); empty for the only or main one.
    pub table: String,
    /// The network that it leads to.
    pub network: IpAddr,
    /// Bits of the network that count.
    pub length: u8,
    /// Administrative distance: the smaller one wins. A standby route that takes over by itself has the preference of the one it stands
    /// by for, since its packets must be let through or kept out like the others.
    pub preference: u32,
    /// Where packets go. Tried in order: the first whose condition holds, then all of those without one.
    pub ways: Vec<Way>,
    /// Where it is written.
    pub line: Line,
}

/// A route by other things than the destination, tried before the table. Where its ways lead nowhere (no route in the table that it
/// sends to), the next one is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRoute {
    /// Which packets, by where they came in and what they are.
    pub condition: Match,
    /// Where they go; none for "by the table after all".
    pub ways: Vec<Way>,
    /// Where it is written.
    pub line: Line,
}

impl PolicyRoute {
    /// What a device may be told by other devices: packets to any of `destinations` may go anywhere, or by what else is written. It
    /// comes before all other routes of its device, since what is told may be closer than any of them.
    #[must_use]
    pub fn learnt(destinations: Addresses, line: Line) -> Self {
        Self {
            condition: Match {
                destination: destinations,
                unknown: vec![Unknown { on: LEARNT }],
                ..Match::everything()
            },
            ways: vec![Way {
                condition: None,
                next: Next::Anywhere,
            }],
            line,
        }
    }

    /// Whether it is [`Self::learnt`].
    #[must_use]
    pub fn is_learnt(&self) -> bool {
        self.condition.unknown.iter().any(|unknown| unknown.on == LEARNT)
    }
}

const LEARNT: Text = Text::fixed("他の機器から受け取る経路", "a route that is learnt from another device");

/// One way on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// For which packets of the route it is; `None` for all.
    pub condition: Option<Match>,
    /// Where.
    pub next: Next,
}

/// Where a packet is handed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Out of an interface; whoever has the destination's address takes it.
    Interface(InterfaceId),
    /// To a neighbour on whichever interface reaches it.
    Gateway(IpAddr),
    /// To a neighbour on this interface.
    GatewayOn(IpAddr, InterfaceId),
    /// To the routes of another table.
    Table(String),
    /// Nowhere.
    Discard,
    /// Somewhere that the file does not say (a routing protocol decides): to anybody on any interface.
    Anywhere,
}
